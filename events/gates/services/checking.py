"""Tickets held up at a gate: one at once, or those that a device kept while it had no network.

What is written is never changed. Who has arrived follows from the set of all scans, so that two
devices may send theirs in any order, twice, or a day late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.registration.enums import RegistrationState
from events.registration.models import Registration
from events.registration.services.changes import move
from portal.audit.services import record

from ..enums import Direction, Method, Result
from ..lists import (
    OfflineScan,
    UnableToReadScan,
    digest_ticket,
    read_token,
    salt_of,
    ticket_standing,
)
from ..models import CheckIn, Gate
from ..rules import Operator, can_check_in
from ..standing import counts, stand_of, weigh
from .changes import UnableToCheckIn, require

CLOCK_TOLERANCE = timedelta(minutes=5)
TICKET_LENGTH = 32
MOST_SCANS = 500  # in one sending
TO_ARRIVE = frozenset({RegistrationState.APPROVED, RegistrationState.NO_SHOW})


@transaction.atomic
def check_in(
    *,
    operator: Operator,
    gate: Gate,
    code: str,
    method: Method,
    nonce: str,
    direction: Direction = Direction.IN,
    forced: bool = False,
) -> CheckIn:
    """Hold one ticket up and write down what the gate answers; the same nonce is the same scan.

    Raises ``UnableToCheckIn`` without right to the door, and when something is forced that is more
    than a matter of the moment.
    """
    require(can_check_in(operator, gate, timezone.now()))
    ticket = code.strip().lower()
    registration = _lock_ticket(gate, ticket)
    known = CheckIn.objects.filter(nonce=nonce).select_related("registration", "gate").first()
    if known is not None:
        if known.gate_id != gate.pk:
            raise UnableToCheckIn(_("This scan belongs to another gate: scan the ticket again."))
        return known
    now = timezone.now()  # only now: who waited for the lock comes after who held it
    row = _row(gate, registration, at=now, direction=direction, method=method, nonce=nonce)
    row.standing = _standing(gate, registration, ticket, now, direction)
    row.forced, row.duty, row.operator = forced, operator.duty, operator.user
    if forced and row.standing not in {Result.OK, Result.OUTSIDE_TIME}:
        raise UnableToCheckIn(_("This ticket does not open the door: send the person to the desk."))
    row.result = weigh(row, is_in=stand_of(_scans_of(gate, registration)).is_in)
    row.save()
    if registration is not None:
        _note_arrivals([registration], [row], operator)
    if forced:
        record(
            actor=operator.user,
            action="gates.force",
            target=registration,
            organization_id=gate.fair.organizer_id,
            gate=gate.pk,
            duty=operator.duty.pk if operator.duty else None,
        )
    return row


def _row(gate: Gate, registration: Registration | None, **values: Any) -> CheckIn:
    return CheckIn(gate=gate, registration=registration, **values)


def _lock_ticket(gate: Gate, ticket: str) -> Registration | None:
    """The registration of this fair with this ticket, locked: two doors wait for one another."""
    if len(ticket) != TICKET_LENGTH:
        return None
    found = Registration.objects.select_for_update(of=("self",)).with_names().sent()
    registration = found.filter(fair=gate.fair_id, ticket=ticket).first()
    if registration is not None:
        registration.fair = gate.fair
    return registration


def _standing(
    gate: Gate,
    registration: Registration | None,
    ticket: str,
    at: datetime,
    direction: Direction,
) -> Result:
    if registration is None:
        is_known = len(ticket) == TICKET_LENGTH and (
            Registration.objects.exclude(fair=gate.fair_id).filter(ticket=ticket).exists()
        )
        return Result.WRONG_EVENT if is_known else Result.UNKNOWN_CODE
    standing = ticket_standing(registration, gate.fair)
    is_late = direction == Direction.IN and not gate.is_open(at)
    return Result.OUTSIDE_TIME if standing == Result.OK and is_late else standing


def _scans_of(gate: Gate, registration: Registration | None) -> Iterable[CheckIn]:
    if registration is None:
        return []
    return CheckIn.objects.filter(gate=gate, registration=registration)


def _note_arrivals(
    registrations: Iterable[Registration], rows: Sequence[CheckIn], operator: Operator
) -> None:
    """Who went in with a good ticket has arrived, once and for all, also after the close."""
    arrived = {row.registration_id for row in rows if row.direction == Direction.IN and counts(row)}
    for registration in registrations:
        if registration.pk in arrived and registration.state in TO_ARRIVE:
            move(
                registration,
                RegistrationState.CHECKED_IN,
                actor=operator.user,
                action="gates.check_in",
            )


@dataclass
class Synced:
    """What became of a device's scans, by nonce: written now, known already, or not to be read."""

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def sync_scans(
    *, operator: Operator, gate: Gate, token: str, scans: Sequence[OfflineScan]
) -> Synced:
    """Write what a device kept; each nonce once, however often and in which order it comes.

    ``token`` is that of the signed list on which the device decided. A scan from the future is
    refused by name: the device's clock is wrong, and it stays there. Raises ``UnableToCheckIn``
    without right to the door or with a list that is none of this gate's.
    """
    now = timezone.now()
    require(can_check_in(operator, gate, now))
    if len(scans) > MOST_SCANS:
        raise UnableToCheckIn(_("Too many scans at once: send them in parts."))
    try:
        day = read_token(gate, token)
    except UnableToReadScan as error:
        raise UnableToCheckIn(
            _("These scans rest on a list that is not of this gate, or too old: fetch a new one.")
        ) from error
    synced = Synced()
    fresh = _fresh_scans(scans, now, synced)
    people = _people_of(gate, day.isoformat(), {scan.ticket for scan in fresh})
    rows = [_offline_row(gate, people.get(scan.ticket), scan, operator) for scan in fresh]
    CheckIn.objects.bulk_create(rows, ignore_conflicts=True)
    _note_arrivals(people.values(), rows, operator)
    synced.taken = [row.nonce for row in rows]
    if rows:
        record(
            actor=operator.user,
            action="gates.sync_scans",
            target=gate,
            organization_id=gate.fair.organizer_id,
            count=len(rows),
            duty=operator.duty.pk if operator.duty else None,
        )
    return synced


