"""What is told before solving: every obstacle by name, with what would remove it."""

from dataclasses import replace

from hypothesis import given, settings

from events.scheduling.feasibility import (
    Help,
    Most,
    Obstacle,
    Remedy,
    Shortage,
    find_most,
    find_shortages,
    least_tables,
)
from events.scheduling.instance import Instance, Meeting
from tests.events.scheduling import brute_force

EVERYWHERE = frozenset(range(3))


def fair(*meetings, **changes):
    return replace(Instance("plain", 3, 2, (EVERYWHERE,) * 5, meetings), **changes)


def meeting(*people, **changes):
    return replace(Meeting(people, EVERYWHERE), **changes)


def test_nothing_stands_in_the_way():
    assert find_shortages(fair(meeting(0, 1), meeting(0, 2))) == []


def test_more_requests_than_slots():
    free = (frozenset({0, 1}), *[EVERYWHERE] * 4)
    instance = fair(*[meeting(0, other) for other in (1, 2, 3, 4)], free=free)

    assert find_shortages(instance) == [
        Shortage(
            Obstacle.TOO_MANY_REQUESTS,
            needed=4,
            available=2,
            helps=(Help(Remedy.OPEN_SLOTS, 2, (2,)), Help(Remedy.DROP_REQUESTS, 2)),
            person=0,
        )
    ]


def test_slots_that_partners_do_not_share_count_for_nothing():
    late = frozenset({2})
    instance = fair(meeting(0, 1, slots=late), meeting(0, 2, slots=late))

    assert [(each.person, each.needed, each.available) for each in find_shortages(instance)] == [
        (0, 2, 1)
    ]


def test_a_pair_that_is_never_free_together():
    free = (frozenset({0}), frozenset({1}), *[EVERYWHERE] * 3)

    assert find_shortages(fair(meeting(0, 1), free=free)) == [
        Shortage(
            Obstacle.NO_COMMON_SLOT,
            needed=1,
            available=0,
            helps=(Help(Remedy.OPEN_SLOTS, 1, (0, 1)), Help(Remedy.DROP_REQUESTS, 1)),
            meeting=0,
        )
    ]


def test_a_held_meeting_of_somebody_who_is_away():
    free = (frozenset({0}), *[EVERYWHERE] * 4)

    assert find_shortages(fair(meeting(0, 1, told=2, held=True), free=free)) == [
        Shortage(Obstacle.HELD_CLASH, 1, 0, (Help(Remedy.RELEASE, 1),), meeting=0)
    ]


def test_too_few_tables():
    pairs = [(0, 1), (2, 3), (0, 2), (1, 3), (0, 3)]
    instance = fair(*[meeting(*pair) for pair in pairs], tables=1)

    assert find_shortages(instance) == [
        Shortage(
            Obstacle.TOO_FEW_TABLES,
            needed=5,
            available=3,
            helps=(Help(Remedy.ADD_TABLES, 1), Help(Remedy.DROP_REQUESTS, 2)),
        )
    ]
    assert least_tables(instance) == 2


def test_booths_need_no_common_table():
    pairs = [(0, 1), (0, 2), (0, 3)]
    instance = fair(*[meeting(*pair) for pair in pairs], home_tables={0: 0}, tables=1)

    assert find_shortages(instance) == []
    assert least_tables(instance) == 0


def test_the_most_that_can_take_place():
    meetings = [meeting(0, other, weight=weight) for other, weight in ((1, 3), (2, 1), (3, 1))]
    free = (frozenset({0, 1}), *[EVERYWHERE] * 4)

    assert find_most(fair(*meetings, free=free)) == Most(meetings=2, weight=4)


@settings(max_examples=60, deadline=None)
@given(brute_force.tiny_fairs())
def test_no_obstacle_is_made_up(instance):
    instance = replace(instance, every_meeting=True, fairness=None)
    if find_shortages(instance):
        assert brute_force.best(instance) is None
