"""Why a listing fits, both directions, one's own list, and the figures behind the precision."""

import pytest
from django.urls import reverse
from django.utils import timezone

from achievements.models import AchievementPage, Indicator
from achievements.services import save_draft
from matchmaking import statistics
from matchmaking.enums import Direction
from matchmaking.models import Impression, Match, MatchMark, Verdict
from matchmaking.queries import needs_for_listing
from matchmaking.services import compute_matches, give_verdict, match_listing, rank_needs
from portal.accounts.enums import PortalRole
from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEvent
from portal.notifications.models import Notification
from search.client import forget_client
from search.documents import get_document
from search.services import rebuild_index
from tests.factories.accounts import UserFactory
from tests.factories.listings import Institute
from tests.factories.needs import Company, make_broker

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def institute():
    return Institute()


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def listing(institute):
    page = institute.draft().get_latest_revision_as_object()
    page.indicators = [
        Indicator(name="面内导热系数", value="≥1500", unit="W/(m·K)", tested_by="省级计量检测机构")
    ]
    save_draft(page=page, actor=institute.researcher)
    page.get_latest_revision().publish(skip_permission_checks=True)
    return AchievementPage.objects.get(pk=page.pk)


def matched(company, **texts):
    need = company.published(**texts)
    index_everything()
    compute_matches(need=need)
    return need


def index_everything():
    for kind in ("achievement", "patent", "need"):
        rebuild_index(get_document(kind))


def address(name, need, listing):
    return reverse(f"matchmaking:{name}", args=[need.code, listing.pk])


def person(*roles):
    user = UserFactory()
    for role in roles:
        RoleGrant.objects.create(user=user, role=role)
    return user


# The why page ---------------------------------------------------------------------------------


def test_the_why_page_shows_words_figures_and_what_is_missing(client, company, institute, listing):
    need = matched(company)
    client.force_login(company.owner)

    page = client.get(address("why", need, listing))

    reasons = page.context["reasons"]
    assert "石墨烯导热膜" in [word.text for word in reasons.words if word.is_shared]
    assert reasons.gaps[:2] == ["手机", "散热"]
    [figure] = reasons.figures
    assert (figure.target.metric, figure.indicator.value) == ("面内导热系数", "≥1500")
    assert reasons.open_figures == []
    assert "手机散热用<mark>石墨烯导热膜</mark>" in page.content.decode()


def test_a_target_without_a_figure_is_named(client, company, institute):
    listing = institute.published()
    need = matched(company)
    client.force_login(company.owner)

    reasons = client.get(address("why", need, listing)).context["reasons"]

    assert [target.metric for target in reasons.open_figures] == ["面内导热系数"]


def test_the_why_page_stands_without_an_engine(client, company, listing, settings):
    need = matched(company)
    client.force_login(company.owner)
    settings.SEARCH = {
        **settings.SEARCH,
        "ENGINE": "elasticsearch",
        "HOSTS": ["http://127.0.0.1:9"],
    }
    forget_client()

    page = client.get(address("why", need, listing))

    assert "石墨烯导热膜" in [word.text for word in page.context["reasons"].words]


def test_who_may_read_why(client, company, institute, listing):
    need = matched(company)
    statuses = {}
    for name, user in {
        "company": company.owner,
        "institute": institute.researcher,
        "broker": make_broker(),
        "stranger": UserFactory(),
        "foreign": Institute("滨江力学研究所").owner,
        "other company": Company("城西五金有限公司").owner,
    }.items():
        client.force_login(user)
        statuses[name] = client.get(address("why", need, listing)).status_code

    assert statuses == {
        "company": 200,
        "institute": 200,
        "broker": 200,
        "stranger": 404,
        "foreign": 404,
        "other company": 404,
    }


def test_an_anonymous_company_stays_so_on_the_why_page(client, company, institute, listing):
    need = matched(company, confidentiality="ANONYMOUS")
    client.force_login(institute.owner)

    text = client.get(address("why", need, listing)).content.decode()

    assert company.organization.name not in text


# Listing → needs, and the invitation ------------------------------------------------------------


def test_a_listing_finds_the_needs_that_it_fits(client, company, institute, listing):
    fitting = company.published()
    company.published(title="茶叶连续杀青机温度控制", problem="杀青温度波动，茶叶焦边。")
    index_everything()

    match_listing(page_id=listing.pk)

    first = needs_for_listing(listing, institute.owner)[0]
    assert (first.need, first.rank, first.direction) == (fitting, 1, Direction.LISTING_TO_NEED)
    client.force_login(institute.researcher)
    page = client.get(reverse("matchmaking:listing_needs", args=[listing.pk]))
    assert page.context["page_obj"][0].need == fitting


def test_needs_of_the_own_house_and_directed_elsewhere_do_not_show(company, institute, listing):
    company.published(
        confidentiality="DIRECTED", directed_to=[Institute("滨江力学研究所").organization]
    )
    own = Company("湖畔电子中试厂")
    own.organization, own.owner = institute.organization, institute.owner
    own.published()
    index_everything()

    rank_needs(page_id=listing.pk)

    assert needs_for_listing(listing, institute.researcher) == []


def test_a_withdrawn_need_leaves_the_listings_page(company, institute, listing):
    from matchmaking.services import withdraw_need

    need = company.published()
    index_everything()
    rank_needs(page_id=listing.pk)

    withdraw_need(actor=company.owner, need=need)

    assert needs_for_listing(listing, institute.owner) == []


