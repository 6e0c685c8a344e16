"""The judge of the crowd's figures finds what it is there to find."""

import pytest
from django.utils import timezone

from events.meetings.bench.crowd import Actor, Tally, count_double, count_lost, count_overfull
from events.meetings.bench.market import make_people, open_fair
from events.meetings.models import MeetingRequest, Seat
from events.registration.models import Registration
from tests.factories.meetings import Market

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_what_differs_from_what_people_were_told_is_counted():
    market = Market(picks=True)
    booked, sent = market.agreed(slot=market.slots[0]), market.request()
    market.limit(total=4, enterprise=2, institute=2)
    tally = Tally(registrations=dict(Registration.objects.values_list("pk", "state")))
    for request in (booked, sent):
        tally.note(request.pk, request.decided_at or request.created_at, request.state)

    def faults():
        fair = market.fair
        return count_double(fair), count_overfull(fair), count_lost(fair, tally)

    assert faults() == (0, 0, 0)
    MeetingRequest.objects.filter(pk=sent.pk).update(state="DECLINED")
    assert faults() == (0, 0, 1)
    tally.note(sent.pk, timezone.now(), "DECLINED")
    Seat.objects.filter(registration=booked.to_registration).update(is_held=False)
    assert faults() == (1, 0, 0)
    market.limit(total=3, enterprise=1, institute=2)
    assert faults() == (1, 2, 0)
    del tally.registrations[booked.to_registration_id]
    booked.meetings.all().delete()
    assert faults() == (0, 2, 2)


def test_people_of_the_crowd_register_ask_and_answer():
    fair, tally = open_fair(10), Tally()
    actors = [Actor(number, user, fair, tally) for number, user in enumerate(make_people(4))]

    for _turn in range(8):
        for actor in actors:
            actor.take_turn()

    assert tally.failures == []
    assert set(tally.registrations.values()) == {"APPROVED"}
    assert {"begin", "fill in", "register", "ask"} <= tally.times.keys()
    assert (count_double(fair), count_overfull(fair), count_lost(fair, tally)) == (0, 0, 0)
