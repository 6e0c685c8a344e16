"""What happened at fairs, read once: the rows that every number of a report is counted from.

The same few queries serve one fair as many.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from events.aftermath.models import Feedback, MeetingOutcome
from events.fairs.models import Fair, RolePair
from events.meetings.enums import ACTIVE_STATES, AGREED_STATES, MeetingState, Priority, RequestState
from events.meetings.models import Meeting, MeetingRequest, Seat
from events.registration.enums import ADMITTED_STATES, RegistrationState
from events.registration.models import Entry, Registration
from matchmaking.cases.models import Contract
from portal.taxonomy.models import Industry

from .enums import ProfilePart
from .models import FairCost

NOT_GIVEN = "-"
MONTHS_COUNTED = 12
# Both sides wanted it once, whatever became of it.
ONCE_AGREED = AGREED_STATES | {RequestState.CANCELLED}


class Person(NamedTuple):
    """A registration that was sent; ``organization`` tells organizations apart, by id or name."""

    pk: int
    role: str
    state: str
    organization: Hashable
    district: str
    parts: frozenset[str]
    industry: str


class Asked(NamedTuple):
    """A request; ``is_must`` where either side must have the meeting."""

    pk: int
    asking: int
    asked: int
    is_must: bool
    state: str
    reason: str


class Met(NamedTuple):
    """A meeting that was told to its people."""

    pk: int
    request: int | None
    state: str


class Sat(NamedTuple):
    """One person in one meeting, with what they said right after it and half a year later."""

    pk: int
    meeting: int
    person: int
    first: str
    second: str


class Signed(NamedTuple):
    """A contract within a year after the fair, of a case that came of one of its meetings."""

    pk: int
    case: int
    amount: Decimal
    seller: Hashable
    buyer: Hashable


@dataclass
class Facts:
    """The rows of one fair."""

    fair: Fair
    people: list[Person] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    meetings: list[Met] = field(default_factory=list)
    seats: list[Sat] = field(default_factory=list)
    contracts: list[Signed] = field(default_factory=list)
    costs: list[tuple[int, Decimal]] = field(default_factory=list)
    meeting_roles: frozenset[str] = frozenset()

    @cached_property
    def person(self) -> dict[int, Person]:
        return {each.pk: each for each in self.people}

    @cached_property
    def admitted(self) -> list[Person]:
        return [each for each in self.people if each.state in ADMITTED_STATES]

    @cached_property
    def came(self) -> list[Person]:
        return [each for each in self.people if each.state == RegistrationState.CHECKED_IN]

    @cached_property
    def held(self) -> set[int]:
        return {each.pk for each in self.meetings if each.state == MeetingState.HELD}

    @cached_property
    def arranged(self) -> list[Met]:
        return [each for each in self.meetings if each.state in ACTIVE_STATES]

    @cached_property
    def held_seats(self) -> list[Sat]:
        return [each for each in self.seats if each.meeting in self.held]

    @cached_property
    def held_by(self) -> Counter[int]:
        """How many meetings each person had."""
        return Counter(each.person for each in self.held_seats)

    @cached_property
    def present(self) -> list[Person]:
        """Who could have met somebody: came, or sat in a meeting, in a role that meets."""
        here = {each.pk for each in self.came} | set(self.held_by)
        return [
            each
            for each in self.people
            if each.pk in here and (each.role in self.meeting_roles or each.pk in self.held_by)
        ]

    @cached_property
    def seats_of(self) -> dict[int, list[Sat]]:
        found: dict[int, list[Sat]] = defaultdict(list)
        for seat in self.seats:
            found[seat.meeting].append(seat)
        return found

    def organizations_of(self, people: Iterable[int]) -> set[Hashable]:
        """Whose people these are; who has left no name counts as one."""
        return {self.person[pk].organization for pk in people if pk in self.person}


def read_facts(fairs: Sequence[Fair]) -> dict[int, Facts]:
    """By the fair's id; the fairs come with their pages."""
    found = {fair.pk: Facts(fair) for fair in fairs}
    roles: dict[int, set[str]] = defaultdict(set)
    pairs = RolePair.objects.filter(fair__in=found)
    for fair, asking, asked in pairs.values_list("fair_id", "asking", "asked"):
        roles[fair] |= {asking, asked}
    for pk, facts in found.items():
        facts.meeting_roles = frozenset(roles[pk]) if facts.fair.has_meetings else frozenset()
    _read_people(found)
    _read_requests(found)
    _read_meetings(found)
    _read_contracts(found)
    costs = FairCost.objects.filter(fair__in=found).order_by("pk")
    for fair, pk, amount in costs.values_list("fair_id", "pk", "amount"):
        found[fair].costs.append((pk, amount))
    return found


