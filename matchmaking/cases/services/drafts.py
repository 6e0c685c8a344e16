"""Whole cases as an import or the demo city hands them over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from achievements.models import ListingPage
from matchmaking.models import Need
from portal.accounts.models import User

from ..enums import EventKind
from ..models import CaseParty
from .cases import PartyEntry
from .contracts import InstalmentEntry
from .rewards import ShareEntry

Parties = Sequence[CaseParty]
Payload = dict[str, Any] | Callable[[Parties], dict[str, Any]]


@dataclass(frozen=True)
class Step:
    """One move of a draft; a payload that names parties is a function of them."""

    kind: EventKind
    on: date
    payload: Payload = field(default_factory=dict)
    actor: User | None = None


@dataclass
class CaseDraft:
    """A case with its history and what hangs beside its events.

    ``contract`` holds the contract's fields but for case, sequence and parties; ``answers`` the
    follow-ups' answers by months, None for one that was not answered.
    """

    title: str
    opened_on: date
    parties: Sequence[PartyEntry]
    steps: Sequence[Step] = ()
    page: ListingPage | None = None
    need: Need | None = None
    broker: User | None = None
    mode: str = ""
    source_id: str = ""
    abstract: str = ""
    contract: dict[str, Any] | None = None
    instalments: Sequence[InstalmentEntry] = ()
    objections: Sequence[str] = ()
    shares: Sequence[ShareEntry] = ()
    answers: dict[int, dict[str, Any] | None] = field(default_factory=dict)
