"""A fair as the solver sees it: people, slots, tables and the requests both sides agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import cycle, pairwise
from typing import Any

from django.conf import settings
from django.utils import timezone

from events.fairs.enums import SlotKind
from events.fairs.models import Fair, MeetingTable, Slot
from events.meetings.enums import Priority
from events.meetings.models import Meeting, MeetingRequest
from events.registration.enums import ADMITTED_STATES, AvailabilityState
from events.registration.models import Availability, Registration
from events.scheduling.instance import Instance, Meeting as Wish, Schedule

from .models import LateChange, PlannedMeeting, ScheduleVersion

Place = tuple[int, int]  # keys of a slot and a table
NIGHT = timedelta(hours=5)  # so long a pause is no waiting: a fair may end after midnight
NO_TABLE = 0  # the key where the table that people were told has been taken out


@dataclass(frozen=True)
class Wishes:
    """What a request weighs: must, want, and the bonus where both sides asked for it."""

    must: int
    want: int
    mutual: int
    every_meeting: bool = False
    fairness: int | None = None

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> "Wishes":
        named = {**settings.FAIR_WEIGHTS, **params}
        names = ("must", "want", "mutual", "every_meeting", "fairness")
        return cls(**{name: named[name] for name in names if name in named})

    def weigh(self, request: MeetingRequest) -> int:
        stronger = Priority.MUST in (request.priority, request.answer_priority)
        bonus = self.mutual if request.answer_priority else 0
        return (self.must if stronger else self.want) + bonus


@dataclass
class FairGrid:
    """The rows of a fair and their numbers in the instance.

    ``told`` is where people have been told to meet, by request; ``most`` is how many meetings
    each person may have.
    """

    fair: Fair
    slots: list[Slot]
    tables: list[MeetingTable]
    requests: list[MeetingRequest]
    people: list[Registration]
    told: dict[int, Place]
    started: set[int]
    locked: dict[int, Place]
    busy: set[Place]
    rather_not: set[Place]
    lost: set[Place]
    wishes: Wishes
    homes: dict[int, int] = field(default_factory=dict)

    @cached_property
    def slot_number(self) -> dict[int, int]:
        return {slot.pk: number for number, slot in enumerate(self.slots)}

    @cached_property
    def table_number(self) -> dict[int, int]:
        return {table.pk: number for number, table in enumerate(self.tables)}

    @cached_property
    def person_number(self) -> dict[int, int]:
        return {person.pk: number for number, person in enumerate(self.people)}

    @cached_property
    def request_number(self) -> dict[int, int]:
        return {request.pk: number for number, request in enumerate(self.requests)}

    @property
    def most(self) -> int:
        return self.fair.max_meetings

    @property
    def numbering(self) -> dict[str, list[int]]:
        """For which rows the numbers stand, as kept with a version."""
        return {
            "slots": [slot.pk for slot in self.slots],
            "tables": [table.pk for table in self.tables],
            "requests": [request.pk for request in self.requests],
        }

    def people_of(self, request: MeetingRequest) -> tuple[int, ...]:
        """Who needs an accessible table first: the meeting takes place at theirs."""
        pair = (
            self.person_number[request.from_registration_id],
            self.person_number[request.to_registration_id],
        )
        first, second = (self.people[each].needs_accessible_table for each in pair)
        return pair[::-1] if second and not first else pair

    @cached_property
    def instance(self) -> Instance:
        everywhere = frozenset(range(len(self.slots)))
        number = self.slot_number
        taken: dict[int, set[int]] = {}
        for person, slot in self.busy:
            if slot in number:
                taken.setdefault(person, set()).add(number[slot])
        return Instance(
            name=self.fair.code,
            slots=len(self.slots),
            tables=len(self.tables),
            free=tuple(everywhere - taken.get(person.pk, set()) for person in self.people),
            meetings=tuple(self._wish(request, everywhere) for request in self.requests),
            every_meeting=self.wishes.every_meeting,
            fairness=self.wishes.fairness,
            home_tables={
                self.person_number[person]: self.table_number[table]
                for person, table in self.homes.items()
            },
            lost_tables=frozenset(
                (self.table_number[table], number[slot])
                for table, slot in self.lost
                if table in self.table_number and slot in number
            ),
            day_starts=frozenset(
                place
                for place, (before, slot) in enumerate(pairwise(self.slots), start=1)
                if slot.starts_at - before.ends_at >= NIGHT
            ),
        )

    def _wish(self, request: MeetingRequest, everywhere: frozenset[int]) -> Wish:
        place = self.locked.get(request.pk) or self.told.get(request.pk)
        told = self.slot_number.get(place[0]) if place else None
        table = self.table_number.get(place[1]) if place and told is not None else None
        stays = request.pk in self.locked or request.pk in self.started
        return Wish(
            people=self.people_of(request),
            slots=everywhere,
            weight=self.wishes.weigh(request),
            told=told,
            told_table=table,
            held=stays and table is not None,
        )

    def schedule_of(self, planned: Iterable[tuple[int, int, int]]) -> Schedule:
        """A schedule from keys of requests, slots and tables; unknown slots become number -1."""
        slot_of, table_of = {}, {}
        for request, slot, table in planned:
            number = self.request_number.get(request)
            if number is None:
                continue
            slot_of[number] = self.slot_number.get(slot, -1)
            table_of[number] = self.table_number.get(table, -1)
        return Schedule(slot_of, table_of)


def agreed_requests(fair: Fair) -> list[MeetingRequest]:
    """Requests that both sides want, between people who take part."""
    requests = MeetingRequest.objects.agreed().filter(
        fair=fair,
        from_registration__state__in=ADMITTED_STATES,
        to_registration__state__in=ADMITTED_STATES,
    )
    return list(
        requests.select_related(
            "from_registration__organization", "to_registration__organization"
        ).order_by("pk")
    )


def read_fair(
    fair: Fair,
    wishes: Wishes | None = None,
    *,
    locked: Iterable[PlannedMeeting] = (),
    now: datetime | None = None,
) -> FairGrid:
    """Everything that bears on the schedule of a fair, as it is now, in a few queries.

    ``locked`` meetings stay where they are; so does what has begun.
    """
    now = now or timezone.now()
    slots = list(
        Slot.objects.filter(session__fair=fair, kind=SlotKind.MEETING)
        .select_related("session")
        .order_by("starts_at", "pk")
    )
    requests = agreed_requests(fair)
    people = {
        each.pk: each for one in requests for each in (one.from_registration, one.to_registration)
    }
    keys = set(people)
    meetings = Meeting.objects.active().filter(fair=fair, slot__isnull=False)
    wanted = {request.pk for request in requests}
    told = {
        meeting.request_id: (meeting.slot_id, meeting.table_id or NO_TABLE)
        for meeting in meetings
        if meeting.request_id in wanted
    }
    grid = FairGrid(
        fair=fair,
        slots=slots,
        tables=list(fair.tables.select_related("owner").order_by("code", "pk")),
        requests=requests,
        people=sorted(people.values(), key=lambda each: each.pk),
        told=told,
        started={request for request, place in told.items() if place[0] in _begun(slots, now)},
        locked={each.request_id: (each.slot_id, each.table_id) for each in locked},
        busy=set(),
        rather_not=set(),
        lost=set(),
        wishes=wishes or Wishes.from_params({}),
    )
    _take_availability(grid, keys)
    _take_late_changes(grid)
    _take_other_meetings(grid)
    grid.homes = _homes(grid)
    return grid


def _begun(slots: list[Slot], now: datetime) -> set[int]:
    return {slot.pk for slot in slots if slot.starts_at <= now}


def _take_availability(grid: FairGrid, people: set[int]) -> None:
    rows = Availability.objects.filter(registration__fair=grid.fair).exclude(
        state=AvailabilityState.FREE
    )
    for person, slot, state in rows.values_list("registration_id", "slot_id", "state"):
        if person in people:
            chosen = grid.busy if state == AvailabilityState.BUSY else grid.rather_not
            chosen.add((person, slot))


def _take_late_changes(grid: FairGrid) -> None:
    """Whoever is ill or late, and lost tables; what has begun stays as it was."""
    now = timezone.now()
    changes = LateChange.objects.filter(fair=grid.fair, lifted_at=None)
    for change in changes.select_related("first", "last"):
        for slot in grid.slots:
            if change.covers(slot) and slot.starts_at > now:
                if change.table_id is not None:
                    grid.lost.add((change.table_id, slot.pk))
                if change.registration_id is not None:
                    grid.busy.add((change.registration_id, slot.pk))


def _take_other_meetings(grid: FairGrid) -> None:
    """Meetings without a request of ours, on the spot for example: people and table are taken."""
    others = (
        Meeting.objects.active()
        .filter(fair=grid.fair, slot__isnull=False)
        .exclude(request__in=[request.pk for request in grid.requests])
    )
    for meeting in others.prefetch_related("seats"):
        if meeting.table_id:
            grid.lost.add((meeting.table_id, meeting.slot_id))
        grid.busy.update((seat.registration_id, meeting.slot_id) for seat in meeting.seats.all())


def _homes(grid: FairGrid) -> dict[int, int]:
    """Booths are their owners'; who needs an accessible table stays at one all day."""
    booths: dict[int, list[int]] = {}
    for table in grid.tables:
        if table.owner_id:
            booths.setdefault(table.owner_id, []).append(table.pk)
    accessible = [table.pk for table in grid.tables if table.is_accessible and not table.owner_id]
    next_booth = {owner: cycle(tables) for owner, tables in booths.items()}
    next_accessible = cycle(accessible) if accessible else None
    homes = {}
    for person in grid.people:
        if person.organization_id in next_booth:
            homes[person.pk] = next(next_booth[person.organization_id])
        elif person.needs_accessible_table and next_accessible:
            homes[person.pk] = next(next_accessible)
    return homes


def grid_of(version: ScheduleVersion) -> FairGrid:
    """The fair as it is now, with what the version has locked and was asked for."""
    wishes = Wishes.from_params(version.params)
    return read_fair(version.fair, wishes, locked=version.planned.filter(is_locked=True))


def plan_of(version: ScheduleVersion) -> dict[int, Place]:
    rows = version.planned.values_list("request_id", "slot_id", "table_id")
    return {request: (slot, table) for request, slot, table in rows}


def as_schedule(grid: FairGrid, plan: dict[int, Place]) -> Schedule:
    return grid.schedule_of((request, *place) for request, place in plan.items())