def test_the_office_is_invited_once(client, company, institute, listing):
    need = matched(company)
    compute_matches(need=need)

    told = Notification.objects.filter(kind="listing-fits").order_by("user")
    assert [(n.user, n.url) for n in told] == [
        (institute.owner, address("why", need, listing)),
        (institute.editor, address("why", need, listing)),
    ]
    client.force_login(institute.owner)
    sections = client.get(reverse("workspace:home")).context["waiting"]
    [fitting] = [s for s in sections if s.rows[0].url == address("why", need, listing)]
    assert fitting.total == 1


def test_who_switched_recommendations_off_is_not_invited(client, company, institute, listing):
    for user in (institute.owner, institute.editor):
        user.recommendations_enabled = False
        user.save()

    matched(company)

    assert not Notification.objects.filter(kind="listing-fits").exists()
    client.force_login(institute.owner)
    shown = client.get(reverse("workspace:home")).context["waiting"]
    assert reverse("matchmaking:fitting") not in {section.url for section in shown}


def test_a_directed_need_invites_only_the_chosen(company, listing):
    other = Institute("滨江力学研究所")

    matched(company, confidentiality="DIRECTED", directed_to=[other.organization])

    assert not Notification.objects.filter(kind="listing-fits").exists()


# Keep, hide, note -------------------------------------------------------------------------------


def shelf(client, need, name=""):
    page = client.get(reverse("matchmaking:matches", args=[need.code]), {"shelf": name})
    return [match.page_id for match in page.context["matches"]]


def test_keep_hide_and_undo(client, company, listing):
    need = matched(company)
    client.force_login(company.colleague)
    mark = address("mark", need, listing)

    client.post(mark, {"action": "keep"})
    assert shelf(client, need, "kept") == [listing.pk]

    client.post(mark, {"action": "hide"})
    assert (shelf(client, need), shelf(client, need, "hidden")) == ([], [listing.pk])
    assert shelf(client, need, "kept") == []

    client.post(mark, {"action": "show"})
    assert shelf(client, need) == [listing.pk]
    assert AuditEvent.objects.filter(action="matchmaking.mark_match").count() == 3


def test_a_note_belongs_to_the_company(client, company, institute, listing):
    need = matched(company)
    client.force_login(company.owner)

    client.post(address("mark", need, listing), {"action": "note", "note": "先问中试线产能"})

    assert MatchMark.objects.get().note == "先问中试线产能"
    assert "先问中试线产能" in client.get(address("why", need, listing)).content.decode()
    client.force_login(institute.owner)
    assert "先问中试线产能" not in client.get(address("why", need, listing)).content.decode()
    assert client.post(address("mark", need, listing), {"action": "hide"}).status_code == 404


# Verdicts and precision ---------------------------------------------------------------------------


def test_the_institutes_praise_of_its_own_listing_moves_nothing(company, institute, listing):
    for number in range(4):
        institute.published(title=f"散热器件导热结构{number}")
    need = matched(company)
    before = list(Match.objects.filter(need=need).order_by("rank").values_list("page", flat=True))
    for match in Match.objects.filter(need=need, direction="NEED_TO_LISTING"):
        give_verdict(actor=institute.owner, match=match, level=4 if match.rank == 5 else 1)

    compute_matches(need=need)

    assert set(Verdict.objects.values_list("side", flat=True)) == {"INSTITUTE"}
    rows = Match.objects.filter(need=need).order_by("rank")
    assert list(rows.values_list("page", flat=True)) == before
    assert statistics.overall().judged == 0


def test_what_the_company_opened_counts_as_shown_once(client, company, listing):
    need = matched(company)
    client.force_login(company.owner)
    for _ in range(2):
        client.get(reverse("matchmaking:matches", args=[need.code]))
    client.force_login(make_broker())
    client.get(reverse("matchmaking:matches", args=[need.code]))

    assert [(i.page_id, i.shown_rank) for i in Impression.objects.all()] == [(listing.pk, 1)]


@pytest.fixture
def judged(company, institute):
    """Six shown matches of one need, three of them accepted, one refused."""
    need = company.published()
    for rank in range(1, 7):
        page = institute.published(title=f"导热膜{rank}")
        Impression.objects.create(need=need, page=page, shown_rank=rank, grade="GOOD")
        if rank <= 4:
            Verdict.objects.create(
                need=need, page=page, user=company.owner, level=4 if rank < 4 else 1
            )
    return need


def test_precision_is_accepted_of_shown(judged):
    overall = statistics.overall()
    assert (overall.shown, overall.judged, overall.accepted, overall.percent) == (6, 4, 3, 50)
    assert [(row.key, row.shown, row.percent) for row in statistics.by_band()] == [
        ("1-5", 5, 60),
        ("6-10", 1, None),
    ]
    assert [row.key for row in statistics.by_month()] == [f"{timezone.localdate():%Y-%m}"]


def test_staff_see_the_records_behind_a_number(client, judged):
    client.force_login(person(PortalRole.AUDITOR))
    url = reverse("matchmaking:statistics")

    assert client.get(url).context["page_obj"].paginator.count == 6
    records = client.get(url, {"band": "6-10"}).context["page_obj"]
    assert [row.shown_rank for row in records] == [6]
    assert client.get(url, {"month": "rubbish"}).context["page_obj"].paginator.count == 0
