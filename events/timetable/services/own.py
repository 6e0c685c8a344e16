"""What a participant does with the own day: notes, the calendar's address."""

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from events.meetings.models import Meeting
from events.registration.models import Registration
from events.registration.rules import is_own
from portal.accounts.models import User
from portal.audit.services import record

from ..models import DayFeed, LateChange, MeetingNote
from .changes import UnableToSchedule, log


def _require_own(actor: User, registration: Registration) -> None:
    if not is_own(actor, registration):
        raise UnableToSchedule(_("This is somebody else's day."))


@transaction.atomic
def write_note(*, actor: User, registration: Registration, meeting: Meeting, text: str) -> None:
    """Keep one's own note for a meeting; an empty one goes."""
    _require_own(actor, registration)
    if not meeting.seats.filter(registration=registration).exists():
        raise UnableToSchedule(_("This is not a meeting of yours."))
    own = MeetingNote.objects.filter(meeting=meeting, registration=registration)
    if not text.strip():
        own.delete()
    else:
        MeetingNote.objects.update_or_create(
            meeting=meeting, registration=registration, defaults={"text": text.strip()}
        )


@transaction.atomic
def open_feed(*, actor: User, registration: Registration) -> DayFeed:
    """Give a day an address for calendars; one that was given before stops working."""
    _require_own(actor, registration)
    _forget(registration)
    feed = DayFeed.objects.create(registration=registration)
    record(actor=actor, action="timetable.open_feed", target=registration)
    return feed


@transaction.atomic
def revoke_feed(*, actor: User, registration: Registration) -> None:
    """Close the address; without one nothing happens."""
    _require_own(actor, registration)
    if _forget(registration):
        record(actor=actor, action="timetable.revoke_feed", target=registration)


def _forget(registration: Registration) -> int:
    for feed in DayFeed.objects.filter(registration=registration):
        cache.delete(feed.cache_key)
    return DayFeed.objects.filter(registration=registration).delete()[0]


def sweep_purged() -> None:
    """Erase what people wrote, once the retention of their fair is over."""
    for fair in Fair.objects.filter(purged_at__isnull=False).order_by("pk"):
        erase_words(fair=fair)


@transaction.atomic
def erase_words(*, fair: Fair) -> int:
    """Take notes, calendar addresses and the words of late changes out; run twice it is quiet."""
    number = MeetingNote.objects.filter(meeting__fair=fair).delete()[0]
    number += DayFeed.objects.filter(registration__fair=fair).delete()[0]
    number += LateChange.objects.filter(fair=fair).exclude(note="").update(note="")
    if number:
        log(None, fair, "erase_words", count=number)
    return number
