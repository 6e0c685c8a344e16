from django.db import models
from django.utils.translation import gettext_lazy as _


class Priority(models.TextChoices):
    """How much somebody wants a meeting (约谈意愿)."""

    MUST = "MUST", _("Must meet")
    WANT = "WANT", _("Want to meet")


class RequestState(models.TextChoices):
    """Where a request stands (约谈状态)."""

    SENT = "SENT", _("Waiting for an answer")
    ACCEPTED = "ACCEPTED", _("Agreed")
    SCHEDULED = "SCHEDULED", _("Has a time")
    UNSCHEDULABLE = "UNSCHEDULABLE", _("No time found")
    DECLINED = "DECLINED", _("Declined")
    EXPIRED = "EXPIRED", _("Ran out")
    WITHDRAWN = "WITHDRAWN", _("Taken back")
    CANCELLED = "CANCELLED", _("Called off again")


ALLOWED_TRANSITIONS: dict[str, set[RequestState]] = {
    RequestState.SENT: {
        RequestState.ACCEPTED,
        RequestState.SCHEDULED,
        RequestState.DECLINED,
        RequestState.EXPIRED,
        RequestState.WITHDRAWN,
    },
    # Turned down after the fact only where requests count as accepted by themselves.
    RequestState.ACCEPTED: {
        RequestState.SCHEDULED,
        RequestState.UNSCHEDULABLE,
        RequestState.DECLINED,
        RequestState.CANCELLED,
    },
    RequestState.SCHEDULED: {
        RequestState.ACCEPTED,
        RequestState.UNSCHEDULABLE,
        RequestState.DECLINED,
        RequestState.CANCELLED,
    },
    RequestState.UNSCHEDULABLE: {
        RequestState.SCHEDULED,
        RequestState.ACCEPTED,
        RequestState.DECLINED,
        RequestState.CANCELLED,
    },
    RequestState.DECLINED: set(),
    RequestState.EXPIRED: set(),
    RequestState.WITHDRAWN: set(),
    RequestState.CANCELLED: set(),
}
# Both sides want it, with a time or not yet.
AGREED_STATES = frozenset(
    {RequestState.ACCEPTED, RequestState.SCHEDULED, RequestState.UNSCHEDULABLE}
)
# Between two people there is one of these at most; the asking side's quota counts them.
OPEN_STATES = AGREED_STATES | {RequestState.SENT}


class DeclineReason(models.TextChoices):
    """Why somebody says no to a request (婉拒原因)."""

    NO_FIT = "NO_FIT", _("Does not fit what I am looking for")
    NO_TIME = "NO_TIME", _("No time left at this fair")
    IN_TOUCH = "IN_TOUCH", _("We are in touch already")
    OTHER_PERSON = "OTHER_PERSON", _("A colleague is the right person")
    TOO_EARLY = "TOO_EARLY", _("Too early for us")
    OTHER = "OTHER", _("Another reason")


class MeetingState(models.TextChoices):
    """Where a meeting stands that people have been told of (洽谈状态)."""

    ARRANGED = "ARRANGED", _("Arranged")
    STARTED = "STARTED", _("Going on")
    HELD = "HELD", _("Has taken place")
    NOT_HELD = "NOT_HELD", _("Did not take place")
    CANCELLED = "CANCELLED", _("Cancelled")


MEETING_TRANSITIONS: dict[str, set[MeetingState]] = {
    MeetingState.ARRANGED: {
        MeetingState.STARTED,
        MeetingState.HELD,
        MeetingState.NOT_HELD,
        MeetingState.CANCELLED,
    },
    MeetingState.STARTED: {MeetingState.HELD, MeetingState.NOT_HELD},
    MeetingState.HELD: {MeetingState.NOT_HELD},
    MeetingState.NOT_HELD: {MeetingState.HELD, MeetingState.STARTED},
    MeetingState.CANCELLED: set(),
}
# Those that take a table and the time of their people.
ACTIVE_STATES = frozenset(set(MeetingState) - {MeetingState.CANCELLED})


class MeetingSource(models.TextChoices):
    """How a meeting came about (洽谈来源)."""

    REQUEST = "REQUEST", _("Asked by a participant")
    ORGANIZER = "ORGANIZER", _("Organizer")
    ONSITE = "ONSITE", _("On the spot")


class Shelf(models.TextChoices):
    """The lists of one's requests (约谈分栏)."""

    RECEIVED = "received", _("Requests received")
    SENT = "sent", _("Requests sent")
    MUTUAL = "mutual", _("Mutual")
