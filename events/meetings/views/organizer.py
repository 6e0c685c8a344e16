"""What the organizer sees of the requests: how many stand where, who asks whom."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from events.registration.demand import table_demand

from ..enums import AGREED_STATES, RequestState
from ..models import MeetingRequest
from ..queries import (
    fewest_tables,
    people_who_owe_answers,
    people_without_request,
    states_of_requests,
    unanswered,
)
from ..rules import can_read_requests
from .desk import PAGE, get_fair


@login_required
def overview(request, code):
    fair = get_fair(code)
    if not can_read_requests(request.user, fair):
        raise Http404
    states = states_of_requests(fair)
    shown = request.GET.get("state", "")
    rows = MeetingRequest.objects.filter(fair=fair).with_people().order_by("-created_at", "-pk")
    if shown in RequestState.values:
        rows = rows.filter(state=shown)
    page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    address = reverse("meetings:overview", args=[code])
    context = {
        "fair": fair,
        "page_obj": page_obj,
        "shown": shown,
        "states": [
            (state, states[state]) for state in RequestState if states[state] or state == shown
        ],
        "tiles": [
            {"label": _("Requests"), "value": sum(states.values()), "url": address},
            {
                "label": _("Agreed"),
                "value": sum(states[state] for state in AGREED_STATES),
                "url": f"{address}?state=ACCEPTED",
            },
            {"label": _("Answers outstanding"), "value": unanswered(fair).count()},
            {
                "label": _("People who owe an answer"),
                "value": people_who_owe_answers(fair).count(),
            },
            {
                "label": _("People without a request"),
                "value": people_without_request(fair).count(),
            },
            {
                "label": _("Tables needed at least"),
                "value": fewest_tables(fair),
                "unit": _("of %(there)d") % {"there": fair.tables.count()},
            },
        ],
        "demand": table_demand(fair),
    }
    return render(request, "meetings/overview.html", context)
