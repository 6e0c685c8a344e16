from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from portal.accounts.rules import can_oversee
from portal.audit.services import record

from ..exports import csv_response, xlsx_response
from ..kpis import KPIS, Dimension, Unit
from ..kpis.process import FUNNEL
from ..published import PUBLISHED
from ..queries import (
    MEMBERS_SHOWN,
    Scope,
    figure_of,
    figures_by,
    figures_of,
    labels_of,
    rows_of,
)
from ..records import prepare, record_of
from ..services import count_on_reading

PAGE = 30
FIRST_YEAR = 2015
LARGEST_SHOWN = 15
TILES = ("K1", "K2", "K3", "K15", "K17")


def for_overseers(view):
    """Only the commission and the auditors; everybody else is told so."""

    @login_required
    def guarded(request, *args, **kwargs):
        if not can_oversee(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _kpi(key):
    if key not in KPIS:
        raise Http404
    return KPIS[key]


@for_overseers
def overview(request):
    """Contract beside cash, the funnel, cohorts, districts, industries, institutes (监管总览)."""
    counted = count_on_reading(now=timezone.now())
    figures = {each.kpi.key: each for each in figures_of(KPIS.values())}
    cohort = _by("K7", Dimension.YEAR)
    steps = [figures[key] for key in FUNNEL]
    context = {
        "tiles": [_tile(figures[key]) for key in TILES],
        "money": _beside(_by("K1", Dimension.YEAR), _by("K2", Dimension.YEAR)),
        "money_series": [_("Contract amounts"), _("Money received")],
        "steps": [_row(each) for each in steps],
        "funnel": [
            {"label": str(each.kpi.label), "value": each.records, "url": each.url} for each in steps
        ],
        "cohort": [_row(each) for each in cohort],
        "cohort_years": [each.label for each in cohort],
        "cohort_line": [_line(KPIS["K7"], cohort)],
        "districts": bars_of(_by("K5-IN", Dimension.DISTRICT)),
        "industries": bars_of(_by("K1", Dimension.INDUSTRY)),
        "institutes": bars_of(_by("K1", Dimension.INSTITUTE))[:LARGEST_SHOWN],
        "published": PUBLISHED,
        "unit": _("10,000 yuan"),
        "now": counted.counted_at,
    }
    return render(request, "oversight/overview.html", context)


def _by(key, dimension):
    return figures_by(KPIS[key], Scope(), dimension, of="cells")


def _row(figure):
    """A line of a table as plain texts."""
    return {
        "key": figure.kpi.key,
        "kpi": str(figure.kpi.label),
        "formula": str(figure.kpi.formula),
        "label": figure.label,
        "text": figure.text,
        "made_of": figure.made_of,
        "records": figure.records,
        "url": figure.url,
    }


def _tile(figure):
    return tile_of(figure.text, figure.kpi.label, figure.made_of) | {"url": figure.url}


def tile_of(text, label, definition):
    """A number in large type, its unit in small, so that neither is broken on a phone."""
    value, _space, unit = text.partition(" ")
    if not value[:1].isdigit():
        value, unit = text, ""
    return {"label": str(label), "value": value, "unit": unit, "definition": str(definition)}


def bars_of(figures):
    return [
        {"code": each.key, "label": each.label, "value": each.drawn, "url": each.url}
        for each in figures
    ]


def _line(kpi, figures):
    """A line over the years; a year with too few records is a gap."""
    return {
        "label": kpi.label,
        "values": [
            None if each.value is None or each.is_too_few else each.drawn for each in figures
        ],
    }


def _beside(contracts, cash):
    """Contract amounts and money received of each year, in 10,000 yuan."""
    amounts = {each.key: each.drawn for each in contracts}
    received = {each.key: each.drawn for each in cash}
    years = sorted({*amounts, *received})
    return [
        {"label": year, "values": [amounts.get(year, 0), received.get(year, 0)]} for year in years
    ]


@for_overseers
def kpi_list(request):
    """Every number of the registry over the chosen scope, each with its definition (指标体系)."""
    scope = Scope.of(request.GET)
    counted = count_on_reading(now=timezone.now())
    context = {
        "figures": [_row(each) for each in figures_of(KPIS.values(), scope)],
        "now": counted.counted_at,
        **_choices(request, scope),
    }
    return render(request, "oversight/kpis.html", context)


def _choices(request, scope):
    """What the filter offers, and the chosen members in words."""
    industries, districts = (
        list(labels_of(each, []).items()) for each in (Dimension.INDUSTRY, Dimension.DISTRICT)
    )
    chosen = [
        (each.label, labels_of(each, [value]).get(value, value))
        for each in Dimension
        if (value := getattr(scope, each))
    ]
    return {
        "scope": scope,
        "query": request.GET.urlencode(),
        "years": [str(year) for year in range(timezone.localdate().year, FIRST_YEAR - 1, -1)],
        "industries": industries,
        "districts": districts,
        "chosen": chosen,
    }


def _crumbs(*own):
    return [
        {"label": _("Oversight"), "url": reverse("oversight:overview")},
        {"label": _("Indicators"), "url": reverse("oversight:kpis")},
        *({"label": label, "url": url} for label, url in own),
    ]


@for_overseers
def kpi_detail(request, key):
    """One number: its definition, and a chart and table for each way to cut it."""
    kpi, scope = _kpi(key), Scope.of(request.GET)
    now = count_on_reading(now=timezone.now()).counted_at
    figure = _row(figure_of(kpi, scope, of="cells"))
    tables = [_table(kpi, scope, by) for by in kpi.dimensions if not getattr(scope, by)]
    context = {
        "kpi": kpi,
        "figure": figure,
        "tables": tables,
        "about": [
            {"label": _("Value"), "value": figure["text"]},
            {"label": _("Made of"), "value": figure["made_of"]},
            {"label": _("As of"), "value": f"{timezone.localtime(now):%Y-%m-%d %H:%M}"},
            {"label": _("Unit of measure"), "value": kpi.unit.label},
            {"label": _("Period"), "value": kpi.period},
            {"label": _("Source"), "value": kpi.source},
        ],
        "crumbs": _crumbs((kpi.label, "")),
        **_choices(request, scope),
    }
    return render(request, "oversight/kpi.html", context)


HEADINGS = {
    Dimension.YEAR: gettext_lazy("By year"),
    Dimension.INDUSTRY: gettext_lazy("By industry"),
    Dimension.DISTRICT: gettext_lazy("By district"),
    Dimension.INSTITUTE: gettext_lazy("By institute"),
}
UNITS = {
    Unit.MONEY: gettext_lazy("10,000 yuan"),
    Unit.MEAN: gettext_lazy("10,000 yuan"),
    Unit.RATIO: "%",
    Unit.DAYS: gettext_lazy("days"),
}


def _table(kpi, scope, by):
    figures = figures_by(kpi, scope, by, of="cells")
    shown = figures if by == Dimension.YEAR else figures[:MEMBERS_SHOWN]
    return {
        "by": by.value,
        "label": str(by.label),
        "heading": str(HEADINGS[by]),
        "figures": [_row(each) for each in shown],
        "more": len(figures) - len(shown),
        "bars": bars_of(shown),
        "years": [each.label for each in shown],
        "lines": [_line(kpi, shown)],
        "unit": str(UNITS.get(kpi.unit, "")),
    }


@for_overseers
def records(request, key):
    """The records that one number is made of (指标明细)."""
    kpi, scope = _kpi(key), Scope.of(request.GET)
    counted = count_on_reading(now=timezone.now())
    figure = figure_of(kpi, scope, of="cells")
    rows = prepare(rows_of(kpi, scope)).order_by("-in_day", "-pk")
    paginator = Paginator(rows, PAGE)
    paginator.count = figure.records
    page_obj = paginator.get_page(request.GET.get("page"))
    page_obj.object_list = [record_of(row, kpi.unit) for row in page_obj.object_list]
    context = {
        "kpi": kpi,
        "figure": figure,
        "now": counted.counted_at,
        "page_obj": page_obj,
        "crumbs": _crumbs(
            (kpi.label, reverse("oversight:kpi", args=[kpi.key])), (_("Records"), "")
        ),
        **_choices(request, scope),
    }
    return render(request, "oversight/records.html", context)


@for_overseers
def export(request, key, suffix):
    """The records behind a number as a file that carries the definition; recorded itself."""
    kpi, scope = _kpi(key), Scope.of(request.GET)
    if suffix not in {"csv", "xlsx"}:
        raise Http404
    figure = figure_of(kpi, scope)
    record(
        actor=request.user,
        action="oversight.export_records",
        kind=kpi.key,
        lines=figure.records,
    )
    write = csv_response if suffix == "csv" else xlsx_response
    return write(figure)