def _fresh_scans(scans: Sequence[OfflineScan], now: datetime, synced: Synced) -> list[OfflineScan]:
    unique = {scan.nonce: scan for scan in scans}
    known = CheckIn.objects.filter(nonce__in=unique).values_list("nonce", flat=True)
    synced.known = sorted(known)
    early = [scan for scan in unique.values() if scan.at > now + CLOCK_TOLERANCE]
    synced.refused = {scan.nonce: _("The clock of this device is fast.") for scan in early}
    left_out = {*synced.known, *synced.refused}
    return [scan for nonce, scan in unique.items() if nonce not in left_out]


def _people_of(gate: Gate, day: str, wanted: set[str]) -> dict[str, Registration]:
    """Digest → registration of this fair, locked in one order."""
    salt = salt_of(gate, day)
    tickets = Registration.objects.filter(fair=gate.fair_id).sent().values_list("pk", "ticket")
    digests = {pk: digest_ticket(salt, ticket) for pk, ticket in tickets}
    chosen = [pk for pk, digest in digests.items() if digest in wanted]
    rows = Registration.objects.select_for_update(of=("self",)).filter(pk__in=chosen)
    people = {digests[row.pk]: row for row in rows.order_by("pk")}
    for row in people.values():
        row.fair = gate.fair
    return people


def _offline_row(
    gate: Gate, registration: Registration | None, scan: OfflineScan, operator: Operator
) -> CheckIn:
    row = _row(
        gate,
        registration,
        at=scan.at,
        direction=scan.direction,
        method=scan.method,
        nonce=scan.nonce,
        result=scan.result,
        forced=scan.forced,
        offline=True,
        duty=operator.duty,
        operator=operator.user,
    )
    row.standing = _standing(gate, registration, "", scan.at, scan.direction)
    return row


def note_list(*, operator: Operator, gate: Gate) -> None:
    """Write down that a list left for a device, once a day for each device and gate."""
    require(can_check_in(operator, gate, timezone.now()))
    record(
        actor=operator.user,
        action="gates.hand_out_list",
        target=gate,
        organization_id=gate.fair.organizer_id,
        duty=operator.duty.pk if operator.duty else None,
    )
