"""What every door shares."""

from django.utils.translation import gettext as _

from events.meetings.models import Meeting
from events.meetings.services.changes import lock_people
from events.registration.models import Registration
from portal.accounts.models import User


class UnableToConclude(Exception):
    """What came of a meeting cannot be stored so; the message says what to do."""


def require(allowed: bool) -> None:
    if not allowed:
        raise UnableToConclude(_("You may not do this, or it has been moved on meanwhile."))


def lock_meeting(meeting: Meeting) -> tuple[Meeting, list[Registration]]:
    """Lock the people of a meeting: its own rows are written by one of them at a time."""
    people = lock_people(*meeting.seats.values_list("registration", flat=True))
    meeting = Meeting.objects.select_related("request__about").get(pk=meeting.pk)
    meeting.fair = people[0].fair
    return meeting, people


def own_of(actor: User, people: list[Registration]) -> Registration:
    """The actor's registration among the people of a meeting. Raises ``UnableToConclude``."""
    for each in people:
        if each.person_id == actor.pk:
            return each
    raise UnableToConclude(_("Only the people of a meeting say what came of it."))
