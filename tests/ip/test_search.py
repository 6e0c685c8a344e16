"""Patents, achievements and needs are found by the numbers printed on them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from achievements.documents import AchievementDocument, AchievementSearch
from ip.documents import PatentSearch
from ip.models import PatentPage
from matchmaking.documents import NeedSearch
from search.documents import registered_documents
from search.services import check_index, rebuild_index
from search.services.sync import write_operations
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = pytest.mark.django_db


def found(search_class, query):
    parameters = QueryDict(mutable=True)
    parameters["q"] = query
    page = search_class(parameters, user=AnonymousUser()).run()
    return [row.object.code for row in page.rows]


def rebuild():
    for document in registered_documents():
        rebuild_index(document)


def test_a_patent_by_its_number_in_every_way_of_writing_it():
    institute = Institute()
    for number in (1, 2):
        draft = institute.patent_draft(institute.patent(number))
        draft.get_latest_revision().publish(skip_permission_checks=True)
    page = PatentPage.objects.get(patent__application_number__startswith="202010000001")
    rebuild()
    number, check = page.patent.application_number[:-1], page.patent.application_number[-1]

    for written in (
        page.patent.number_label,
        f"{number}.{check}",
        f"{number}{check}",
        number,
        f"CN{number}.{check}",
        f"ZL 2020 1 {number[5:]}.{check}",
        f"专利号：ＺＬ{number}．{check}",
        page.code,
    ):
        assert found(PatentSearch, written) == [page.code], written


def test_achievements_and_needs_by_their_codes():
    institute, company = Institute(), Company()
    achievement, other = institute.published(), institute.published(title="另一成果")
    need = company.published()
    rebuild()

    for search_class, listing in (
        (AchievementSearch, achievement),
        (AchievementSearch, other),
        (NeedSearch, need),
    ):
        _prefix, year, number = listing.code.split("-")
        for written in (
            listing.code,
            listing.code.lower(),
            listing.code.replace("-", ""),
            f"{year}-{number}",
        ):
            assert found(search_class, written) == [listing.code], written


def test_readiness_is_told_apart_by_its_scale(client):
    institute = Institute()
    for scale, level in (("NINE", 6), ("THIRTEEN", 6)):
        page = institute.draft(title=f"导热膜{scale}").get_latest_revision_as_object()
        page.trl_scale, page.trl_level = scale, level
        page.save_revision().publish(skip_permission_checks=True)
    rebuild()

    page = AchievementSearch(QueryDict("trl=THIRTEEN:06"), user=AnonymousUser()).run()

    (trl,) = [facet for facet in page.facets if facet.name == "trl"]
    assert [(option.value, option.count) for option in trl.options] == [
        ("NINE:06", 1),
        ("THIRTEEN:06", 1),
    ]
    assert len({option.label for option in trl.options}) == 2
    assert [row.object.title for row in page.rows] == ["导热膜THIRTEEN"]


def test_the_institute_and_its_district_find_its_listings():
    near, far = Institute("屿岚材料研究院"), Institute("远山研究所")
    listing = near.published()
    far.published()
    rebuild()

    assert found(AchievementSearch, "屿岚") == [listing.code]


def test_index_and_database_are_compared_for_every_kind():
    institute = Institute()
    institute.published()
    rebuild()
    drifts = {document.kind: check_index(document) for document in registered_documents()}
    assert {kind: drift.is_clean for kind, drift in drifts.items()} == dict.fromkeys(drifts, True)

    write_operations(
        AchievementDocument.alias(),
        [({"index": {"_id": "999"}}, {"sort_id": 999, "revision": 1, "title_terms": "x"})],
    )

    assert check_index(AchievementDocument).left_over == ["999"]
