"""Each number says what its definition says, and opens exactly the records that made it."""

import re
import statistics
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given, strategies as st

from matchmaking.cases import services
from matchmaking.cases.enums import ConversionMode, EventKind
from matchmaking.cases.models import FollowUp
from matchmaking.enums import NeedOutcome
from matchmaking.interests.services import answer_interest
from matchmaking.oversight.exports import headings
from matchmaking.oversight.kpis import KPIS, Dimension, Unit, kpi
from matchmaking.oversight.queries import UNKNOWN, Scope, figure_of, figures_by, median, rows_of
from matchmaking.services import close_need
from portal.accounts.enums import OrganizationKind, OrganizationSize
from portal.taxonomy.models import District
from tests.factories.accounts import OrganizationFactory
from tests.factories.cases import Deal
from tests.factories.interests import Town
from tests.factories.listings import Institute
from tests.factories.needs import Company
from tests.factories.oversight import bulk_contracts, make_overseer, signed_in

pytestmark = pytest.mark.django_db
YEAR = Dimension.YEAR


def number(key, **scope):
    return figure_of(KPIS[key], Scope(**scope))


def sizes(key, by):
    return {each.key: (each.part, each.whole) for each in figures_by(KPIS[key], Scope(), by)}


def performing(**more):
    deal = Deal(**more).to_contract()
    deal.move("PERFORMANCE_BEGUN")
    return deal


def test_every_number_opens_exactly_the_records_of_its_parts():
    deal = performing()
    deal.pay("400000")
    Deal(owner=Institute("滨江力学研究所"))
    wrong = [
        (key, by, figure.key)
        for key, each in KPIS.items()
        for by in each.dimensions
        for figure in figures_by(each, Scope(), by)
        if rows_of(each, figure.scope).count() != figure.records
    ]

    assert wrong == []


def test_parts_of_a_table_add_up_to_the_whole():
    performing().pay("400000")
    performing(owner=Institute("滨江力学研究所"))
    for by in Dimension:
        assert sum(part for part, _whole in sizes("K1", by).values()) == number("K1").part


def test_contract_amount_and_money_received_stand_in_their_own_years():
    deal = performing(on=date(2024, 11, 20))
    deal.next_day(40)
    deal.pay("400000")

    assert deal.signed.signed_on.year == 2024
    assert deal.on.year == 2025
    assert sizes("K1", YEAR) == {"2024": (Decimal("1000000.00"), 0)}
    assert sizes("K2", YEAR) == {"2025": (Decimal("400000.00"), 0)}
    assert sizes("K4", YEAR) == {"2024": (Decimal("900000.00"), 0)}


def test_a_share_of_fewer_than_five_says_nothing():
    institute, company = Institute().organization, Company().organization
    bulk_contracts([(institute, company)] * 4)
    few = number("K3")
    bulk_contracts([(institute, company)], start=4)
    enough = number("K3")

    assert (few.value, few.is_too_few, enough.value) == (None, True, 0)


def test_local_conversion_counts_buyers_that_the_portal_knows():
    institute, company = Institute().organization, Company().organization
    contracts = bulk_contracts([(institute, company)] * 5)
    stranger = contracts[0].buyer
    stranger.organization, stranger.name = None, "外省某厂"
    stranger.save()

    found = number("K6")
    assert (found.part, found.whole, found.value) == (400_000, 500_000, Decimal("0.8"))


def test_technology_goes_out_by_the_seller_and_in_by_the_buyer():
    here, there = District.objects.order_by("code")[:2]
    institute = OrganizationFactory(kind=OrganizationKind.INSTITUTE, district=here)
    company = OrganizationFactory(district=there)
    bulk_contracts([(institute, company)])

    assert list(sizes("K5-OUT", Dimension.DISTRICT)) == [here.code]
    assert list(sizes("K5-IN", Dimension.DISTRICT)) == [there.code]


