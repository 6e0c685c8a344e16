"""What the clock does with requests and meetings, and whom the organizer reminds."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from events.fairs.services import (
    add_tables,
    cancel_fair,
    generate_slots,
    remove_tables,
    set_slot,
)
from events.meetings.enums import MeetingState, RequestState
from events.meetings.models import MeetingRequest, NoMeet, Seat
from events.meetings.queries import (
    people_who_owe_answers,
    people_without_request,
    requests_to_answer,
    unanswered,
)
from events.meetings.services import refuse_to_meet, sweep_meetings
from events.registration.reminders import find_reminder
from events.registration.services import (
    purge_fair,
    reject_registration,
    remind,
    withdraw_registration,
)
from portal.notifications.models import Notification
from tests.factories.fairs import fresh
from tests.factories.meetings import Market

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def market():
    return Market()


def told(registration, kind):
    return Notification.objects.filter(user=registration.person, kind=kind).count()


def test_a_request_runs_out_at_its_moment_and_who_asked_is_told_once(market):
    request = market.request()
    with time_machine.travel(request.expires_at - timedelta(seconds=1), tick=False):
        sweep_meetings()
        assert fresh(request).state == RequestState.SENT
    with time_machine.travel(request.expires_at, tick=False):
        sweep_meetings()
        sweep_meetings()
    assert fresh(request).state == RequestState.EXPIRED
    assert told(request.from_registration, "meeting-expired") == 1
    assert told(request.to_registration, "meeting-expired") == 0


def test_when_requests_close_earlier_answers_are_due_earlier_and_run_out_then(market):
    request = market.request()
    earlier = request.expires_at - timedelta(days=1)
    market.edit(requests_close_at=earlier)
    sweep_meetings()
    sweep_meetings()
    assert (fresh(request).expires_at, fresh(request).state) == (earlier, RequestState.SENT)
    market.edit(requests_close_at=earlier + timedelta(days=3))
    with time_machine.travel(earlier, tick=False):
        sweep_meetings()
    assert fresh(request).state == RequestState.EXPIRED


def test_what_is_open_when_scheduling_begins_runs_out_and_what_is_agreed_stays(market):
    request, agreed = market.request(), market.agreed()
    market.to("SCHEDULING")
    sweep_meetings()
    assert fresh(request).state == RequestState.EXPIRED
    assert fresh(agreed).state == RequestState.ACCEPTED


def test_who_was_refused_in_silence_sees_the_request_run_out_like_any_other(market):
    silent, ignored = market.request(), market.request()
    own = silent.to_registration
    refuse_to_meet(actor=own.person, registration=own, other=silent.from_registration)
    with time_machine.travel(silent.expires_at + timedelta(minutes=1), tick=False):
        sweep_meetings()
    rows = [fresh(silent), fresh(ignored)]
    assert {(row.state, row.decline_reason) for row in rows} == {(RequestState.EXPIRED, "")}
    assert [told(row.from_registration, "meeting-expired") for row in rows] == [1, 1]


def test_who_gives_the_place_up_releases_the_others():
    market = Market(picks=True)
    gone = market.enterprise()
    booked = market.agreed(gone, slot=market.slots[0])
    sent, received = market.request(gone), market.request(market.institute(), gone)
    withdraw_registration(actor=gone.person, registration=gone)
    sweep_meetings()
    sweep_meetings()
    states = [fresh(each).state for each in (booked, sent, received)]
    assert states == [RequestState.CANCELLED, RequestState.WITHDRAWN, RequestState.EXPIRED]
    assert booked.meetings.get().state == MeetingState.CANCELLED
    assert not Seat.objects.filter(is_held=True).exists()
    assert told(booked.to_registration, "meeting-cancelled") == 1


def test_who_loses_the_place_releases_what_was_agreed(market):
    agreed = market.agreed()
    gone = fresh(agreed.from_registration)
    gone.state = "PENDING"
    gone.save()
    sweep_meetings()
    assert fresh(agreed).state == RequestState.ACCEPTED
    reject_registration(actor=market.owner, registration=gone, reason="名额调整")
    sweep_meetings()
    assert fresh(agreed).state == RequestState.CANCELLED
    assert told(agreed.to_registration, "meeting-called-off") == 1


def test_a_cancelled_fair_has_neither_requests_nor_meetings():
    market = Market(picks=True)
    request, booked = market.request(), market.agreed(slot=market.slots[0])
    cancel_fair(actor=market.owner, fair=market.fair, reason="台风")
    sweep_meetings()
    sweep_meetings()
    assert fresh(request).state == RequestState.EXPIRED
    assert fresh(booked).state == RequestState.CANCELLED
    assert booked.meetings.get().state == MeetingState.CANCELLED
    assert told(request.from_registration, "meeting-expired") == 0
    assert told(booked.to_registration, "meeting-cancelled") == 0


def test_words_and_refusals_go_with_the_retention(market):
    request = market.request(message="想看样品")
    own = request.to_registration
    refuse_to_meet(actor=own.person, registration=own, other=market.enterprise())
    purge_fair(fair=market.fair, now=timezone.now())
    sweep_meetings()
    assert fresh(request).message == ""
    assert not NoMeet.objects.exists()


class TestSlots:
    def booked(self):
        market = Market(picks=True)
        return market, market.agreed(slot=market.slots[3])

    def lay_out(self, market, **values):
        session = market.fair.sessions.get()
        given = {"slot_minutes": 20, "gap_minutes": 5, "count": 4, **values}
        generate_slots(
            actor=market.owner,
            session=session,
            starts_at=session.starts_at,
            is_confirmed=True,
            **given,
        )

    def test_a_slot_that_moves_takes_its_meeting_along_and_the_people_are_told_once(self):
        market, request = self.booked()
        self.lay_out(market, slot_minutes=30)
        sweep_meetings()
        sweep_meetings()
        meeting = request.meetings.get()
        assert meeting.starts_at == market.slots[3].starts_at
        assert (meeting.sequence, meeting.state) == (1, MeetingState.ARRANGED)
        sides = (request.from_registration, request.to_registration)
        assert [told(each, "meeting-moved") for each in sides] == [1, 1]

    def test_a_slot_that_goes_cancels_its_meeting_and_the_two_may_ask_anew(self):
        market, request = self.booked()
        self.lay_out(market, count=3)
        sweep_meetings()
        sweep_meetings()
        meeting = request.meetings.get()
        assert (meeting.state, meeting.sequence) == (MeetingState.CANCELLED, 1)
        assert fresh(request).state == RequestState.CANCELLED
        assert told(request.from_registration, "meeting-cancelled") == 1

    def test_a_break_takes_no_meeting(self):
        market, request = self.booked()
        set_slot(actor=market.owner, slot=market.slots[3], kind="BREAK", is_confirmed=True)
        sweep_meetings()
        assert request.meetings.get().state == MeetingState.CANCELLED

    def test_a_table_that_goes_is_replaced_and_the_people_are_told_once(self):
        market, request = self.booked()
        gone = request.meetings.get().table
        remove_tables(actor=market.owner, fair=market.fair, tables=[gone.pk])
        sweep_meetings()
        sweep_meetings()
        meeting = request.meetings.get()
        assert (meeting.sequence, meeting.slot) == (1, market.slots[3])
        assert meeting.table in market.fair.tables.all()
        sides = (request.from_registration, request.to_registration)
        assert [told(each, "meeting-moved") for each in sides] == [1, 1]

    def test_a_meeting_waits_for_a_table_as_long_as_none_is_free(self):
        market, request = self.booked()
        market.only_tables(0)
        sweep_meetings()
        assert (request.meetings.get().table, told(request.to_registration, "meeting-moved")) == (
            None,
            0,
        )
        add_tables(actor=market.owner, fair=market.fair, letter="B", count=1)
        sweep_meetings()
        assert request.meetings.get().table == market.fair.tables.get()

    def test_what_stands_as_told_is_left_alone(self):
        _market, request = self.booked()
        sweep_meetings()
        assert request.meetings.get().sequence == 0
        assert told(request.from_registration, "meeting-moved") == 0


class TestReminders:
    def test_those_without_a_request_are_found_and_reminded(self, market):
        alone, visitor = market.enterprise(), market.admitted(role="VISITOR")
        request = market.request()
        found = set(people_without_request(market.fair))
        assert found == {alone}
        assert visitor not in found
        reminder = find_reminder("requests")
        assert remind(actor=market.owner, fair=market.fair, reminder=reminder) == 1
        assert told(alone, "fair-reminder") == 1
        assert told(request.from_registration, "fair-reminder") == 0

    def test_nobody_lacks_a_request_before_requests_are_open(self):
        hall = Market(state="REG_OPEN")
        hall.enterprise()
        assert not find_reminder("requests").find(hall.fair).exists()

    def test_those_who_owe_an_answer_are_found_but_not_for_whom_they_refused(self, market):
        first, second = market.request(), market.request()
        own = second.to_registration
        refuse_to_meet(actor=own.person, registration=own, other=second.from_registration)
        assert list(unanswered(market.fair)) == [first]
        assert list(people_who_owe_answers(market.fair)) == [first.to_registration]
        assert [each.pk for each in requests_to_answer(own.person)] == []
        assert [each.pk for each in requests_to_answer(first.to_registration.person)] == [first.pk]
        reminder = find_reminder("answers")
        assert remind(actor=market.owner, fair=market.fair, reminder=reminder) == 1
        assert told(first.to_registration, "fair-reminder") == 1


def test_only_requests_of_open_fairs_wait_for_an_answer(market):
    request = market.request()
    market.to("SCHEDULING")
    assert not requests_to_answer(request.to_registration.person).exists()
    assert MeetingRequest.objects.filter(pk=request.pk).exists()
