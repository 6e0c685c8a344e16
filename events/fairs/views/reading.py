"""Fairs as those who run or oversee them read them."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ..enums import ENDED_STATES, UNPUBLISHED_STATES, FairState
from ..models import Fair
from ..rules import can_plan_fairs, can_read_people, can_review_fair
from .actions import actions_for

PAGE = 20


def get_fair(user, code, *rules) -> Fair:
    """A fair that the person may read, and for which each rule says yes; 404 otherwise."""
    fair = get_object_or_404(Fair.objects.for_user(user).with_page(), code=code)
    if not all(rule(user, fair) for rule in rules):
        raise Http404
    return fair


@login_required
def fair_list(request):
    """The fairs that one runs or oversees: those under way, and those that are over."""
    fairs = Fair.objects.for_user(request.user).with_page()
    soonest, latest = ("page__starts_at", "pk"), ("-page__starts_at", "-pk")
    shelf = request.GET.get("shelf", "current")
    shelves = {
        "current": (_("Current"), fairs.exclude(state__in=ENDED_STATES).order_by(*soonest)),
        "review": (
            _("Waiting for approval"),
            fairs.filter(state=FairState.REVIEW).order_by(*soonest),
        ),
        "past": (_("Over"), fairs.filter(state__in=ENDED_STATES).order_by(*latest)),
    }
    if shelf not in shelves:
        raise Http404
    rows = shelves[shelf][1]
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_plan": can_plan_fairs(request.user),
        "tabs": [
            {
                "label": label,
                "url": f"{reverse('fairs:list')}?shelf={key}",
                "count": found.count(),
                "is_current": key == shelf,
            }
            for key, (label, found) in shelves.items()
        ],
    }
    return render(request, "fairs/list.html", context)


@login_required
def fair(request, code):
    """One fair: where it stands, what is next, how registration goes."""
    found = get_fair(request.user, code)
    actions = actions_for(request.user, found)
    context = {
        "fair": found,
        "actions": [each for each in actions if each.is_main],
        "more_actions": [each for each in actions if not each.is_main],
        "shows_people": can_read_people(request.user, found)
        and found.state not in UNPUBLISHED_STATES,
        "reviews": can_review_fair(request.user, found),
        "news": found.news.order_by("-made_at"),
        "co_organizers": found.co_organizers.order_by("name"),
    }
    return render(request, "fairs/fair.html", context)
