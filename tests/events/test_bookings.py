"""Where people pick the time: it is booked by accepting, and freed by cancelling."""

import pytest
from django.db import IntegrityError, transaction

from events.fairs.ties import meetings_in
from events.meetings.enums import MeetingState, RequestState
from events.meetings.models import Meeting, Seat
from events.meetings.services import (
    UnableToMeet,
    accept_request,
    answer_by_link,
    arrange_meeting,
    cancel_meeting,
    decline_request,
    note_meeting,
    refuse_to_meet,
    token_of,
)
from events.meetings.times import bookable_slots
from tests.factories.accounts import UserFactory
from tests.factories.fairs import fresh, in_days
from tests.factories.meetings import Market

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def market():
    return Market(picks=True)


def accept(request, slot):
    return accept_request(actor=request.to_registration.person, request=request, slot=slot)


def test_accepting_books_the_slot_and_tells_both_when_and_where(market):
    slot = market.slots[1]
    request = accept(market.request(), slot)
    meeting = Meeting.objects.get(request=request)
    assert (request.state, meeting.slot, meeting.table.code) == (
        RequestState.SCHEDULED,
        slot,
        "A01",
    )
    assert meetings_in(slot.session) == 1
    for side in (request.from_registration, request.to_registration):
        note = side.person.notifications.get(kind="meeting-arranged")
        assert "A01" in note.body


def test_accepting_needs_a_time(market):
    request = market.request()
    with pytest.raises(UnableToMeet):
        accept_request(actor=request.to_registration.person, request=request)
    assert fresh(request).state == RequestState.SENT


def test_a_person_has_one_meeting_in_a_slot(market):
    slot, busy = market.slots[0], market.institute()
    accept(market.request(other=busy), slot)
    second = market.request(other=busy)
    with pytest.raises(UnableToMeet):
        accept(second, slot)
    assert fresh(second).state == RequestState.SENT
    assert accept(second, market.slots[1]).state == RequestState.SCHEDULED


def test_a_slot_in_which_one_is_away_is_not_booked(market):
    one, other = market.enterprise(), market.institute()
    market.busy(one, market.slots[0])
    request = market.request(one, other)
    assert market.slots[0] not in bookable_slots(market.fair, (one, other), in_days(1))
    with pytest.raises(UnableToMeet):
        accept(request, market.slots[0])


def test_a_slot_has_as_many_meetings_as_tables(market):
    market.only_tables(1)
    slot = market.slots[0]
    accept(market.request(), slot)
    second = market.request()
    people = (second.from_registration, second.to_registration)
    assert slot not in bookable_slots(market.fair, people, in_days(1))
    with pytest.raises(UnableToMeet):
        accept(second, slot)


def test_the_owner_of_a_booth_meets_there_and_nobody_else_does(market):
    host, slot = market.institute(), market.slots[0]
    booth = market.fair.tables.get(code="A01")
    booth.owner = host.organization
    booth.save()
    own = accept(market.request(other=host), slot)
    other = accept(market.request(), slot)
    assert own.meetings.get().table == booth
    assert other.meetings.get().table.code == "A02"


def test_who_needs_a_table_without_steps_gets_one(market):
    slot = market.slots[0]
    accept(market.request(), slot)  # takes A01, the accessible one
    guest = market.enterprise(needs_accessible_table=True)
    request = market.request(guest)
    with pytest.raises(UnableToMeet):
        accept(request, slot)
    assert accept(request, market.slots[1]).meetings.get().table.is_accessible


def test_nobody_has_more_meetings_than_the_fair_allows():
    market = Market(picks=True, max_meetings=1)
    popular = market.institute()
    first, second = market.request(other=popular), market.request(other=popular)
    accept(first, market.slots[0])
    with pytest.raises(UnableToMeet):
        accept(second, market.slots[1])


def test_a_link_books_the_time_too(market):
    request = market.request()
    slot = market.slots[2]
    answer_by_link(token=token_of(request), accepts=True, slot=slot)
    assert Meeting.objects.get(request=request).slot == slot


def test_cancelling_frees_slot_table_and_people_and_tells_the_other(market):
    market.only_tables(1)
    slot = market.slots[0]
    request = accept(market.request(), slot)
    meeting = request.meetings.get()
    person = request.from_registration.person
    cancelled = cancel_meeting(actor=person, meeting=meeting, reason="行程有变")

    assert (cancelled.state, cancelled.sequence) == (MeetingState.CANCELLED, 1)
    assert fresh(request).state == RequestState.CANCELLED
    assert cancelled.seats.count() == 2
    note = request.to_registration.person.notifications.get(kind="meeting-cancelled")
    assert "行程有变" in note.body
    assert not person.notifications.filter(kind="meeting-cancelled").exists()
    again = market.request(request.from_registration, request.to_registration)
    assert accept(again, slot).state == RequestState.SCHEDULED


