"""A participant's day: the list, the notes, the calendar with its UIDs and sequences."""

from datetime import UTC, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from events.fairs.models import Fair
from events.meetings.models import Meeting
from events.timetable.models import DayFeed, MeetingNote
from events.timetable.services import (
    UnableToSchedule,
    copy_version,
    open_feed,
    place_meeting,
    publish_version,
    revoke_feed,
    sweep_purged,
    write_note,
)
from tests.factories.schedules import Timetable

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def made():
    cache.clear()
    made = Timetable()
    for number, request in enumerate(made.everybody_meets()):
        request.message = f"聊聊导热膜{number}"
        request.save()
    requests = list(made.fair.meeting_requests.order_by("pk"))
    places = [(0, 0), (1, 0), (1, 1), (0, 1)]
    made.first = made.version(dict(zip(requests, places, strict=True)))
    publish_version(actor=made.owner, version=made.first)
    return made


def move_first(made, slot):
    copy = copy_version(actor=made.owner, version=made.first)
    place_meeting(
        actor=made.owner,
        version=copy,
        request=made.fair.meeting_requests.order_by("pk").first(),
        slot=made.slots[slot],
        table=made.tables[0],
        confirmed=True,
    )
    publish_version(actor=made.owner, version=copy)


def open_day(client, made, person):
    client.force_login(person.person)
    return client.get(reverse("timetable:my-day", args=[made.fair.code]))


def events_of(content):
    return {str(each["uid"]): each for each in Calendar.from_ical(content).walk("VEVENT")}


def feed_of(client, made):
    feed = DayFeed.objects.filter(registration=made.companies[0]).first()
    feed = feed or open_feed(actor=made.companies[0].person, registration=made.companies[0])
    return client.get(reverse("timetable:feed", args=[feed.token]))


def test_the_day_names_whom_one_meets_when_where_and_why(client, made):
    page = open_day(client, made, made.companies[0]).content.decode()

    for team in made.teams:
        assert team.organization.name in page
    assert made.companies[1].organization.name not in page
    assert page.index(str(made.slots[0])) < page.index(str(made.slots[1]))
    assert made.tables[0].code in page
    assert "聊聊导热膜0" in page


def test_nobody_reads_a_day_without_a_registration(client, made):
    client.force_login(made.owner)

    assert client.get(reverse("timetable:my-day", args=[made.fair.code])).status_code == 404


def test_a_note_is_kept_for_oneself(client, made):
    meeting = Meeting.objects.of(made.companies[0]).first()
    client.force_login(made.companies[0].person)
    url = reverse("timetable:note", args=[made.fair.code, meeting.pk])

    client.post(url, {"text": "下周寄样品"})

    assert "下周寄样品" in open_day(client, made, made.companies[0]).content.decode()
    other = meeting.seats.exclude(registration=made.companies[0]).get().registration
    assert "下周寄样品" not in open_day(client, made, other).content.decode()
    client.force_login(made.companies[0].person)
    client.post(url, {"text": " "})
    assert MeetingNote.objects.count() == 0


def test_nobody_notes_for_somebody_else_or_for_other_meetings(client, made):
    mine = Meeting.objects.of(made.companies[0]).first()
    with pytest.raises(UnableToSchedule):
        write_note(actor=made.owner, registration=made.companies[0], meeting=mine, text="x")
    theirs = Meeting.objects.of(made.companies[1]).first()
    with pytest.raises(UnableToSchedule):
        write_note(
            actor=made.companies[0].person,
            registration=made.companies[0],
            meeting=theirs,
            text="x",
        )
    client.force_login(made.companies[0].person)
    url = reverse("timetable:note", args=[made.fair.code, theirs.pk])
    assert client.post(url, {"text": "x"}).status_code == 404


def test_the_feed_holds_each_meeting_once_with_its_time(client, made):
    response = feed_of(client, made)

    assert response["Content-Type"].startswith("text/calendar")
    events = sorted(events_of(response.content).values(), key=lambda each: each.decoded("dtstart"))
    starts = [each.decoded("dtstart") for each in events]
    assert starts == [slot.starts_at.astimezone(UTC) for slot in made.slots[:2]]
    assert {int(each["sequence"]) for each in events} == {0}
    assert {str(each["status"]) for each in events} == {"CONFIRMED"}
    assert made.tables[0].code in str(events[0]["location"])


