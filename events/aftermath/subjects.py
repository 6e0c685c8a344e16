"""What an interest after a meeting may be about: what the other side brought to the fair."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from events.meetings.models import Meeting
from events.registration.models import Entry, Registration
from matchmaking.interests.subjects import Refusal, Subject, find_subject, refusal_for
from portal.accounts.models import User

MOST = 6


@dataclass(frozen=True)
class Choice:
    """An entry of the other side, what it stands for, and why it cannot be asked for, if so."""

    entry: Entry
    subject: Subject
    refusal: Refusal | None


def choices_for(user: User, meeting: Meeting, own: Registration) -> list[Choice]:
    """The listings and needs that the other side named for the fair, what was met about first.

    Where the meeting was about an entry of one's own, an interest in the other's speaks of both.
    """
    about = meeting.request.about if meeting.request else None
    brought = about if about and about.registration_id == own.pk else None
    found = []
    for entry in _entries(meeting, own, about)[:MOST]:
        subject = next(_subjects(user, entry, brought), None)
        if subject is not None:
            found.append(Choice(entry, subject, refusal_for(user, subject)))
    return found


def _entries(meeting: Meeting, own: Registration, about: Entry | None) -> QuerySet[Entry]:
    others = meeting.seats.exclude(registration=own).values("registration")
    named = Q(page__isnull=False) | Q(need__isnull=False)
    first = When(pk=about.pk if about else 0, then=Value(0))
    order = Case(first, default=Value(1), output_field=IntegerField())
    found = Entry.objects.filter(named, registration__in=others).select_related("need")
    return found.order_by(order, "pk")


def _subjects(user: User, entry: Entry, brought: Entry | None) -> Iterator[Subject]:
    """The pair of both entries where they are a need and a listing, else the entry alone."""
    own_page = brought.page_id if brought else None
    own_need = brought.need.code if brought and brought.need else ""
    pairs: list[tuple[int | None, str]] = [(entry.page_id, own_need)]
    if entry.need:
        pairs = [(own_page, entry.need.code)]
    pairs.append((entry.page_id, entry.need.code if entry.need else ""))
    for page_id, need_code in pairs:
        subject = find_subject(user, page_id=page_id, need_code=need_code)
        if subject is not None:
            yield subject


def first_words(meeting: Meeting, choice: Choice) -> dict[str, str]:
    """The texts that the form begins with; the person changes them before they are sent."""
    request = meeting.request
    words = {
        "purpose": _("We met at “%(fair)s” and talked about %(what)s.")
        % {"fair": meeting.fair.label, "what": choice.entry.title},
        "ask": _("To go on with what we talked about: "),
    }
    if request and request.message:
        words["ask"] += request.message
    return words
