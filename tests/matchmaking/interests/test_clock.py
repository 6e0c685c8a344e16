"""The answer clock: a sweep that may run twice, late, or after a standstill."""

from datetime import date

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from matchmaking.interests.clock import due_date, reminder_date
from matchmaking.interests.enums import InterestState, Mandate
from matchmaking.interests.models import BrokerAssignment, Introduction
from matchmaking.interests.queries import overdue_of, shelves_of
from matchmaking.interests.services import (
    UnableToChangeInterest,
    answer_interest,
    hand_over,
    introduce,
    withdraw_interest,
)
from matchmaking.interests.tasks import task_sweep
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from portal.workdays.models import CalendarDay
from portal.workdays.services import enter_day
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.interests import Town, fresh, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SENT = "2026-03-03 10:00+08:00"  # a Tuesday; half of five days is the Friday, due the Tuesday after
HALF, LAST, AFTER = "2026-03-06", "2026-03-10", "2026-03-11"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def town():
    with time_machine.travel(SENT):
        town = Town()
        town.interest = town.express()
    return town


def sweep(day, *, hour=8, times=1):
    cache.clear()
    with time_machine.travel(f"{day} {hour:02d}:00+08:00"):
        for _each in range(times):
            task_sweep()


def told(kind):
    found = Notification.objects.filter(kind=kind).order_by("pk")
    return list(found.values_list("user", flat=True))


def receivers(town):
    return [town.institute.owner.pk, town.institute.editor.pk, town.institute.researcher.pk]


# Dates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "reminder", "due"),
    [(5, 6, 10), (2, 4, 5), (1, 4, 4)],
    ids=["five", "two: the day before", "one: the day itself"],
)
def test_half_of_the_term_in_working_days(days, reminder, due):
    sent = date(2026, 3, 3)

    assert reminder_date(sent, days) == date(2026, 3, reminder)
    assert due_date(sent, days) == date(2026, 3, due)


# Reminder -----------------------------------------------------------------------------------------


def test_nobody_is_reminded_before_half_of_the_term(town):
    sweep("2026-03-05", hour=23)

    assert told("interest-reminder") == []


