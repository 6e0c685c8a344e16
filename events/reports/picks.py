"""Which records make a number, as ids in the order in which they were read (统计取数)."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from events.aftermath.enums import Outcome
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


def meetings_in(state: MeetingState) -> Pick:
    return lambda facts: [each.pk for each in facts.meetings if each.state == state]


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
    return _pks(facts.held_seats)


def said(facts: Facts) -> list[int]:
    return [each.pk for each in facts.held_seats if each.first]


def possible(facts: Facts) -> list[int]:
    return [each.pk for each in facts.held_seats if each.first == Outcome.COOPERATION]


def agreed_meetings(facts: Facts) -> list[int]:
    """Held meetings of which one side at least reports an agreement half a year later."""
    return sorted({each.meeting for each in facts.held_seats if each.second == Outcome.AGREEMENT})


def agreements(facts: Facts) -> Value:
    """Unknown until somebody has answered half a year later, which is not none."""
    is_known = any(each.second for each in facts.held_seats)
    return len(agreed_meetings(facts)) if is_known else None


def event_yield(facts: Facts) -> Value:
    found = agreements(facts)
    return None if found is None else 100 * float(found) / len(facts.held)


def contracts(facts: Facts) -> list[int]:
    return _pks(facts.contracts)


def contract_amount(facts: Facts) -> Value:
    return sum((each.amount for each in facts.contracts), Decimal(0))


def costs(facts: Facts) -> list[int]:
    return [pk for pk, _amount in facts.costs]


def total_cost(facts: Facts) -> Value:
    return sum((amount for _pk, amount in facts.costs), Decimal(0)) if facts.costs else None


def cost_per_meeting(facts: Facts) -> Value:
    cost = total_cost(facts)
    return Decimal(cost) / len(facts.held) if cost is not None and facts.held else None
