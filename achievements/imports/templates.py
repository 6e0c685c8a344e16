"""Tables to fill in: headings in the reader's language, an example, and what may be chosen."""

import csv
import io

import openpyxl
from django.utils.translation import get_language, gettext as _
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .importers import Column, Importer
from .parsers import ChoiceParser, TermsParser
from .tables import MAXIMUM_ROWS


def template_headings(importer: Importer) -> list[str]:
    """Return the headings, Chinese or English; required ones carry an asterisk."""
    place = 0 if get_language() == "zh-hans" else -1
    return [
        column.headings[place] + ("*" if column.required else "") for column in importer.columns
    ]


def example_row(importer: Importer) -> list[str]:
    """Return a filled row; its first cell says that it is an example, which is never imported."""
    first, *others = [_example_of(column) for column in importer.columns]
    return [f"{_('Example')} {first}", *others]


def csv_template(importer: Importer) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes it for GBK."""
    text = io.StringIO()
    csv.writer(text).writerows([template_headings(importer), example_row(importer)])
    return text.getvalue().encode("utf-8-sig")


def xlsx_template(importer: Importer) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    headings = template_headings(importer)
    sheet.append(headings)
    sheet.append(example_row(importer))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 4 + 2 * len(cell.value)
    for cell in sheet[2]:
        cell.font = Font(italic=True, color="5A6668")
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet(_("How to fill in")), importer, headings)
    choices = book.create_sheet(_("Choices"))
    for place, column in enumerate(importer.columns, start=1):
        _offer_choices(sheet, choices, place, column)
    book.save(content)
    return content.getvalue()


def _example_of(column: Column) -> str:
    return str(column.example) or next(iter(_allowed(column)), "")


def _allowed(column: Column) -> list[str]:
    """What may be chosen; nothing for a column of free text."""
    parser = column.parse
    return parser.allowed() if isinstance(parser, ChoiceParser | TermsParser) else []


def _explain(sheet: Worksheet, importer: Importer, headings: list[str]) -> None:
    """Say of each column whether it must be filled and what may stand there."""
    sheet.append([_("Column"), _("Required"), _("What may stand there"), _("Example")])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, heading in zip(importer.columns, headings, strict=True):
        allowed = "、".join(_allowed(column))
        if allowed and isinstance(column.parse, TermsParser):
            allowed = _("One or several, with commas between: %(names)s") % {"names": allowed}
        required = _("yes") if column.required else ""
        sheet.append([heading.rstrip("*"), required, allowed, _example_of(column)])
    for letter, width in zip("ABCD", (24, 8, 80, 40), strict=True):
        sheet.column_dimensions[letter].width = width


def _offer_choices(sheet: Worksheet, choices: Worksheet, place: int, column: Column) -> None:
    """A list to choose from below the heading; several terms may still be written by hand."""
    allowed = _allowed(column)
    if not allowed:
        return
    letter = get_column_letter(place)
    for row, label in enumerate(allowed, start=1):
        choices.cell(row, place, label)
    source = f"'{choices.title}'!${letter}$1:${letter}${len(allowed)}"
    validation = DataValidation(type="list", formula1=source, allow_blank=True)
    validation.showErrorMessage = isinstance(column.parse, ChoiceParser)
    validation.add(f"{letter}2:{letter}{MAXIMUM_ROWS}")
    sheet.add_data_validation(validation)
