"""Where an interest or a case began, as far as a room above knows: at a fair's meeting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Origin:
    """What it is called, and its page."""

    label: str | Promise
    url: str


Finder = Callable[[Any], Origin | None]
_FINDERS: list[Finder] = []


def register_origin(find: Finder) -> None:
    """Let a room above tell of an interest or a conversion case where it began."""
    _FINDERS.append(find)


def origin_of(thing: Any) -> Origin | None:
    return next((origin for find in _FINDERS if (origin := find(thing))), None)