def test_buyers_of_unknown_size_are_left_out_of_the_share_of_small_ones():
    institute = Institute().organization
    small, large, unknown = (
        OrganizationFactory(size=size) for size in (OrganizationSize.SMALL, "LARGE", "")
    )
    bulk_contracts([(institute, small)] * 3 + [(institute, large)] * 2 + [(institute, unknown)])

    found = number("K14")
    assert (found.part, found.whole) == (3, 5)


def test_contracts_per_office_divides_by_the_offices_of_the_slice():
    one, two = Institute().organization, Institute("滨江力学研究所").organization
    company = Company().organization
    bulk_contracts([(one, company)] * 3 + [(two, company)])

    assert number("K21").value == 2
    assert {
        each.key: each.value for each in figures_by(KPIS["K21"], Scope(), Dimension.INSTITUTE)
    } == {
        str(one.pk): 3,
        str(two.pk): 1,
    }


def test_days_of_a_step_are_the_median_and_follow_corrections():
    deals = [performing() for _number in range(5)]
    for days, deal in enumerate(deals, start=10):
        deal.move("ACCEPTED", actor=deal.taker, days=days)
    before = number("K8-ACCEPTED").days
    event = deals[4].case.events.get(kind=EventKind.ACCEPTED)
    services.correct_event(
        actor=deals[4].owner,
        case=deals[4].case,
        sequence=event.sequence,
        reason="日期写错",
        occurred_on=event.occurred_on - timedelta(days=10),
    )
    after = number("K8-ACCEPTED").days

    assert (before, after) == (13, 12)


def test_a_void_entry_is_no_step():
    deal = performing()
    deal.move("ACCEPTED", actor=deal.taker)
    event = deal.case.events.get(kind=EventKind.ACCEPTED)
    services.correct_event(
        actor=deal.owner, case=deal.case, sequence=event.sequence, reason="误录", is_void=True
    )

    assert number("K8-ACCEPTED").records == 0


def test_rewards_count_when_paid_and_not_below_the_floor():
    good, low, late = (performing().pay() for _number in range(3))
    good.fix_reward()
    low.fix_reward(pool="1000", below_floor_reason="双方约定")
    for deal in (good, low):
        services.publicise_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day())
        services.pay_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day(16))
    with time_machine.travel(late.on + timedelta(days=30)):
        soon = number("K15")
    with time_machine.travel(late.on + timedelta(days=250)):
        due = number("K15")

    assert (soon.part, soon.whole) == (1, 2)
    assert (due.part, due.whole) == (1, 3)


def test_publicity_counts_only_where_it_is_asked_for():
    performing()
    Deal(mode=ConversionMode.SERVICE).to_decision().sign()

    found = number("K16")
    assert (found.part, found.whole) == (1, 1)


def test_results_are_converted_in_the_year_of_their_publication():
    institute = Institute()
    with time_machine.travel(date(2023, 6, 1)):
        pages = [institute.published(title=f"导热膜{number}") for number in range(5)]
    deal = performing(owner=institute)
    deal.case.page = pages[0]
    deal.case.save()

    assert sizes("K7", YEAR) == {"2023": (1, 5)}
    assert [each.value for each in figures_by(KPIS["K7"], Scope(), YEAR)] == [Decimal("0.2")]
    assert number("K17").records == 4


def test_a_result_is_dormant_after_a_year_and_not_before():
    institute = Institute()
    with time_machine.travel(date(2025, 3, 1)):
        institute.published()
    with time_machine.travel(date(2026, 3, 1)):
        before = number("K17").records
    with time_machine.travel(date(2026, 3, 2)):
        after = number("K17").records

    assert (before, after) == (0, 1)


