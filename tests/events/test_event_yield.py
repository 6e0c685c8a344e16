"""K12 and K13: what fairs yield, in the commission's figures and on its pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from events.aftermath.services import link_case
from matchmaking.cases.models import ConversionCase
from matchmaking.oversight.kpis import KPIS, Dimension
from matchmaking.oversight.queries import Scope, figure_of, figures_by
from matchmaking.oversight.services import recount
from portal.accounts.enums import PortalRole
from tests.factories.aftermath import After
from tests.factories.fairs import person_with

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def after():
    """A fair 200 days ago with five meetings held, one missed, and one that nobody spoke of."""
    after = After(days=200)
    after.meetings = [after.meeting, *(after.another().meeting for _number in range(4))]
    for meeting in after.meetings:
        type(meeting)._default_manager.filter(pk=meeting.pk).update(state="HELD")
    missed, silent = after.another(), after.another()
    type(missed.meeting)._default_manager.filter(pk=missed.meeting.pk).update(state="NOT_HELD")
    assert silent.meeting.state == "ARRANGED"
    return after


def signed(after, days_after, amount=800_000):
    """A case that began at the fair's first meeting, signed so many days after the fair."""
    after.says(after.seller, "NEGOTIATION")
    day = timezone.localdate(after.fair.page.ends_at)
    case = after.case(opened_on=day)
    link_case(actor=after.institute.owner, meeting=after.meeting, case=case)
    ConversionCase.objects.filter(pk=case.pk).update(
        signed_on=day + timedelta(days=days_after), contract_total=amount
    )
    return case


def number(key, **scope):
    return figure_of(KPIS[key], Scope(**scope))


def test_a_contract_within_180_days_is_an_agreement(after):
    assert (number("K12").part, number("K12").whole) == (0, 5)
    signed(after, 180)
    assert (number("K12").part, number("K12").whole) == (1, 5)
    assert number("K12").text == "20.0%"


def test_one_that_was_signed_later_is_none(after):
    signed(after, 181)
    assert number("K12").part == 0


def test_what_a_side_says_half_a_year_later_counts_once(after):
    after.says(after.buyer, "AGREEMENT")
    after.says(after.seller, "AGREEMENT")
    assert (number("K12").part, number("K12").records) == (1, 5)
    signed(after, 30)
    assert number("K12").part == 1


def test_meetings_count_once_their_half_year_is_over(after):
    after.pass_days(180)
    assert number("K12").records == 0
    after.pass_days(181)
    assert number("K12").records == 5


def test_the_amount_is_by_fair_and_ends_after_twelve_months(after):
    assert (number("K13").part, number("K13").whole) == (0, 1)
    case = signed(after, 190)
    assert number("K13").value == Decimal(800_000)
    ConversionCase.objects.filter(pk=case.pk).update(
        signed_on=timezone.localdate(after.fair.page.ends_at) + timedelta(days=366)
    )
    assert number("K13").part == 0


def test_two_fairs_share_the_amount(after):
    signed(after, 100)
    another = After(days=20, institute=after.institute, company=after.company)
    another.says(another.buyer, "INFORMATIVE")
    assert number("K13").value == Decimal(400_000)
    assert number("K13", year="1999").records == 0
    district = after.fair.page.district.code
    [cell] = figures_by(KPIS["K13"], Scope(), Dimension.DISTRICT)
    assert (cell.key, cell.records) == (district, 2)


def test_the_count_notices_feedback_and_links(after):
    now = timezone.now()
    assert recount(now=now)
    assert not recount(now=now)
    after.says(after.buyer, "AGREEMENT")
    assert recount(now=now)
    assert figure_of(KPIS["K12"], of="cells").part == 1
    signed(after, 20)
    assert recount(now=now)
    assert figure_of(KPIS["K13"], of="cells").value == Decimal(800_000)


def test_the_commissions_pages_open_the_records(client, after):
    signed(after, 90)
    client.force_login(person_with(PortalRole.AUDITOR))
    shown = client.get(reverse("oversight:kpis")).content.decode()
    assert "活动成效率" in shown
    assert "每场活动带动合同额" in shown
    for key in ("K12", "K13"):
        assert client.get(reverse("oversight:kpi", args=[key])).status_code == 200
    records = client.get(reverse("oversight:records", args=["K12"])).content.decode()
    outcomes = reverse("aftermath:outcomes", args=[after.fair.code])
    assert f"{outcomes}?meeting={after.meeting.pk}" in records
    assert after.buyer.person.name not in records
    records = client.get(reverse("oversight:records", args=["K13"])).content.decode()
    assert f'"{outcomes}"' in records
    single = client.get(outcomes, {"meeting": after.meeting.pk}).content.decode()
    assert "石墨烯导热膜转让" in single
    export = client.get(reverse("oversight:export", args=["K13", "csv"]))
    assert after.fair.code in b"".join(export.streaming_content).decode()
