"""Empty tables to fill in, with the headings in the reader's language."""

import csv
import io

import openpyxl
from django.utils.translation import get_language
from openpyxl.styles import Font

from .importers import Importer


def template_headings(importer: Importer) -> list[str]:
    """Return the headings, Chinese or English; required ones carry an asterisk."""
    place = 0 if get_language() == "zh-hans" else -1
    return [
        column.headings[place] + ("*" if column.required else "") for column in importer.columns
    ]


def csv_template(importer: Importer) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes it for GBK."""
    text = io.StringIO()
    csv.writer(text).writerow(template_headings(importer))
    return text.getvalue().encode("utf-8-sig")


def xlsx_template(importer: Importer) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(template_headings(importer))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 4 + 2 * len(cell.value)
    sheet.freeze_panes = "A2"
    book.save(content)
    return content.getvalue()
