"""What those who look after the tables write down: meetings that began, ended, or did not."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.meetings.models import Meeting
from events.meetings.services.day import write_down

from ..rules import Operator, can_operate, has_come
from .changes import UnableToCheckIn, require


@transaction.atomic
def note_at_table(
    *, operator: Operator, meeting: Meeting, state: str, absent: Collection[int] = ()
) -> Meeting:
    """Write down for a table that its meeting began, ended or was waited for in vain.

    Raises ``UnableToCheckIn`` without right to the fair's doors or long before the meeting, and
    ``UnableToMeet`` where its state does not allow it.
    """
    now = timezone.now()
    require(can_operate(operator, meeting.fair, now))
    if not has_come(meeting, now):
        raise UnableToCheckIn(_("This meeting is still to come: note it when its time begins."))
    duty = operator.duty.pk if operator.duty else None
    return write_down(meeting, state, absent, actor=operator.user, duty=duty)
