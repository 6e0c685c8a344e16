from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from achievements.models import InstitutePage
from portal.accounts.enums import PUBLISHING_KINDS
from portal.accounts.models import Organization
from portal.accounts.rules import can_oversee
from portal.audit.services import record

from .. import services
from ..enums import ReportState
from ..forms import FigureForm, RemarksForm, ReturnForm
from ..indicators import INDICATORS, MODES
from ..models import AnnualReport, ReportFigure
from ..papers import report_pdf, report_xlsx, totals_xlsx
from ..records import prepare, record_of
from ..rules import can_take_in_report, can_write_report
from ..services import UnableToReport
from ..templatetags.oversight import in_unit

PAGE = 30
YEARS_SHOWN = 5


def _year(request):
    last = timezone.localdate().year - 1
    asked = request.GET.get("year", "")
    years = range(last, last - YEARS_SHOWN, -1)
    return (int(asked) if asked in {str(year) for year in years} else last), years


@login_required
def reports(request):
    """Annual reports of a year: one's own institutes', or all with the city's total (年度报告)."""
    year, years = _year(request)
    oversees = can_oversee(request.user)
    own = [
        each.organization
        for each in request.user.active_memberships
        if each.organization.kind in PUBLISHING_KINDS
    ]
    if not (oversees or own):
        raise PermissionDenied
    pages = InstitutePage.objects.live().select_related("organization").order_by("title")
    if not oversees:
        pages = pages.filter(organization__in=own)
    page_obj = Paginator(pages, PAGE).get_page(request.GET.get("page"))
    found = AnnualReport.objects.filter(year=year)
    by_organization = {
        each.organization_id: each
        for each in found.filter(organization__in=[page.organization_id for page in page_obj])
    }
    context = {
        "year": year,
        "tabs": [
            {"label": each, "url": f"?year={each}", "is_current": each == year} for each in years
        ],
        "page_obj": page_obj,
        "rows": [
            (page.organization, by_organization.get(page.organization_id)) for page in page_obj
        ],
        "written_ids": request.user.office_organization_ids,
        "oversees": oversees,
        "states": _states(found) if oversees else [],
        "parts": _grouped(_totals(year)) if oversees else [],
    }
    return render(request, "oversight/reports.html", context)


def _states(found):
    counted = dict(found.order_by().values_list("state").annotate(number=Count("pk")))
    return [(state, counted.get(state, 0)) for state in ReportState]


def _totals(year):
    """The city's sums over the reports that the commission has taken in, by indicator."""
    figures = ReportFigure.objects.filter(report__year=year, report__state=ReportState.ACCEPTED)
    sums = dict(
        figures.order_by()
        .values_list("key")
        .annotate(total=Sum(Coalesce(F("stated"), F("computed"))))
    )
    return [(each, sums.get(each.key)) for each in INDICATORS.values()]


def _grouped(lines):
    return [
        (group, list(found)) for group, found in groupby(lines, key=lambda line: str(line[0].group))
    ]


def _report(request, pk):
    reports = AnnualReport.objects.for_user(request.user).select_related("organization")
    return get_object_or_404(reports, pk=pk)


@login_required
@require_POST
def prepare_annual(request):
    """Open the report of an institute, or take its figures anew."""
    organization = get_object_or_404(
        Organization,
        pk__in=request.user.office_organization_ids,
        pk=_number(request, "organization"),
    )
    try:
        report = services.prepare_report(
            actor=request.user, organization=organization, year=_number(request, "year")
        )
    except UnableToReport as error:
        messages.error(request, str(error))
        return redirect("oversight:reports")
    return redirect("oversight:report", report.pk)


def _number(request, name):
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def _crumbs(report, *own):
    return [
        {"label": _("Annual reports"), "url": f"{reverse('oversight:reports')}?year={report.year}"},
        {
            "label": f"{report.organization.label} {report.year}",
            "url": reverse("oversight:report", args=[report.pk]),
        },
        *({"label": label, "url": ""} for label in own),
    ]


