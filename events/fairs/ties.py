"""What the rooms above hang on a fair: they register here, so that its plan knows of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.functional import Promise

from .models import Fair, MeetingSession

Count = Callable[[Fair], int]


@dataclass(frozen=True)
class Load:
    """What the tables of a fair have to bear: meetings agreed, requests open, meetings by slot."""

    agreed: int = 0
    open: int = 0
    placed: Mapping[int, int] = field(default_factory=dict)


class Teller(Protocol):
    """Tells the people of a room about a fair, each once for a key; returns how many."""

    def __call__(
        self, fair: Fair, *, kind: str, title: str | Promise, body: str | Promise, key: str
    ) -> int: ...


_REGISTRATIONS: list[Count] = []
_EXHIBITORS: list[Count] = []
_MEETINGS: list[Callable[[MeetingSession], int]] = []
_LOADS: list[Callable[[Fair], Load]] = []
_TELLERS: list[Teller] = []
_COPIERS: list[Callable[[Fair, Fair], None]] = []


def register_registrations(count: Count) -> None:
    """Tell how many people have registered for a fair, drafts not among them."""
    _REGISTRATIONS.append(count)


def register_exhibitors(count: Count) -> None:
    """Tell how many organizations have applied for a booth at a fair, refused ones among them."""
    _EXHIBITORS.append(count)


def register_meetings(count: Callable[[MeetingSession], int]) -> None:
    """Tell how many meetings stand in the slots of a session."""
    _MEETINGS.append(count)


def register_load(load: Callable[[Fair], Load]) -> None:
    """Tell how many meetings are agreed, may be, and stand in which slot."""
    _LOADS.append(load)


def register_teller(tell: Teller) -> None:
    """Reach those who have to know when a fair is moved or called off."""
    _TELLERS.append(tell)


def register_copier(copy: Callable[[Fair, Fair], None]) -> None:
    """Copy what is to be kept of a past fair to the one planned after it."""
    _COPIERS.append(copy)


def registered_people(fair: Fair) -> int:
    return sum(count(fair) for count in _REGISTRATIONS)


def exhibitors_of(fair: Fair) -> int:
    return sum(count(fair) for count in _EXHIBITORS)


def meetings_in(session: MeetingSession) -> int:
    return sum(count(session) for count in _MEETINGS)


def load_of(fair: Fair) -> Load:
    return next((load(fair) for load in _LOADS), Load())


def tell_everybody(
    fair: Fair, *, kind: str, title: str | Promise, body: str | Promise, key: str
) -> int:
    return sum(tell(fair, kind=kind, title=title, body=body, key=key) for tell in _TELLERS)


def copy_ties(source: Fair, target: Fair) -> None:
    for copy in _COPIERS:
        copy(source, target)
