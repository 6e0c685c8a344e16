from datetime import datetime, timedelta

from events.fairs.enums import FairState
from events.fairs.models import Fair
from events.fairs.rules import can_read_people
from events.meetings.enums import MeetingState
from events.meetings.models import Meeting
from events.meetings.rules import is_party
from portal.accounts.models import Visitor
from portal.accounts.rules import can_oversee

from .enums import FOLLOW_UP_TRANSITIONS, Stage
from .models import FollowUp

# Days after a fair until people are asked again, which K12 counts agreements up to.
SECOND_AFTER_DAYS = 180
GONE = frozenset({MeetingState.NOT_HELD, MeetingState.CANCELLED})


def second_stage_at(fair: Fair) -> datetime:
    return fair.page.ends_at + timedelta(days=SECOND_AFTER_DAYS)


def stage_of(meeting: Meeting, now: datetime) -> Stage | None:
    """In which stage people may speak of a meeting: in none before it, nor of a cancelled one.

    Nor once the fair's personal data is erased. What a meeting that was not held led to is not
    asked half a year later.
    """
    fair = meeting.fair
    if fair.state == FairState.CANCELLED or fair.purged_at:
        return None
    begins = meeting.starts_at or fair.page.starts_at
    is_ahead = meeting.state == MeetingState.ARRANGED and now < begins
    if meeting.state == MeetingState.CANCELLED or is_ahead:
        return None
    if now < second_stage_at(fair):
        return Stage.FIRST
    return None if meeting.state in GONE else Stage.SECOND


def can_follow_up(user: Visitor, meeting: Meeting, now: datetime) -> bool:
    """Note what is to be done after a meeting: its own people."""
    return stage_of(meeting, now) is not None and is_party(user, meeting)


def can_end_follow_up(user: Visitor, follow_up: FollowUp, state: str) -> bool:
    """Either side of the meeting."""
    known = state in FOLLOW_UP_TRANSITIONS[follow_up.state]
    return known and is_party(user, follow_up.meeting)


def can_read_outcomes(user: Visitor, fair: Fair) -> bool:
    """What came of single meetings: those who run the fair, and who oversees it."""
    return fair.has_meetings and can_read_people(user, fair)


def can_read_amounts(user: Visitor) -> bool:
    """A contract's amount is its parties' matter: only who oversees reads the fair's sum of few."""
    return can_oversee(user)
