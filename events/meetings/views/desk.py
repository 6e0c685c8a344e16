"""A participant's workspace for meetings: suggestions, requests by shelf, one's meetings."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.models import Fair
from events.registration.models import Registration
from events.registration.queries import registration_of

from ..enums import Shelf
from ..queries import (
    askable_people,
    meetings_of,
    not_asked_yet,
    own_at_fair,
    quota_of,
    refused_by,
    requests_on,
    shelf_counts,
    show_names,
    with_other,
)
from ..rules import RUNNING_STATES, can_answer, can_ask, is_on_the_spot, picks_time
from ..suggestions import suggest

PAGE = 20
MOST_CANDIDATES = 1_000
SHOWN = ("industries", "entries__page", "entries__need")


def get_fair(code) -> Fair:
    fair = get_object_or_404(Fair.objects.published().with_page(), code=code)
    if not fair.has_meetings:
        raise Http404
    return fair


def get_own(user, code) -> Registration:
    """The admitted registration of who looks; nobody else has anything here."""
    fair = get_fair(code)
    own = own_at_fair(user, fair)
    if own is None:
        raise Http404
    own.fair = fair
    return own


def desk_context(request, own, here) -> dict:
    """What every page of the workspace shows: tabs with counts, the quota, whether one may ask."""
    code, counts = own.fair.code, shelf_counts(own)
    tabs = [
        ("desk", _("Suggested people"), reverse("meetings:desk", args=[code]), None),
        ("people", _("Find people"), reverse("meetings:people", args=[code]), None),
        *(
            (
                shelf.value,
                shelf.label,
                reverse("meetings:requests", args=[code, shelf.value]),
                counts[shelf],
            )
            for shelf in Shelf
        ),
        ("mine", _("My meetings"), reverse("meetings:mine", args=[code]), None),
    ]
    return {
        "fair": own.fair,
        "own": own,
        "quota": quota_of(own),
        "may_ask": can_ask(request.user, own, timezone.now()),
        "picks_time": picks_time(own.fair),
        "is_on_the_spot": is_on_the_spot(own.fair),
        "tabs": [
            {"label": label, "url": url, "count": count, "is_current": name == here}
            for name, label, url, count in tabs
        ],
    }


@login_required
def desk(request, code):
    """Whom to meet and why; who is not registered is led to that."""
    fair = get_fair(code)
    found = registration_of(request.user, fair)
    if found is None or own_at_fair(request.user, fair) is None:
        return redirect("registration:mine", code)
    own = get_own(request.user, code)
    context = desk_context(request, own, "desk")
    if request.user.recommendations_enabled:
        people = askable_people(own, request.user, timezone.now())
        rows = not_asked_yet(people, own).prefetch_related(*SHOWN).order_by("pk")
        suggestions = suggest(own, rows[:MOST_CANDIDATES])
        context["page_obj"] = Paginator(suggestions, PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/desk.html", context)


@login_required
def requests(request, code, shelf):
    if shelf not in Shelf.values:
        raise Http404
    own = get_own(request.user, code)
    page_obj = Paginator(requests_on(own, shelf), PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    page_obj.object_list = with_other(page_obj.object_list, own, request.user, now)
    for each in page_obj.object_list:
        each.may_answer = can_answer(request.user, each, now)
    context = {
        **desk_context(request, own, shelf),
        "page_obj": page_obj,
        "shelf": Shelf(shelf),
    }
    return render(request, "meetings/requests.html", context)


@login_required
def mine(request, code):
    """One's meetings in the order of the day, with whom and why."""
    own = get_own(request.user, code)
    rows = []
    for meeting in meetings_of(own):
        meeting.fair = own.fair
        others = [seat.registration for seat in meeting.seats.all()]
        others = [each for each in others if each.pk != own.pk]
        rows.append((meeting, others))
    context = {
        **desk_context(request, own, "mine"),
        "rows": rows,
        "may_cancel": own.fair.state in RUNNING_STATES,
    }
    return render(request, "meetings/mine.html", context)


@login_required
def refused(request, code):
    """Whom one does not want to meet; it can be taken back."""
    own = get_own(request.user, code)
    page_obj = Paginator(refused_by(own), PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = list(page_obj.object_list)
    people = [each.to_registration for each in page_obj.object_list]
    show_names(people, own, request.user, timezone.now())
    context = {**desk_context(request, own, ""), "page_obj": page_obj}
    return render(request, "meetings/refused.html", context)