def _read_people(found: dict[int, Facts]) -> None:
    rows = Registration.objects.filter(fair__in=found).sent().order_by("pk")
    order = {code: place for place, code in enumerate(_industry_codes())}
    industries: dict[int, str] = {}
    through = Registration.industries.through._default_manager.filter(registration__fair__in=found)
    for pk, code in through.values_list("registration_id", "industry__code"):
        known = industries.get(pk)
        industries[pk] = code if known is None else min(known, code, key=order.__getitem__)
    entries = Entry.objects.filter(registration__fair__in=found)
    with_entry = set(entries.values_list("registration_id", flat=True))
    columns = (
        "pk",
        "fair_id",
        "role",
        "state",
        "organization_id",
        "organization_name",
        "organization__district__code",
        "post",
        "headline",
    )
    for pk, fair, role, state, organization, name, district, post, line in rows.values_list(
        *columns
    ):
        has = {
            ProfilePart.ORGANIZATION: organization or name,
            ProfilePart.POST: post,
            ProfilePart.HEADLINE: line,
            ProfilePart.INDUSTRY: pk in industries,
            ProfilePart.ENTRY: pk in with_entry,
        }
        found[fair].people.append(
            Person(
                pk=pk,
                role=role,
                state=state,
                organization=organization or name,
                district=district or NOT_GIVEN,
                parts=frozenset(part.value for part, is_there in has.items() if is_there),
                industry=industries.get(pk, NOT_GIVEN),
            )
        )


def _industry_codes() -> list[str]:
    return list(Industry.objects.order_by("sort_order", "pk").values_list("code", flat=True))


def _read_requests(found: dict[int, Facts]) -> None:
    rows = MeetingRequest.objects.filter(fair__in=found).order_by("created_at", "pk")
    for pk, fair, asking, asked, wish, answer, state, reason in rows.values_list(
        "pk",
        "fair_id",
        "from_registration_id",
        "to_registration_id",
        "priority",
        "answer_priority",
        "state",
        "decline_reason",
    ):
        is_must = Priority.MUST in (wish, answer)
        found[fair].requests.append(Asked(pk, asking, asked, is_must, state, reason))


def _read_meetings(found: dict[int, Facts]) -> None:
    rows = Meeting.objects.filter(fair__in=found).order_by("pk")
    for pk, fair, request, state in rows.values_list("pk", "fair_id", "request_id", "state"):
        found[fair].meetings.append(Met(pk, request, state))
    said = _read_feedback(found)
    seats = Seat.objects.filter(meeting__fair__in=found, is_absent=False).order_by("pk")
    for pk, fair, meeting, person in seats.values_list(
        "pk", "meeting__fair_id", "meeting_id", "registration_id"
    ):
        first, second = (said.get((meeting, person, stage), "") for stage in (1, 2))
        found[fair].seats.append(Sat(pk, meeting, person, first, second))


def _read_feedback(found: dict[int, Facts]) -> dict[tuple[int, int, int], str]:
    rows = Feedback.objects.filter(meeting__fair__in=found).order_by("pk")
    said = rows.values_list("meeting_id", "registration_id", "stage", "outcome")
    return {(meeting, person, stage): outcome for meeting, person, stage, outcome in said}


def _read_contracts(found: dict[int, Facts]) -> None:
    """Contracts signed within a year from the fair's last day (K12, K13)."""
    fairs_of = _cases_of(found)
    rows = Contract.objects.filter(case__in=fairs_of).order_by("signed_on", "pk")
    last_days = {pk: _last_day(facts.fair) for pk, facts in found.items()}
    for pk, case, amount, signed_on, seller, buyer in rows.values_list(
        "pk",
        "case_id",
        "total_amount",
        "signed_on",
        "seller__organization_id",
        "buyer__organization_id",
    ):
        for fair in sorted(fairs_of[case]):
            first = timezone.localdate(found[fair].fair.page.starts_at)
            if first <= signed_on <= last_days[fair]:
                found[fair].contracts.append(Signed(pk, case, amount, seller, buyer))


def _cases_of(found: Collection[int]) -> dict[int, set[int]]:
    """Case → fairs whose meetings it came of, at once or by way of an interest."""
    outcomes = MeetingOutcome.objects.filter(meeting__fair__in=found)
    fairs_of: dict[int, set[int]] = defaultdict(set)
    for fair, case, later in outcomes.values_list(
        "meeting__fair_id", "case_id", "interest__conversion_case"
    ):
        if case or later:
            fairs_of[case or later].add(fair)
    return fairs_of


def _last_day(fair: Fair) -> date:
    return timezone.localdate(fair.page.ends_at) + relativedelta(months=MONTHS_COUNTED)
