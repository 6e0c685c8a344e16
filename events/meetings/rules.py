from datetime import datetime

from events.fairs.enums import FairState, RequestMode, SchedulingMode
from events.fairs.models import Fair
from events.fairs.rules import can_manage_fair, can_read_people
from events.registration.enums import RegistrationState
from events.registration.models import Registration
from events.registration.rules import is_own
from portal.accounts.models import Visitor

from .enums import AGREED_STATES, MeetingState, RequestState
from .models import Meeting, MeetingRequest

# Who holds a place now: those who did not come are no longer asked.
PRESENT_STATES = frozenset({RegistrationState.APPROVED, RegistrationState.CHECKED_IN})
# As long as meetings of the fair are to come.
RUNNING_STATES = frozenset(
    {
        FairState.BOOKING,
        FairState.SCHEDULING,
        FairState.SCHEDULE_PUBLISHED,
        FairState.LIVE,
    }
)

# What is agreed once the schedule is out goes into slots that are still free.
ON_THE_SPOT_STATES = frozenset({FairState.SCHEDULE_PUBLISHED, FairState.LIVE})
ASKING_STATES = ON_THE_SPOT_STATES | {FairState.BOOKING}


def is_on_the_spot(fair: Fair) -> bool:
    return fair.state in ON_THE_SPOT_STATES


def picks_time(fair: Fair) -> bool:
    """Whether accepting a request books a slot, by the fair's mode or on the spot."""
    return fair.scheduling_mode == SchedulingMode.PARTICIPANT or is_on_the_spot(fair)


def takes_part(registration: Registration) -> bool:
    return registration.fair.has_meetings and registration.state in PRESENT_STATES


def takes_requests(fair: Fair, now: datetime) -> bool:
    """Requests are open, by the fair's state and its last moment for them."""
    closes = fair.requests_close_at or fair.page.starts_at
    if is_on_the_spot(fair):
        closes = fair.page.ends_at
    return fair.has_meetings and fair.state in ASKING_STATES and now < closes


def last_answer(fair: Fair) -> datetime:
    """Until when requests can be answered: until they close, where the organizer schedules.

    Where people pick times it is until the fair begins, on the spot until it ends.
    """
    last = fair.page.ends_at if is_on_the_spot(fair) else fair.page.starts_at
    if not picks_time(fair) and fair.requests_close_at:
        last = min(last, fair.requests_close_at)
    return last


def can_ask(user: Visitor, registration: Registration, now: datetime) -> bool:
    """Ask others for a meeting with one's own registration."""
    is_open = takes_part(registration) and takes_requests(registration.fair, now)
    return is_open and is_own(user, registration)


def is_answerable(request: MeetingRequest, now: datetime) -> bool:
    is_open = request.state == RequestState.SENT and now < request.expires_at
    return is_open and request.fair.state in ASKING_STATES


def can_answer(user: Visitor, request: MeetingRequest, now: datetime) -> bool:
    """The asked one, in time."""
    return is_answerable(request, now) and is_own(user, request.to_registration)


def can_turn_down(user: Visitor, request: MeetingRequest) -> bool:
    """Where requests count as accepted by themselves the asked one may still say no."""
    fair = request.fair
    is_open = request.state in AGREED_STATES and fair.state in RUNNING_STATES
    by_itself = fair.request_mode == RequestMode.OPT_OUT and not request.answer_priority
    return is_open and by_itself and is_own(user, request.to_registration)


def can_withdraw_request(user: Visitor, request: MeetingRequest) -> bool:
    return request.state == RequestState.SENT and is_own(user, request.from_registration)


def can_call_off(user: Visitor, request: MeetingRequest) -> bool:
    """Either side may give up what was agreed, as long as no meeting came of it."""
    is_open = request.state in {RequestState.ACCEPTED, RequestState.UNSCHEDULABLE}
    sides = (request.from_registration, request.to_registration)
    is_side = any(is_own(user, each) for each in sides)
    return is_open and is_side and request.fair.state in RUNNING_STATES


def can_read_request(user: Visitor, request: MeetingRequest) -> bool:
    sides = (request.from_registration, request.to_registration)
    return any(is_own(user, each) for each in sides)


def is_party(user: Visitor, meeting: Meeting) -> bool:
    return user.is_authenticated and meeting.seats.filter(registration__person=user.pk).exists()


def can_cancel_meeting(user: Visitor, meeting: Meeting) -> bool:
    """Its people and those who run the fair, until it has begun."""
    is_open = meeting.state == MeetingState.ARRANGED and meeting.fair.state in RUNNING_STATES
    return is_open and (is_party(user, meeting) or can_manage_fair(user, meeting.fair))


def can_arrange(user: Visitor, fair: Fair) -> bool:
    """Give meetings their time and table as the organizer."""
    return fair.has_meetings and fair.state in RUNNING_STATES and can_manage_fair(user, fair)


def can_read_requests(user: Visitor, fair: Fair) -> bool:
    """Who asks whom is personal data: those who run the fair, and who oversees it."""
    return fair.has_meetings and can_read_people(user, fair)
