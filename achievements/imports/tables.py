"""CSV and XLSX as rows of text, with the limits that keep a bad file from harming anybody."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

import openpyxl
from django.utils.translation import gettext as _

MAXIMUM_BYTES = 20_000_000
MAXIMUM_UNPACKED = 200_000_000
MAXIMUM_ROWS = 20_000
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t"


class UnableToRead(Exception):
    """The file is no table that can be read; the message says why and what to do."""


@dataclass(frozen=True)
class Table:
    """``headings`` and the ``rows`` below, each with its line number in the file."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: bytes, name: str) -> Table:
    """Read a ``.csv`` or ``.xlsx`` file; empty lines are left out.

    Raises UnableToRead for another kind, an unknown encoding, or a file beyond the limits.
    """
    if len(content) > MAXIMUM_BYTES:
        raise UnableToRead(_("The file is larger than 20 MB. Split it, please."))
    readers = {".csv": _read_csv, ".xlsx": _read_xlsx}
    reader = readers.get(PurePath(name).suffix.lower())
    if reader is None:
        raise UnableToRead(_("Only .csv and .xlsx files can be read. Save the table as one."))
    lines = [(number, cells) for number, cells in enumerate(reader(content), start=1) if any(cells)]
    if not lines:
        raise UnableToRead(_("The file is empty."))
    if len(lines) - 1 > MAXIMUM_ROWS:
        raise UnableToRead(_("The file has more than 20,000 rows. Split it, please."))
    return Table(lines[0][1], lines[1:])


def _read_csv(content: bytes):
    text = _decode(content)
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield [cell.strip() for cell in cells]


def _decode(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnableToRead(_("The encoding is neither UTF-8 nor GBK. Save the file as UTF-8."))


def _read_xlsx(content: bytes):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAXIMUM_UNPACKED:
            raise UnableToRead(_("The file unpacks to more than 200 MB. Split it, please."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise UnableToRead(_("The file is damaged or no Excel table. Save it again.")) from None
    try:
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield [_as_text(cell) for cell in cells]
    finally:
        book.close()


def _as_text(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
