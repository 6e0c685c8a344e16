"""A person's meetings as iCalendar (RFC 5545, RFC 5546).

A meeting keeps its UID for ever; its SEQUENCE grows with each change, so that calendars replace
what they hold. Cancelled meetings stay in the feed with their status.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from events.meetings.models import Meeting
from events.registration.models import Registration

from .models import DayFeed
from .queries import day_meetings, why_we_meet

FRESH = 60  # seconds for which a feed is answered from the cache
Content = tuple[str, bytes]


def feed_content(feed: DayFeed) -> Content:
    """Digest and bytes of a feed; made once a minute at most, however often it is fetched."""
    found: Content | None = cache.get(feed.cache_key)
    if found is None:
        found = make_content(feed.registration)
        cache.set(feed.cache_key, found, FRESH)
    return found


def make_content(registration: Registration) -> Content:
    """The same bytes for the same day."""
    data = calendar_of(registration, day_meetings(registration))
    return hashlib.sha256(data).hexdigest(), data


def calendar_of(
    registration: Registration, meetings: Iterable[Meeting], method: str = "PUBLISH"
) -> bytes:
    person = registration.person
    with translation.override(person.language if person else settings.LANGUAGE_CODE):
        calendar = Calendar()
        calendar.add("prodid", "-//fairs//meetings//")
        calendar.add("version", "2.0")
        calendar.add("method", method)
        calendar.add("x-wr-calname", registration.fair.label)
        calendar.add("refresh-interval", timedelta(minutes=15), {"value": "DURATION"})
        for meeting in meetings:
            if meeting.slot:
                calendar.add_component(_event(registration, meeting))
        return calendar.to_ical()


def _event(registration: Registration, meeting: Meeting) -> Event:
    """Times in UTC, so that no calendar needs our time zone."""
    event = Event()
    url = reverse("timetable:my-day", args=[registration.fair.code])
    event.add("uid", f"fair-meeting-{meeting.pk}@portal")
    event.add("sequence", _sequence(meeting))
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    if meeting.slot:
        event.add("dtstart", meeting.slot.starts_at.astimezone(tz=UTC))
        event.add("dtend", meeting.slot.ends_at.astimezone(tz=UTC))
    event.add("summary", _("Meeting: %(other)s") % {"other": _others(registration, meeting)})
    event.add("location", _place(registration, meeting))
    event.add("description", why_we_meet(meeting, registration))
    event.add("url", f"{settings.WAGTAILADMIN_BASE_URL}{url}")
    event.add("status", "CONFIRMED" if meeting.is_active else "CANCELLED")
    return event


def _sequence(meeting: Meeting) -> int:
    """One more where the slot has another time and the sweep has not come by yet."""
    is_moved = meeting.slot is not None and meeting.slot.starts_at != meeting.starts_at
    return meeting.sequence + (meeting.is_active and is_moved)


def _others(registration: Registration, meeting: Meeting) -> str:
    others = [seat.registration for seat in meeting.seats.all()]
    return "、".join(
        each.organization_label or each.name for each in others if each.pk != registration.pk
    )


def _place(registration: Registration, meeting: Meeting) -> str:
    table = meeting.table
    room = meeting.online_url or (table.online_url if table else "")
    if room:
        return room
    parts = [registration.fair.page.venue, table.zone if table else "", table.code if table else ""]
    return " ".join(part for part in parts if part)
