"""Who stands at a door, who has come, and where devices said something that does not hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from events.fairs.enums import ParticipantRole
from events.fairs.models import Fair, Slot
from events.meetings.models import Meeting, Seat
from events.registration.enums import ADMITTED_STATES, RegistrationState
from events.registration.models import Registration
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Consent, User, Visitor
from portal.accounts.queries import consents_in_force

from .enums import ExchangeState, Result
from .models import CheckIn, ContactExchange, Duty
from .rules import Operator
from .standing import Stand, stand_of

MOST_FOUND, MOST_TIMES = 8, 48


def operator_for(user: Visitor, fair: Fair, link: int | None) -> Operator:
    """Who asks: the person with the duty of their own, or else the holder of a link."""
    own = Q(pk=link, person=None) if link else Q(pk=None)
    person = user if isinstance(user, User) else None
    if person is not None:
        own |= Q(person=person)
    duties = Duty.objects.in_force(timezone.now()).filter(own, fair=fair)
    return Operator(user=person, duty=duties.order_by("-expires_at", "pk").first())


@dataclass(frozen=True)
class Conflict:
    """A door's answer that does not hold now that all scans are here."""

    checkin: CheckIn
    comes_to: Result

    @property
    def let_in_wrongly(self) -> bool:
        return self.checkin.result == Result.OK


def _groups(rows: Iterable[CheckIn]) -> Iterator[tuple[tuple[int, int], Stand, list[CheckIn]]]:
    scans: dict[tuple[int, int], list[CheckIn]] = {}
    for row in rows:
        scans.setdefault((row.gate_id, row.registration_id or 0), []).append(row)
    for key, group in scans.items():
        yield key, stand_of(group), group


def conflicts_of(fair: Fair) -> list[Conflict]:
    """Answers that do not hold, the latest first: let in twice, let in wrongly, turned away."""
    rows = CheckIn.objects.of_fair(fair).of_tickets().select_related("gate", "registration")
    found = [
        Conflict(row, stand.results[row.nonce])
        for _key, stand, group in _groups(rows)
        for row in group
        if (row.result == Result.OK) != (stand.results[row.nonce] == Result.OK)
    ]
    return sorted(found, key=lambda each: (each.checkin.at, each.checkin.nonce), reverse=True)


@dataclass(frozen=True)
class GateCount:
    """How many are in at a gate now, how many came at all, and how many were turned away."""

    inside: int
    arrived: int
    refused: int


def gate_counts(fair: Fair) -> dict[int, GateCount]:
    inside: Counter[int] = Counter()
    arrived: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    for (gate, registration), stand, group in _groups(CheckIn.objects.of_fair(fair)):
        refused[gate] += sum(row.light == "stop" for row in group)
        if registration:
            inside[gate] += stand.is_in
            arrived[gate] += stand.arrived_at is not None
    keys = {*inside, *arrived, *refused}
    return {key: GateCount(inside[key], arrived[key], refused[key]) for key in keys}


@dataclass(frozen=True)
class Arrivals:
    """How many of the admitted have come, in all and by role."""

    admitted: int
    arrived: int
    by_role: list[tuple[str, int, int]]

    @property
    def percent(self) -> int:
        return round(100 * self.arrived / self.admitted) if self.admitted else 0


def arrivals_of(fair: Fair) -> Arrivals:
    people = Registration.objects.filter(fair=fair, state__in=ADMITTED_STATES)
    counted = Counter(people.values_list("role", "state"))
    rows = []
    for role in ParticipantRole:
        came = counted[role.value, RegistrationState.CHECKED_IN.value]
        all_of_it = sum(n for (each, _state), n in counted.items() if each == role)
        if all_of_it:
            rows.append((str(role.label), came, all_of_it))
    return Arrivals(
        admitted=sum(counted.values()), arrived=sum(came for _role, came, _n in rows), by_role=rows
    )


