import pytest
from django.utils import timezone

from achievements.services import withdraw_listing
from matchmaking.matcher import METHOD_VERSION
from matchmaking.models import Match
from matchmaking.queries import is_reranked, ranked_matches
from matchmaking.services import compute_matches, give_verdict, match_listing
from matchmaking.tasks import task_sweep
from search.documents import get_document
from search.services import rebuild_index
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OTHER_TITLES = [
    "导热硅脂低温固化配方",
    "石墨电极再生工艺",
    "散热风扇叶片静音设计",
    "手机玻璃盖板抗冲击处理",
    "茶叶连续杀青设备",
]


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def company():
    return Company()


def index_everything():
    for kind in ("achievement", "patent", "need"):
        rebuild_index(get_document(kind))


def titles(need, user):
    return [match.listing.title for match in ranked_matches(need, user)]


def test_the_listing_that_shares_most_comes_first_with_its_reasons(institute, company):
    fitting = institute.published()
    for title in OTHER_TITLES:
        institute.published(title=title)
    need = company.published()
    index_everything()

    compute_matches(need=need)

    first = Match.objects.get(need=need, rank=1)
    assert (first.page_id, first.grade, first.method_version) == (
        fitting.pk,
        "STRONG",
        METHOD_VERSION,
    )
    assert {"石墨", "导热"} <= {term for term, _share in first.terms}
    assert 0 < first.contributions["title"] < 1


def test_the_own_organization_is_no_candidate(institute):
    institute.published()
    own = Company("湖畔电子有限公司")
    own.organization = institute.organization
    own.owner = institute.owner
    need = own.published()
    index_everything()

    assert compute_matches(need=need) == 0


def test_a_new_listing_reaches_the_needs_that_it_may_concern(institute, company):
    need = company.published()
    index_everything()
    page = institute.published()
    index_everything()

    assert match_listing(page_id=page.pk) == [need.pk]

    assert titles(need, company.owner) == [page.title]


def test_a_withdrawn_listing_leaves_the_lists(institute, company):
    need, page = company.published(), institute.published()
    index_everything()
    compute_matches(need=need)
    assert titles(need, company.owner) == [page.title]

    withdraw_listing(page=page, actor=institute.owner, reason="已转让", now=timezone.now())
    assert titles(need, company.owner) == []
    index_everything()
    match_listing(page_id=page.pk)

    assert not Match.objects.filter(need=need).exists()


def test_the_sweep_replaces_what_an_older_method_computed(institute, company):
    need = company.published()
    institute.published()
    index_everything()
    compute_matches(need=need)
    Match.objects.update(method_version="2020-01a")

    task_sweep()

    versions = Match.objects.filter(need=need).values_list("direction", "method_version")
    assert sorted(versions) == [
        ("LISTING_TO_NEED", METHOD_VERSION),
        ("NEED_TO_LISTING", METHOD_VERSION),
    ]


def test_the_fifth_verdict_changes_the_order_and_the_list_says_so(institute, company):
    for title in ["石墨烯导热膜连续制备技术", *OTHER_TITLES]:
        institute.published(title=title)
    need = company.published()
    index_everything()
    compute_matches(need=need)
    matches = ranked_matches(need, company.owner)

    for match in matches[:4]:
        give_verdict(actor=company.owner, match=match, level=1)
    compute_matches(need=need)
    assert not is_reranked(need)

    give_verdict(actor=company.owner, match=matches[4], level=4)
    assert not is_reranked(need)
    compute_matches(need=need)

    assert is_reranked(need)
    assert titles(need, company.owner)[0] == matches[4].listing.title


def test_recommendations_switched_off_are_listed_by_date(institute, company):
    fitting = institute.published()
    newer = institute.published(title=OTHER_TITLES[0])
    need = company.published()
    index_everything()
    compute_matches(need=need)
    assert titles(need, company.owner) == [fitting.title, newer.title]

    company.owner.recommendations_enabled = False

    assert titles(need, company.owner) == [newer.title, fitting.title]
