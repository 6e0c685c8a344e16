"""Several people at the same moment: exactly as many are let in as there are places."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from events.meetings.models import Meeting, MeetingRequest, Seat
from events.meetings.services import UnableToMeet, accept_request, send_request
from events.registration.models import Registration
from events.registration.services import (
    UnableToRegister,
    approve_registration,
    pass_places_on,
    submit_registration,
    withdraw_registration,
)
from tests.factories.accounts import UserFactory
from tests.factories.fairs import ALL_CONSENTS, Hall
from tests.factories.meetings import Market

pytestmark = pytest.mark.database


def at_once(*doors):
    """Run each in a thread of its own, all from the same moment; return what each came to."""
    barrier = Barrier(len(doors))

    def run(door):
        barrier.wait(10)
        try:
            return door()
        except (UnableToRegister, UnableToMeet) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(doors)) as pool:
        return list(pool.map(run, doors))


def states(fair):
    return sorted(Registration.objects.filter(fair=fair).values_list("state", flat=True))


@pytest.mark.usefixtures("committed_database")
def test_of_two_people_for_the_last_place_one_is_admitted_and_one_waits():
    hall = Hall(needs_approval=False)
    hall.limit(enterprise=1)
    drafts = [hall.draft(person=UserFactory()) for _number in range(2)]

    at_once(
        *(
            lambda draft=draft: submit_registration(
                actor=draft.person, registration=draft, consents=ALL_CONSENTS
            )
            for draft in drafts
        )
    )

    assert states(hall.fair) == ["APPROVED", "WAITLISTED"]


@pytest.mark.usefixtures("committed_database")
def test_two_organizers_who_admit_two_people_to_the_last_place_admit_one():
    hall = Hall()
    hall.limit(total=1)
    one, other = hall.sent(), hall.sent()

    results = at_once(
        lambda: approve_registration(actor=hall.owner, registration=one),
        lambda: approve_registration(actor=hall.editor, registration=other),
    )

    assert states(hall.fair) == ["APPROVED", "PENDING"]
    assert sum(isinstance(each, UnableToRegister) for each in results) == 1


@pytest.mark.usefixtures("committed_database")
def test_a_place_given_up_is_offered_once_while_the_clock_runs():
    hall = Hall(needs_approval=False)
    hall.limit(enterprise=1)
    admitted, _first, _second = hall.sent(), hall.sent(), hall.sent()

    at_once(
        lambda: withdraw_registration(actor=admitted.person, registration=admitted),
        lambda: pass_places_on(fair=hall.fair, now=timezone.now()),
        lambda: pass_places_on(fair=hall.fair, now=timezone.now()),
    )

    assert states(hall.fair) == ["OFFERED", "WAITLISTED", "WITHDRAWN"]


def accept_at_once(requests, slot):
    return at_once(
        *(
            lambda request=request: accept_request(
                actor=request.to_registration.person, request=request, slot=slot
            )
            for request in requests
        )
    )


@pytest.mark.usefixtures("committed_database")
def test_of_twenty_who_accept_one_person_into_one_slot_one_is_booked():
    market = Market(picks=True, max_requests_out=20)
    popular, slot = market.enterprise(), market.slots[0]
    requests = [market.request(popular, market.institute()) for _number in range(20)]

    results = accept_at_once(requests, slot)

    assert sum(isinstance(each, UnableToMeet) for each in results) == 19
    assert Seat.objects.filter(registration=popular, slot=slot, is_held=True).count() == 1
    assert MeetingRequest.objects.filter(state="SCHEDULED").count() == 1
    assert Meeting.objects.count() == 1


@pytest.mark.usefixtures("committed_database")
def test_of_twenty_pairs_in_one_slot_as_many_are_booked_as_there_are_tables():
    market = Market(picks=True)
    requests = [market.request() for _number in range(20)]

    results = accept_at_once(requests, market.slots[0])

    booked = Meeting.objects.active()
    assert booked.count() == 4
    assert len(set(booked.values_list("table", flat=True))) == 4
    assert sum(isinstance(each, UnableToMeet) for each in results) == 16


@pytest.mark.usefixtures("committed_database")
def test_two_who_ask_each_other_at_once_have_one_request():
    market = Market()
    one, other = market.enterprise(), market.institute()

    at_once(
        lambda: send_request(actor=one.person, registration=one, other=other),
        lambda: send_request(actor=other.person, registration=other, other=one),
    )

    assert MeetingRequest.objects.get().state == "ACCEPTED"
