"""Which records make a number, as ids in the order in which they were read (统计取数)."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.utils import timezone

from events.aftermath.enums import Outcome
from events.aftermath.rules import SECOND_AFTER_DAYS
from events.meetings.enums import MeetingState, RequestState
from events.registration.enums import ADMITTED_STATES, RegistrationState

from .enums import ProfilePart
from .facts import ONCE_AGREED, Facts

Value = float | Decimal | None
Pick = Callable[[Facts], list[int]]


def _pks(rows: Iterable) -> list[int]:
    return [each.pk for each in rows]


def registered(facts: Facts) -> list[int]:
    return _pks(facts.people)


def admitted(facts: Facts) -> list[int]:
    return _pks(facts.admitted)


def decided(facts: Facts) -> list[int]:
    ended = ADMITTED_STATES | {RegistrationState.REJECTED}
    return [each.pk for each in facts.people if each.state in ended]


def came(facts: Facts) -> list[int]:
    return _pks(facts.came)


def profiled(facts: Facts) -> list[int]:
    """Admitted people whose profile others judge by: those in roles that meet, else all."""
    roles = facts.meeting_roles
    return [each.pk for each in facts.admitted if not roles or each.role in roles]


def complete(facts: Facts) -> list[int]:
    return [pk for pk in profiled(facts) if len(facts.person[pk].parts) == len(ProfilePart)]


def requests(facts: Facts) -> list[int]:
    return _pks(facts.requests)


def answered(facts: Facts) -> list[int]:
    ended = ONCE_AGREED | {RequestState.DECLINED, RequestState.EXPIRED}
    return [each.pk for each in facts.requests if each.state in ended]


def accepted(facts: Facts) -> list[int]:
    return [each.pk for each in facts.requests if each.state in ONCE_AGREED]


def requests_in(*states: RequestState) -> Pick:
    return lambda facts: [each.pk for each in facts.requests if each.state in states]


def must(facts: Facts) -> list[int]:
    return [each.pk for each in facts.requests if each.is_must and each.state in ONCE_AGREED]


def must_met(facts: Facts) -> list[int]:
    met = {each.request for each in facts.meetings if each.pk in facts.held}
    return [pk for pk in must(facts) if pk in met]


def arranged(facts: Facts) -> list[int]:
    return _pks(facts.arranged)


def held(facts: Facts) -> list[int]:
    return sorted(facts.held)


def not_held(facts: Facts) -> list[int]:
    return [each.pk for each in facts.arranged if each.word == MeetingState.NOT_HELD]


def cancelled(facts: Facts) -> list[int]:
    return [each.pk for each in facts.meetings if each.state == MeetingState.CANCELLED]


def present(facts: Facts) -> list[int]:
    return _pks(facts.present)


def alone(facts: Facts) -> list[int]:
    return [pk for pk in present(facts) if not facts.held_by[pk]]


def per_person(average: Callable[[Sequence[int]], float]) -> Callable[[Facts], Value]:
    def measure(facts: Facts) -> Value:
        counts = [facts.held_by[pk] for pk in present(facts)]
        return average(counts) if counts else None

    return measure


def seated(facts: Facts) -> list[int]:
    return _pks(facts.arranged_seats)


def said(facts: Facts) -> list[int]:
    return [each.pk for each in facts.arranged_seats if each.first]


def possible(facts: Facts) -> list[int]:
    return [each.pk for each in facts.arranged_seats if each.first == Outcome.COOPERATION]


def agreed_meetings(facts: Facts) -> list[int]:
    """Held meetings from which an agreement came, stated by a side or signed in the ledger."""
    return [each.pk for each in facts.meetings if each.pk in facts.held and each.is_agreed]


def agreements(facts: Facts) -> Value:
    """Unknown until half a year has passed, which is not none."""
    found = len(agreed_meetings(facts))
    return found if found or _is_half_a_year_old(facts) else None


def event_yield(facts: Facts) -> Value:
    """K12, of fairs that are at least 180 days old."""
    if not facts.held or not _is_half_a_year_old(facts):
        return None
    return 100 * len(agreed_meetings(facts)) / len(facts.held)


def _is_half_a_year_old(facts: Facts) -> bool:
    return facts.day_after(SECOND_AFTER_DAYS) < timezone.localdate()


def exhibitors(facts: Facts) -> list[int]:
    return _pks(facts.exhibitors)


def leads(facts: Facts) -> list[int]:
    return _pks(facts.leads)


def open_leads(facts: Facts) -> list[int]:
    return [each.pk for each in facts.leads if each.is_open]


def lead_count(facts: Facts) -> Value:
    """Unknown once they have been erased, which is not none."""
    return None if facts.fair.purged_at else len(facts.leads)


def sought_out(facts: Facts) -> list[int]:
    noting = {each.exhibitor for each in facts.leads}
    return [pk for pk in exhibitors(facts) if pk in noting]


def counted_exhibitors(facts: Facts) -> list[int]:
    """Those of whom it is known whether they noted anybody."""
    return [] if facts.fair.purged_at else exhibitors(facts)


def signed(facts: Facts) -> list[int]:
    return _pks(facts.signed)


def contract_amount(facts: Facts) -> Value:
    """K13 of one fair."""
    return sum((each.amount for each in facts.signed), Decimal(0))


def costs(facts: Facts) -> list[int]:
    return [pk for pk, _amount in facts.costs]


def total_cost(facts: Facts) -> Value:
    return sum((amount for _pk, amount in facts.costs), Decimal(0)) if facts.costs else None


def cost_per_meeting(facts: Facts) -> Value:
    cost = total_cost(facts)
    return Decimal(cost) / len(facts.held) if cost is not None and facts.held else None