@login_required
def report(request, pk):
    """One report: its figures beside the ledger's, what it says, what may be done with it."""
    found = _report(request, pk)
    figures = {each.key: each for each in found.figures.all()}
    lines = [(each, figures.get(each.key)) for each in INDICATORS.values()]
    context = {
        "report": found,
        "parts": _grouped(lines),
        "may_write": can_write_report(request.user, found) and found.is_draft,
        "may_decide": can_take_in_report(request.user) and found.state == ReportState.SIGNED_OFF,
        "remarks_form": RemarksForm(initial={"remarks": found.remarks}),
        "return_form": ReturnForm(),
        "missing": [each for each, figure in lines if figure and figure.value is None],
        "crumbs": _crumbs(found),
        "bars": _bars(figures),
        "series": [_("Contract amounts"), _("Income received")],
        "unit": _("10,000 yuan"),
    }
    return render(request, "oversight/report.html", context)


@login_required
def figure(request, pk, key):
    """The records behind a figure of the report, and the form to state another value."""
    found = _report(request, pk)
    stored = get_object_or_404(found.figures.select_related("stated_by"), key=key)
    indicator = INDICATORS[key]
    may_write = can_write_report(request.user, found) and found.is_draft
    initial = {"value": stored.stated, "reason": stored.reason}
    form = FigureForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.state_figure(actor=request.user, report=found, key=key, **form.cleaned_data)
        except UnableToReport as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("oversight:report", found.pk)
    page_obj = None
    if indicator.query:
        rows = prepare(indicator.query(found.organization, found.year)).order_by("-in_day", "-pk")
        page_obj = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        page_obj.object_list = [record_of(row, indicator.unit) for row in page_obj.object_list]
    context = {
        "report": found,
        "indicator": indicator,
        "figure": stored,
        "form": form if may_write else None,
        "about": _about(stored, indicator),
        "crumbs": _crumbs(found, indicator.label),
        "page_obj": page_obj,
    }
    return render(request, "oversight/report_figure.html", context)


def _bars(figures):
    """Contract amounts beside income, by mode, in 10,000 yuan; modes without either left out."""
    bars: list[dict[str, Any]] = [
        {
            "label": group,
            "values": [
                round(float(figures[f"{key}-{name}"].value) / 10_000, 1)
                for name in ("amount", "received")
            ],
        }
        for key, (group, _modes) in MODES.items()
        if f"{key}-amount" in figures
    ]
    return [bar for bar in bars if any(bar["values"])]


def _about(figure, indicator):
    """The ledger's value, the stated one, and who stated it why."""
    rows = [(_("Value in the ledger"), in_unit(figure.computed, indicator.unit))]
    if figure.stated is not None:
        rows += [
            (_("Stated"), in_unit(figure.stated, indicator.unit)),
            (_("Reason"), figure.reason),
            (_("Stated by"), f"{figure.stated_by or '–'}, {figure.stated_at:%Y-%m-%d}"),
        ]
    return [{"label": label, "value": value} for label, value in rows]


@login_required
@require_POST
def report_action(request, pk, action):
    """Write remarks, sign off, take in, or return a report."""
    found = _report(request, pk)
    actor, post = request.user, request.POST
    doors: dict[str, tuple[Callable[..., object], dict[str, str], str]] = {
        "remarks": (services.write_remarks, {"remarks": post.get("remarks", "")}, _("Saved.")),
        "sign-off": (services.sign_off_report, {}, _("Signed off; the commission has been told.")),
        "accept": (services.accept_report, {}, _("Taken in; it counts in the city's total.")),
        "return": (
            services.return_report,
            {"reason": post.get("reason", "")},
            _("Returned; the institute has been told."),
        ),
    }
    if action not in doors:
        raise Http404
    door, words, done = doors[action]
    try:
        door(actor=actor, report=found, **words)
    except UnableToReport as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("oversight:report", found.pk)


PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def report_file(request, pk, suffix):
    """The report as PDF or XLSX; recorded."""
    found = _report(request, pk)
    writers = {"pdf": (report_pdf, PDF), "xlsx": (report_xlsx, XLSX)}
    if suffix not in writers:
        raise Http404
    write, content_type = writers[suffix]
    record(actor=request.user, action="oversight.export_report", target=found, kind=suffix)
    return _file(write(found), content_type, f"report-{found.year}-{found.pk}.{suffix}")


@login_required
def totals_file(request):
    """The city's total of a year as XLSX, institute by institute."""
    if not can_oversee(request.user):
        raise PermissionDenied
    year, _years = _year(request)
    record(actor=request.user, action="oversight.export_report", kind="xlsx", label=str(year))
    return _file(totals_xlsx(year), XLSX, f"reports-{year}.xlsx")


def _file(content, content_type, name):
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
