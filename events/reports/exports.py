"""A report, or the records behind one of its numbers, as CSV or XLSX with the definitions."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import openpyxl
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.styles import Font

from events.fairs.models import Fair
from matchmaking.oversight.exports import XLSX, harmless

from .queries import Report
from .records import Line

Rows = list[list[Any]]
FORMATS = ("csv", "xlsx")
WIDTH, WIDEST = 18, 60


def lines_of_report(report: Report) -> Rows:
    """Headings first; then every number, and every part of each table."""
    rows: Rows = [
        [
            _("Part of the report"),
            _("Indicator"),
            _("Value"),
            _("Made of"),
            _("Out of"),
            _("Definition"),
        ]
    ]
    for group, figures in report.by_group():
        for figure in figures:
            number = figure.number
            value = "" if figure.value is None else round(figure.value, 2)
            whole = "" if figure.whole is None else len(figure.whole)
            rows.append([group.label, number.label, value, len(figure.part), whole, number.formula])
    for cut, parts in report.cuts:
        rows += [[cut.label, part.label, len(part.records), "", "", ""] for part in parts]
    return rows


def lines_of_records(lines: Iterable[Line]) -> Rows:
    rows: Rows = []
    for line in lines:
        if not rows:
            rows.append([cell.label for cell in line])
        rows.append([cell.text if cell.raw is None else cell.raw for cell in line])
    return rows


def about(fair: Fair, title: str, formula: str = "") -> Rows:
    """What stands at the head of each file."""
    rows: Rows = [
        [_("Fair"), f"{fair.code} {fair.label}"],
        [_("Indicator"), title],
        [_("As of"), f"{timezone.localtime():%Y-%m-%d %H:%M}"],
    ]
    return [*rows, [_("Definition"), formula]] if formula else rows


def file_of(suffix: str, name: str, head: Rows, rows: Rows) -> HttpResponse:
    content, content_type = _csv(head, rows) if suffix == "csv" else _xlsx(head, rows)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _plain(rows: Rows) -> Iterator[list[Any]]:
    """Cells that a file can hold: texts that no spreadsheet takes for a formula, and numbers."""
    for row in rows:
        yield [cell if isinstance(cell, int | float) else harmless(_text(cell)) for cell in row]


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _csv(head: Rows, rows: Rows) -> tuple[bytes, str]:
    """UTF-8 with a byte order mark, without which Excel takes it for GBK."""
    text = io.StringIO()
    csv.writer(text).writerows([*_plain(head), [], *_plain(rows)])
    return text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def _xlsx(head: Rows, rows: Rows) -> tuple[bytes, str]:
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet, definition = book.active, book.create_sheet(_("Definition"))
    sheet.title = _("Records")
    for row in _plain(rows):
        sheet.append(row)
    for row in _plain(head):
        definition.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = _width(rows, cell.column - 1)
    sheet.freeze_panes = "A2"
    definition.column_dimensions["B"].width = WIDEST
    book.save(content)
    return content.getvalue(), XLSX


def _width(rows: Sequence[Sequence[Any]], column: int) -> int:
    longest = max((2 * len(str(row[column])) for row in rows[:50]), default=0)
    return min(max(longest, WIDTH), WIDEST)