def test_cancelling_is_for_its_people_and_the_organizer(market):
    request = accept(market.request(), market.slots[0])
    meeting = request.meetings.get()
    with pytest.raises(UnableToMeet):
        cancel_meeting(actor=UserFactory(), meeting=meeting, reason="x")
    with pytest.raises(UnableToMeet):
        cancel_meeting(actor=market.owner, meeting=meeting, reason=" ")
    cancel_meeting(actor=market.owner, meeting=meeting, reason="停电")
    told = request.from_registration.person.notifications
    assert told.filter(kind="meeting-cancelled").count() == 1


def test_not_wanting_to_meet_cancels_the_meeting(market):
    request = accept(market.request(), market.slots[0])
    own = request.to_registration
    refuse_to_meet(actor=own.person, registration=own, other=request.from_registration)
    assert request.meetings.get().state == MeetingState.CANCELLED
    assert not Seat.objects.filter(is_held=True).exists()


def test_where_requests_count_as_accepted_asking_books_and_declining_frees():
    market = Market(picks=True, opt_out=True)
    one, other = market.enterprise(), market.institute()
    with pytest.raises(UnableToMeet):
        market.request(one, other)
    request = market.request(one, other, slot=market.slots[0])
    assert request.state == RequestState.SCHEDULED
    decline_request(actor=other.person, request=request, reason="NO_TIME")
    assert request.meetings.get().state == MeetingState.CANCELLED


def test_the_database_refuses_two_seats_of_a_person_in_a_slot(market):
    request = accept(market.request(), market.slots[0])
    meeting = Meeting.objects.create(fair=market.fair, slot=market.slots[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(
            meeting=meeting, registration=request.from_registration, slot=market.slots[0]
        )


def test_the_database_refuses_two_meetings_at_a_table(market):
    request = accept(market.request(), market.slots[0])
    table = request.meetings.get().table
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(fair=market.fair, slot=market.slots[0], table=table)


class TestOrganizer:
    def test_it_arranges_a_meeting_and_tells_the_people(self, market):
        one, other = market.enterprise(), market.institute()
        meeting = arrange_meeting(
            actor=market.owner,
            fair=market.fair,
            registrations=[one, other],
            slot=market.slots[0],
            source="ONSITE",
        )
        assert meeting.source == "ONSITE"
        assert one.person.notifications.filter(kind="meeting-arranged").count() == 1

    def test_it_cannot_put_those_together_who_do_not_want_it(self, market):
        one, other = market.enterprise(), market.institute()
        refuse_to_meet(actor=other.person, registration=other, other=one)
        with pytest.raises(UnableToMeet):
            arrange_meeting(
                actor=market.owner,
                fair=market.fair,
                registrations=[one, other],
                slot=market.slots[0],
            )

    def test_nobody_else_arranges(self, market):
        one, other = market.enterprise(), market.institute()
        with pytest.raises(UnableToMeet):
            arrange_meeting(
                actor=one.person,
                fair=market.fair,
                registrations=[one, other],
                slot=market.slots[0],
            )

    def test_only_admitted_people_of_the_fair_meet(self, market):
        one, pending = market.enterprise(), market.sent(role="INSTITUTE")
        for people in ([one], [one, pending]):
            with pytest.raises(UnableToMeet):
                arrange_meeting(
                    actor=market.owner,
                    fair=market.fair,
                    registrations=people,
                    slot=market.slots[0],
                )


class TestTheDay:
    def test_a_meeting_begins_and_is_held(self, market):
        request = accept(market.request(), market.slots[0])
        meeting = request.meetings.get()
        host = request.to_registration.person
        note_meeting(actor=host, meeting=meeting, state="STARTED")
        held = note_meeting(actor=market.owner, meeting=meeting, state="HELD")
        assert (held.state, held.started_at is not None, held.ended_at is not None) == (
            "HELD",
            True,
            True,
        )
        with pytest.raises(UnableToMeet):
            cancel_meeting(actor=host, meeting=held, reason="x")

    def test_who_stayed_away_is_noted(self, market):
        request = accept(market.request(), market.slots[0])
        meeting, absent = request.meetings.get(), request.from_registration
        note_meeting(actor=market.owner, meeting=meeting, state="NOT_HELD", absent=[absent.pk])
        assert meeting.seats.get(is_absent=True).registration == absent

    def test_a_stranger_notes_nothing(self, market):
        meeting = accept(market.request(), market.slots[0]).meetings.get()
        with pytest.raises(UnableToMeet):
            note_meeting(actor=UserFactory(), meeting=meeting, state="HELD")

    def test_a_meeting_is_not_cancelled_by_noting(self, market):
        meeting = accept(market.request(), market.slots[0]).meetings.get()
        with pytest.raises(UnableToMeet):
            note_meeting(actor=market.owner, meeting=meeting, state="CANCELLED")