def test_reports_in_the_ledger_stand_above_the_answers_to_follow_ups():
    deals = [performing() for _number in range(3)]
    for deal in deals[:2]:
        FollowUp.objects.filter(case=deal.case, months=3).update(
            answered_at="2026-01-05T08:00:00Z", sales=Decimal(100), jobs=2
        )
        FollowUp.objects.filter(case=deal.case, months=6).update(
            answered_at="2026-03-05T08:00:00Z", sales=Decimal(300), jobs=None
        )
    reported = deals[0]
    reported.move("ACCEPTED", actor=reported.taker)
    for sales in ("1000.50", "2000"):
        reported.move("OUTPUT_REPORTED", actor=reported.taker, sales=sales)

    found = number("K20-SALES")
    assert (found.part, found.records) == (Decimal("3300.50"), 2)
    assert (number("K20-JOBS").part, number("K20-JOBS").records) == (4, 2)


def test_days_until_an_answer_are_working_days():
    with time_machine.travel("2026-03-06T10:00:00+08:00", tick=False) as clock:
        town = Town()
        interest = town.express()
        clock.move_to("2026-03-09T10:00:00+08:00")
        answer_interest(actor=town.institute.owner, interest=interest)

    assert (number("K9").records, number("K9").days) == (1, 1)


def test_needs_are_solved_by_what_their_company_said():
    company = Company()
    solved, given_up, _open = (company.published(title=f"需求{n}导热") for n in range(3))
    close_need(actor=company.owner, need=solved, outcome=NeedOutcome.SOLVED_ELSEWHERE, note="自研")
    close_need(actor=company.owner, need=given_up, outcome=NeedOutcome.GIVEN_UP, note="停产")

    found = number("K11")
    assert (found.part, found.whole) == (1, 3)


def test_living_inventions_are_counted_by_their_holder():
    institute = Institute()
    institute.patent(1)
    institute.patent(2, status="EXPIRED", filed=date(2003, 3, 2))

    found = figures_by(KPIS["K18"], Scope(), Dimension.INSTITUTE)
    assert [(each.key, each.part) for each in found] == [(str(institute.organization.pk), 1)]


@pytest.mark.parametrize(
    "scope",
    [
        {"year": "20x5"},
        {"year": "٢٠٢٥"},
        {"year": "99999999999"},
        {"industry": "no-such"},
        {"institute": "1 OR 1"},
        {"district": "330199"},
    ],
)
def test_a_scope_that_means_nothing_finds_nothing(scope):
    performing()

    assert number("K1", **scope).records == 0


def test_the_records_page_and_file_name_owner_and_taker_of_the_result():
    performing()
    client = signed_in(make_overseer())
    page = client.get(reverse("oversight:records", args=["K1"])).content.decode()

    columns = ["日期", "记录", "成果权利方", "受让方", "计入数值"]
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', page) == columns
    assert headings()[3:5] == ["成果权利方", "受让方"]


def test_records_without_a_member_are_asked_for_by_a_dash():
    performing()

    assert number("K1", industry=UNKNOWN).records == 1


def test_a_key_is_registered_once():
    with pytest.raises(ValueError, match="K1"):
        kpi("K1", "", formula="", unit=Unit.COUNT, period="", source="")(list)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_the_median_of_counted_values_is_the_median(values):
    counted = [(value, values.count(value)) for value in sorted(set(values))]
    assert median(counted) == statistics.median(values)


def subsidise(deal, amount="100000.00", days=1):
    said = {"amount": amount, "programme": "成果转化补助", "granted_by": "市科技局"}
    return deal.move("SUBSIDY_GRANTED", days=days, **said)


def test_leverage_is_the_contracts_of_subsidised_cases_over_the_subsidies():
    Deal().to_contract()
    deals = [Deal().to_contract() for _number in range(5)]
    for deal in deals:
        subsidise(deal)
    event = subsidise(deals[0])
    before = number("K19")
    services.correct_event(
        actor=deals[0].owner,
        case=deals[0].case,
        sequence=event.sequence,
        reason="重复登记",
        is_void=True,
    )
    after = number("K19")

    assert (before.part, before.whole, before.records) == (5_000_000, 600_000, 5)
    assert (after.whole, after.text) == (500_000, "10.0 倍")
