from events.fairs.enums import UNPUBLISHED_STATES, FairState, SchedulingMode
from events.fairs.models import Fair
from events.fairs.rules import can_manage_fair, can_read_people
from portal.accounts.models import Visitor

SCHEDULING_STATES = frozenset({FairState.SCHEDULING, FairState.SCHEDULE_PUBLISHED, FairState.LIVE})


def has_schedule(fair: Fair) -> bool:
    """Fairs whose organizer makes the schedule, from their announcement on."""
    is_planned = fair.has_meetings and fair.scheduling_mode == SchedulingMode.ORGANIZER
    return is_planned and fair.state not in UNPUBLISHED_STATES


def can_read_schedule(user: Visitor, fair: Fair) -> bool:
    """Schedules name people: those who run the fair, and who oversees it."""
    return has_schedule(fair) and can_read_people(user, fair)


def can_schedule(user: Visitor, fair: Fair) -> bool:
    """Solve, move, publish: who runs the fair, once requests are closed and until it is over."""
    return has_schedule(fair) and fair.state in SCHEDULING_STATES and can_manage_fair(user, fair)
