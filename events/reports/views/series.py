"""Series of fairs: their list, their numbers side by side, and what belongs to them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from events.fairs.rules import can_organize, can_plan_fairs

from .. import services
from ..definitions import NUMBERS
from ..forms import SeriesForm
from ..models import FairSeries
from ..queries import figures_by_key, reports_of_series
from ..rules import can_keep_series
from .reading import records_url

SHARES = ("show_up", "acceptance", "must_meet", "feedback", "possible")
COUNTS = ("came", "requests", "held")


def _get(user, pk) -> FairSeries:
    return get_object_or_404(FairSeries.objects.for_user(user).select_related("organizer"), pk=pk)


@login_required
def series_list(request):
    rows = FairSeries.objects.for_user(request.user).select_related("organizer")
    context = {
        "rows": rows.annotate(number=Count("fairs")).order_by("name", "pk"),
        "may_begin": can_plan_fairs(request.user),
    }
    return render(request, "reports/series_list.html", context)


@login_required
def series(request, pk):
    """The fairs of a series over the years: lines of shares, bars of counts, all as a table."""
    found = _get(request.user, pk)
    reports = reports_of_series(found, request.user)
    days = [f"{timezone.localtime(fair.page.starts_at):%Y-%m-%d}" for fair, _figures in reports]
    latest = found.fairs.with_page().order_by("page__starts_at").last()
    context = {
        "series": found,
        "heads": list(zip(days, (fair for fair, _figures in reports), strict=True)),
        "days": days,
        "lines": [_line(key, reports) for key in SHARES if _has(key, reports)],
        "bars": [
            {"label": day, "values": [_count(figures, key) for key in COUNTS]}
            for day, (_fair, figures) in zip(days, reports, strict=True)
        ],
        "bar_series": [str(NUMBERS[key].label) for key in COUNTS],
        "rows": [
            {"number": NUMBERS[key], "cells": _cells(reports, figures, days)}
            for key, figures in figures_by_key(reports)
        ],
        "to_come": found.fairs.exclude(pk__in=[fair.pk for fair, _figures in reports])
        .with_page()
        .order_by("page__starts_at"),
        "latest": latest,
        "may_keep": can_keep_series(request.user, found),
        "may_copy": latest is not None and can_organize(request.user, found.organizer),
    }
    return render(request, "reports/series.html", context)


def _has(key, reports) -> bool:
    return any(key in figures for _fair, figures in reports)


def _line(key, reports) -> dict:
    """A fair without such a number, or without anything that it rests on, is a gap."""
    figures = [figures.get(key) for _fair, figures in reports]
    values = [None if each is None or each.value is None else each.value for each in figures]
    return {"label": str(NUMBERS[key].label), "values": values}


def _count(figures, key) -> int:
    return len(figures[key].part) if key in figures else 0


def _cells(reports, figures, days) -> list[dict]:
    return [
        {
            "text": figure.text if figure else "–",
            "url": records_url(fair, figure.number.key) if figure else "",
            "day": day,
        }
        for (fair, _figures), figure, day in zip(reports, figures, days, strict=True)
    ]


@login_required
def new_series(request):
    if not can_plan_fairs(request.user):
        raise PermissionDenied
    return _edit(request, None, services.begin_series)


@login_required
def edit_series(request, pk):
    found = _get(request.user, pk)
    if not can_keep_series(request.user, found):
        raise PermissionDenied
    return _edit(request, found, services.edit_series)


def _edit(request, found, door):
    form = SeriesForm(request.POST or None, user=request.user, instance=found)
    if request.method == "POST" and form.is_valid():
        given = {"series": found} if found else {}
        try:
            kept = door(actor=request.user, **form.cleaned_data, **given)
        except services.UnableToReport as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(kept)
    context = {"form": form, "series": found}
    return render(request, "reports/edit_series.html", context, status=422 if form.errors else 200)
