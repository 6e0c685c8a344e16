"""What happened at fairs, read once: the rows that every number of a report is counted from.

The same few queries serve one fair as many.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from events.aftermath.enums import Stage
from events.aftermath.models import Feedback, MeetingOutcome
from events.aftermath.queries import AMOUNT_DAYS, with_agreement, with_word
from events.exhibition.enums import SHOWN_STATES
from events.exhibition.models import Exhibitor, Lead
from events.fairs.models import Fair, RolePair
from events.meetings.enums import ACTIVE_STATES, AGREED_STATES, MeetingState, Priority, RequestState
from events.meetings.models import Meeting, MeetingRequest, Seat
from events.registration.enums import ADMITTED_STATES, RegistrationState
from events.registration.models import Entry, Registration
from matchmaking.cases.enums import PartyRole
from matchmaking.cases.models import CaseParty, ConversionCase

from .enums import Needs, ProfilePart
from .models import FairCost

NOT_GIVEN = "-"
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
    """A meeting that its people were told of; ``word`` is whether it was held, as far as known."""

    pk: int
    request: int | None
    state: str
    word: str
    is_agreed: bool


class Sat(NamedTuple):
    """One person in one meeting, with what they said right after it and half a year later."""

    pk: int
    meeting: int
    person: int
    is_absent: bool
    first: str
    second: str


class Signed(NamedTuple):
    """A case that began at a meeting and was signed within a year after the fair (K13)."""

    pk: int
    amount: Decimal
    owners: frozenset[int]
    takers: frozenset[int]


class Shown(NamedTuple):
    """An exhibitor whose materials had passed."""

    pk: int
    organization: int


class Noted(NamedTuple):
    """A visitor whom an exhibitor noted; ``is_open`` while the visitor's consent holds."""

    pk: int
    exhibitor: int
    person: int
    source: str
    is_open: bool


@dataclass
class Facts:
    """The rows of one fair."""

    fair: Fair
    people: list[Person] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    meetings: list[Met] = field(default_factory=list)
    seats: list[Sat] = field(default_factory=list)
    exhibitors: list[Shown] = field(default_factory=list)
    leads: list[Noted] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)
    costs: list[tuple[int, Decimal]] = field(default_factory=list)
    meeting_roles: frozenset[str] = frozenset()

    @cached_property
    def has(self) -> frozenset[Needs | None]:
        """Which needs of numbers the fair meets: those of none always."""
        parts = {
            Needs.MEETINGS: self.fair.has_meetings,
            Needs.EXHIBITION: self.fair.has_exhibition,
        }
        return frozenset([None, *(each for each, is_there in parts.items() if is_there)])

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
        return {each.pk for each in self.meetings if each.word == MeetingState.HELD}

    @cached_property
    def arranged(self) -> list[Met]:
        return [each for each in self.meetings if each.state in ACTIVE_STATES]

    @cached_property
    def arranged_seats(self) -> list[Sat]:
        """Everybody who is asked what came of a meeting."""
        arranged = {each.pk for each in self.arranged}
        return [each for each in self.seats if each.meeting in arranged]

    @cached_property
    def held_seats(self) -> list[Sat]:
        return [each for each in self.seats if each.meeting in self.held and not each.is_absent]

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

    def day_after(self, days: int) -> date:
        """The day so many days after the fair's end."""
        return timezone.localdate(self.fair.page.ends_at + timedelta(days=days))

    def owners_of(self, exhibitors: Iterable[int]) -> set[Hashable]:
        owners: dict[int, int] = {each.pk: each.organization for each in self.exhibitors}
        return {owners[pk] for pk in exhibitors}

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
    _read_exhibitions(found)
    _read_cases(found)
    costs = FairCost.objects.filter(fair__in=found).order_by("pk")
    for fair, pk, amount in costs.values_list("fair_id", "pk", "amount"):
        found[fair].costs.append((pk, amount))
    return found


