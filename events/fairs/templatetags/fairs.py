"""What pages of the rooms around show of a fair: its tabs, its state, its slots."""

from django import template
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy

from events.fairs.enums import OPENED_STATES, UNPUBLISHED_STATES, FairState, SchedulingMode
from events.fairs.models import Fair
from events.fairs.rules import can_edit_plan, can_manage_fair, can_read_people
from portal.accounts.models import Visitor

register = template.Library()

TONES = {
    FairState.REVIEW: "blue",
    FairState.PUBLISHED: "blue",
    FairState.REG_OPEN: "lake",
    FairState.BOOKING: "lake",
    FairState.SCHEDULING: "amber",
    FairState.SCHEDULE_PUBLISHED: "lake",
    FairState.LIVE: "vermilion",
    FairState.CANCELLED: "red",
}


@register.filter
def fair_tone(state: str) -> str:
    return TONES.get(FairState(state), "")


def _always(user: Visitor, fair: Fair) -> bool:
    return True


def _edits_grid(user: Visitor, fair: Fair) -> bool:
    return fair.has_meetings and can_edit_plan(user, fair)


def _reads_people(user: Visitor, fair: Fair) -> bool:
    return fair.state not in UNPUBLISHED_STATES and can_read_people(user, fair)


def _reads_requests(user: Visitor, fair: Fair) -> bool:
    return fair.has_meetings and _reads_people(user, fair)


def _reads_schedule(user: Visitor, fair: Fair) -> bool:
    return fair.scheduling_mode == SchedulingMode.ORGANIZER and _reads_requests(user, fair)


def _reads_outcomes(user: Visitor, fair: Fair) -> bool:
    return fair.state in OPENED_STATES and _reads_requests(user, fair)


def _runs_exhibition(user: Visitor, fair: Fair) -> bool:
    return fair.has_exhibition and can_manage_fair(user, fair)


def _mails(user: Visitor, fair: Fair) -> bool:
    return fair.state not in UNPUBLISHED_STATES and can_manage_fair(user, fair)


def _reads_report(user: Visitor, fair: Fair) -> bool:
    return fair.state in OPENED_STATES and can_read_people(user, fair)


TABS = (
    (gettext_lazy("Overview"), "fairs:fair", _always),
    (gettext_lazy("Plan"), "fairs:check", _always),
    (gettext_lazy("Sessions and slots"), "fairs:grid", _edits_grid),
    (gettext_lazy("Tables"), "fairs:tables", _edits_grid),
    (gettext_lazy("Registrations"), "registration:people", _reads_people),
    (gettext_lazy("Requests"), "meetings:overview", _reads_requests),
    (gettext_lazy("Schedule"), "timetable:schedule", _reads_schedule),
    (gettext_lazy("Outcomes"), "aftermath:outcomes", _reads_outcomes),
    (gettext_lazy("Halls and booths"), "exhibition:halls", _runs_exhibition),
    (gettext_lazy("Exhibitors"), "exhibition:applications", _runs_exhibition),
    (gettext_lazy("Settings and awards"), "exhibition:settings", _runs_exhibition),
    (gettext_lazy("Questions"), "registration:questions", can_manage_fair),
    (gettext_lazy("Mails"), "registration:mailings", _mails),
    (gettext_lazy("Check-in"), "gates:desk", _reads_people),
    (gettext_lazy("Report"), "reports:report", _reads_report),
)


@register.simple_tag(takes_context=True)
def fair_tabs(context, fair: Fair) -> list[dict]:
    """The pages of one fair that the person may open."""
    user, here = context["request"].user, resolve(context["request"].path_info).view_name
    return [
        {"label": label, "url": reverse(name, args=[fair.code]), "is_current": name == here}
        for label, name, may_open in TABS
        if may_open(user, fair)
    ]
