"""What publishing a version, or taking the last publication back, would change for people."""

from dataclasses import dataclass

from events.fairs.models import Fair
from events.meetings.models import MeetingRequest

from .instances import FairGrid, Place, as_schedule, grid_of, plan_of, read_fair
from .judging import Problem, prohibitions
from .models import Publication, ScheduleVersion
from .queries import differences
from .services import told_after, told_plan, what_is_left

MOST_SAID = 8


@dataclass(frozen=True)
class Effect:
    """Meetings that change, people who are told of it, and what it goes against."""

    meetings: int
    people: int
    broken: list[Problem]


def effect_of_publishing(version: ScheduleVersion) -> Effect:
    grid = grid_of(version)
    plan = {each: place for each, place in plan_of(version).items() if each in grid.request_number}
    return _effect(grid, plan)


def effect_of_undo(fair: Fair, last: Publication) -> Effect:
    """What was told before may go against late changes noted since."""
    return _effect(read_fair(fair), what_is_left(fair, last.before))


def _effect(grid: FairGrid, plan: dict[int, Place]) -> Effect:
    after = told_after(grid.fair, plan)
    changed = [each.request for each in differences(told_plan(grid.fair), after)]
    sides = MeetingRequest.objects.filter(pk__in=changed).values_list(
        "from_registration", "to_registration"
    )
    people = {person for pair in sides for person in pair}
    broken = prohibitions(grid, as_schedule(grid, after))
    return Effect(len(changed), len(people), broken[:MOST_SAID])
