"""A version is published or taken back; who is concerned is told, once, and nobody else."""

import pytest
from django.db.models.signals import post_save

from events.fairs.enums import FairState
from events.meetings.models import Meeting, NoMeet, Seat
from events.registration.models import Delivery
from events.timetable.models import Notice
from events.timetable.services import (
    UnableToSchedule,
    copy_version,
    place_meeting,
    publish_version,
    report_change,
    sweep_notices,
    tell_people,
    told_plan,
    undo_publication,
)
from portal.notifications.models import Notification
from tests.factories.fairs import fresh
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def publish(made, version):
    publication = publish_version(actor=made.owner, version=version)
    tell_people(publication=publication)
    return publication


def told_of(registration):
    lines = Delivery.objects.filter(registration=registration, key__startswith="schedule:")
    return lines.count()


def last_message(registration):
    return Notification.objects.filter(user=registration.person).order_by("-pk").first().body


@pytest.fixture
def made():
    return Timetable()


def move(made, version, number, slot, table):
    copy = copy_version(actor=made.owner, version=version)
    planned = copy.planned.order_by("request")[number]
    place_meeting(
        actor=made.owner,
        version=copy,
        request=planned.request,
        slot=made.slots[slot],
        table=made.tables[table],
        confirmed=True,
    )
    return fresh(copy)


def test_publishing_makes_the_meetings_and_tells_everybody_in_them(made):
    version = made.square()
    stranger = made.person("EXPERT")

    publish(made, version)

    version = fresh(version)
    assert (version.state, made.fair.state) == ("PUBLISHED", FairState.SCHEDULE_PUBLISHED)
    assert version.published_at
    assert Meeting.objects.active().count() == 4
    assert Seat.objects.filter(is_held=True).count() == 8
    assert set(Meeting.objects.values_list("request__state", "source")) == {
        ("SCHEDULED", "REQUEST")
    }
    assert [told_of(person) for person in [*made.companies, *made.teams]] == [1, 1, 1, 1]
    assert told_of(stranger) == 0


def test_what_the_checker_refuses_is_not_published(made):
    version = made.square()
    report_change(actor=made.owner, fair=made.fair, kind="ABSENT", registration=made.companies[0])

    with pytest.raises(UnableToSchedule):
        publish_version(actor=made.owner, version=version)

    assert Meeting.objects.count() == 0
    assert fresh(version).state == "DRAFT"


def test_a_version_without_meetings_is_not_published(made):
    made.everybody_meets()
    version = made.version({})

    with pytest.raises(UnableToSchedule):
        publish_version(actor=made.owner, version=version)


def test_a_request_that_came_to_nothing_is_left_out(made):
    version = made.square()
    gone = version.planned.order_by("pk").first().request
    gone.state = "CANCELLED"
    gone.save()

    publish(made, version)

    assert Meeting.objects.active().count() == 3


def test_what_found_no_time_is_marked(made):
    [first, *rest] = made.everybody_meets()

    publish(made, made.version({first: (0, 0)}))

    assert fresh(first).state == "SCHEDULED"
    assert {fresh(each).state for each in rest} == {"UNSCHEDULABLE"}


def test_only_those_whose_day_changes_are_told_and_with_what(made):
    version = made.square()
    publish(made, version)
    moved = version.planned.order_by("request").first()
    meeting = Meeting.objects.get(request=moved.request)

    publish(made, move(made, version, 0, 2, 0))

    assert [told_of(person) for person in [*made.companies, *made.teams]] == [2, 1, 2, 1]
    again = fresh(meeting)
    assert (again.slot, again.sequence) == (made.slots[2], meeting.sequence + 1)
    assert str(made.slots[0]) in last_message(made.companies[0])
    assert str(made.slots[2]) in last_message(made.companies[0])
    assert fresh(version).state == "SUPERSEDED"


def test_meetings_change_places_in_one_step(made):
    version = made.square()
    publish(made, version)
    [first, second, third, fourth] = [
        each.request for each in version.planned.select_related("request").order_by("request")
    ]
    swapped = made.version({second: (0, 0), third: (0, 1), first: (1, 0), fourth: (1, 1)})

    publish(made, swapped)

    slots, tables = made.slots, made.tables
    assert told_plan(made.fair) == {
        first.pk: (slots[1].pk, tables[0].pk),
        second.pk: (slots[0].pk, tables[0].pk),
        third.pk: (slots[0].pk, tables[1].pk),
        fourth.pk: (slots[1].pk, tables[1].pk),
    }
    assert Seat.objects.filter(is_held=True).count() == 8


