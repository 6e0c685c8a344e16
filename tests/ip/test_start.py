"""The number comes first: a known patent is shown, a new one is recorded on the way."""

import pytest
from django.urls import reverse

from ip.enums import HolderRole, PatentStatus
from ip.identifiers import compute_check_character
from ip.models import Patent, PatentPage
from tests.factories.listings import Institute

pytestmark = [pytest.mark.django_db, pytest.mark.database]
START = reverse("ip:start")


@pytest.fixture
def institute(client):
    institute = Institute()
    client.force_login(institute.researcher)
    return institute


def number(digits):
    return digits + compute_check_character(digits)


def answers(institute, **changes):
    return {
        "institute": institute.page.pk,
        "number": number("202010000009"),
        "patent_title": "一种膜",
        "filed_on": "2020-03-02",
        "status": "PUBLISHED",
        "status_on": "2021-09-03",
        "title": "更薄的膜",
        **changes,
    }


def test_first_the_number_is_asked_alone(institute, client):
    page = client.get(START)
    assert list(page.context["form"].fields) == ["institute", "number"]

    page = client.get(START, {"institute": institute.page.pk, "number": "2018113412411"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["number"])


def test_a_new_number_is_recorded_with_its_kind(institute, client):
    asked = {"institute": institute.page.pk, "number": number("202020000009")}
    page = client.get(START, asked)
    assert "patent_title" in page.context["form"].fields
    assert page.context["kind"] == "实用新型"

    answer = client.post(
        START, answers(institute, number=number("202020000009"), status="ACCEPTED")
    )

    patent = Patent.objects.get()
    page = PatentPage.objects.get()
    assert answer.url == reverse("achievements:edit", args=[page.pk, "value"])
    assert (patent.kind, patent.title, page.draft_title) == ("UTILITY_MODEL", "一种膜", "更薄的膜")
    owner = patent.holders.get()
    assert (owner.organization, owner.role) == (institute.organization, HolderRole.APPLICANT)


def test_contradictions_stand_beside_their_field(institute, client):
    page = client.post(START, answers(institute, filed_on="2019-03-02", status="GRANTED"))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["filed_on"]
    assert Patent.objects.count() == 0


def test_a_known_number_shows_its_record_and_asks_for_the_page_only(institute, client):
    patent = institute.patent(status=PatentStatus.PUBLISHED)
    asked = {"institute": institute.page.pk, "number": patent.formatted_number}

    page = client.get(START, asked)
    text = page.content.decode()
    shown = [field.name for field in page.context["form"].visible_fields()]
    assert shown == ["title"]
    assert patent.title in text
    assert "已有登记" in text

    typed = answers(institute, number=patent.application_number, patent_title="别的名称")
    client.post(START, typed)
    patent.refresh_from_db()
    assert PatentPage.objects.get().patent == patent
    assert patent.title == "一种石墨烯导热膜的制备方法"

    again = client.get(START, asked).content.decode()
    assert "更薄的膜" in again


def test_an_unpublished_application_stays_its_applicants_secret(institute, client):
    patent = institute.patent(status=PatentStatus.ACCEPTED)
    other = Institute("滨江力学研究所")
    client.force_login(other.researcher)
    asked = {"institute": other.page.pk, "number": patent.application_number}

    assert patent.title not in client.get(START, asked).content.decode()
    assert client.post(START, {**asked, "title": "更薄的膜"}).status_code == 422
    assert PatentPage.objects.count() == 0


def test_the_grant_makes_holders_of_applicants(institute, client):
    client.post(START, answers(institute, status="SUBSTANTIVE_EXAM"))
    patent = Patent.objects.get()

    client.post(
        reverse("ip:record", args=[patent.application_number]),
        {"status": "GRANTED", "occurred_on": "2023-05-01"},
    )

    assert {row.role for row in patent.holders.all()} == {HolderRole.APPLICANT, HolderRole.HOLDER}
