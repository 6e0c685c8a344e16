"""CSV and XLSX as rows of text, with the limits that keep a bad file from harming anybody."""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import PurePath

import openpyxl
from django.utils.translation import gettext as _

MAXIMUM_BYTES = 20_000_000
MAXIMUM_UNPACKED = 200_000_000
MAXIMUM_ROWS = 20_000
MAXIMUM_COLUMNS = 200
DAMAGED = (  # what openpyxl lets through of a file that is not as it should be
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t"


class UnableToRead(Exception):
    """The file is no table that can be read; the message says why and what to do."""


@dataclass(frozen=True)
class Table:
    """``headings`` and the ``rows`` below, each with its line number in the file."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: bytes, name: str, *, maximum_rows: int = MAXIMUM_ROWS) -> Table:
    """Read a ``.csv`` or ``.xlsx`` file; empty lines are left out.

    Raises UnableToRead for another kind, an unknown encoding, or a file beyond the limits.
    """
    if len(content) > MAXIMUM_BYTES:
        raise UnableToRead(_("The file is larger than 20 MB. Split it, please."))
    last_line = 2 * maximum_rows
    readers: dict[str, Callable[[bytes], Iterator[list[str]]]] = {
        ".csv": _read_csv,
        ".xlsx": partial(_read_xlsx, last_line=last_line),
    }
    reader = readers.get(PurePath(name).suffix.lower())
    if reader is None:
        raise UnableToRead(_("Only .csv and .xlsx files can be read. Save the table as one."))
    lines = []
    for number, cells in enumerate(reader(content), start=1):
        if any(cells):
            lines.append((number, cells))
        if len(lines) - 1 > maximum_rows or number > last_line:
            raise UnableToRead(
                _("The file has more than %(count)d rows. Split it, please.")
                % {"count": maximum_rows}
            )
    if not lines:
        raise UnableToRead(_("The file is empty."))
    return Table(lines[0][1], lines[1:])


def _read_csv(content: bytes):
    text = _decode(content)
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell.strip() for cell in cells[:MAXIMUM_COLUMNS]]
    except csv.Error:
        raise UnableToRead(
            _("A cell is far too long, or a quotation mark is not closed.")
        ) from None


def _decode(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnableToRead(_("The encoding is neither UTF-8 nor GBK. Save the file as UTF-8."))


def _read_xlsx(content: bytes, *, last_line: int):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAXIMUM_UNPACKED:
            raise UnableToRead(_("The file unpacks to more than 200 MB. Split it, please."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(
            values_only=True, max_col=MAXIMUM_COLUMNS, max_row=last_line + 1
        )
        with closing(book):
            for cells in rows:
                yield [_as_text(cell) for cell in cells]
    except DAMAGED:
        raise UnableToRead(_("The file is damaged or no Excel table. Save it again.")) from None


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
