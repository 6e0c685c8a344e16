"""Files that carry their definition: what the number means stands before the records."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from .kpis import Dimension
from .queries import Figure, labels_of, rows_of
from .records import prepare, record_of

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 500


def harmless(cell: Any) -> Any:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell


def definition_lines(figure: Figure) -> list[tuple[str, str]]:
    """What the number is: shown at the head of each file."""
    kpi = figure.kpi
    scope = [
        f"{by.label}: {labels_of(by, [value]).get(value, value)}"
        for by in Dimension
        if (value := getattr(figure.scope, by))
    ]
    return [
        (_("Indicator"), f"{kpi.key} {kpi.label}"),
        (_("Definition"), str(kpi.formula)),
        (_("Unit of measure"), str(kpi.unit.label)),
        (_("Period"), str(kpi.period)),
        (_("Source"), str(kpi.source)),
        (_("Scope"), "; ".join(scope) or _("everything")),
        (_("Value"), figure.text),
        (_("Made of"), figure.made_of),
        (_("As of"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
    ]


def headings() -> list[str]:
    return [
        _("Day"),
        _("Code"),
        _("Title"),
        _("Owner of the result"),
        _("Taker of the result"),
        _("Adds"),
        _("Out of"),
    ]


def lines_of(figure: Figure) -> Iterator[list[Any]]:
    rows = prepare(rows_of(figure.kpi, figure.scope)).order_by("-in_day", "-pk")
    for row in rows.iterator(chunk_size=CHUNK):
        each = record_of(row, figure.kpi.unit)
        cells = [each.day, each.code, each.title, each.owner, each.taker, each.raw, each.whole]
        yield [harmless(cell) for cell in cells]


class Echo:
    """A file that hands every line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_response(figure: Figure) -> StreamingHttpResponse:
    writer = csv.writer(Echo())

    def lines() -> Iterator[str]:
        head = [[harmless(name), harmless(text)] for name, text in definition_lines(figure)]
        yield "\ufeff"
        for line in [*head, [], headings()]:
            yield writer.writerow(line)
        for line in lines_of(figure):
            yield writer.writerow(line)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    return _named(response, figure, "csv")


def xlsx_response(figure: Figure) -> HttpResponse:
    """The definition on the first sheet, the records on the second, written row by row."""
    book = openpyxl.Workbook(write_only=True)
    about = book.create_sheet(_("Definition"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 100
    for name, text in definition_lines(figure):
        about.append([_bold(about, name), harmless(text)])
    sheet = book.create_sheet(_("Records"))
    for letter, width in zip("ABCDEFG", (12, 18, 44, 30, 30, 16, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_bold(sheet, name) for name in headings()])
    for line in lines_of(figure):
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    return _named(HttpResponse(content.getvalue(), content_type=XLSX), figure, "xlsx")


def _bold(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _named(response: Any, figure: Figure, suffix: str) -> Any:
    name = f"{figure.kpi.key}-{timezone.localdate().isoformat()}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
