"""What becomes of a meeting on the day: begun, held, or not held and who stayed away."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.rules import can_manage_fair
from portal.accounts.models import User
from portal.audit.services import record

from ..enums import MEETING_TRANSITIONS, MeetingState
from ..models import Meeting
from ..rules import is_party
from .booking import lock_meeting
from .changes import UnableToMeet, lock_people, require


@transaction.atomic
def note_meeting(
    *, actor: User, meeting: Meeting, state: str, absent: Collection[int] = ()
) -> Meeting:
    """Store that a meeting began, was held, or was not; ``absent`` are registrations' ids.

    Its own people and those who run the fair may say so.
    """
    require(is_party(actor, meeting) or can_manage_fair(actor, meeting.fair))
    return write_down(meeting, state, absent, actor=actor)


def write_down(
    meeting: Meeting, state: str, absent: Collection[int], *, actor: User | None, **payload: Any
) -> Meeting:
    """Store what became of a meeting for a door that has asked who may say so, in its
    transaction. Raises ``UnableToMeet``.
    """
    people = lock_people(*meeting.seats.values_list("registration", flat=True))
    meeting = lock_meeting(meeting, people)
    if state == MeetingState.CANCELLED or state not in MEETING_TRANSITIONS[meeting.state]:
        raise UnableToMeet(
            _("“%(before)s” cannot become “%(after)s”.")
            % {"before": meeting.get_state_display(), "after": MeetingState(state).label}
        )
    meeting.state = MeetingState(state)
    if state == MeetingState.STARTED:
        meeting.started_at = timezone.now()
    else:
        meeting.ended_at = timezone.now()
    meeting.save()
    meeting.seats.update(is_absent=False)
    if state == MeetingState.NOT_HELD:
        meeting.seats.filter(registration__in=absent).update(is_absent=True)
    record(
        actor=actor,
        action="meetings.note_meeting",
        target=meeting,
        organization_id=meeting.fair.organizer_id,
        state=state,
        **payload,
    )
    return meeting
