from django.utils import timezone

from events.fairs.enums import ENDED_STATES, UNPUBLISHED_STATES
from events.fairs.models import Fair
from events.fairs.rules import can_manage_fair, can_read_people
from portal.accounts.models import Visitor

from .enums import REOPENED_STATES, RegistrationState
from .models import Registration


def is_own(user: Visitor, registration: Registration) -> bool:
    return user.is_authenticated and registration.person_id == user.pk


def can_register(user: Visitor, fair: Fair) -> bool:
    """Everybody with a sign-in, as long as registration is open."""
    return user.is_authenticated and fair.takes_registrations(timezone.now())


def can_edit_registration(user: Visitor, registration: Registration) -> bool:
    """One's own, until the fair is over; what came to nothing has to be begun anew."""
    frozen = {*REOPENED_STATES, RegistrationState.CHECKED_IN, RegistrationState.NO_SHOW}
    if registration.state in frozen or registration.fair.state in ENDED_STATES:
        return False
    return is_own(user, registration)


def can_withdraw(user: Visitor, registration: Registration) -> bool:
    gone = {*REOPENED_STATES, RegistrationState.CHECKED_IN, RegistrationState.NO_SHOW}
    is_open = registration.state not in gone and registration.fair.state not in ENDED_STATES
    return is_open and is_own(user, registration)


def can_take_offer(user: Visitor, registration: Registration) -> bool:
    return registration.state == RegistrationState.OFFERED and is_own(user, registration)


def can_decide(user: Visitor, fair: Fair) -> bool:
    """Admit, refuse and put on the waiting list."""
    return fair.state not in ENDED_STATES | UNPUBLISHED_STATES and can_manage_fair(user, fair)


def can_read_registration(user: Visitor, registration: Registration) -> bool:
    return is_own(user, registration) or (
        registration.state != RegistrationState.DRAFT and can_read_people(user, registration.fair)
    )


def can_edit_questions(user: Visitor, fair: Fair) -> bool:
    return fair.state not in ENDED_STATES and can_manage_fair(user, fair)


def can_mail(user: Visitor, fair: Fair) -> bool:
    """Write to the people of an announced fair, also after it."""
    return fair.state not in UNPUBLISHED_STATES and can_manage_fair(user, fair)