def arrivals_by_time(fair: Fair, minutes: int = 30) -> list[dict[str, Any]]:
    """Rows of a chart: first arrivals in each half hour, the empty ones between kept."""
    first: dict[int, datetime] = {}
    rows = CheckIn.objects.of_fair(fair).of_tickets()
    for (_gate, registration), stand, _group in _groups(rows):
        if stand.arrived_at is not None:
            first[registration] = min(stand.arrived_at, first.get(registration, stand.arrived_at))
    step = timedelta(minutes=minutes).total_seconds()
    counted = Counter(int(moment.timestamp() // step) for moment in first.values())
    if not counted:
        return []
    zone, shown = timezone.get_current_timezone(), range(min(counted), max(counted) + 1)
    begins = {number: datetime.fromtimestamp(number * step, zone) for number in shown}
    return [{"label": f"{begins[n]:%H:%M}", "value": counted[n]} for n in shown][-MOST_TIMES:]


def find_people(fair: Fair, words: str) -> QuerySet[Registration]:
    """People of the fair by name, organization or ticket; few, and none without words."""
    people = Registration.objects.filter(fair=fair).sent().with_names()
    if not words:
        return people.none()
    found = people.filter(
        Q(name__icontains=words)
        | Q(organization_name__icontains=words)
        | Q(organization__name__icontains=words)
        | Q(ticket=words.lower())
    )
    return found.order_by("name", "pk")[:MOST_FOUND]


def slot_at(slots: Iterable[Slot], now: datetime) -> Slot | None:
    """Of slots in their order the one under way or next; after the last one that."""
    slot = None
    for slot in slots:
        if slot.ends_at > now:
            break
    return slot


def meetings_in(slots: Iterable[Slot], words: str = "") -> QuerySet[Meeting]:
    """The meetings of slots by table, with their people; ``words`` are of a table or a party."""
    seats = Seat.objects.select_related("registration__organization").order_by("pk")
    rows = Meeting.objects.active().filter(slot__in=slots).select_related("slot", "table")
    if words:
        party = Seat.objects.filter(meeting=OuterRef("pk")).filter(
            Q(registration__name__icontains=words)
            | Q(registration__organization_name__icontains=words)
            | Q(registration__organization__name__icontains=words)
        )
        rows = rows.filter(Q(table__code__istartswith=words) | Q(Exists(party)))
    return rows.prefetch_related(Prefetch("seats", seats)).order_by("table__code", "pk")


def exchanges_of(registration: Registration) -> QuerySet[ContactExchange]:
    own = Q(asking=registration) | Q(asked=registration)
    found = ContactExchange.objects.filter(own).select_related(
        "asking__person", "asking__organization", "asked__person", "asked__organization"
    )
    return found.order_by("-asked_at", "-pk")


@dataclass(frozen=True)
class Card:
    """An exchange as one of its sides sees it; the contact only where it is shared."""

    exchange: ContactExchange
    other: Registration
    is_asked: bool
    is_shared: bool


def cards_of(own: Registration, exchanges: Iterable[ContactExchange]) -> list[Card]:
    """Rows of one's page of contacts, with the ledger asked once for all of them."""
    rows = []
    for exchange in exchanges:
        exchange.fair = own.fair
        rows.append(exchange)
    subjects = [exchange.consent_subject for exchange in rows]
    given = set(
        Consent.objects.in_force()
        .filter(text__purpose=ConsentPurpose.SHARE_CONTACT, subject__in=subjects)
        .values_list("user", "subject")
    )
    return [
        Card(
            exchange,
            other,
            is_asked=exchange.asked_id == own.pk,
            is_shared=exchange.state == ExchangeState.CONFIRMED
            and (other.person_id, exchange.consent_subject) in given,
        )
        for exchange in rows
        for other in [exchange.other_than(own)]
    ]


def shares_contact(exchange: ContactExchange, giver: Registration) -> bool:
    """Whether somebody's card may be read by the other: both agreed, and the giver still does."""
    if exchange.state != ExchangeState.CONFIRMED or giver.person is None:
        return False
    held = consents_in_force(giver.person, subject=exchange.consent_subject)
    return ConsentPurpose.SHARE_CONTACT in held
