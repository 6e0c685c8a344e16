"""Versions side by side, what stands in a schedule's way, and a participant's day."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from events.fairs.models import Fair
from events.meetings.enums import MeetingSource, MeetingState
from events.meetings.models import Meeting, MeetingRequest
from events.registration.models import Registration
from events.scheduling.feasibility import (
    Obstacle,
    Remedy,
    Shortage,
    find_shortages,
    least_tables,
)

from .instances import FairGrid, Place, plan_of
from .judging import name_request
from .models import LateChange, ScheduleVersion


@dataclass(frozen=True)
class Hindrance:
    """One line of the feasibility report: what, how much, and what would help."""

    title: str
    text: str
    helps: list[str]
    url: str = ""


@dataclass
class Feasibility:
    """What can be said before solving. ``most`` bounds the meetings that can take place."""

    requests: int
    weight: int
    people: int
    slots: int
    seats: int
    least_tables: int
    tables: int
    most: int
    load: list[dict[str, Any]]
    hindrances: list[Hindrance] = field(default_factory=list)


def feasibility_of(grid: FairGrid) -> Feasibility:
    instance = grid.instance
    reach = [_reach(grid, person) for person in range(instance.people)]
    possible = sum(bool(slots) for slots in instance.possible_slots)
    booths = sum(booth is not None for booth in instance.booths)
    seats = sum(instance.capacity)
    return Feasibility(
        requests=len(grid.requests),
        weight=instance.weight,
        people=instance.people,
        slots=instance.slots,
        seats=seats,
        least_tables=least_tables(instance) if instance.slots else 0,
        tables=len(grid.tables),
        most=min(possible, sum(reach) // 2, seats + booths),
        load=_load(grid),
        hindrances=_hindrances(grid),
    )


def _reach(grid: FairGrid, person: int) -> int:
    """The most meetings a person can have: requests, free slots, the fair's limit."""
    wanted = len(grid.instance.meetings_of[person])
    return min(wanted, len(grid.instance.free[person]), grid.most)


