"""What pages of the rooms around show of a fair: its tabs, its state, its slots."""

from django import template
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from events.enums import FairKind
from events.fairs.enums import OPENED_STATES, UNPUBLISHED_STATES, FairState, SchedulingMode
from events.fairs.models import Fair
from events.fairs.rules import can_edit_plan, can_manage_fair, can_read_people

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


@register.simple_tag(takes_context=True)
def fair_tabs(context, fair: Fair) -> list[dict]:
    """The pages of one fair that the person may open."""
    user, here = context["request"].user, resolve(context["request"].path_info).view_name
    pages = [(_("Overview"), "fairs:fair"), (_("Plan"), "fairs:check")]
    if fair.has_meetings and can_edit_plan(user, fair):
        pages += [(_("Sessions and slots"), "fairs:grid"), (_("Tables"), "fairs:tables")]
    if fair.state not in UNPUBLISHED_STATES and can_read_people(user, fair):
        pages += [(_("Registrations"), "registration:people"), *_pages_of_meetings(fair)]
    if fair.page.kind == FairKind.EXHIBITION and can_manage_fair(user, fair):
        pages += [
            (_("Halls and booths"), "exhibition:halls"),
            (_("Exhibitors"), "exhibition:applications"),
            (_("Settings and awards"), "exhibition:settings"),
        ]
    if can_manage_fair(user, fair):
        pages.append((_("Questions"), "registration:questions"))
        if fair.state not in UNPUBLISHED_STATES:
            pages.append((_("Mails"), "registration:mailings"))
    if fair.state not in UNPUBLISHED_STATES and can_read_people(user, fair):
        pages.append((_("Check-in"), "gates:desk"))
    if fair.state in OPENED_STATES and can_read_people(user, fair):
        pages.append((_("Report"), "reports:report"))
    return [
        {"label": label, "url": reverse(name, args=[fair.code]), "is_current": name == here}
        for label, name in pages
    ]


def _pages_of_meetings(fair: Fair) -> list[tuple[str, str]]:
    if not fair.has_meetings:
        return []
    pages = [(_("Requests"), "meetings:overview")]
    if fair.scheduling_mode == SchedulingMode.ORGANIZER:
        pages.append((_("Schedule"), "timetable:schedule"))
    if fair.state in OPENED_STATES:
        pages.append((_("Outcomes"), "aftermath:outcomes"))
    return pages