def test_a_meeting_that_goes_is_cancelled_and_its_seats_are_free(made):
    version = made.square()
    publish(made, version)
    copy = copy_version(actor=made.owner, version=version)
    out = copy.planned.order_by("request").first()
    meeting = Meeting.objects.get(request=out.request)
    out.delete()

    publish(made, copy)

    gone = fresh(meeting)
    assert (gone.state, gone.sequence) == ("CANCELLED", meeting.sequence + 1)
    assert list(gone.seats.values_list("is_held", flat=True)) == [False, False]
    assert fresh(out.request).state == "UNSCHEDULABLE"


def test_a_worker_killed_while_telling_forgets_nobody_and_tells_nobody_twice(made):
    version = made.square()
    publication = publish_version(actor=made.owner, version=version)
    told = []

    def end_in_the_third(**_values):
        told.append(1)
        if len(told) == 3:
            raise SystemExit

    post_save.connect(end_in_the_third, sender=Delivery)
    try:
        with pytest.raises(SystemExit):
            tell_people(publication=publication)
    finally:
        post_save.disconnect(end_in_the_third, sender=Delivery)
    assert Notice.objects.filter(told_at=None).count() == 2

    assert sweep_notices() == 2
    assert sweep_notices() == 0
    assert [told_of(person) for person in [*made.companies, *made.teams]] == [1, 1, 1, 1]


def test_undoing_puts_back_what_was_told_and_tells_those_concerned(made):
    version = made.square()
    publish(made, version)
    before = told_plan(made.fair)
    later = move(made, version, 0, 2, 0)
    publish(made, later)

    tell_people(publication=undo_publication(actor=made.owner, fair=made.fair))

    assert told_plan(made.fair) == before
    assert (fresh(version).state, fresh(later).state) == ("PUBLISHED", "DRAFT")
    assert [told_of(person) for person in [*made.companies, *made.teams]] == [3, 1, 3, 1]


def test_undoing_the_first_publication_takes_all_meetings_back(made):
    publish(made, made.square())

    undo_publication(actor=made.owner, fair=made.fair)

    assert told_plan(made.fair) == {}
    assert made.fair.state == FairState.SCHEDULING


def test_an_undo_cannot_be_undone(made):
    publish(made, made.square())
    undo_publication(actor=made.owner, fair=made.fair)

    with pytest.raises(UnableToSchedule):
        undo_publication(actor=made.owner, fair=made.fair)


def test_who_was_not_told_yet_hears_nothing_of_what_was_taken_back(made):
    version = made.square()
    publish(made, version)
    publish_version(actor=made.owner, version=move(made, version, 0, 2, 0))

    undo_publication(actor=made.owner, fair=made.fair)
    sweep_notices()

    assert [told_of(person) for person in [*made.companies, *made.teams]] == [1, 1, 1, 1]


def test_who_was_not_told_yet_hears_of_two_publications_at_once(made):
    version = made.square()
    publish(made, version)
    second = move(made, version, 0, 2, 0)
    publish_version(actor=made.owner, version=second)

    publish(made, move(made, second, 0, 3, 0))
    sweep_notices()

    assert [told_of(person) for person in [*made.companies, *made.teams]] == [2, 1, 2, 1]
    message = last_message(made.companies[0])
    assert str(made.slots[0]) in message
    assert str(made.slots[3]) in message
    assert str(made.slots[2]) not in message


def test_what_has_begun_stays_when_a_new_version_is_published(made, time_machine):
    version = made.square()
    publish(made, version)
    copy = copy_version(actor=made.owner, version=version)
    first = copy.planned.filter(slot=made.slots[0]).order_by("pk").first()
    first.slot = made.slots[3]
    first.save()
    time_machine.move_to(made.slots[0].starts_at)

    with pytest.raises(UnableToSchedule):
        publish_version(actor=made.owner, version=copy)


@pytest.mark.parametrize("who", ["member", "reviewer"])
def test_only_who_runs_the_fair_publishes(made, who):
    version = made.square()

    with pytest.raises(UnableToSchedule):
        publish_version(actor=getattr(made.hall, who), version=version)


def test_a_meeting_on_the_spot_is_not_touched_by_publishing(made):
    version = made.square()
    onsite = Meeting.objects.create(
        fair=made.fair, slot=made.slots[3], table=made.tables[3], source="ONSITE"
    )
    newcomers = [made.person("EXPERT"), made.person("EXPERT")]
    for person in newcomers:
        Seat.objects.create(meeting=onsite, registration=person, slot=made.slots[3])

    publish(made, version)

    again = fresh(onsite)
    assert (again.state, again.slot, again.sequence) == ("ARRANGED", made.slots[3], 0)
    assert [told_of(person) for person in newcomers] == [0, 0]


def test_people_of_whom_one_does_not_want_to_are_not_put_together(made):
    version = made.square()
    NoMeet.objects.create(
        fair=made.fair, from_registration=made.teams[0], to_registration=made.companies[0]
    )

    with pytest.raises(UnableToSchedule):
        publish_version(actor=made.owner, version=version)

    assert Meeting.objects.count() == 0
    assert fresh(version).state == "DRAFT"