def test_a_reminder_goes_out_once_however_often_the_sweep_runs(
    town, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for day in (HALF, "2026-03-07", "2026-03-09", LAST):
            sweep(day, times=3)

    assert told("interest-reminder") == receivers(town)
    assert len([each for each in mail.outbox if "待您答复" in each.subject]) == 3


def test_after_a_standstill_over_the_half_the_reminder_comes_late(town):
    sweep("2026-03-09")

    assert told("interest-reminder") == receivers(town)


def test_after_the_last_day_a_broker_is_called_and_nobody_is_reminded(town):
    broker = person_with(PortalRole.BROKER)

    sweep("2026-03-13", times=2)  # the sweep stood still for three days

    assert told("interest-reminder") == []
    assert told("interest-late") == [*receivers(town), town.company.owner.pk, broker.pk]
    assert fresh(town.interest).broker == broker


def test_who_answered_meanwhile_is_left_alone(town):
    person_with(PortalRole.BROKER)
    with time_machine.travel("2026-03-05 10:00+08:00"):
        answer_interest(actor=town.institute.owner, interest=town.interest)

    sweep(HALF)
    sweep(AFTER)

    assert (told("interest-reminder"), told("interest-late")) == ([], [])


def test_what_was_taken_back_is_left_alone(town):
    person_with(PortalRole.BROKER)
    withdraw_interest(actor=town.company.owner, interest=town.interest)

    sweep(HALF)
    sweep(AFTER)

    assert (told("interest-reminder"), told("interest-late")) == ([], [])


# Escalation ---------------------------------------------------------------------------------------


def test_on_the_last_day_there_is_still_time(town):
    person_with(PortalRole.BROKER)

    sweep(LAST, hour=23)

    assert fresh(town.interest).broker is None


def test_the_day_after_it_goes_to_one_broker_and_stays_there(town):
    broker = person_with(PortalRole.BROKER)
    sweep(AFTER, times=2)
    person_with(PortalRole.BROKER)  # idle, but the interest has its broker
    sweep("2026-03-16", times=2)

    assert fresh(town.interest).broker == broker
    [assignment] = BrokerAssignment.objects.all()
    assert (assignment.broker, assignment.assigned_by) == (broker, None)
    assert AuditEvent.objects.filter(action="interests.escalate").count() == 1
    assert told("interest-late") == [*receivers(town), town.company.owner.pk, broker.pk]
    assert list(overdue_of(broker)) == [town.interest]


def test_the_least_loaded_broker_of_neither_side_is_called(town):
    busy, member, idle = (person_with(PortalRole.BROKER) for _each in range(3))
    gone = person_with(PortalRole.BROKER)
    gone.is_active = False
    gone.save()
    MembershipFactory(user=member, organization=town.company.organization)
    with time_machine.travel(SENT):
        other = town.offer()
    type(other).objects.filter(pk=other.pk).update(broker=busy)

    sweep(AFTER)

    assert fresh(town.interest).broker == idle


def test_without_a_broker_operators_and_commission_are_told_once(town):
    operator, commission = person_with(PortalRole.OPERATOR), person_with(PortalRole.COMMISSION)

    sweep(AFTER, times=3)

    assert told("interest-without-broker") == [operator.pk, commission.pk]
    address = Notification.objects.get(user=operator).url
    assert address == reverse("interests:list", args=["desk"])
    assert "desk" in shelves_of(operator)
    assert fresh(town.interest).broker is None

    broker = person_with(PortalRole.BROKER)
    sweep("2026-03-12")

    assert fresh(town.interest).broker == broker


def test_a_broker_who_left_the_service_is_replaced(town):
    first = person_with(PortalRole.BROKER)
    sweep(AFTER)
    RoleGrant.objects.filter(user=first).delete()
    second = person_with(PortalRole.BROKER)

    sweep("2026-03-12", times=2)

    assert fresh(town.interest).broker == second
    assert told("interest-late").count(second.pk) == 1
    assert told("interest-late").count(town.company.owner.pk) == 1


# Holidays -----------------------------------------------------------------------------------------


def test_the_clock_pauses_over_the_national_holiday():
    broker = person_with(PortalRole.BROKER)
    with time_machine.travel("2026-09-29 10:00+08:00"):
        town = Town()
        interest = town.express()
    # Working days after the sending: 30 September, 8 to 10 October (a worked Saturday), 12 October.
    assert interest.due_on == date(2026, 10, 12)

    for day in ("2026-10-01", "2026-10-06", "2026-10-08"):
        sweep(day)
    assert told("interest-reminder") == []
    sweep("2026-10-09")
    assert len(told("interest-reminder")) == 3
    sweep("2026-10-12")
    assert fresh(interest).broker is None
    sweep("2026-10-13")
    assert fresh(interest).broker == broker


def keeper():
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=PortalRole.OPERATOR)
    return user


def test_a_holiday_entered_meanwhile_moves_the_last_day(town):
    person_with(PortalRole.BROKER)
    enter_day(actor=keeper(), entry=CalendarDay(day=date(2026, 3, 9), name="临时放假"))

    sweep("2026-03-06", times=2)

    assert fresh(town.interest).due_on == date(2026, 3, 11)
    event = AuditEvent.objects.get(action="interests.extend_term")
    assert event.payload == {"before": "2026-03-10", "after": "2026-03-11"}
    sweep(AFTER)
    assert fresh(town.interest).broker is None


def test_a_working_day_entered_meanwhile_takes_no_time_away(town):
    enter_day(actor=keeper(), entry=CalendarDay(day=date(2026, 3, 7), name="调休", is_working=True))

    sweep("2026-03-06")

    assert fresh(town.interest).due_on == date(2026, 3, 10)


# Brokers ------------------------------------------------------------------------------------------


@pytest.fixture
def late(town):
    """The interest with its broker, and another broker beside."""
    town.broker = person_with(PortalRole.BROKER)
    sweep(AFTER)
    town.interest.refresh_from_db()
    town.other = person_with(PortalRole.BROKER)
    return town


