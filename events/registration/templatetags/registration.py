"""What pages of the room below show of registrations: the dashboard, the way to register."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.enums import ENDED_STATES, UNPUBLISHED_STATES, ListVisibility
from events.fairs.models import Fair
from events.models import FairPage
from events.registration import queries
from events.registration.demand import table_demand
from events.registration.enums import ADMITTED_STATES, RegistrationState
from events.registration.places import places_of
from events.registration.rules import can_mail

register = template.Library()

TONES = {
    RegistrationState.PENDING: "blue",
    RegistrationState.APPROVED: "lake",
    RegistrationState.CHECKED_IN: "lake",
    RegistrationState.WAITLISTED: "amber",
    RegistrationState.OFFERED: "vermilion",
    RegistrationState.REJECTED: "red",
}


@register.filter
def registration_tone(state: str) -> str:
    return TONES.get(RegistrationState(state), "")


@register.inclusion_tag("registration/_dashboard.html", takes_context=True)
def fair_dashboard(context, fair: Fair):
    """How registration goes: bars with their table, places, what is left to do, tables."""
    today, places = timezone.localdate(), places_of(fair)
    rows, series = queries.registrations_by_day(fair, today)
    states = queries.states_of(fair)
    return {
        "fair": fair,
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "rows": rows,
        "series": series,
        "places": places,
        "bars": queries.role_places(fair, places),
        "tiles": _tiles(fair, states),
        "reminders": queries.due_reminders(fair) if fair.state not in ENDED_STATES else [],
        "demand": table_demand(fair),
        "may_remind": can_mail(context["request"].user, fair),
    }


def _tiles(fair: Fair, states) -> list[dict]:
    address = reverse("registration:people", args=[fair.code])
    pending = states[RegistrationState.PENDING]
    sent = sum(states.values()) - states[RegistrationState.DRAFT]
    waiting = states[RegistrationState.WAITLISTED] + states[RegistrationState.OFFERED]
    admitted = sum(states[state] for state in ADMITTED_STATES)
    return [
        {"label": _("People registered"), "value": sent, "url": address},
        {
            "label": _("To decide"),
            "value": pending,
            "url": f"{address}?shelf=pending",
            "is_urgent": bool(pending),
        },
        {"label": _("Admitted"), "value": admitted, "url": f"{address}?shelf=admitted"},
        {"label": _("On the waiting list"), "value": waiting, "url": f"{address}?shelf=waiting"},
    ]


@register.simple_tag(takes_context=True)
def way_in(context, page: FairPage) -> dict:
    """The state of a fair for its public page: dates, places left, the button, the list."""
    fair = Fair.objects.filter(page=page).select_related("organizer", "page").first()
    if fair is None or fair.state in UNPUBLISHED_STATES:
        return {}
    user, now = context["request"].user, timezone.now()
    own = queries.registration_of(user, fair)
    address = reverse("registration:begin", args=[fair.code])
    if not user.is_authenticated:
        address = f"{reverse('account_login')}?{urlencode({'next': address})}"
    places = places_of(fair)
    return {
        "fair": fair,
        "own": own,
        "url": address,
        "is_open": fair.takes_registrations(now),
        "left": places.left,
        "roles": queries.role_places(fair, places),
        "co_organizers": fair.co_organizers.order_by("name"),
        "shows_list": queries.list_visibility(user, fair, now) != ListVisibility.HIDE_ALL,
        "admitted": fair.registrations.admitted().count(),
        "news": fair.news.order_by("-made_at"),
        "sessions": fair.sessions.prefetch_related("slots").order_by("starts_at", "pk"),
    }
