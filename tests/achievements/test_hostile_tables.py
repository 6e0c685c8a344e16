"""Tables that nobody in good faith hands in."""

import io
import zipfile
from functools import partial

import openpyxl
import pytest

from achievements.imports import UnableToRead, read_table
from tests.achievements.test_imports import FIRST, HEADINGS, as_csv, check
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db


@pytest.fixture
def institute():
    return Institute()


@pytest.mark.parametrize("heading", ["密级", "保密等级", "涉密等级", "classification"])
def test_a_classification_is_seen_under_any_of_its_names(institute, heading):
    row = ["A-1", "某材料", "简介", "介绍", "TECHNOLOGY", "MIDDLE", "机密"]

    report = check(institute, as_csv(row, headings=[*HEADINGS[:6], heading]))

    assert list(report.rows[0].errors) == ["密级"]


@pytest.mark.parametrize("text", ["9" * 400, ".", "1.2.3", "١٢", "-5", "1e9"])
def test_an_absurd_amount_is_an_error_of_its_cell(institute, text):
    report = check(institute, as_csv([*FIRST[:9], text, *FIRST[10:]]))

    assert list(report.rows[0].errors) == ["意向价格下限（元）"]


def test_an_absurd_number_is_an_error_of_its_cell(institute):
    row = ["A-1", "某材料", "简介", "介绍", "TECHNOLOGY", "MIDDLE", "9" * 5000]

    report = check(institute, as_csv(row, headings=[*HEADINGS[:6], "技术成熟度"]))

    assert list(report.rows[0].errors) == ["技术成熟度"]


def far_cell() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "来源编号"
    book.active["XFD1048576"] = "x"
    book.save(content)
    return content.getvalue()


def broken_sheet() -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "来源编号"
    book.save(content)
    broken = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(entry, text[:-20] if "sheet1" in entry.filename else text)
    return broken.getvalue()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (("来源编号\n" + "长" * 200_000).encode, "file.csv"),
        ("来源编号\nA\x00".encode, "file.csv"),
        (partial("来源编号\nA".encode, "utf-16"), "file.csv"),
        (partial(bytes.__mul__, b"a\n", 30_000), "file.csv"),
        (broken_sheet, "file.xlsx"),
        (far_cell, "file.xlsx"),
    ],
    ids=["cell", "nul", "utf-16", "rows", "sheet", "far"],
)
def test_a_hostile_file_is_told_so(make, name):
    with pytest.raises(UnableToRead):
        read_table(make(), name)
