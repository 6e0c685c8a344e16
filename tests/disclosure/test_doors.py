"""What a listing's closed fields say elsewhere: no list, index, match or file says more."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from achievements.models import AchievementPage
from matchmaking.models import Match
from matchmaking.services import compute_matches, rank_needs
from portal.accounts.enums import PortalRole
from portal.disclosure.enums import Basis, Level
from portal.disclosure.models import Reading
from portal.disclosure.queries import open_part, parts_for
from portal.disclosure.services import (
    set_levels,
)
from search.documents import get_document
from tests.factories.accounts import UserFactory
from tests.factories.closed_listings import (
    TITLE,
    WORDS,
    body,
    close,
    index_everything,
)
from tests.factories.disclosure import grant, overseer
from tests.factories.listings import make_reviewer

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LEVELS = [Level.VERIFIED, Level.CONSENT, Level.NDA]


# Every other door ---------------------------------------------------------------------------------


def search_doors(words):
    return [
        "/",
        "/achievements/",
        "/achievements/?sort=cheapest",
        *[f"/achievements/?q={word}" for word in words],
        *[f"/search/?q={word}" for word in words],
        *[f"/search/suggest/?q={word[:2]}" for word in words],
        "/industries/new_materials/",
        "/feeds/achievements.xml",
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_the_index_and_every_list_hold_only_what_is_public(listing, institute, company, level):
    index_everything()
    assert TITLE in body(None, f"/achievements/?q={WORDS['DETAILS']}")
    close(listing, institute, level)
    index_everything()
    readers = [None, UserFactory(), company.owner, institute.owner, overseer()]
    indexed = str(get_document("achievement").to_body(listing))

    assert [word for word in (*WORDS.values(), "4321000") if word in indexed] == []
    for user in readers:
        text = "".join(body(user, each) for each in search_doors([]))
        assert [word for word in WORDS.values() if word in text] == []
        for word in (WORDS["FIGURES"], WORDS["DETAILS"]):
            assert f'href="{listing.url}"' not in body(user, f"/achievements/?q={word}")
            assert f'href="{listing.url}"' not in body(user, f"/search/?q={word}")


def test_price_facets_and_their_counts_know_no_closed_price(listing, institute):
    def found(parameters):
        return Client().get(f"/achievements/?{parameters}").context["result"]

    index_everything()
    assert found("price=2000000-").total == 1

    close(listing, institute, Level.VERIFIED, "PRICE")
    index_everything()

    result = found("")
    [facet] = [each for each in result.facets if each.name == "price"]
    assert found("price=2000000-").total == 0
    assert {option.value: option.count for option in facet.options if option.count} == {"none": 1}
    assert "Price not public" in body(None, "/en/achievements/")


def test_a_changed_level_writes_the_document_again(
    listing, institute, django_capture_on_commit_callbacks
):
    index_everything()

    with django_capture_on_commit_callbacks(execute=True):
        close(listing, institute, Level.CONSENT)
    assert f'href="{listing.url}"' not in body(None, f"/achievements/?q={WORDS['DETAILS']}")

    with django_capture_on_commit_callbacks(execute=True):
        close(listing, institute, Level.PUBLIC)
    assert f'href="{listing.url}"' in body(None, f"/achievements/?q={WORDS['DETAILS']}")


def test_reconciling_sees_a_level_that_the_index_missed(listing, institute):
    from search.services import check_index

    index_everything()
    close(listing, institute, Level.CONSENT)

    assert [str(pk) for pk in check_index(get_document("achievement")).pks] == [str(listing.pk)]


def test_matches_and_their_reasons_rest_on_what_is_public(listing, institute, company):
    close(listing, institute, Level.CONSENT)
    need = company.published(
        title="鲲鹏导热膜", problem=f"需要{WORDS['DETAILS']}" * 20, budget_max=100_000
    )
    index_everything()
    compute_matches(need=need)
    match = Match.objects.get(need=need, page=listing.pk)
    why = body(company.owner, reverse("matchmaking:why", args=[need.code, listing.pk]))

    assert match.failed_gates == []
    assert [term for term, _share in match.terms if term in {"雪豹", "豹工"}] == []
    assert [word for word in (WORDS["FIGURES"], WORDS["PRICE"]) if word in why] == []

    close(listing, institute, Level.PUBLIC)
    index_everything()
    compute_matches(need=need)
    match = Match.objects.get(need=need, page=listing.pk)
    assert match.failed_gates == ["BUDGET_TOO_LOW"]
    assert "雪豹" in [term for term, _share in match.terms]


def test_closing_takes_the_old_reasons_out_at_once(listing, institute, company):
    need = company.published(
        title="鲲鹏导热膜", problem=f"需要{WORDS['DETAILS']}" * 20, budget_max=100_000
    )
    index_everything()
    compute_matches(need=need)

    close(listing, institute, Level.CONSENT)

    assert list(need.matches.values_list("terms", "failed_gates")) == [([], [])]


def test_a_needs_closed_fields_stay_closed_at_every_door(listing, institute, company):
    secrets = {"constraints": "渡鸦条件", "current_solution": "麋鹿方案"}
    need = company.published(budget_max=7_654_000, **secrets)
    words = [*secrets.values(), "765.4", "1400"]
    set_levels(
        actor=company.owner,
        listing=need,
        levels=dict.fromkeys(["FIGURES", "DETAILS", "PRICE"], Level.CONSENT),
    )
    index_everything()
    compute_matches(need=need)
    rank_needs(page_id=listing.pk)
    doors = [
        need.get_absolute_url(),
        "/",
        "/needs/",
        "/needs/?q=导热",
        "/industries/new_materials/",
        "/feeds/needs.xml",
        reverse("matchmaking:why", args=[need.code, listing.pk]),
        reverse("matchmaking:listing_needs", args=[listing.pk]),
    ]
    readers = [None, institute.owner, make_reviewer(), overseer(), overseer(PortalRole.BROKER)]

    seen = [(u, w) for u in readers for w in words if w in "".join(body(u, each) for each in doors)]
    assert seen == []
    indexed = str(get_document("need").to_body(need))
    assert [word for word in (*secrets.values(), "7654000") if word in indexed] == []
    own = body(company.owner, need.get_absolute_url())
    assert [word for word in words if word not in own] == []
    grant(need, institute, company.owner)
    assert [w for w in words if w not in body(institute.owner, need.get_absolute_url())] == []


def test_a_patent_pages_closed_fields_stay_closed(institute):
    page = institute.patent_draft(institute.patent(), value="水獭收益", price_min=37_210_000)
    page.get_latest_revision().publish(skip_permission_checks=True)
    page.refresh_from_db()
    set_levels(
        actor=institute.owner, listing=page, levels={"DETAILS": Level.NDA, "PRICE": Level.NDA}
    )
    index_everything()
    doors = [page.url, "/patents/", "/search/?q=水獭", institute.page.url]

    secrets = re.compile(r"水獭收益|3,721 万")

    assert [door for door in doors if secrets.search(body(None, door))] == []
    assert set(secrets.findall(body(institute.owner, page.url))) == {"水獭收益", "3,721 万"}


def test_reviewers_read_everything_while_it_is_under_review_and_that_is_logged(company):
    need = company.in_review(constraints="渡鸦条件")
    set_levels(actor=company.owner, listing=need, levels={"FIGURES": Level.NDA})
    reviewer = make_reviewer()

    assert "渡鸦条件" in body(reviewer, need.get_absolute_url())
    assert list(Reading.objects.values_list("user", "listing", "groups", "basis")) == [
        (reviewer.pk, need.code, "FIGURES", Basis.REVIEW)
    ]


# A part is for reading ----------------------------------------------------------------------------


def test_a_part_is_never_saved(listing, institute):
    close(listing, institute, Level.CONSENT)

    with pytest.raises(TypeError):
        open_part(listing).save()
    assert AchievementPage.objects.get(pk=listing.pk).description != ""


def test_parts_take_the_same_number_of_queries_for_one_and_for_many(
    listing, institute, company, django_assert_num_queries
):
    pages = [listing, *[institute.published(title=f"成果{number}") for number in range(8)]]
    for page in pages:
        close(page, institute, Level.NDA)
    reader = company.owner
    assert reader.organization_ids
    assert reader.roles == frozenset()
    pages = list(AchievementPage.objects.select_related("institute__organization"))

    with django_assert_num_queries(3):
        parts_for(reader, pages[:1])
    with django_assert_num_queries(3):
        parts_for(reader, pages)
