"""Annual reports as files: PDF for signing, XLSX for reckoning."""

import io
from decimal import Decimal
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.styles import Font
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from .enums import ReportState
from .exports import harmless
from .indicators import INDICATORS, Indicator
from .kpis import Unit
from .models import AnnualReport, ReportFigure

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
TITLE = ParagraphStyle("title", fontName=FONT, fontSize=16, leading=24, spaceAfter=4 * mm)
HEAD = ParagraphStyle("head", fontName=FONT, fontSize=11, leading=18, spaceBefore=4 * mm)
BODY = ParagraphStyle("body", fontName=FONT, fontSize=9, leading=14, wordWrap="CJK")
RULED = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#C9D2CE")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)
WIDTHS = (78 * mm, 30 * mm, 30 * mm, 36 * mm)


def write_value(value: Decimal | None, unit: Unit) -> str:
    if value is None:
        return "–"
    return f"{value:,.2f}" if unit == Unit.MONEY else f"{value:,.0f}"


def _lines(report: AnnualReport) -> list[tuple[Indicator, ReportFigure]]:
    figures = {each.key: each for each in report.figures.all()}
    return [(each, figures[each.key]) for each in INDICATORS.values() if each.key in figures]


def report_title(report: AnnualReport) -> str:
    return _("Annual report on conversion %(year)d: %(institute)s") % {
        "year": report.year,
        "institute": report.organization.label,
    }


def report_pdf(report: AnnualReport) -> bytes:
    """The report on A4: figures by group, changed ones with their reasons, remarks, signatures."""
    content = io.BytesIO()
    title = report_title(report)
    paper = SimpleDocTemplate(
        content, pagesize=A4, margins=18 * mm, title=title, author=report.organization.name
    )
    story: list[Any] = [_text(title, TITLE), _text(_state_line(report))]
    for group, lines in groupby(_lines(report), key=lambda line: str(line[0].group)):
        rows = [
            [
                _text(_("Figure")),
                _text(_("Value in the ledger")),
                _text(_("Stated")),
                _text(_("Reason")),
            ]
        ]
        for indicator, figure in lines:
            name = (
                f"{indicator.label} ({_('yuan')})"
                if indicator.unit == Unit.MONEY
                else str(indicator.label)
            )
            rows.append(
                [
                    _text(name),
                    _text(write_value(figure.computed, indicator.unit)),
                    _text(write_value(figure.value, indicator.unit)),
                    _text(figure.reason),
                ]
            )
        story += [_text(group, HEAD), Table(rows, colWidths=WIDTHS, style=RULED, repeatRows=1)]
    if report.remarks:
        story += [_text(_("Work, problems, plans"), HEAD)]
        story += [_text(line) for line in report.remarks.splitlines() if line.strip()]
    story += [Spacer(1, 12 * mm), _text(_("Signature and seal of the institute:"))]
    paper.build(story)
    return content.getvalue()


def _text(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    return Paragraph(escape(str(text)), style)


def _state_line(report: AnnualReport) -> str:
    taken = timezone.localtime(report.computed_at).strftime("%Y-%m-%d %H:%M")
    return _("%(state)s; figures of %(time)s") % {
        "state": report.get_state_display(),
        "time": taken,
    }


def report_xlsx(report: AnnualReport) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = str(report.year)
    sheet.append([harmless(report_title(report))])
    sheet.append([_state_line(report)])
    sheet.append(
        [
            _("Groups"),
            _("Figure"),
            _("Unit of measure"),
            _("Value in the ledger"),
            _("Stated"),
            _("Reason"),
        ]
    )
    for cell in (sheet["A1"], *sheet[3]):
        cell.font = Font(bold=True)
    for indicator, figure in _lines(report):
        sheet.append(
            [
                str(indicator.group),
                str(indicator.label),
                str(indicator.unit.label),
                figure.computed,
                figure.value,
                harmless(figure.reason),
            ]
        )
    for letter, width in zip("ABCDEF", (36, 44, 10, 18, 18, 50), strict=True):
        sheet.column_dimensions[letter].width = width
    return _bytes(book)


def totals_xlsx(year: int) -> bytes:
    """The city's total and a row for each report of the year, the indicators across."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = str(year)
    indicators = list(INDICATORS.values())
    sheet.append(
        [_("Institute"), _("State"), *(f"{each.group}: {each.label}" for each in indicators)]
    )
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    reports = AnnualReport.objects.filter(year=year).select_related("organization")
    reports = reports.prefetch_related("figures").order_by("organization__name")
    totals: dict[str, Decimal] = {}
    for report in reports:
        values = {each.key: each.value for each in report.figures.all()}
        if report.state == ReportState.ACCEPTED:
            for key, value in values.items():
                totals[key] = totals.get(key, Decimal(0)) + (value or 0)
        line = [values.get(each.key) for each in indicators]
        name = harmless(report.organization.label)
        sheet.append([name, str(report.get_state_display()), *line])
    total = [totals.get(each.key) for each in indicators]
    sheet.append([_("City, reports taken in"), "", *total])
    sheet.freeze_panes = "C2"
    return _bytes(book)


def _bytes(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
