"""Nothing on the portal calls an application or a lapsed right a patent, at whichever door."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from achievements.contents import missing_fields
from achievements.imports import Table, find_importer
from ip.enums import PatentStatus
from ip.identifiers import compute_check_character
from ip.models import PatentPage
from ip.services import change_patent_status, compute_term_end, end_terms, record_patent
from ip.validators import validate_patent_claims
from tests.factories.listings import Institute

pytestmark = pytest.mark.django_db
CLAIMS = [
    "专利号：2020100000774",
    "ＺＬ202010000077.4",
    "ZL 号 2020",
    "已授权发明专利",
    "已获国家发明专利3项",
    "获得两项实用新型专利",
    "a patented process",
    "Granted  patent",
]
HARMLESS = [
    "专利申请号 2020100000774",
    "已提交发明专利申请",
    "授权后转让",
    "获得专利申请受理",
    "ZL工艺",
]
HEADINGS = ["申请号", "专利类型", "专利名称", "摘要", "申请日", "授权公告日", "法律状态"]


def number(serial):
    digits = f"20201{serial:07d}"
    return digits + compute_check_character(digits)


@pytest.fixture
def institute():
    return Institute()


@pytest.mark.parametrize("text", CLAIMS)
def test_a_claim_is_refused_for_what_is_no_patent(text):
    with pytest.raises(ValidationError):
        validate_patent_claims(text, is_living=False)
    validate_patent_claims(text, is_living=True)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_true_of_an_application_may_be_said(text):
    validate_patent_claims(text, is_living=False)


@pytest.mark.parametrize("name", PatentPage.CLAIMING_FIELDS)
def test_every_text_of_a_page_is_checked(institute, name):
    page = institute.patent_draft(institute.patent(status=PatentStatus.PUBLISHED))
    draft = page.get_latest_revision_as_object()
    setattr(draft, name, "专利号")

    assert list(missing_fields(draft)) == [name]


def test_the_register_title_is_checked_by_hand_and_by_import(institute):
    with pytest.raises(ValidationError) as refused:
        record_patent(
            actor=institute.researcher,
            number=number(1),
            kind="INVENTION",
            title="专利号ZL202010000001",
            filed_on=date(2020, 3, 2),
        )
    assert list(refused.value.message_dict) == ["title"]

    cells = [number(1), "INVENTION", "授权发明专利", "专利号", "2020-03-02", "", "ACCEPTED"]
    report = find_importer("patents").check(Table(HEADINGS, [(2, cells)]), institute.organization)
    assert list(report.rows[0].errors) == ["专利名称", "摘要"]


def test_the_last_year_of_the_calendar_has_a_term_too():
    assert compute_term_end("INVENTION", date(9999, 12, 31)) == date(9999, 12, 31)


def test_a_right_ends_with_its_term_before_that_is_recorded(institute):
    patent = institute.patent(filed=date(2005, 3, 2))

    assert (patent.status, patent.is_living, patent.number_label[:2]) == ("GRANTED", False, "CN")
    assert end_terms(today=timezone.localdate()) == 1


def test_an_achievement_gives_no_zl_mark_to_an_application(institute):
    applied = institute.patent(4, status=PatentStatus.PUBLISHED)
    granted = institute.patent(5)
    draft = institute.draft().get_latest_revision_as_object()

    draft.description = f"受 ZL {granted.formatted_number} 保护"
    assert missing_fields(draft) == {}
    draft.scenarios = f"见 ZL{applied.formatted_number}。"
    assert list(missing_fields(draft)) == ["scenarios"]


def test_a_step_of_the_form_opens_after_the_right_has_lapsed(client, institute):
    """Another step's text became wrong meanwhile; this one is saved, the check page names it."""
    patent = institute.patent()
    page = institute.patent_draft(patent, value="专利号受保护")
    change_patent_status(
        patent=patent,
        actor=institute.researcher,
        status=PatentStatus.TERMINATED,
        occurred_on=date(2025, 5, 1),
    )
    client.force_login(institute.researcher)
    address = reverse("achievements:edit", args=[page.pk, "terms"])

    answer = client.post(address, {"price_min": "5", "revision": page.latest_revision_id})

    assert answer.status_code == 302
    draft = PatentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (draft.price_min, "value" in missing_fields(draft)) == (5, True)
