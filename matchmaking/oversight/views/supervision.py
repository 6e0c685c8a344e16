from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking.cases.enums import CaseStage
from matchmaking.cases.models import CaseParty, ConversionCase

from ..monday import WEEK, monday_of, week_of
from ..services import count_on_reading
from ..supervision import RULES, counts, listed
from .figures import for_overseers

PAGE = 30
PRESENT = Prefetch("parties", CaseParty.objects.present().select_related("organization"))


@for_overseers
def supervision(request):
    """The stated rules and how many cases each lists (监管提示)."""
    counted = count_on_reading(now=timezone.now())
    found = counts()
    bars = [
        {"label": rule.label, "value": number, "url": rule_url(rule.key)} for rule, number in found
    ]
    context = {"rules": found, "bars": bars, "now": counted.counted_at}
    return render(request, "oversight/supervision.html", context)


def rule_url(key):
    return reverse("oversight:supervision-rule", args=[key])


@for_overseers
def supervision_rule(request, key):
    """The cases that a rule lists; no verdict, a list."""
    if key not in RULES:
        raise Http404
    counted = count_on_reading(now=timezone.now())
    hits: Any = listed(RULES[key])
    if hits.model is ConversionCase:
        hits = hits.prefetch_related(PRESENT).order_by("-opened_on", "-pk")
    else:
        hits = hits.with_names().order_by("due_on", "pk")
    paginator = Paginator(hits, PAGE)
    paginator.count = dict(counts())[RULES[key]]
    context = {
        "rule": RULES[key],
        "page_obj": paginator.get_page(request.GET.get("page")),
        "usual": _usual(counted.usual_days) if key == "stuck" else [],
        "now": counted.counted_at,
        "crumbs": [
            {"label": _("Supervision"), "url": reverse("oversight:supervision")},
            {"label": RULES[key].label, "url": ""},
        ],
    }
    return render(request, "oversight/supervision_rule.html", context)


def _usual(usual_days):
    """How long cases usually stand in each step."""
    return [
        {"label": CaseStage(stage).label, "value": _("%(days)s days") % {"days": f"{days:g}"}}
        for stage, days in usual_days.items()
    ]


@for_overseers
def monday(request):
    """The week on one printed sheet (周一简报); ``week`` is any day of another week."""
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = timezone.localdate()
    first = monday_of(min(day, timezone.localdate()))
    counted = count_on_reading(now=timezone.now())
    week = week_of(request.user, first)
    context = {
        "week": week,
        "now": counted.counted_at,
        "before": first - WEEK,
        "after": first + WEEK,
    }
    return render(request, "oversight/monday.html", context)
