"""The demo city: rich enough, the same every time, and matched as an engineer would."""

from collections import Counter

import pytest
from django.utils import timezone

from achievements.models import AchievementPage
from ip.models import Patent
from matchmaking.cases.enums import CaseStage, Track
from matchmaking.cases.models import ConversionCase
from matchmaking.cases.verification import find_first_fault
from matchmaking.enums import NeedState
from matchmaking.models import Match, Need
from matchmaking.services import compute_matches
from portal.accounts.enums import PUBLISHING_KINDS, OrganizationKind
from portal.accounts.identifiers import validate_credit_code
from portal.accounts.models import Organization
from portal.demo.seeding import seed_city
from portal.demo.seeding.content import load_content
from portal.taxonomy.models import District, Industry
from search.documents import get_document
from search.services import rebuild_index
from tests.demo.facts import check_facts
from tests.demo.fairs import check_fairs
from tests.demo.interests import check_interests

FOUND_AT_THE_HEAD = 0.9


@pytest.fixture(scope="module")
def content():
    return load_content()


def test_every_industry_district_and_state_has_something(content, db):
    industries = set(Industry.objects.current().values_list("code", flat=True))
    districts = set(District.objects.current().values_list("code", flat=True))

    assert {row["industries"][0] for row in content["achievements"]} == industries
    assert {code for row in content["needs"] for code in row["industries"]} == industries
    assert {row["district"] for row in content["organizations"]} == districts
    assert {row["state"] for row in content["achievements"]} == {
        "LIVE",
        "DRAFT",
        "INSTITUTE_REVIEW",
        "PLATFORM_REVIEW",
        "RETURNED",
        "EXPIRED",
        "WITHDRAWN",
        "ARCHIVED",
    }
    assert {row["state"] for row in content["needs"]} == set(NeedState) - {NeedState.WITHDRAWN}


def test_no_need_is_answered_by_its_own_organization(content):
    units = {row["key"]: row["units"] for row in content["achievements"]}
    own = [
        need["key"]
        for need in content["needs"]
        for key in need["fits"]
        if need["organization"] in units[key]
    ]
    assert own == []


@pytest.mark.django_db
def test_the_seeded_city_holds_together(content, client):
    seed_city()

    check_facts(client)
    check_interests()
    check_fairs()
    check_riches()
    assert share_of_needs_with_a_fit_at_the_head(content) >= FOUND_AT_THE_HEAD


def check_riches():
    kinds = Counter(Organization.objects.values_list("kind", flat=True))
    assert sum(kinds[kind] for kind in PUBLISHING_KINDS) >= 14
    assert kinds[OrganizationKind.ENTERPRISE] >= 40
    assert AchievementPage.objects.count() >= 150
    assert Patent.objects.count() >= 80
    assert Need.objects.count() >= 60
    for code in Organization.objects.values_list("credit_code", flat=True):
        validate_credit_code(code)
    assert min(Need.objects.values_list("readiness", flat=True)) < 40
    assert max(Need.objects.values_list("readiness", flat=True)) == 100
    assert ConversionCase.objects.count() >= 120
    assert set(ConversionCase.objects.values_list("stage", flat=True)) == set(CaseStage)
    tracks = ConversionCase.objects.values_list("tracks", flat=True)
    assert {track for case in tracks for track in case} == set(Track)
    assert find_first_fault() is None


def share_of_needs_with_a_fit_at_the_head(content) -> float:
    """Of the needs that an engineer found an answer for, those that have one in their first three.

    Patents and achievements share the list, so three places are few.
    """
    for kind in ("achievement", "patent", "need"):
        rebuild_index(get_document(kind))
    titles = {row["key"]: row["title"] for row in content["achievements"]}
    live = set(
        AchievementPage.objects.current(timezone.localdate()).values_list("title", flat=True)
    )
    answered = []
    for row in content["needs"]:
        fits = {titles[key] for key in row["fits"]} & live
        need = Need.objects.published().filter(title=row["title"]).first()
        if need and fits:
            compute_matches(need=need)
            head = Match.objects.filter(need=need, rank__lte=3).values_list(
                "page__title", flat=True
            )
            answered.append(bool(fits & set(head)))
    assert len(answered) >= 30
    return sum(answered) / len(answered)