def _read_people(found: dict[int, Facts]) -> None:
    through = Registration.industries.through._default_manager.filter(registration__fair__in=found)
    chosen = through.order_by("-industry__sort_order", "-industry_id")
    industries = dict(chosen.values_list("registration_id", "industry__code"))  # the first wins
    rows = Registration.objects.filter(fair__in=found).sent().order_by("pk")
    rows = rows.annotate(has_entry=Exists(Entry.objects.filter(registration=OuterRef("pk"))))
    for pk, fair, role, state, organization, name, district, post, line, entry in rows.values_list(
        "pk",
        "fair_id",
        "role",
        "state",
        "organization_id",
        "organization_name",
        "organization__district__code",
        "post",
        "headline",
        "has_entry",
    ):
        has = {
            ProfilePart.ORGANIZATION: organization or name,
            ProfilePart.POST: post,
            ProfilePart.HEADLINE: line,
            ProfilePart.INDUSTRY: pk in industries,
            ProfilePart.ENTRY: entry,
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
    rows = with_agreement(with_word(Meeting.objects.filter(fair__in=found))).order_by("pk")
    for pk, fair, *met in rows.values_list(
        "pk", "fair_id", "request_id", "state", "word", "is_agreed"
    ):
        found[fair].meetings.append(Met(pk, *met))
    seats = Seat.objects.filter(meeting__fair__in=found).order_by("pk")
    seats = seats.annotate(first=_said(Stage.FIRST), second=_said(Stage.SECOND))
    for pk, fair, *sat in seats.values_list(
        "pk",
        "meeting__fair_id",
        "meeting_id",
        "registration_id",
        "is_absent",
        "first",
        "second",
    ):
        found[fair].seats.append(Sat(pk, *sat))


def _said(stage: Stage) -> Coalesce:
    rows = Feedback.objects.filter(
        meeting=OuterRef("meeting"), registration=OuterRef("registration"), stage=stage
    )
    return Coalesce(Subquery(rows.values("outcome")), Value(""))


def _read_exhibitions(found: dict[int, Facts]) -> None:
    shown = Exhibitor.objects.filter(fair__in=found, state__in=SHOWN_STATES).order_by("pk")
    for pk, fair, organization in shown.values_list("pk", "fair_id", "organization_id"):
        found[fair].exhibitors.append(Shown(pk, organization))
    leads = Lead.objects.filter(exhibitor__in=shown.order_by()).with_consent().order_by("pk")
    for fair, *noted in leads.values_list(
        "exhibitor__fair_id", "pk", "exhibitor_id", "registration_id", "source", "agreed"
    ):
        found[fair].leads.append(Noted(*noted))


def _read_cases(found: dict[int, Facts]) -> None:
    """Signed cases that were linked to a meeting, or go on from an interest that began there."""
    fairs_of: dict[int, set[int]] = defaultdict(set)
    outcomes = MeetingOutcome.objects.filter(meeting__fair__in=found)
    for fair, case, later in outcomes.values_list(
        "meeting__fair_id", "case_id", "interest__conversion_case"
    ):
        if case or later:
            fairs_of[case or later].add(fair)
    sides: dict[tuple[int, str], set[int]] = defaultdict(set)
    parties = CaseParty.objects.present().filter(case__in=fairs_of, organization__isnull=False)
    for case, role, organization in parties.values_list("case_id", "role", "organization_id"):
        sides[case, role].add(organization)
    rows = ConversionCase.objects.filter(pk__in=fairs_of)
    for case, signed_on, amount in rows.order_by("signed_on", "pk").values_list(
        "pk", "signed_on", "contract_total"
    ):
        owners, takers = (frozenset(sides[case, r]) for r in (PartyRole.OWNER, PartyRole.TAKER))
        for fair in fairs_of[case]:
            if signed_on and signed_on <= found[fair].day_after(AMOUNT_DAYS):
                signed = Signed(case, amount or Decimal(0), owners, takers)
                found[fair].signed.append(signed)
