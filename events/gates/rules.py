from dataclasses import dataclass
from datetime import datetime, timedelta

from events.fairs.enums import FairState
from events.fairs.models import Fair
from events.fairs.rules import can_manage_fair, can_read_people
from events.meetings.models import Meeting
from events.registration.models import Registration
from portal.accounts.models import User, Visitor

from .enums import ExchangeState
from .models import ContactExchange, Duty, Gate

CLOSED_STATES = frozenset({FairState.DRAFT, FairState.REVIEW, FairState.ARCHIVED})
EARLIEST_START = timedelta(minutes=30)


@dataclass(frozen=True)
class Operator:
    """Who stands at a door: somebody signed in, the holder of a link, or both."""

    user: User | None
    duty: Duty | None

    @property
    def name(self) -> str:
        return self.duty.name if self.duty else str(self.user or "")


def can_manage_gates(user: Visitor, fair: Fair) -> bool:
    """Set up gates and name who stands there, from the announcement until the fair is filed."""
    return fair.state not in CLOSED_STATES and can_manage_fair(user, fair)


def can_read_arrivals(user: Visitor, fair: Fair) -> bool:
    return fair.state not in {FairState.DRAFT, FairState.REVIEW} and can_read_people(user, fair)


def can_operate(operator: Operator, fair: Fair, now: datetime) -> bool:
    """Who manages the fair, and who was named for its doors, as long as that holds."""
    if fair.state in CLOSED_STATES:
        return False
    if operator.user is not None and can_manage_fair(operator.user, fair):
        return True
    duty = operator.duty
    return duty is not None and duty.fair_id == fair.pk and duty.is_in_force(now)


def can_check_in(operator: Operator, gate: Gate, now: datetime) -> bool:
    return can_operate(operator, gate.fair, now)


def has_come(meeting: Meeting, now: datetime) -> bool:
    """Whether a meeting may have begun: people come early, and never the day before."""
    return meeting.slot is not None and meeting.slot.starts_at - EARLIEST_START <= now


def can_exchange(registration: Registration, now: datetime) -> bool:
    """Somebody with a sign-in who is admitted, from the day of the fair until its lists close."""
    fair = registration.fair
    if registration.person_id is None or not registration.is_admitted:
        return False
    first = fair.page.starts_at - timedelta(days=1)
    last = fair.page.ends_at + timedelta(days=fair.display_after_days)
    return fair.state != FairState.CANCELLED and not fair.purged_at and first <= now <= last


def can_answer_exchange(user: Visitor, exchange: ContactExchange) -> bool:
    return (
        user.is_authenticated
        and exchange.state == ExchangeState.ASKED
        and exchange.asked.person_id == user.pk
    )
