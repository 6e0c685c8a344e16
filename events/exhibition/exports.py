"""An exhibitor's leads as a table for spreadsheets: CSV or XLSX."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.styles import Font

from matchmaking.oversight.exports import harmless

from .models import Lead

WIDTHS = (18, 14, 14, 28, 16, 28, 12, 8, 60)


def rows_of(leads: QuerySet[Lead]) -> Iterator[list[Any]]:
    """Headings first; without the visitor's consent organization and role alone."""
    yield [
        _("Noted at"),
        _("Visitor's consent"),
        _("Name"),
        _("Organization"),
        _("Post"),
        _("E-mail"),
        _("Role at the fair"),
        _("Rating"),
        _("Note"),
    ]
    for lead in leads:
        visitor = lead.registration
        row = [
            f"{timezone.localtime(lead.at):%Y-%m-%d %H:%M}",
            _("Consent given") if lead.agreed else _("Not given"),
            visitor.name if lead.agreed else "",
            visitor.organization_label,
            visitor.post if lead.agreed else "",
            visitor.email if lead.agreed else "",
            visitor.get_role_display(),
            lead.rating or "",
            lead.note,
        ]
        yield [harmless(cell) for cell in row]


def leads_csv(leads: QuerySet[Lead]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes it for GBK."""
    text = io.StringIO()
    csv.writer(text).writerows(rows_of(leads))
    return text.getvalue().encode("utf-8-sig")


def leads_xlsx(leads: QuerySet[Lead]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    for row in rows_of(leads):
        sheet.append(row)
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "B2"
    book.save(content)
    return content.getvalue()


WRITERS: dict[str, tuple[Callable[[QuerySet[Lead]], bytes], str]] = {
    "csv": (leads_csv, "text/csv; charset=utf-8"),
    "xlsx": (leads_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
