"""A person's duties as an iCalendar file (RFC 5545).

Calendar programs keep what they fetch and ask for no second step, so entries name the kind of
duty, the code and the law; titles, amounts and other organizations stay on the portal.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar as ICalendar, Event

from portal.accounts.models import User

from .duties import Calendar, Duty, Span, reach_of

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST = 1000


def calendar_of(user: User, today: date) -> bytes:
    """The same bytes for the same duties, so that their digest serves as ETag."""
    with translation.override(user.language):
        window = Span(today - BACK, today + AHEAD)
        duties = Calendar(reach_of(user)).first(MOST, window)
        calendar = ICalendar()
        calendar.add("prodid", "-//oversight//duties//")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("What falls due"))
        for duty in duties:
            calendar.add_component(_event_of(duty))
        return calendar.to_ical()


def _event_of(duty: Duty) -> Event:
    event = Event()
    event.add("uid", f"{duty.kind.lower()}-{duty.ref}-{duty.code}@portal")
    event.add("dtstamp", datetime.combine(duty.due_on, time(), timezone.get_default_timezone()))
    event.add("dtstart", duty.due_on)
    event.add("dtend", duty.due_on + timedelta(days=1))
    event.add("summary", f"{duty.label} {duty.code}")
    if duty.law:
        event.add("description", duty.law)
    event.add("url", f"{settings.WAGTAILADMIN_BASE_URL}{duty.url}")
    event.add("transp", "TRANSPARENT")
    return event
