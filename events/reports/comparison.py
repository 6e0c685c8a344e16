"""The schedule as people were told it against first come first served on the same wishes."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.meetings.enums import Priority
from events.meetings.models import MeetingRequest
from events.scheduling.checker import measure
from events.scheduling.instance import Schedule
from events.timetable.instances import FairGrid, read_fair

from .facts import Facts
from .first_come import first_come_first_served


@dataclass(frozen=True)
class Side:
    """What one way of scheduling comes to; ``gaps`` are breaks as the solver counts them."""

    meetings: int
    must_meets: int
    gaps: int
    without: int


@dataclass(frozen=True)
class Comparison:
    """Both ways over the same agreed requests."""

    requests: int
    musts: int
    told: Side
    first_come: Side


def compare_with_first_come(facts: Facts) -> Comparison | None:
    """None without agreed requests, and once it is erased when people were free."""
    fair = facts.fair
    if not fair.has_meetings or fair.purged_at:
        return None
    # As of its first planning: nothing has begun, so that nothing is held where it was.
    grid = read_fair(fair, now=fair.created_at)
    if not grid.requests or not grid.slots:
        return None
    told = grid.schedule_of((pk, *place) for pk, place in grid.told.items())
    by_creation = sorted(grid.requests, key=lambda each: (each.created_at, each.pk))
    order = (grid.request_number[each.pk] for each in by_creation)
    booked = first_come_first_served(grid.instance, order, grid.most)
    return Comparison(
        requests=len(grid.requests),
        musts=_musts(grid.requests),
        told=_side(grid, told),
        first_come=_side(grid, booked),
    )


def _side(grid: FairGrid, schedule: Schedule) -> Side:
    metrics = measure(grid.instance, schedule)
    held = [grid.requests[number] for number in schedule.slot_of]
    return Side(metrics.meetings, _musts(held), metrics.breaks, metrics.people_without)


def _musts(requests: Iterable[MeetingRequest]) -> int:
    return sum(Priority.MUST in (each.priority, each.answer_priority) for each in requests)
