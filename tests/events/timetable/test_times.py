"""Slots that get another time after the schedule was published."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from events.fairs.models import Slot
from events.fairs.services import move_fair
from events.meetings.services import sweep_meetings
from events.registration.models import Delivery
from events.timetable.calendar import calendar_of
from events.timetable.queries import day_meetings, day_of
from events.timetable.services import (
    copy_version,
    place_meeting,
    publish_version,
    tell_people,
)
from portal.notifications.models import Notification
from tests.factories.fairs import fresh, in_days
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made():
    made = Timetable()
    made.first = made.square()
    tell_people(publication=publish_version(actor=made.owner, version=made.first))
    return made


def shift(slot, **by):
    starts, ends = slot.starts_at + timedelta(**by), slot.ends_at + timedelta(**by)
    Slot.objects.filter(pk=slot.pk).update(starts_at=starts, ends_at=ends)


def sequences(person):
    text = calendar_of(person, day_meetings(person)).decode()
    return sorted(line for line in text.splitlines() if line.startswith("SEQUENCE"))


def told_times(person):
    return Delivery.objects.filter(registration=person, key__startswith="meeting:").count()


def test_people_in_the_slot_are_told_once_and_their_calendars_follow(made):
    shift(made.slots[0], minutes=15)
    assert sequences(made.companies[0]) == ["SEQUENCE:0", "SEQUENCE:1"]

    sweep_meetings()
    sweep_meetings()

    everybody = [*made.companies, *made.teams]
    assert [told_times(person) for person in everybody] == [1, 1, 1, 1]
    assert sequences(made.companies[0]) == ["SEQUENCE:0", "SEQUENCE:1"]
    body = Notification.objects.filter(user=made.companies[0].person).latest("pk").body
    after = timezone.localtime(made.slots[0].starts_at)
    assert f"{after:%H:%M}" in body


def test_a_slot_nobody_meets_in_concerns_nobody(made):
    shift(made.slots[3], minutes=15)

    sweep_meetings()

    assert Delivery.objects.filter(key__startswith="meeting:").count() == 0


def test_a_slot_moved_past_midnight_names_the_day(made):
    shift(made.slots[0], hours=16)

    sweep_meetings()

    body = Notification.objects.filter(user=made.companies[0].person).latest("pk").body
    after = timezone.localtime(Slot.objects.get(pk=made.first.planned.first().slot_id).starts_at)
    assert f"{after:%m-%d %H:%M}" in body


def test_a_second_change_is_told_again(made):
    shift(made.slots[0], minutes=15)
    sweep_meetings()
    shift(Slot.objects.get(pk=made.first.planned.order_by("pk").first().slot_id), minutes=15)
    sweep_meetings()

    assert told_times(made.companies[0]) == 2
    assert sequences(made.companies[0]) == ["SEQUENCE:0", "SEQUENCE:2"]


def test_a_meeting_moved_by_publishing_is_not_told_as_a_changed_time(made):
    copy = copy_version(actor=made.owner, version=made.first)
    place_meeting(
        actor=made.owner,
        version=copy,
        request=copy.planned.order_by("request").first().request,
        slot=made.slots[2],
        table=made.tables[0],
        confirmed=True,
    )
    publish_version(actor=made.owner, version=copy)

    sweep_meetings()

    assert Delivery.objects.filter(key__startswith="meeting:").count() == 0


def test_a_moved_fair_tells_its_news_alone_and_calendars_follow(made):
    page = made.fair.page
    move_fair(
        actor=made.owner,
        fair=made.fair,
        starts_at=in_days(40),
        ends_at=in_days(40, 18),
        venue=page.venue,
        district=page.district,
        address="",
        reason="场馆检修",
    )

    sweep_meetings()

    assert Delivery.objects.filter(key__startswith="meeting:").count() == 0
    assert sequences(made.companies[0]) == ["SEQUENCE:1", "SEQUENCE:1"]


def test_a_slot_over_midnight_ends_on_the_next_day_in_list_and_calendar(made):
    midnight = timezone.localtime(made.slots[1].starts_at).replace(hour=0, minute=0)
    Slot.objects.filter(pk=made.slots[1].pk).update(
        starts_at=midnight + timedelta(hours=23, minutes=50),
        ends_at=midnight + timedelta(hours=24, minutes=30),
    )

    sweep_meetings()

    person = made.companies[0]
    calendar = Calendar.from_ical(calendar_of(person, day_meetings(person)))
    ends = {each.decoded("dtend"): each.decoded("dtstart") for each in calendar.walk("VEVENT")}
    assert max(ends) - ends[max(ends)] == timedelta(minutes=40)
    days = [(day, len(meetings)) for day, meetings in day_of(person)]
    assert days == [(midnight.date(), 2)]


def test_a_slot_taken_out_cancels_its_meetings_and_the_requests_wait_for_the_organizer(made):
    slot = made.slots[1]
    requests = [meeting.request for meeting in slot.meetings.all()]
    slot.delete()

    sweep_meetings()
    sweep_meetings()

    assert {fresh(each).state for each in requests} == {"UNSCHEDULABLE"}
    assert [told_times(person) for person in [*made.companies, *made.teams]] == [1, 1, 1, 1]