def test_a_moved_meeting_keeps_its_uid_and_raises_its_sequence(client, made):
    before = events_of(feed_of(client, made).content)

    move_first(made, 3)
    cache.clear()

    after = events_of(feed_of(client, made).content)
    assert after.keys() == before.keys()
    grown = [uid for uid in after if int(after[uid]["sequence"]) > int(before[uid]["sequence"])]
    assert len(grown) == 1
    assert after[grown[0]].decoded("dtstart") == made.slots[3].starts_at.astimezone(UTC)


def test_a_cancelled_meeting_says_so_in_the_feed_and_in_its_file(client, made):
    copy = copy_version(actor=made.owner, version=made.first)
    request = copy.planned.order_by("request").first().request
    meeting = Meeting.objects.get(request=request)
    copy.planned.filter(request=request).delete()
    publish_version(actor=made.owner, version=copy)

    event = events_of(feed_of(client, made).content)[f"fair-meeting-{meeting.pk}@portal"]
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 1)

    client.force_login(made.companies[0].person)
    file = client.get(reverse("timetable:file", args=[made.fair.code, meeting.pk]))
    calendar = Calendar.from_ical(file.content)
    assert str(calendar["method"]) == "CANCEL"
    assert str(calendar.walk("VEVENT")[0]["status"]) == "CANCELLED"


def test_a_single_file_holds_one_meeting(client, made):
    meeting = Meeting.objects.of(made.companies[0]).order_by("slot__starts_at").first()
    client.force_login(made.companies[0].person)

    file = client.get(reverse("timetable:file", args=[made.fair.code, meeting.pk]))

    assert str(Calendar.from_ical(file.content)["method"]) == "PUBLISH"
    assert list(events_of(file.content)) == [f"fair-meeting-{meeting.pk}@portal"]
    others = Meeting.objects.of(made.companies[1]).first()
    url = reverse("timetable:file", args=[made.fair.code, others.pk])
    assert client.get(url).status_code == 404


def test_an_unchanged_feed_is_not_sent_again(client, made):
    first = feed_of(client, made)
    url = first.wsgi_request.path

    same = client.get(url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (same.status_code, same.content) == (304, b"")

    move_first(made, 3)
    cache.clear()
    changed = client.get(url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_burst_is_answered_from_the_cache(client, made, django_assert_num_queries):
    url = feed_of(client, made).wsgi_request.path

    with django_assert_num_queries(1):  # whether the address still holds
        client.get(url)


def test_a_cached_feed_is_made_anew_after_a_minute(client, made, time_machine):
    before = feed_of(client, made)
    move_first(made, 3)

    time_machine.move_to(timezone.now() + timedelta(minutes=2))

    assert feed_of(client, made)["ETag"] != before["ETag"]


def test_a_closed_or_changed_address_stops_at_once(client, made):
    person = made.companies[0].person
    url = feed_of(client, made).wsgi_request.path

    open_feed(actor=person, registration=made.companies[0])
    assert client.get(url).status_code == 404

    url = feed_of(client, made).wsgi_request.path
    revoke_feed(actor=person, registration=made.companies[0])
    assert client.get(url).status_code == 404


def test_a_guessed_address_opens_nothing(client, made):
    feed = open_feed(actor=made.companies[0].person, registration=made.companies[0])

    for token in (feed.nonce, f"{feed.nonce}:x", "x"):
        assert client.get(reverse("timetable:feed", args=[token])).status_code == 404


def test_nobody_opens_somebody_elses_feed(made):
    with pytest.raises(UnableToSchedule):
        open_feed(actor=made.owner, registration=made.companies[0])


def test_the_page_makes_and_closes_the_address(client, made):
    client.force_login(made.companies[0].person)
    url = reverse("timetable:change-feed", args=[made.fair.code])

    client.post(url, {"action": "open"})
    feed = DayFeed.objects.get()
    page = open_day(client, made, made.companies[0]).content.decode()
    assert reverse("timetable:feed", args=[feed.token]) in page

    client.post(url, {"action": "revoke"})
    assert DayFeed.objects.count() == 0


def test_notes_and_addresses_go_with_the_retention_of_the_fair(made):
    person = made.companies[0]
    meeting = Meeting.objects.of(person).first()
    write_note(actor=person.person, registration=person, meeting=meeting, text="下周寄样品")
    open_feed(actor=person.person, registration=person)
    sweep_purged()
    assert (MeetingNote.objects.count(), DayFeed.objects.count()) == (1, 1)

    Fair.objects.filter(pk=made.fair.pk).update(purged_at=timezone.now())
    sweep_purged()

    assert (MeetingNote.objects.count(), DayFeed.objects.count()) == (0, 0)
