"""What meetings tell the rooms below: how many stand in a session, whom to remind."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from events.fairs.enums import FairState
from events.fairs.models import Fair
from events.fairs.ties import register_load, register_meetings
from events.registration.models import Registration
from events.registration.reminders import Reminder, register_reminder

from .queries import load_on, meetings_in_session, people_who_owe_answers, people_without_request


def _without_request(fair: Fair) -> QuerySet[Registration]:
    is_open = fair.has_meetings and fair.state == FairState.BOOKING
    return people_without_request(fair) if is_open else fair.registrations.none()


register_meetings(meetings_in_session)
register_load(load_on)
register_reminder(
    Reminder(
        "requests",
        _("Without a request for a meeting"),
        _("You have no meeting at this fair yet"),
        _("See whom we suggest and why, and ask them for a meeting."),
        _without_request,
    )
)
register_reminder(
    Reminder(
        "answers",
        _("Answers outstanding"),
        _("Somebody waits for your answer"),
        _("Say yes or no to the requests that you have received; both help the other side."),
        people_who_owe_answers,
    )
)
