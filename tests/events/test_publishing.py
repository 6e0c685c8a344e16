"""A schedule becomes meetings through one door: all of it or nothing."""

import pytest

from events.meetings.enums import MeetingState, RequestState
from events.meetings.models import Meeting, Seat
from events.meetings.services import (
    Placed,
    UnableToMeet,
    cancel_meeting,
    note_meeting,
    publish_meetings,
    refuse_to_meet,
)
from tests.factories.accounts import UserFactory
from tests.factories.fairs import fresh
from tests.factories.meetings import Market

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def market():
    return Market()


def publish(market, *placed):
    return publish_meetings(actor=market.owner, fair=market.fair, placed=placed)


def at(market, request, slot, table=0, **more):
    tables = market.fair.tables.order_by("code")
    return Placed(
        slot=market.slots[slot].pk,
        table=tables[table].pk,
        request=request.pk if request else None,
        **more,
    )


def places():
    rows = Meeting.objects.active().order_by("request").values_list("slot", "table")
    return list(rows)


def test_placed_requests_become_meetings_and_the_rest_has_no_time(market):
    first, second = market.agreed(), market.agreed()
    changes = publish(market, at(market, first, 0))
    assert [each.request_id for each in changes.arranged] == [first.pk]
    assert fresh(first).state == RequestState.SCHEDULED
    assert fresh(second).state == RequestState.UNSCHEDULABLE
    seats = Seat.objects.filter(is_held=True, slot=market.slots[0])
    assert {each.registration_id for each in seats} == {
        first.from_registration_id,
        first.to_registration_id,
    }


def test_what_stays_the_same_is_not_touched(market):
    first = market.agreed()
    publish(market, at(market, first, 0))
    changes = publish(market, at(market, first, 0))
    assert (changes.arranged, changes.moved, changes.cancelled) == ([], [], [])
    assert Meeting.objects.get().sequence == 0


def test_two_meetings_may_change_places(market):
    one = market.enterprise()
    first, second = market.agreed(one), market.agreed(one)
    publish(market, at(market, first, 0), at(market, second, 1))
    before = places()
    changes = publish(market, at(market, first, 1), at(market, second, 0))
    assert places() == before[::-1]
    assert [each.meeting.sequence for each in changes.moved] == [1, 1]
    assert {each.slot for each in changes.moved} == {slot for slot, _table in before}
    assert set(Seat.objects.values_list("meeting", "slot")) == {
        (each.pk, each.slot_id) for each in Meeting.objects.all()
    }


def test_what_is_left_out_is_cancelled_and_has_no_time_again(market):
    first = market.agreed()
    publish(market, at(market, first, 0))
    [cancelled] = publish(market).cancelled
    assert (cancelled.state, cancelled.sequence) == (MeetingState.CANCELLED, 1)
    assert fresh(first).state == RequestState.UNSCHEDULABLE
    assert not Seat.objects.filter(is_held=True).exists()
    publish(market, at(market, first, 2))
    assert fresh(first).state == RequestState.SCHEDULED
    assert Meeting.objects.count() == 2


def test_a_double_booking_changes_nothing(market):
    one = market.enterprise()
    first, second = market.agreed(one), market.agreed(one)
    publish(market, at(market, first, 0))
    with pytest.raises(UnableToMeet):
        publish(market, at(market, first, 1), at(market, second, 1, table=1))
    assert fresh(first).meetings.get().slot == market.slots[0]
    other = market.agreed()
    with pytest.raises(UnableToMeet):
        publish(market, at(market, first, 1), at(market, other, 1))


def test_people_of_whom_one_does_not_want_to_are_not_put_together(market):
    one, other = market.enterprise(), market.institute()
    refuse_to_meet(actor=other.person, registration=other, other=one)
    with pytest.raises(UnableToMeet):
        publish(market, at(market, None, 0, registrations=(one.pk, other.pk)))


def test_the_organizer_puts_people_together_without_a_request(market):
    people = (market.enterprise().pk, market.institute().pk)
    [meeting] = publish(market, at(market, None, 0, registrations=people)).arranged
    assert meeting.source == "ORGANIZER"
    [moved] = publish(market, at(market, None, 1, meeting=meeting.pk)).moved
    assert moved.meeting.pk == meeting.pk


def test_a_request_that_is_no_longer_agreed_is_not_placed(market):
    request = market.request()
    with pytest.raises(UnableToMeet):
        publish(market, at(market, request, 0))


def test_what_has_begun_stays(market):
    first = market.agreed()
    publish(market, at(market, first, 0))
    note_meeting(actor=market.owner, meeting=first.meetings.get(), state="STARTED")
    assert publish(market).cancelled == []
    assert fresh(first).state == RequestState.SCHEDULED


def test_a_person_cancels_a_published_meeting(market):
    first = market.agreed()
    publish(market, at(market, first, 0))
    person = first.from_registration.person
    cancel_meeting(actor=person, meeting=first.meetings.get(), reason="生病")
    assert fresh(first).state == RequestState.CANCELLED


def test_nobody_but_the_organizer_publishes(market):
    with pytest.raises(UnableToMeet):
        publish_meetings(actor=UserFactory(), fair=market.fair, placed=[])
