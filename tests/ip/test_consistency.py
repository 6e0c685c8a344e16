"""Facts of a patent that contradict one another are refused at every door."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from achievements.imports.importers import find_importer
from achievements.imports.tables import read_table
from ip.enums import PatentStatus
from ip.identifiers import compute_check_character, normalize_classes
from ip.services import UnableToRecordPatent, change_patent_status, record_patent
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(date(2026, 6, 1), tick=False):
        yield


@pytest.fixture
def institute():
    return Institute()


def number(digits):
    return digits + compute_check_character(digits)


def record(institute, **changes):
    facts = {
        "number": number("202010000001"),
        "kind": "INVENTION",
        "title": "一种膜",
        "filed_on": date(2020, 3, 2),
        **changes,
    }
    return record_patent(actor=institute.owner, **facts)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"kind": "DESIGN"}, "kind"),
        ({"number": number("202020000001")}, "kind"),
        ({"number": number("202090000001"), "kind": "DESIGN"}, "kind"),
        ({"number": number("202710000001")}, "application_number"),
        ({"filed_on": date(2019, 12, 31)}, "filed_on"),
        ({"filed_on": date(2021, 1, 1)}, "filed_on"),
        ({"filed_on": date(2021, 1, 1), "is_divisional": True}, "filed_on"),
        ({"number": number("202080000001"), "filed_on": date(2016, 5, 1)}, "filed_on"),
        ({"published_on": date(2020, 3, 1)}, "published_on"),
        ({"published_on": date(2026, 6, 2)}, "published_on"),
        ({"status": "GRANTED", "granted_on": date(2026, 6, 2)}, "granted_on"),
        ({"status": "PUBLISHED", "granted_on": date(2022, 6, 2)}, "granted_on"),
        ({"status": "TERMINATED", "status_on": date(2024, 6, 2)}, "granted_on"),
        ({"status_on": date(2026, 6, 2)}, "status_on"),
        ({"status_on": date(2020, 3, 1)}, "status_on"),
        (
            {
                "status": "TERMINATED",
                "granted_on": date(2022, 6, 2),
                "status_on": date(2022, 6, 1),
            },
            "status_on",
        ),
        (
            {"status": "EXPIRED", "granted_on": date(2022, 6, 2), "status_on": date(2024, 6, 1)},
            "status_on",
        ),
        (
            {
                "number": number("202020000001"),
                "kind": "UTILITY_MODEL",
                "status": "SUBSTANTIVE_EXAM",
            },
            "status",
        ),
        ({"publication_number": "CN210115251U"}, "publication_number"),
        ({"publication_number": "CN115251024B"}, "publication_number"),
        ({"publication_number": "115251024"}, "publication_number"),
        ({"fee_paid_until": date(2026, 3, 2)}, "fee_paid_until"),
        ({"ipc": "C01B32/184; XYZ"}, "ipc"),
        ({"ipc": "14-03"}, "ipc"),
        ({"number": number("202030000001"), "kind": "DESIGN", "ipc": "C01B32/184"}, "ipc"),
    ],
)
def test_contradiction_is_refused_beside_its_field(institute, changes, wrong):
    with pytest.raises(ValidationError) as caught:
        record(institute, **changes)

    assert set(caught.value.message_dict) >= {wrong}
    record(institute)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": number("202180000001")},
        {"number": number("202110000001"), "is_divisional": True},
        {"number": number("97101765"), "filed_on": date(1997, 3, 2)},
        {"number": number("202030000001"), "kind": "DESIGN", "ipc": "14-03; 14-04"},
        {"number": number("202090000001"), "kind": "UTILITY_MODEL"},
        {"publication_number": "CN111251024A", "published_on": date(2021, 9, 3)},
        {
            "status": "GRANTED",
            "granted_on": date(2022, 9, 3),
            "publication_number": "CN111251024B",
            "fee_paid_until": date(2027, 3, 2),
        },
        {"ipc": "C01B32/184; H05K 7/20; B29C"},
    ],
)
def test_what_fits_together_is_recorded(institute, changes):
    assert record(institute, **changes).pk


def test_a_step_that_contradicts_the_record_is_refused(institute):
    patent = record(institute, status="SUBSTANTIVE_EXAM", status_on=date(2021, 3, 2))
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(UnableToRecordPatent):
        change_patent_status(
            patent=patent, actor=institute.owner, status="GRANTED", occurred_on=tomorrow
        )

    patent.refresh_from_db()
    assert (patent.status, patent.status_events.count()) == (PatentStatus.SUBSTANTIVE_EXAM, 1)


def test_utility_model_is_granted_without_an_examination(institute):
    patent = record(institute, number=number("202020000001"), kind="UTILITY_MODEL")

    with pytest.raises(UnableToRecordPatent):
        change_patent_status(
            patent=patent,
            actor=institute.owner,
            status="PUBLISHED",
            occurred_on=date(2021, 1, 1),
        )
    patent = change_patent_status(
        patent=patent, actor=institute.owner, status="GRANTED", occurred_on=date(2021, 1, 1)
    )
    assert patent.granted_on == date(2021, 1, 1)


def test_import_says_the_same_beside_the_cell(institute):
    headings = "申请号,专利类型,专利名称,申请日,授权公告日,法律状态,分案申请,分类号"
    good = f"{number('202010000001')},INVENTION,一种膜,2020-03-02,2022-05-01,GRANTED,否,c01b32/184"
    bad = f"{number('202010000002')},DESIGN,一种膜,2020-03-02,2027-05-01,GRANTED,也许,膜"
    table = read_table(f"{headings}\n{good}\n{bad}".encode(), "patents.csv")

    report = find_importer("patents").check(table, institute.organization)

    assert [sorted(row.errors) for row in report.rows] == [[], ["分案申请"]]
    table = read_table(f"{headings}\n{bad}".replace("也许", "").encode(), "patents.csv")
    [row] = find_importer("patents").check(table, institute.organization).rows
    assert sorted(row.errors) == sorted(["专利类型", "分类号", "授权公告日", "状态日期"])


def test_classes_are_stored_in_one_form():
    assert normalize_classes("c01b32/184，H05K7/20\n b29c ") == "C01B32/184; H05K7/20; B29C"
