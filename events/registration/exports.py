"""The people of a fair as a table for spreadsheets: CSV or XLSX."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.styles import Font

from events.fairs.models import Fair
from matchmaking.oversight.exports import harmless

from .models import Registration

WIDTHS = (14, 28, 18, 12, 14, 28, 18, 30, 40, 40)


def rows_of(fair: Fair) -> Iterator[list[Any]]:
    """Headings first, then one row a registration with the answers in the questions' order."""
    questions = list(fair.questions.order_by("order", "pk"))
    yield [
        _("Name"),
        _("Organization"),
        _("Post"),
        _("Role at the fair"),
        _("State"),
        _("E-mail"),
        _("Registered on"),
        _("In one line"),
        _("Brings"),
        _("Seeks"),
        *(question.localized for question in questions),
    ]
    people = (
        Registration.objects.filter(fair=fair)
        .sent()
        .with_names()
        .prefetch_related("entries", "answers")
        .order_by("role", "name", "pk")
    )
    for each in people.iterator(chunk_size=500):
        answers = {answer.question_id: answer.shown for answer in each.answers.all()}
        sent = timezone.localtime(each.submitted_at) if each.submitted_at else None
        entries: dict[str, list[str]] = {"OFFER": [], "SEEK": []}
        for entry in each.entries.all():
            entries[entry.kind].append(entry.title)
        row = [
            each.name,
            each.organization_label,
            each.post,
            each.get_role_display(),
            each.get_state_display(),
            each.email,
            f"{sent:%Y-%m-%d %H:%M}" if sent else "",
            each.headline,
            "；".join(entries["OFFER"]),
            "；".join(entries["SEEK"]),
            *(answers.get(question.pk, "") for question in questions),
        ]
        yield [harmless(str(cell)) for cell in row]


def people_csv(fair: Fair) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes it for GBK."""
    text = io.StringIO()
    csv.writer(text).writerows(rows_of(fair))
    return text.getvalue().encode("utf-8-sig")


def people_xlsx(fair: Fair) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    for row in rows_of(fair):
        sheet.append(row)
    for cell, width in zip(sheet[1], WIDTHS, strict=False):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "B2"
    book.save(content)
    return content.getvalue()


WRITERS: dict[str, tuple[Callable[[Fair], bytes], str]] = {
    "csv": (people_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        people_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
