from events.fairs.enums import OPENED_STATES, FairState
from events.fairs.models import Fair
from events.fairs.rules import can_manage_fair, can_organize, can_read_people
from portal.accounts.models import Visitor

from .models import FairSeries

FINAL_STATES = OPENED_STATES - {FairState.LIVE}


def can_read_report(user: Visitor, fair: Fair) -> bool:
    """Each number opens personal data: those who run the fair, and who oversees it."""
    return fair.state in OPENED_STATES and can_read_people(user, fair)


def has_public_report(fair: Fair) -> bool:
    """The short version, for everybody, once the fair is over."""
    return fair.state in FINAL_STATES and fair.page.live


def can_enter_costs(user: Visitor, fair: Fair) -> bool:
    return fair.state in OPENED_STATES and can_manage_fair(user, fair)


def can_keep_series(user: Visitor, series: FairSeries) -> bool:
    """Name a series and say which fairs belong to it."""
    return can_organize(user, series.organizer)
