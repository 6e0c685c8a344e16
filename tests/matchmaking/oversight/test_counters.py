"""Public numbers: nobody's alone, the same as the ledger's, and their check fails loudly."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given, strategies as st

from matchmaking.cases import services as cases
from matchmaking.cases.models import Contract
from matchmaking.oversight.counters import (
    differences,
    figures,
    latest_snapshot,
    totals_of_ledger,
)
from matchmaking.oversight.services import check_snapshot, store_snapshot
from matchmaking.oversight.suppression import LEAST, REST, Cell, close_batches, merge_small
from portal.accounts.enums import PortalRole
from portal.notifications.models import Notification
from portal.site.services import create_site_tree
from tests.factories.cases import Deal
from tests.factories.oversight import bulk_contracts, make_overseer

SIDES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=5)
MONTHS = st.lists(SIDES, max_size=24)


def cell(key, pairs):
    sellers, buyers = ({pair[side] for pair in pairs} for side in (0, 1))
    return Cell(key, len(pairs), Decimal(len(pairs)), Decimal(0), sellers, buyers)


@given(MONTHS)
def test_no_difference_of_two_days_tells_of_fewer_than_three(months):
    """What is published up to any two days differs by whole batches, each of them safe."""
    pairs = dict(enumerate(months))
    for today in range(len(months) + 1):
        closed = close_batches(cell(key, pairs[key]) for key in range(today))
        later = close_batches(cell(key, pairs[key]) for key in range(len(months)))
        assert all(each.is_safe for each in closed)
        assert [each.key for each in later[: len(closed)]] == [each.key for each in closed]
        assert sum(each.count for each in closed) == sum(
            len(pairs[key]) for key in range(closed[-1].key + 1 if closed else 0)
        )


@given(st.dictionaries(st.sampled_from("abcdef"), SIDES))
def test_merged_groups_are_safe_and_add_up_to_everything_or_nothing(groups):
    cells = [cell(key, pairs) for key, pairs in groups.items()]
    shown = merge_small(cells)

    assert all(each.is_safe for each in shown)
    if shown:
        assert sum(each.count for each in shown) == sum(each.count for each in cells)


def test_the_smallest_safe_group_joins_the_rest_while_it_is_too_small():
    large = cell("a", [(n, n) for n in range(5)])
    middle = cell("b", [(n, n) for n in range(3)])
    small = cell("c", [(9, 9)])

    assert [(each.key, each.count) for each in merge_small([small, middle, large])] == [
        ("a", 5),
        (REST, 4),
    ]
    assert merge_small([small]) == []
    assert LEAST == 3


pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)


@pytest.fixture(autouse=True)
def _today():
    cache.clear()
    create_site_tree()
    with time_machine.travel("2026-02-10T01:40:00+08:00", tick=False):
        yield


def town(number=3, **more):
    """Deals of as many institutes and companies, signed and paid in the first half of 2025."""
    deals = []
    for _number in range(number):
        deal = Deal(**more).to_contract()
        deal.move("PERFORMANCE_BEGUN")
        deal.pay("400000")
        deals.append(deal)
    return deals


def store():
    return store_snapshot(day=timezone.localdate(), now=timezone.now())


def test_two_deals_are_not_told_three_are_up_to_their_month():
    town(2)
    assert figures(TODAY)[1]["total"] == {"cases": 0, "amount": "0.00", "received": "0.00"}
    last = town(1)[0]
    until, found = figures(TODAY)

    assert found["total"] == {"cases": 3, "amount": "3000000.00", "received": "1200000.00"}
    assert (until.year, until.month) == (last.on.year, last.on.month)


def test_what_is_not_enough_waits_for_company():
    town(3)
    before = figures(TODAY)[1]["total"]
    Deal(on=date(2025, 9, 1)).to_contract()
    after = figures(TODAY)[1]["total"]

    assert before == after
    assert totals_of_ledger(TODAY).cases == 4


def test_the_running_month_is_left_out():
    sides = [(deal.institute.organization, deal.company.organization) for deal in town(3)]
    bulk_contracts(sides, on=date(2026, 2, 1))

    assert figures(TODAY)[1]["total"]["cases"] == 3


def test_a_past_years_table_is_cut_once_and_adds_up():
    town(3)
    found = figures(TODAY)[1]

    assert [(each["year"], each["cases"]) for each in found["industries"]] == [(2025, 3)]
    assert sum(Decimal(each["amount"]) for each in found["districts"]) == 3_000_000


def test_the_snapshot_agrees_with_the_entries_of_the_ledger():
    deals = town(3)
    cases.amend_contract(
        actor=deals[0].owner,
        contract=deals[0].signed,
        total_amount=Decimal(1200000),
        technology_amount=Decimal(900000),
        reason="增加培训",
        occurred_on=deals[0].next_day(),
    )
    payment = deals[1].case.payments.get()
    cases.correct_event(
        actor=deals[1].owner,
        case=deals[1].case,
        sequence=payment.sequence,
        reason="金额写错",
        payload={"amount": "250000"},
    )
    snapshot = store()

    assert snapshot.figures["total"] == {
        "cases": 3,
        "amount": "3200000.00",
        "received": "1050000.00",
    }
    assert differences() == []


def test_a_tampered_row_is_found_and_told_to_the_operators_once(capsys):
    operator = make_overseer(PortalRole.OPERATOR)
    town(3)
    Contract.objects.filter(pk=Contract.objects.first().pk).update(total_amount=999_999_999)
    store()
    assert [check_snapshot(day=TODAY) != [], check_snapshot(day=TODAY) != []] == [True, True]
    with pytest.raises(SystemExit) as stop:
        call_command("check_counters")

    assert stop.value.code == 1
    assert "amount: 1001999999.00 published on 2026-02-10, 3000000.00" in capsys.readouterr().out
    told = Notification.objects.filter(kind="counters")
    assert [each.user_id for each in told] == [operator.pk]


def test_the_check_is_silent_when_all_is_well(capsys):
    town(3)
    store()
    call_command("check_counters", "--json")

    assert capsys.readouterr().out == '{"day": "2026-02-10", "differences": []}\n'


def test_a_second_run_on_a_day_replaces_the_first():
    town(3)
    first, second = store(), store()

    assert first.pk == second.pk == latest_snapshot().pk


def test_home_and_figures_show_the_snapshot(client):
    assert "签约合同" not in client.get("/").content.decode()
    assert "暂无数据" in client.get("/figures/").content.decode()
    deals = town(3)
    store()
    cache.clear()
    home, page = client.get("/"), client.get("/figures/").content.decode()
    counts = [(each.value, each.unit) for each in home.context["counts"][-3:]]

    assert counts == [(3, ""), (300, "万元"), (120, "万元")]
    assert "合同金额" in home.content.decode()
    assert "300 万元" in page
    tiles = re.findall(r'tile__value">([^<]*)(?:<span class="tile__unit"> ([^<]*)<)?', page)
    assert tiles == [("3", ""), ("300", "万元"), ("120", "万元")]
    for deal in deals:
        assert deal.case.code not in page
    assert client.get("/en/figures/").status_code == 200
