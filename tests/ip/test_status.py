from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from ip.enums import ALLOWED_TRANSITIONS, PatentStatus
from ip.services import (
    UnableToRecordPatent,
    change_patent_status,
    compute_term_end,
    end_terms,
    record_patent,
)
from portal.audit.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


@pytest.mark.parametrize(
    ("kind", "filed", "end"),
    [
        ("INVENTION", date(2020, 3, 2), date(2040, 3, 2)),
        ("UTILITY_MODEL", date(2020, 3, 2), date(2030, 3, 2)),
        ("DESIGN", date(2024, 2, 29), date(2039, 2, 28)),
        ("DESIGN", date(2021, 6, 1), date(2036, 6, 1)),
        ("DESIGN", date(2021, 5, 31), date(2031, 5, 31)),
    ],
)
def test_term_is_counted_from_filing(kind, filed, end):
    assert compute_term_end(kind, filed) == end


def test_label_follows_the_status(institute):
    patent = institute.patent(status=PatentStatus.SUBSTANTIVE_EXAM)
    assert patent.number_label.startswith("CN")
    with translation.override("en"):
        assert patent.kind_label == "Invention, patent application"

    patent = change_patent_status(
        patent=patent,
        actor=institute.researcher,
        status=PatentStatus.GRANTED,
        occurred_on=date(2023, 5, 1),
    )
    assert patent.number_label.startswith("ZL")

    patent = change_patent_status(
        patent=patent,
        actor=institute.researcher,
        status=PatentStatus.TERMINATED,
        occurred_on=date(2025, 5, 1),
    )
    assert patent.number_label.startswith("CN")
    assert [event.status for event in patent.status_events.order_by("pk")] == [
        "SUBSTANTIVE_EXAM",
        "GRANTED",
        "TERMINATED",
    ]


@pytest.mark.parametrize("before", list(PatentStatus))
def test_only_known_steps_are_taken(institute, before):
    for number, after in enumerate(PatentStatus, start=1):
        patent = institute.patent(number, status=before, filed=date(2004, 3, 2))
        arguments = {
            "patent": patent,
            "actor": institute.researcher,
            "status": after,
            "occurred_on": date(2024, 5, 1),
        }
        if after in ALLOWED_TRANSITIONS.get(before, set()):
            assert change_patent_status(**arguments).status == after
        else:
            with pytest.raises(UnableToRecordPatent):
                change_patent_status(**arguments)


def test_step_before_the_last_one_is_refused(institute):
    patent = institute.patent(status=PatentStatus.GRANTED)

    with pytest.raises(UnableToRecordPatent):
        change_patent_status(
            patent=patent,
            actor=institute.researcher,
            status=PatentStatus.TERMINATED,
            occurred_on=date(2019, 1, 1),
        )


def test_stranger_cannot_change_the_record(institute):
    patent = institute.patent(status=PatentStatus.GRANTED)

    with pytest.raises(UnableToRecordPatent):
        change_patent_status(
            patent=patent,
            actor=UserFactory(),
            status=PatentStatus.TERMINATED,
            occurred_on=date(2025, 1, 1),
        )


def test_number_is_recorded_once(institute):
    patent = institute.patent()

    with pytest.raises(UnableToRecordPatent):
        record_patent(
            actor=institute.owner,
            number=f"ZL{patent.formatted_number}",
            kind="INVENTION",
            title="重复",
            filed_on=date(2020, 3, 2),
        )


@pytest.mark.parametrize("text", ["专利号ZL2020100000016", "已获专利保护", "our patented film"])
def test_text_may_not_call_an_application_a_patent(institute, text):
    page = institute.patent_draft(institute.patent(status=PatentStatus.PUBLISHED), value=text)

    with pytest.raises(ValidationError) as caught:
        page.get_latest_revision_as_object().full_clean()

    assert list(caught.value.message_dict) == ["value"]


def test_a_term_ends_by_itself_the_day_after_its_last(institute, client):
    patent = institute.patent(filed=date(2006, 3, 2))
    page = institute.patent_draft(patent)
    page.get_latest_revision().publish(skip_permission_checks=True)

    assert end_terms(today=date(2026, 3, 2)) == 0
    assert end_terms(today=date(2026, 3, 3)) == 1
    assert end_terms(today=date(2026, 3, 3)) == 0

    patent.refresh_from_db()
    assert (patent.status, patent.status_on) == (PatentStatus.EXPIRED, date(2026, 3, 2))
    assert AuditEvent.objects.filter(action="ip.change_patent_status").count() == 1
    assert patent.number_label in client.get(page.url).content.decode()