def test_a_broker_introduces_with_time_and_mandate(late):
    introduction = introduce(
        actor=late.broker, interest=late.interest, mandate="BOTH", note="周四三方通话。"
    )

    assert Introduction.objects.get() == introduction
    assert (introduction.mandate, introduction.broker) == (Mandate.BOTH, late.broker)
    assert told("interest-introduced") == [late.company.owner.pk, *receivers(late)]
    event = AuditEvent.objects.get(action="interests.introduce")
    assert event.payload == {"mandate": "BOTH"}


@pytest.mark.parametrize("who", ["other", "sender", "receiver"])
def test_only_its_broker_introduces_and_hands_over(late, who):
    actor = {
        "other": late.other,
        "sender": late.company.owner,
        "receiver": late.institute.owner,
    }[who]

    with pytest.raises(UnableToChangeInterest):
        introduce(actor=actor, interest=late.interest, mandate="BOTH", note="通话")
    with pytest.raises(UnableToChangeInterest):
        hand_over(actor=actor, interest=late.interest, broker=late.other, reason="休假")


def test_an_introduction_says_what_it_consists_of(late):
    with pytest.raises(UnableToChangeInterest, match="引荐内容"):
        introduce(actor=late.broker, interest=late.interest, mandate="BOTH", note=" ")


def test_a_hand_over_keeps_who_had_it(late, client):
    hand_over(actor=late.broker, interest=late.interest, broker=late.other, reason="休假两周")

    brokers = list(BrokerAssignment.objects.order_by("pk").values_list("broker", "reason"))
    assert brokers == [(late.broker.pk, ""), (late.other.pk, "休假两周")]
    assert fresh(late.interest).broker == late.other
    assert told("interest-handed-over") == [late.other.pk]
    with time_machine.travel(AFTER):
        client.force_login(late.company.owner)
        page = client.get(late.interest.get_absolute_url()).content.decode()
    assert str(late.broker) in page
    assert "休假两周" in page


def test_the_commission_hands_over_for_a_broker_who_is_away(late):
    commission = person_with(PortalRole.COMMISSION)

    hand_over(actor=commission, interest=late.interest, broker=late.other, reason="长期病假")

    assert fresh(late.interest).broker == late.other


@pytest.mark.parametrize("to", ["himself", "no broker", "a member of one side"])
def test_only_another_broker_of_neither_side_takes_over(late, to):
    member = person_with(PortalRole.BROKER)
    MembershipFactory(user=member, organization=late.institute.organization)
    broker = {"himself": late.broker, "no broker": UserFactory(), "a member of one side": member}

    with pytest.raises(UnableToChangeInterest, match="另一位"):
        hand_over(actor=late.broker, interest=late.interest, broker=broker[to], reason="休假")


def test_a_hand_over_has_a_reason(late):
    with pytest.raises(UnableToChangeInterest, match="移交原因"):
        hand_over(actor=late.broker, interest=late.interest, broker=late.other, reason="")


def test_the_desk_shows_interests_and_loads(late, client):
    introduce(actor=late.broker, interest=late.interest, mandate="BOTH", note="通话")
    client.force_login(late.broker)

    page = client.get(reverse("interests:list", args=["desk"]))

    assert list(page.context["page_obj"]) == [late.interest]
    loads = [
        (b, b.open_interests, b.overdue_interests, b.introduced) for b in page.context["loads"]
    ]
    assert loads == [(late.broker, 1, 1, 1), (late.other, 0, 0, 0)]


def test_a_broker_acts_by_forms(late, client):
    client.force_login(late.broker)
    address = reverse("interests:act", args=[late.interest.code, "introduce"])
    client.post(address, {"mandate": "SENDER", "note": "约定实地考察"})
    address = reverse("interests:act", args=[late.interest.code, "hand-over"])
    client.post(address, {"broker": late.other.pk, "reason": "区域调整"})

    assert Introduction.objects.get().mandate == Mandate.SENDER
    assert fresh(late.interest).broker == late.other
    assert client.get(late.interest.get_absolute_url()).status_code == 404


def test_an_answer_after_the_last_day_is_late(late):
    with time_machine.travel("2026-03-12 10:00+08:00"):
        answer_interest(actor=late.institute.owner, interest=late.interest)

    interest = fresh(late.interest)
    assert (interest.state, interest.answered_in) == (InterestState.ANSWERED, 7)
