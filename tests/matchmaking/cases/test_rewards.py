"""What the completers receive: the rule's worked example, floors, and exact sums."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from matchmaking.cases import services
from matchmaking.cases.models import Reward, ShareGroup
from matchmaking.cases.rewards import distribute, floors, net_income
from matchmaking.cases.services import UnableToMoveCase
from tests.factories.cases import Deal

ZHEJIANG = {"pool": "0.70", "main": "0.70", "staff": "0.05"}
NATION = {"pool": "0.50", "main": "0", "staff": "0"}
CENTS = st.decimals(min_value=0, max_value=10**12, places=2)


def test_the_worked_example_of_the_rule():
    net = net_income(Decimal(1_000_000), Decimal(80_000), Decimal(30_000))
    least = floors(net, ZHEJIANG)

    assert (net, least.pool, least.main, least.staff) == (
        Decimal("890000.00"),
        Decimal("623000.00"),
        Decimal("436100.00"),
        Decimal("31150.00"),
    )
    assert floors(net, NATION).pool == Decimal("445000.00")


def test_costs_beyond_the_income_leave_nothing_to_share():
    assert net_income(Decimal(10), Decimal(8), Decimal(3)) == Decimal("0.00")


@given(pool=CENTS, weights=st.lists(st.integers(0, 10_000), min_size=1, max_size=30))
def test_shares_always_sum_to_the_pool(pool, weights):
    if not sum(weights):
        with pytest.raises(ValueError, match="weights"):
            distribute(pool, [Decimal(weight) for weight in weights])
        return
    shares = distribute(pool, [Decimal(weight) for weight in weights])

    assert sum(shares) == pool
    assert all(share >= 0 for share in shares)
    exact = [pool * weight / sum(weights) for weight in weights]
    assert all(
        abs(share - wanted) < Decimal("0.01") for share, wanted in zip(shares, exact, strict=True)
    )


def test_what_rounding_leaves_goes_to_the_largest_remainders():
    assert distribute(Decimal("100.00"), [Decimal(1)] * 3) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


@pytest.mark.django_db
def test_a_reward_at_the_floor_passes():
    deal = Deal().to_contract()
    deal.pay()
    deal.fix_reward()

    reward = Reward.objects.get()
    assert (reward.net, reward.pool, reward.below_floor_reason) == (
        Decimal("890000.00"),
        Decimal("623000.00"),
        "",
    )
    assert list(reward.shares.order_by("pk").values_list("amount", flat=True)) == [
        Decimal("436100.00"),
        Decimal("124600.00"),
        Decimal("62300.00"),
    ]


@pytest.mark.django_db
def test_a_reward_below_the_floor_has_to_be_explained():
    deal = Deal().to_contract()
    deal.pay()
    with pytest.raises(UnableToMoveCase) as error:
        deal.fix_reward(pool="500000")
    deal.fix_reward(pool="500000", below_floor_reason="完成人书面约定")

    assert str(error.value) == (
        "低于规定下限：奖励总额623000.00元、主要贡献人员436100.00元、"
        "转化服务人员31150.00元。请提高，或写明原因。"
    )
    assert deal.case.events.order_by("-sequence")[0].payload["is_below_floor"] is True


@pytest.mark.django_db
def test_a_reward_is_no_larger_than_the_net_income_and_shares_only_what_came():
    deal = Deal().to_contract()
    deal.pay("500000")
    with pytest.raises(UnableToMoveCase, match="只能分配已到账的收入。"):
        deal.fix_reward()
    deal.pay("500000")
    with pytest.raises(UnableToMoveCase, match="奖励总额超过净收入。"):
        deal.fix_reward(pool="890000.01")
    with pytest.raises(UnableToMoveCase, match="请为每个人填写大于零的权重。"):
        deal.fix_reward(shares=[services.ShareEntry(ShareGroup.MAIN, "林知远", Decimal(0))])


@pytest.mark.django_db
def test_a_reward_is_paid_after_its_publicity():
    deal = Deal().to_contract()
    deal.pay()
    deal.fix_reward()
    services.publicise_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day())
    with pytest.raises(UnableToMoveCase, match="还缺：奖励分配已公示满期。"):
        services.pay_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day(15))
    services.pay_reward(actor=deal.owner, case=deal.case, occurred_on=deal.next_day(1))

    reward = Reward.objects.get()
    assert (reward.public_until - reward.public_from).days == 15
    assert reward.paid_on == deal.on