def _load(grid: FairGrid) -> list[dict[str, Any]]:
    """For each slot how many of the people with requests could come, against the tables."""
    free = Counter(slot for slots in grid.instance.free for slot in slots)
    common = grid.instance.capacity
    booths = len(set(grid.homes.values()))
    return [
        {"label": label_slot(slot), "values": [free[number] // 2, common[number] + booths]}
        for number, slot in enumerate(grid.slots)
    ]


def label_slot(slot: Any) -> str:
    return f"{slot.session.label} {slot}"


def _hindrances(grid: FairGrid) -> list[Hindrance]:
    found = [_say_shortage(grid, each) for each in find_shortages(grid.instance)]
    needs_level = [row for row in grid.people if row.needs_accessible_table]
    level = {table.pk for table in grid.tables if table.is_accessible}
    without = [row for row in needs_level if grid.homes.get(row.pk) not in level]
    if without:
        found.append(
            Hindrance(
                _("A table without steps is missing"),
                "、".join(row.full_label for row in without),
                [_("Mark a table as reached without steps, or make the person's booth one.")],
                reverse("fairs:tables", args=[grid.fair.code]),
            )
        )
    for person, numbers in enumerate(grid.instance.meetings_of):
        if len(numbers) > grid.most:
            found.append(_say_limit(grid, person, len(numbers)))
    return found


def _say_limit(grid: FairGrid, person: int, wanted: int) -> Hindrance:
    row = grid.people[person]
    said = _("%(count)d agreed requests, but a person may have %(most)d meetings.")
    return Hindrance(
        row.full_label,
        said % {"count": wanted, "most": grid.most},
        [_("Raise the number of meetings a person may have in the plan.")],
        reverse("fairs:step", args=[grid.fair.code, "dates"]),
    )


def _say_shortage(grid: FairGrid, shortage: Shortage) -> Hindrance:
    numbers = {"needed": shortage.needed, "available": shortage.available}
    texts = {
        Obstacle.TOO_MANY_REQUESTS: _(
            "%(needed)d agreed requests, of which %(available)d fit into the free slots."
        ),
        Obstacle.NO_COMMON_SLOT: _("The two are never there at the same time."),
        Obstacle.TOO_FEW_TABLES: _("%(needed)d meetings, but tables and slots for %(available)d."),
        Obstacle.HELD_CLASH: _("It is locked where it cannot take place."),
    }
    if shortage.person is not None:
        row = grid.people[shortage.person]
        title = row.full_label
        url = reverse("registration:person", args=[grid.fair.code, row.pk])
    elif shortage.meeting is not None:
        title, url = name_request(grid.requests[shortage.meeting]), ""
    else:
        title, url = _("Tables"), reverse("fairs:tables", args=[grid.fair.code])
    helps = [_say_help(grid, each.remedy, each.amount, each.slots) for each in shortage.helps]
    return Hindrance(title, texts[shortage.obstacle] % numbers, helps, url)


def _say_help(grid: FairGrid, remedy: Remedy, amount: int, slots: tuple[int, ...]) -> str:
    if remedy is Remedy.OPEN_SLOTS:
        which = "、".join(str(grid.slots[slot]) for slot in slots[:6])
        said = ngettext("Free %(count)d more slot", "Free %(count)d more slots", amount)
        return said % {"count": amount} + (f"（{which}）" if which else "")
    if remedy is Remedy.DROP_REQUESTS:
        said = ngettext("Do without %(count)d request", "Do without %(count)d requests", amount)
        return said % {"count": amount}
    if remedy is Remedy.ADD_TABLES:
        return ngettext("Add %(count)d table", "Add %(count)d tables", amount) % {"count": amount}
    return _("Unlock the meeting.")


def slot_hints(grid: FairGrid, plan: dict[int, Place], request: MeetingRequest) -> dict[int, str]:
    """What a slot means for the two people of a request: away, taken, or nothing said."""
    if request.pk not in grid.request_number:
        return {}
    people = set(grid.people_of(request))
    taken = {
        slot
        for other, (slot, _table) in plan.items()
        if other != request.pk
        and other in grid.request_number
        and people & set(grid.people_of(grid.requests[grid.request_number[other]]))
    }
    hints = {}
    for number, slot in enumerate(grid.slots):
        if any(number not in grid.instance.free[person] for person in people):
            hints[slot.pk] = _("one of them is not there")
        elif slot.pk in taken:
            hints[slot.pk] = _("one of them has another meeting")
    return hints


def versions_of(fair: Fair) -> QuerySet[ScheduleVersion]:
    """Newest first, each with how many meetings it holds."""
    versions = fair.schedule_versions.select_related("created_by", "base", "job")
    return versions.annotate(count=Count("planned")).order_by("-number")


def open_changes(fair: Fair) -> QuerySet[LateChange]:
    changes = LateChange.objects.filter(fair=fair, lifted_at=None)
    return changes.select_related(
        "registration__organization", "table", "first", "last", "reported_by"
    ).order_by("-pk")


def split_changes(fair: Fair) -> tuple[list[LateChange], list[LateChange]]:
    """Late changes that concern meetings still to come, and those that what was told meets.

    While nothing has been told, nothing is met.
    """
    changes = list(open_changes(fair))
    told = Meeting.objects.active().filter(fair=fair, slot__isnull=False)
    if not changes or not told.exists():
        return changes, []
    ahead = told.filter(state=MeetingState.ARRANGED, slot__starts_at__gt=timezone.now())
    meetings = list(ahead.select_related("slot").prefetch_related("seats"))
    concerned = [each for each in changes if any(map(each.concerns, meetings))]
    return concerned, [each for each in changes if each not in concerned]


def without_table(fair: Fair) -> QuerySet[Meeting]:
    """Published meetings whose table has been taken out since; others get one by themselves."""
    meetings = Meeting.objects.filter(fair=fair, state=MeetingState.ARRANGED, table=None)
    published = meetings.filter(source=MeetingSource.REQUEST, slot__isnull=False)
    found = published.select_related("slot")
    return found.prefetch_related("seats__registration__organization").order_by(
        "slot__starts_at", "pk"
    )


@dataclass(frozen=True)
class Difference:
    """One request whose place differs between two plans; None is without a place."""

    request: int
    before: Place | None
    after: Place | None

    @property
    def is_table_only(self) -> bool:
        if self.before is None or self.after is None:
            return False
        return self.before[0] == self.after[0]


def differences(before: dict[int, Place], after: dict[int, Place]) -> list[Difference]:
    """What changes from one plan to another, in the order of requests."""
    return [
        Difference(request, before.get(request), after.get(request))
        for request in sorted(before.keys() | after.keys())
        if before.get(request) != after.get(request)
    ]


def difference_of(version: ScheduleVersion, other: ScheduleVersion) -> list[Difference]:
    return differences(plan_of(other), plan_of(version))


def day_meetings(registration: Registration) -> list[Meeting]:
    """A person's meetings by time; the cancelled ones, too."""
    meetings = (
        Meeting.objects.of(registration)
        .filter(slot__isnull=False)
        .select_related("slot__session", "table", "request__about")
        .prefetch_related("seats__registration__organization", "seats__registration__person")
    )
    return list(meetings.order_by("slot__starts_at", "pk"))


def why_we_meet(meeting: Meeting, registration: Registration) -> str:
    """What the request was about, and what was written with it."""
    request = meeting.request
    if request is None:
        return ""
    parts = [request.about.title if request.about else "", request.message]
    return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class Quality:
    """How good a version is, in words; percentages are how far it is from the best at most."""

    is_proved: bool
    weight: str
    breaks: str


def quality_of(version: ScheduleVersion) -> Quality | None:
    """None where nothing has been found, or no bound is known."""
    if version.weight is None or version.breaks is None or version.weight_bound is None:
        return None
    weight_bound = max(version.weight_bound, version.weight)
    missing = weight_bound - version.weight
    if missing:
        percent = round(100 * missing / weight_bound, 1)
        weight = _("wishes: at most %(percent)s %% from the best possible") % {"percent": percent}
    else:
        weight = _("wishes: proved, more cannot be fulfilled")
    bound = min(version.bound or 0, version.breaks)
    if version.breaks == bound:
        breaks = _("waiting gaps: proved, fewer are impossible with these wishes")
    else:
        percent = round(100 * (version.breaks - bound) / version.breaks)
        breaks = _(
            "waiting gaps: %(count)d, at least %(bound)d are necessary (at most %(percent)s %% "
            "from the best possible)"
        ) % {"count": version.breaks, "bound": bound, "percent": percent}
    return Quality(not missing and version.breaks == bound, weight, breaks)


@dataclass(frozen=True)
class Cell:
    """One slot at one table: a meeting, free, or out of use."""

    slot: Any
    table: Any
    planned: Any = None
    is_lost: bool = False
    has_warning: bool = False


@dataclass(frozen=True)
class BoardRow:
    table: Any
    cells: list[Cell]


def board_rows(
    grid: FairGrid, planned: list[Any], tables: list[Any], warned: set[int]
) -> list[BoardRow]:
    """The tables given × all slots; ``warned`` are requests with a warning."""
    at = {(each.slot_id, each.table_id): each for each in planned}

    def cell(slot: Any, table: Any) -> Cell:
        found = at.get((slot.pk, table.pk))
        is_lost = (table.pk, slot.pk) in grid.lost
        is_warned = found is not None and found.request_id in warned
        return Cell(slot, table, found, is_lost, is_warned)

    return [BoardRow(table, [cell(slot, table) for slot in grid.slots]) for table in tables]


@dataclass(frozen=True)
class DayMeeting:
    """A meeting as one of its people reads it."""

    meeting: Meeting
    others: list[Registration]
    why: str
    note: str


def day_of(registration: Registration) -> list[tuple[Any, list[DayMeeting]]]:
    """A person's meetings by day, with why they meet and the own notes."""
    notes = dict(registration.meeting_notes.values_list("meeting", "text"))
    days: dict[Any, list[DayMeeting]] = {}
    for meeting in day_meetings(registration):
        others = [seat.registration for seat in meeting.seats.all()]
        row = DayMeeting(
            meeting,
            [each for each in others if each.pk != registration.pk],
            why_we_meet(meeting, registration),
            notes.get(meeting.pk, ""),
        )
        day = timezone.localtime(meeting.slot.starts_at).date() if meeting.slot else None
        days.setdefault(day, []).append(row)
    return list(days.items())
