"""The organizer's full report, the records behind each number, and both as files."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from events.fairs.enums import FairState
from events.fairs.rules import can_organize
from events.fairs.views.reading import get_fair
from portal.audit.services import record

from ..cuts import CUTS
from ..definitions import NUMBERS
from ..enums import Kind
from ..exports import FORMATS, about, file_of, lines_of_records, lines_of_report
from ..numbers import Number
from ..queries import Report, read_report, series_of
from ..records import read_lines
from ..rules import can_enter_costs, can_read_report, has_public_report

PAGE = 50
WHOLE, REST = "all", "rest"
TILES = (
    "came",
    "show_up",
    "held",
    "must_meet",
    "possible",
    "yield",
    "exhibitors",
    "leads",
    "amount",
    "cost_per_meeting",
)


def _read(user, code) -> Report:
    return read_report(get_fair(user, code, can_read_report), user)


@login_required
def report(request, code):
    """All numbers by chapter, with their charts, and what to change next time."""
    found = _read(request.user, code)
    fair, comparison = found.fair, found.comparison()
    context = {
        "fair": fair,
        "report": found,
        "is_final": fair.state != FairState.LIVE,
        "tiles": [_tile(found, key) for key in TILES if key in found.figures],
        "chapters": [_chapter(found, group, figures) for group, figures in found.by_group()],
        "funnel": _funnel(found),
        "comparison": comparison,
        "comparison_series": [_("As scheduled"), _("First come, first served")],
        "comparison_bars": _bars(comparison) if comparison else [],
        "findings": [
            {"finding": each, "url": records_url(fair, each.figure.number.key)}
            for each in found.findings
        ],
        "series": series_of(fair, request.user),
        "may_enter_costs": can_enter_costs(request.user, fair),
        "may_copy": can_organize(request.user, fair.organizer),
        "has_public": has_public_report(fair),
    }
    return render(request, "reports/report.html", context)


def records_url(fair, key, part="") -> str:
    address = reverse("reports:records", args=[fair.code, key])
    return f"{address}?part={part}" if part else address


def _bars(comparison) -> list[dict]:
    """Both sides of each number, the schedule first."""
    words = {
        "meetings": _("Meetings with a time"),
        "must_meets": _("Must-meets with a time"),
        "gaps": _("Gaps"),
        "without": _("People without a meeting"),
    }
    sides = (comparison.told, comparison.first_come)
    return [
        {"label": label, "values": [getattr(side, name) for side in sides]}
        for name, label in words.items()
    ]


def _tile(report, key) -> dict:
    figure = report.figures[key]
    more = {"definition": figure.made_of, "url": records_url(report.fair, key)}
    return tile_of(figure) | more


def tile_of(figure) -> dict:
    """A number in large type, its unit in small."""
    value, _space, unit = figure.text.partition(" ")
    if not value[:1].isdigit():
        value, unit = figure.text, ""
    return {"label": figure.number.label, "value": value, "unit": unit}


def _chapter(report, group, figures) -> dict:
    """The numbers of one group, and its tables as bars that lead to their records."""
    fair = report.fair
    return {
        "group": group,
        "figures": [(each, records_url(fair, each.number.key)) for each in figures],
        "cuts": [
            {
                "cut": cut,
                "bars": [
                    {
                        "code": part.key,
                        "label": part.label,
                        "value": len(part.records),
                        "url": records_url(fair, cut.key, part.key),
                    }
                    for part in parts
                ],
            }
            for cut, parts in report.cuts
            if cut.group == group and parts
        ],
    }


def _funnel(report) -> list[dict]:
    """From requests to agreements, each step a part of the one before."""
    figures = report.figures
    if "requests" not in figures:
        return []
    steps = [
        (key, NUMBERS[key].label, len(figures[key].part))
        for key in ("requests", "acceptance", "arranged", "held", "agreements")
    ]
    words = {"acceptance": _("Requests accepted")}
    return [
        {
            "label": words.get(key, str(label)),
            "value": count,
            "url": records_url(report.fair, key),
        }
        for key, label, count in steps
    ]


def _find(report, key, part):
    """What is shown: heading, definition, kind and ids of a number, or of a part of a table."""
    if key in report.figures:
        figure = report.figures[key]
        number: Number = figure.number
        if part != REST:
            return number.label, number.formula, number.kind, figure.part
        if figure.whole is None:
            raise Http404
        among = set(figure.part)
        rest = [pk for pk in figure.whole if pk not in among]
        return _("%(number)s: the others") % {"number": number.label}, "", number.kind, rest
    cut = CUTS.get(key)
    for each in report.parts(key):
        if cut and each.key == part:
            return f"{cut.label}: {each.label}", "", cut.kind, each.records
    raise Http404


@login_required
def records(request, code, key):
    """The records that one number is made of, by page."""
    found = _read(request.user, code)
    part = request.GET.get("part", "")
    label, formula, kind, pks = _find(found, key, part)
    page_obj = Paginator(pks, PAGE).get_page(request.GET.get("page"))
    shown = list(page_obj.object_list)
    page_obj.object_list = read_lines(kind, shown, request.user)
    context = {
        "fair": found.fair,
        "key": key,
        "label": label,
        "formula": formula,
        "figure": found.figures.get(key),
        "is_rest": part == REST,
        "page_obj": page_obj,
        "closed": len(shown) - len(page_obj.object_list) if kind == Kind.CASE else 0,
        "query": f"?part={part}" if part else "",
    }
    return render(request, "reports/records.html", context)


@login_required
def export(request, code, key, suffix):
    """The whole report, or the records of one number, as a file; recorded."""
    if suffix not in FORMATS:
        raise Http404
    found = _read(request.user, code)
    fair, label, formula = found.fair, _("Report on the fair"), ""
    if key == WHOLE:
        rows = lines_of_report(found)
    else:
        label, formula, kind, pks = _find(found, key, request.GET.get("part", ""))
        rows = lines_of_records(read_lines(kind, pks, request.user))
    record(
        actor=request.user,
        action="reports.export_report",
        target=fair,
        organization_id=fair.organizer_id,
        number=key,
        kind=suffix,
    )
    return file_of(suffix, f"{fair.code}-{key}", about(fair, str(label), str(formula)), rows)
