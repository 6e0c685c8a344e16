"""Corrections: new entries that name the wrong one; rows beside the events follow them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User

from ..enums import EventKind, TrackState
from ..ledger import standing_entries
from ..models import CaseEvent, Contract, ConversionCase, Payment
from ..moves import MOVES
from ..rules import can_correct
from .ledger import UnableToMoveCase, lock_case, write_event
from .placing import place_with_owner
from .pricing import as_money

MONEY = frozenset({"contract_total", "technology_amount", "amount"})
# What of an entry can be corrected besides its day; everything else is declared void.
CORRECTABLE = {
    EventKind.NDA_SIGNED: {"nda_until"},
    EventKind.DECIDED: {"mode", "licence_kind", "decided_by"},
    EventKind.CONTRACT_SIGNED: {"contract_total", "technology_amount"},
    EventKind.PAYMENT_RECEIVED: {"amount", "reference"},
}
# Entries that others have seen and answered are not taken back: the next step answers them.
NEVER_VOID = frozenset(
    {
        EventKind.OPENED,
        EventKind.OBJECTION_RAISED,
        EventKind.OBJECTION_DISMISSED,
        EventKind.OBJECTION_UPHELD,
        EventKind.PUBLICITY_CLOSED,
        EventKind.CONTRACT_AMENDED,
    }
)


@transaction.atomic
def correct_event(
    *,
    actor: User,
    case: ConversionCase,
    sequence: int,
    reason: str,
    occurred_on: date | None = None,
    payload: Mapping[str, Any] | None = None,
    is_void: bool = False,
    version: int | None = None,
) -> CaseEvent:
    """Correct an entry by a new one that names it; the wrong one stays readable.

    Only the last entry can be declared void, since others rest on the earlier ones. Raises
    ``UnableToMoveCase`` when the corrected events no longer follow one another.
    """
    case = lock_case(case, version)
    if not can_correct(actor, case):
        raise UnableToMoveCase(_("Only the parties correct entries."))
    if not reason.strip():
        raise UnableToMoveCase(_("Please write why the entry is wrong."))
    events = list(case.events.order_by("sequence"))
    wrong = next((event for event in events if event.sequence == sequence), None)
    if wrong is None or wrong.kind == EventKind.CORRECTED:
        raise UnableToMoveCase(_("There is no such entry to correct."))
    changes = _checked(EventKind(wrong.kind), payload or {})
    if is_void:
        _require_last(events, wrong)
    event = write_event(
        actor=actor,
        case=case,
        kind=EventKind.CORRECTED,
        occurred_on=timezone.localdate(),
        payload={
            "corrects": sequence,
            "reason": reason.strip()[:500],
            "is_void": is_void,
            "occurred_on": occurred_on.isoformat() if occurred_on else None,
            "payload": changes,
        },
    )
    require_order([*events, event])
    if follow := _FOLLOWERS.get(EventKind(wrong.kind)):
        follow(case, wrong.sequence, changes, occurred_on, is_void)
    return event


def _checked(kind: EventKind, payload: Mapping[str, Any]) -> dict[str, Any]:
    if payload.keys() - CORRECTABLE.get(kind, set()):
        raise UnableToMoveCase(_("This cannot be corrected; declare the entry void instead."))
    return {
        name: as_money(Decimal(value), least=Decimal(0)) if name in MONEY else value
        for name, value in payload.items()
    }


def _require_last(events: list[CaseEvent], wrong: CaseEvent) -> None:
    *_before, last = standing_entries(events)
    if wrong.kind in NEVER_VOID:
        raise UnableToMoveCase(_("This entry cannot be declared void; the next step answers it."))
    if wrong.sequence != last.sequence:
        raise UnableToMoveCase(
            _("Only the last entry can be declared void; others rest on the earlier ones.")
        )


def require_order(events: list[CaseEvent]) -> None:
    """Raise ``UnableToMoveCase`` unless main steps, after corrections, follow one another."""
    before: date | None = None
    for entry in standing_entries(events):
        if entry.kind != EventKind.OPENED and not MOVES[entry.kind].stage_after:
            continue
        if entry.on > timezone.localdate() or (before and entry.on < before):
            raise UnableToMoveCase(_("With this day the steps would no longer follow one another."))
        before = entry.on


def _follow_payment(
    case: ConversionCase, sequence: int, changes: dict, on: date | None, is_void: bool
) -> None:
    payments = Payment.objects.filter(case=case, sequence=sequence)
    if is_void:
        payments.delete()
        return
    payment = payments.get()
    payment.amount = Decimal(changes.get("amount", payment.amount))
    payment.reference = changes.get("reference", payment.reference)
    payment.received_on = on or payment.received_on
    payment.save()


def _follow_contract(
    case: ConversionCase, sequence: int, changes: dict, on: date | None, is_void: bool
) -> None:
    contract = Contract.objects.get(case=case, sequence=sequence)
    if is_void:
        contract.delete()
        case.follow_ups.all().delete()
        return
    contract.total_amount = Decimal(changes.get("contract_total", contract.total_amount))
    technology = changes.get("technology_amount", contract.technology_amount)
    contract.technology_amount = Decimal(technology)
    contract.signed_on = on or contract.signed_on
    contract.full_clean()
    contract.save()


def _follow_publicity(
    case: ConversionCase, sequence: int, _changes: dict, on: date | None, is_void: bool
) -> None:
    if on and not is_void:
        raise UnableToMoveCase(_("This cannot be corrected; declare the entry void instead."))
    case.publicities.filter(sequence=sequence).update(
        state=TrackState.ENDED, closed_on=timezone.localdate()
    )


def _follow_registration(
    case: ConversionCase, _sequence: int, _changes: dict, on: date | None, is_void: bool
) -> None:
    if is_void:
        case.contracts.update(registration_number="", registered_on=None)
    elif on:
        case.contracts.update(registered_on=on)


def _follow_filing(
    case: ConversionCase, _sequence: int, _changes: dict, on: date | None, is_void: bool
) -> None:
    if is_void or on:
        case.contracts.update(licence_filed_on=None if is_void else on)


def _follow_reward(
    case: ConversionCase, sequence: int, _changes: dict, on: date | None, is_void: bool
) -> None:
    if is_void:
        case.rewards.filter(sequence=sequence).delete()
    elif on:
        case.rewards.filter(sequence=sequence).update(fixed_on=on)


def _follow_reward_publicity(
    case: ConversionCase, _sequence: int, _changes: dict, on: date | None, is_void: bool
) -> None:
    if on and not is_void:
        raise UnableToMoveCase(_("This cannot be corrected; declare the entry void instead."))
    case.rewards.filter(paid_on__isnull=True).update(public_from=None, public_until=None)


def _follow_reward_payment(
    case: ConversionCase, _sequence: int, _changes: dict, on: date | None, is_void: bool
) -> None:
    case.rewards.exclude(paid_on=None).update(paid_on=None if is_void else on)


def _follow_party(
    case: ConversionCase, sequence: int, _changes: dict, _on: date | None, is_void: bool
) -> None:
    if is_void:
        event = case.events.get(sequence=sequence)
        is_joining = event.kind == EventKind.PARTY_ADDED
        left_on = timezone.localdate() if is_joining else None
        case.parties.filter(pk=event.payload["party"]).update(left_on=left_on)
        place_with_owner(case)


def _follow_succession(
    case: ConversionCase, sequence: int, _changes: dict, _on: date | None, is_void: bool
) -> None:
    if is_void:
        payload = case.events.get(sequence=sequence).payload
        case.parties.filter(pk=payload["successor"]).update(left_on=timezone.localdate())
        case.parties.filter(pk=payload["party"]).update(left_on=None)
        place_with_owner(case)


Follower = Callable[[ConversionCase, int, dict, date | None, bool], None]
_FOLLOWERS: dict[EventKind, Follower] = {
    EventKind.PAYMENT_RECEIVED: _follow_payment,
    EventKind.CONTRACT_SIGNED: _follow_contract,
    EventKind.PUBLICITY_OPENED: _follow_publicity,
    EventKind.CONTRACT_REGISTERED: _follow_registration,
    EventKind.LICENCE_FILED: _follow_filing,
    EventKind.REWARD_FIXED: _follow_reward,
    EventKind.REWARD_PUBLICISED: _follow_reward_publicity,
    EventKind.REWARD_PAID: _follow_reward_payment,
    EventKind.PARTY_ADDED: _follow_party,
    EventKind.PARTY_LEFT: _follow_party,
    EventKind.PARTY_SUCCEEDED: _follow_succession,
}
