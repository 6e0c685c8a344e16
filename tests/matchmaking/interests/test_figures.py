"""How organizations answer, and what the noes add up to."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from matchmaking.interests.models import Interest
from matchmaking.interests.queries import (
    counted_interests,
    noes_of,
    organizations_in_arrears,
    reasons_by_industry,
    response_figures,
)
from matchmaking.interests.services import answer_interest, decline_interest, withdraw_interest
from portal.accounts.enums import PortalRole
from tests.factories.accounts import UserFactory
from tests.factories.interests import Town, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SENT = timezone.datetime.fromisoformat("2026-03-03T10:00:00+08:00")
NOW = "2026-03-20 10:00+08:00"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def town():
    with time_machine.travel(SENT):
        return Town()


@pytest.fixture
def today():
    """The same town on the day of the test, for pages that ask for a young password."""
    return Town()


def answered_after(town, *days):
    """Ask for and turn down the achievement once for each number of days; None: never answered."""
    for number in days:
        with time_machine.travel(SENT):
            interest = town.express()
        if number is None:
            continue
        with time_machine.travel(SENT + timedelta(days=number)):
            decline_interest(actor=town.institute.owner, interest=interest, reason="PRICE")


@time_machine.travel(NOW)
def figures_of(town):
    return response_figures(town.institute.organization)


def test_share_in_time_and_median_in_working_days(town):
    answered_after(town, 0, 1, 2, 7, 8, None)  # the last day is 7 days after; 8 is late

    figures = figures_of(town)

    assert (figures.counted, figures.in_time, figures.answered) == (6, 4, 5)
    assert (figures.share, figures.median_days) == (67, 2)


def test_below_five_it_is_too_few_to_tell(town, client):
    answered_after(town, 0, 1, 2, 3)

    figures = figures_of(town)
    page = client.get(town.institute.page.url).content.decode()

    assert (figures.counted, figures.share, figures.median_days) == (4, None, None)
    assert page.count("样本过少") == 2


def test_what_waits_within_its_term_does_not_count_yet(town):
    with time_machine.travel(SENT):
        town.express()
    with time_machine.travel("2026-03-10 23:00+08:00"):
        assert counted_interests(town.institute.organization).count() == 0
    with time_machine.travel("2026-03-11 00:30+08:00"):
        assert counted_interests(town.institute.organization).count() == 1


@pytest.mark.parametrize(("day", "counted"), [("2026-03-10", 0), ("2026-03-11", 1)])
def test_taken_back_counts_only_after_the_term(town, day, counted):
    with time_machine.travel(SENT):
        interest = town.express()
    with time_machine.travel(f"{day} 20:00+08:00"):
        withdraw_interest(actor=town.company.owner, interest=interest)
    with time_machine.travel(NOW):
        assert counted_interests(town.institute.organization).count() == counted


def test_a_year_ago_is_over(town):
    answered_after(town, 1)

    with time_machine.travel(SENT + timedelta(days=364)):
        assert counted_interests(town.institute.organization).count() == 1
    with time_machine.travel(SENT + timedelta(days=366)):
        assert counted_interests(town.institute.organization).count() == 0


def test_the_records_are_for_the_organization_and_those_who_oversee(town, client):
    answered_after(town, 0, 1, 2, 7, 8)
    url = reverse("interests:answers", args=[town.institute.organization.pk])

    def records(user):
        client.logout()
        if user:
            client.force_login(user)
        page = client.get(url)
        assert page.context["figures"].share == 80
        return page.context["page_obj"].paginator.count

    with time_machine.travel(NOW):
        assert records(None) == 0
        assert records(town.company.owner) == 0
        assert records(town.institute.colleague) == 5
        assert records(person_with(PortalRole.AUDITOR)) == 5


def test_the_figures_stand_on_the_organizations_page_and_beside_the_form(town, client):
    answered_after(town, 0, 1, 2, 7, 8)
    client.force_login(town.company.owner)
    pages = [
        reverse("accounts:organization", args=[town.institute.organization.pk]),
        town.institute.page.url,
        f"{reverse('interests:express')}?page={town.page.pk}",
    ]
    with time_machine.travel(NOW):
        assert [url for url in pages if "80 %" not in client.get(url).content.decode()] == []


# Noes ---------------------------------------------------------------------------------------------


def turn_down(town, reason, *, after_yes=False):
    """The company says no: to the achievement offered for its need, or after talks on it."""
    if after_yes:
        interest = answer_interest(actor=town.institute.owner, interest=town.express())
    else:
        interest = town.offer()
    decline_interest(actor=town.company.owner, interest=interest, reason=reason)


def test_what_others_said_adds_up_to_advice(today, client):
    town = today
    for reason in ["UNCLEAR", "UNCLEAR", "PRICE"]:
        turn_down(town, reason)
    turn_down(town, "UNCLEAR", after_yes=True)
    town.declined("NO_CAPACITY")

    noes = noes_of(page_id=town.page.pk)

    assert [(r.code, r.count, r.total) for r in noes.by_others] == [
        ("UNCLEAR", 3, 4),
        ("PRICE", 1, 4),
    ]
    assert [(r.code, r.count, r.advice) for r in noes.by_own] == [("NO_CAPACITY", 1, "")]
    client.force_login(town.institute.owner)
    page = client.get(reverse("achievements:listing", args=[town.page.pk])).content.decode()
    assert "4次婉拒中，3次的原因是“内容不清楚”" in page
    assert "用数字说清好处" in page


def test_a_needs_own_side_reads_why_institutes_said_no(today, client):
    town = today
    need = town.company.published()
    interest = town.express(need=need)
    decline_interest(actor=town.institute.owner, interest=interest, reason="UNCLEAR")

    noes = noes_of(need_id=need.pk)

    assert [(r.code, r.count) for r in noes.by_others] == [("UNCLEAR", 1)]
    assert noes.by_own == []
    sentence = "1次婉拒中，1次的原因是“内容不清楚”"
    client.force_login(town.company.owner)
    assert sentence in client.get(need.get_absolute_url()).content.decode()
    client.force_login(town.institute.owner)
    assert sentence not in client.get(need.get_absolute_url()).content.decode()


def test_reasons_by_industry_and_who_is_late_for_the_commission(today, client):
    town = today
    for reason in ["PRICE", "PRICE", "TERMS"]:
        town.declined(reason)
    with time_machine.travel(timezone.now() - timedelta(days=30)):
        town.express()

    [row] = reasons_by_industry()

    assert (row["label"], row["total"]) == ("新材料", 3)
    assert sorted(row["values"]) == [0, 0, 0, 0, 0, 0, 0, 1, 2]
    assert [(o, o.late) for o in organizations_in_arrears()] == [(town.institute.organization, 1)]
    client.force_login(person_with(PortalRole.AUDITOR))
    page = client.get(reverse("interests:statistics"))
    assert page.context["rows"] == [row]
    reasons = {each["label"]: each["value"] for each in page.context["reasons"] if each["value"]}
    assert reasons == {"价格不合": 2, "条件不合": 1}
    assert town.institute.organization.name in page.content.decode()


@pytest.mark.parametrize("role", [None, PortalRole.BROKER, PortalRole.REVIEWER])
def test_the_commissions_page_is_for_those_who_oversee(client, role):
    client.force_login(person_with(role) if role else UserFactory())

    assert client.get(reverse("interests:statistics")).status_code == 403
    assert Interest.objects.count() == 0
