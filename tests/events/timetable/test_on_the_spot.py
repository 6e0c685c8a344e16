"""Requests once the schedule is out: what is agreed takes a slot in which both are free."""

import pytest
import time_machine
from django.utils import timezone

from events.meetings.enums import MeetingSource, RequestState
from events.meetings.models import Meeting
from events.meetings.services import UnableToMeet, accept_request, send_request, sweep_meetings
from events.meetings.times import bookable_slots
from events.timetable.effects import effect_of_publishing
from events.timetable.models import Notice
from events.timetable.services import copy_version, publish_version, told_plan, undo_publication
from portal.accounts.enums import ConsentPurpose
from portal.accounts.models import Consent, ConsentText
from tests.factories.fairs import fresh, in_days
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made():
    """Two companies have met both teams in the first two slots; a third one has nobody yet."""
    made = Timetable()
    made.first = made.square()
    publish_version(actor=made.owner, version=made.first)
    made.newcomer = made.person("ENTERPRISE")
    text = ConsentText.objects.filter(purpose=ConsentPurpose.FAIR_PEERS).latest("version")
    for person in [made.newcomer, *made.companies, *made.teams]:
        Consent.objects.create(
            user=person.person, text=text, subject=made.fair.code, channel="test"
        )
    return made


def ask(made, other):
    own = fresh(made.newcomer)
    return send_request(actor=own.person, registration=own, other=fresh(other))


def accept(request, slot=None):
    return accept_request(actor=request.to_registration.person, request=request, slot=slot)


def test_a_free_slot_is_taken_at_once(made):
    request = ask(made, made.teams[0])

    assert bookable_slots(made.fair, (made.newcomer, made.teams[0]), in_days(1)) == made.slots[2:]
    accepted = accept(request, made.slots[3])

    meeting = Meeting.objects.get(request=request)
    assert (meeting.slot, meeting.source) == (made.slots[3], MeetingSource.ONSITE)
    assert accepted.state == RequestState.SCHEDULED


@pytest.mark.parametrize("number", [None, 0], ids=["no time", "a time that is taken"])
def test_what_is_told_stays(made, number):
    request = ask(made, made.teams[0])

    with pytest.raises(UnableToMeet):
        accept(request, None if number is None else made.slots[number])

    assert fresh(request).state == RequestState.SENT
    assert Meeting.objects.count() == 4


def test_after_the_fair_nobody_is_asked_and_what_is_open_runs_out(made):
    request = ask(made, made.teams[0])

    with time_machine.travel(in_days(30, 19)):
        with pytest.raises(UnableToMeet):
            ask(made, made.teams[1])
        sweep_meetings()

    assert fresh(request).state == RequestState.EXPIRED


def test_it_outlives_a_version_that_does_not_know_it(made):
    copy = copy_version(actor=made.owner, version=made.first)
    accept(ask(made, made.teams[0]), made.slots[3])
    before = told_plan(made.fair)

    publish_version(actor=made.owner, version=copy)
    assert told_plan(made.fair) == before

    undo_publication(actor=made.owner, fair=made.fair)
    assert told_plan(made.fair) == before


def test_what_is_said_before_publishing_is_who_is_told_then(made):
    """A meeting made on the spot stays, and where a plan wants its place that is named."""
    accept(ask(made, made.teams[0]), made.slots[3])
    Notice.objects.update(told_at=timezone.now())
    same = copy_version(actor=made.owner, version=made.first)
    before = effect_of_publishing(same)
    publication = publish_version(actor=made.owner, version=same)

    assert (before.meetings, before.people, before.broken) == (0, 0, [])
    assert publication.notices.count() == 0
    moved = copy_version(actor=made.owner, version=same)
    theirs = moved.planned.get(request__to_registration=made.teams[0], slot=made.slots[0])
    moved.planned.filter(pk=theirs.pk).update(slot=made.slots[3])
    clash = effect_of_publishing(moved)
    assert (clash.meetings, clash.people) == (1, 2)
    assert made.teams[0].full_label in " ".join(each.text for each in clash.broken)
