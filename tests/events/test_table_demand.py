"""How many tables each slot needs: at most, by what is asked, by what people were told."""

import pytest
from django.urls import reverse

from events.fairs import services as fairs
from events.registration.demand import table_demand
from tests.factories.fairs import Hall, fresh
from tests.factories.meetings import Market
from tests.factories.oversight import signed_in

pytestmark = pytest.mark.django_db


def needed(fair):
    return [each.needed for each in table_demand(fresh(fair)).slots]


def test_before_requests_everybody_who_is_free_might_meet():
    market = Market(state="REG_OPEN")
    people = [market.enterprise() for _number in range(3)] + [market.institute()]
    market.admitted(role="VISITOR")
    market.busy(people[0], market.slots[0])
    market.draft(role="ENTERPRISE")

    assert needed(market.fair) == [1, 2, 2, 2]
    assert "两人一桌" in table_demand(market.fair).basis


def test_requests_are_spread_over_the_slots_by_who_is_free_with_some_to_spare():
    market = Market()
    for _number in range(5):
        market.agreed()
    market.request()
    market.request()

    # 5 agreed, 1 of 2 open ones: 6.9 with the spare, a quarter in each of four slots.
    assert needed(market.fair) == [2, 2, 2, 2]
    for registration in market.fair.registrations.all()[:13]:
        market.busy(registration, market.slots[0])
    assert needed(market.fair) == [0, 3, 3, 3]


def test_meetings_that_stand_are_counted_in_their_slot():
    market = Market(picks=True)
    first = market.slots[0]
    for _number in range(3):
        market.agreed(slot=first)

    assert needed(market.fair) == [3, 0, 0, 0]
    fair = market.fair
    fairs.begin_fair(actor=market.owner, fair=fair)
    assert needed(fair) == [3, 0, 0, 0]
    assert "已告知参会人" in table_demand(fresh(fair)).basis


def test_slots_with_too_few_tables_are_named_on_the_overview_and_the_requests_page():
    market = Market(picks=True)
    market.only_tables(2)
    first = market.slots[0]
    for _number in range(2):
        market.agreed(slot=first)
    for _number in range(20):
        market.request()
    pages = [
        signed_in(market.owner).get(reverse(name, args=[market.fair.code])).content.decode()
        for name in ("fairs:fair", "meetings:overview")
    ]

    short = len(table_demand(fresh(market.fair)).short)
    assert short == 4
    assert all("4个时段洽谈位不足" in page for page in pages)
    assert all("有2，不足" in page for page in pages)


def test_an_exhibition_needs_no_tables():
    assert table_demand(Hall("EXHIBITION").fair) is None
