"""The one door to a case's events: every move is checked, written and folded here."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User

from ..enums import CaseStage, EventKind, EvidenceKind
from ..ledger import FIRST_DAYS, GENESIS, CaseState, Entry, apply, compute_digest, fold
from ..models import CaseEvent, CaseFile, CaseParty, ConversionCase
from ..moves import MOVES
from ..queries import circumstances_of, fits, missing_guards
from ..rules import can_move

DAYS = ("signed_on", *FIRST_DAYS.values())


class Paper(File):
    """An uploaded file with what it proves, and whether only the parties read it."""

    def __init__(
        self, file: File, *, kind: str = EvidenceKind.OTHER, is_confidential: bool = False
    ) -> None:
        super().__init__(file.file, file.name)
        self.kind, self.is_confidential = kind, is_confidential


class UnableToMoveCase(Exception):
    """The case cannot be moved so; the message says why and what to do."""


def lock_case(case: ConversionCase, version: int | None = None) -> ConversionCase:
    """Return the locked case; raises when it has moved on since ``version`` was read."""
    locked = ConversionCase.objects.select_for_update().get(pk=case.pk)
    if version is not None and locked.version != version:
        raise UnableToMoveCase(
            _("Somebody has moved this case on meanwhile. Look at the new entries, then try again.")
        )
    return locked


@transaction.atomic
def make_move(
    *,
    actor: User,
    case: ConversionCase,
    kind: EventKind,
    occurred_on: date,
    payload: Mapping[str, Any] | None = None,
    files: Iterable[File] = (),
    version: int | None = None,
) -> CaseEvent:
    """Make a move of the table that has no rows of its own beside the event.

    Raises ``UnableToMoveCase`` where actor, stage, track, a guard or the date forbids it.
    """
    case = lock_case(case, version)
    require_move(actor, case, kind, occurred_on)
    return write_event(
        actor=actor,
        case=case,
        kind=kind,
        occurred_on=occurred_on,
        payload=dict(payload or {}),
        files=files,
    )


def require_move(actor: User, case: ConversionCase, kind: EventKind, occurred_on: date) -> None:
    """Raise ``UnableToMoveCase`` unless ``actor`` may make the move on that day."""
    if not can_move(actor, case, kind):
        raise UnableToMoveCase(_("This step is another party's."))
    require_fit(case, kind, occurred_on)


def require_fit(case: ConversionCase, kind: EventKind, occurred_on: date) -> None:
    move, state = MOVES[kind], case.state
    if not fits(move, state):
        raise UnableToMoveCase(
            _("“%(step)s” does not follow on “%(stage)s”.")
            % {"step": kind.label, "stage": CaseStage(state.stage).label}
        )
    missing = missing_guards(move, state, circumstances_of(case), occurred_on)
    if missing:
        lacking = _("; ").join(str(guard.text) for guard in missing)
        raise UnableToMoveCase(_("Still missing: %(guards)s.") % {"guards": lacking})
    _require_day(state, kind, occurred_on)


def _require_day(state: CaseState, kind: EventKind, occurred_on: date) -> None:
    move = MOVES[kind]
    if occurred_on > timezone.localdate():
        raise UnableToMoveCase(_("The day lies in the future."))
    earliest = state.stage_since if move.stage_after else state.opened_on
    if move.track:
        earliest = max(earliest, state.since(move.track) or earliest)
    if occurred_on < earliest:
        raise UnableToMoveCase(
            _("The day lies before the step that it follows, of %(day)s.") % {"day": earliest}
        )


def write_event(
    *,
    actor: User | None,
    case: ConversionCase,
    kind: EventKind,
    occurred_on: date,
    payload: dict[str, Any],
    files: Iterable[File] = (),
) -> CaseEvent:
    """Append an event to a locked case, with its files, and store what it leads to."""
    sequence = case.version + 1
    stored = [_store_file(case, sequence, actor, file) for file in files]
    acting = _organization_of(actor, case)
    event = CaseEvent(
        case=case,
        sequence=sequence,
        kind=kind,
        occurred_on=occurred_on,
        recorded_at=timezone.now(),
        actor=actor,
        organization_id=acting,
        payload=payload,
        files=[file.digest for file in stored],
        previous_digest=case.head_digest or GENESIS,
    )
    event.digest = digest_of(event, case.code)
    event.save(force_insert=True)
    state = case.state
    if kind == EventKind.CORRECTED:
        state = fold(case.events.order_by("sequence"))
    else:
        apply(state, Entry(sequence, kind, occurred_on, payload))
    case.version, case.head_digest = sequence, event.digest
    store_state(case, state)
    case.save()
    return event


def digest_of(event: CaseEvent, code: str) -> str:
    return compute_digest(
        case=code,
        sequence=event.sequence,
        kind=event.kind,
        occurred_on=event.occurred_on,
        recorded_at=event.recorded_at,
        actor=event.actor_id,
        organization=event.organization_id,
        payload=event.payload,
        files=event.files,
        previous=event.previous_digest,
    )


def store_state(case: ConversionCase, state: CaseState) -> None:
    """Write a fold into the case's fields, unsaved."""
    case.stage, case.stage_since = state.stage, state.stage_since
    case.opened_on = state.opened_on
    case.tracks, case.tracks_since, case.facts = state.tracks, state.tracks_since, state.facts
    case.mode = state.facts.get("mode", "")
    case.licence_kind = state.facts.get("licence_kind") or ""
    case.route = state.facts.get("route", "")
    case.price = _money_or_none(state, "price")
    case.contract_total = _money_or_none(state, "contract_total")
    case.received = state.money("received")
    for name in DAYS:
        setattr(case, name, state.day(name))


def _money_or_none(state: CaseState, name: str) -> Decimal | None:
    return state.money(name) if state.facts.get(name) else None


def _organization_of(actor: User | None, case: ConversionCase) -> int | None:
    """For which party's organization the actor acts, where there is one."""
    if actor is None:
        return None
    parties = CaseParty.objects.present().filter(case=case, organization__in=actor.organization_ids)
    return parties.order_by("pk").values_list("organization", flat=True).first()


def _store_file(case: ConversionCase, sequence: int, actor: User | None, file: File) -> CaseFile:
    salt = secrets.token_hex(16)
    digest = hashlib.sha256(salt.encode())
    for chunk in file.chunks():
        digest.update(chunk)
    name = PurePath(file.name or "")
    stored = CaseFile(
        case=case,
        sequence=sequence,
        name=name.name[:200],
        salt=salt,
        digest=digest.hexdigest(),
        uploaded_by=actor,
    )
    if isinstance(file, Paper):
        stored.kind, stored.is_confidential = file.kind, file.is_confidential
    stored.file.save(f"{secrets.token_urlsafe(18)}{name.suffix.lower()}", file, save=False)
    stored.save()
    return stored
