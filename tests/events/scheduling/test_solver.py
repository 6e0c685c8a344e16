"""The solver against brute force on tiny fairs, and what holds on larger made-up ones."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from events.scheduling.annealing import BREAKS, CHANGES, WEIGHT, Annealing
from events.scheduling.board import Board
from events.scheduling.ceiling import bound_breaks, find_ceiling
from events.scheduling.checker import Rule, find_violations, measure
from events.scheduling.instance import Instance, Meeting, Schedule
from events.scheduling.limits import Limits
from events.scheduling.made_up import make_fair
from events.scheduling.progress import Method, Stage, Status
from events.scheduling.solver import solve
from tests.events.scheduling import brute_force

QUICK = Limits(effort=0.2, workers=1, seed=1)
SMALL_FAIR = {"people": 24, "slots": 6, "tables": 8, "requests": 50}
CALM_FAIR = SMALL_FAIR | {"requests": 28, "skew": 0, "away": 0.05}


@settings(max_examples=60, deadline=None)
@given(brute_force.tiny_fairs(told=True))
def test_tiny_fairs_are_solved_as_by_brute_force(instance):
    expected = brute_force.best(instance)

    found = solve(instance, QUICK)

    if expected is None:
        assert found.status in {Status.INFEASIBLE, Status.UNKNOWN}
        assert found.schedule is None
        return
    weight, breaks = expected
    assert found.status is not Status.INFEASIBLE
    assert found.weight_bound >= weight
    if found.schedule is None:
        # Only a bound on fairness can hide the schedules of the largest weight.
        assert instance.fairness is not None
        return
    assert brute_force.is_valid(instance, found.schedule.slot_of)
    assert found.weight <= weight
    if found.status is Status.OPTIMAL:
        assert (found.weight, found.breaks) == expected
    if found.weight == weight:
        assert found.bound <= breaks <= found.breaks


@settings(max_examples=100, deadline=None)
@given(brute_force.tiny_fairs())
def test_bounds_are_never_beaten(instance):
    expected = brute_force.best(instance)
    if expected is None:
        return
    weight, breaks = expected

    assert find_ceiling(instance).weight >= weight
    assert bound_breaks(instance, weight) <= breaks


@settings(max_examples=60, deadline=None)
@given(
    brute_force.tiny_fairs(most_meetings=5, told=True),
    st.sampled_from([BREAKS, WEIGHT, CHANGES]),
    st.integers(0, 9),
)
def test_annealing_keeps_every_rule_and_its_price(instance, cooling, seed):
    instance = replace(instance, every_meeting=False)
    start = next(iter(brute_force.schedules(replace(instance, fairness=None))), None)
    if start is None:
        return
    search = Annealing(Board(instance, Schedule(start)), random.Random(seed), cooling, target=-1)

    search.run(3000, lambda: True)

    assert search.now == search.price()
    rules = {each.rule for each in find_violations(instance, search.board.schedule())}
    assert rules <= {Rule.UNFAIR}
    if cooling is BREAKS:
        weight = brute_force.weight_of(instance, search.board.schedule().slot_of)
        assert weight == brute_force.weight_of(instance, start)


def test_a_fair_without_weight_to_lose_is_proved():
    instance = replace(make_fair(**CALM_FAIR), every_meeting=True)

    found = solve(instance, Limits(effort=5, workers=1))

    assert found.method is Method.CORES
    assert found.status is Status.OPTIMAL
    assert find_violations(instance, found.schedule) == []


@pytest.mark.parametrize("seed", range(3))
def test_an_oversubscribed_fair_reaches_the_ceiling(seed):
    instance = make_fair(**SMALL_FAIR, seed=seed)

    found = solve(instance, Limits(effort=1, workers=1))

    assert found.method is Method.NEIGHBOURHOODS
    assert found.weight == found.weight_bound < instance.weight
    assert found.bound <= found.breaks
    assert find_violations(instance, found.schedule) == []


def test_the_same_seed_and_effort_give_the_same_schedule():
    instance = make_fair(**SMALL_FAIR)

    first, second = (solve(instance, Limits(effort=1, workers=1, seed=7)) for _run in range(2))

    assert first.schedule == second.schedule


def test_two_workers_prove_together():
    instance = replace(make_fair(**CALM_FAIR), every_meeting=True)

    assert solve(instance, Limits(seconds=60, workers=2)).status is Status.OPTIMAL


def test_more_meetings_than_slots_are_infeasible():
    everywhere = frozenset(range(2))
    meetings = tuple(Meeting((0, other), everywhere) for other in (1, 2, 3))
    instance = Instance("full", 2, 3, (everywhere,) * 4, meetings, every_meeting=True)

    found = solve(instance, QUICK)

    assert (found.status, found.schedule) == (Status.INFEASIBLE, None)


def test_precedences_in_a_circle_are_infeasible():
    everywhere = frozenset(range(3))
    meetings = (
        Meeting((0, 1), everywhere, after=frozenset({1})),
        Meeting((2, 3), everywhere, after=frozenset({0})),
    )
    instance = Instance("circle", 3, 3, (everywhere,) * 4, meetings, every_meeting=True)

    assert solve(instance, QUICK).status is Status.INFEASIBLE


def test_held_meetings_that_clash_are_infeasible():
    everywhere = frozenset(range(3))
    meetings = tuple(Meeting((0, x), everywhere, told=1, held=True) for x in (1, 2))

    found = solve(Instance("held", 3, 3, (everywhere,) * 3, meetings), QUICK)

    assert found.status is Status.INFEASIBLE


def test_nothing_to_schedule_is_proved():
    found = solve(Instance("empty", 2, 1, (frozenset({0, 1}),), ()), QUICK)

    assert (found.status, found.weight, found.breaks) == (Status.OPTIMAL, 0, 0)


def test_every_step_is_told_and_none_is_worse():
    told = []

    last = solve(make_fair(**SMALL_FAIR), Limits(effort=1, workers=1), tell=told.append)

    found = [(each.weight, -each.breaks) for each in told if each.schedule]
    assert found == sorted(found)
    assert [each.stage for each in told[-1:]] == [Stage.DONE]
    assert told[-1] == last
    assert len(found) > 3


def test_a_stopped_solve_gives_the_best_so_far():
    told = []

    found = solve(
        make_fair(**SMALL_FAIR),
        Limits(seconds=600, workers=2),
        tell=told.append,
        stopped=lambda: any(each.stage is Stage.BREAKS for each in told),
    )

    assert found.seconds < 60
    assert found.schedule is not None


def test_a_solve_begins_with_the_schedule_given():
    instance = make_fair(**SMALL_FAIR)
    before = solve(instance, Limits(effort=2, workers=1))
    told = []

    after = solve(instance, QUICK, tell=told.append, start=before.schedule)

    assert told[0].breaks == before.breaks
    assert after.breaks <= before.breaks


def test_people_who_share_a_booth_take_turns():
    instance = replace(make_fair(**SMALL_FAIR), home_tables={16: 0, 17: 0, 18: 1})

    found = solve(instance, Limits(effort=1, workers=1))

    assert find_violations(instance, found.schedule) == []
    assert {found.schedule.table_of[n] for n in found.schedule.slot_of} >= {0, 1}


def test_fairness_bounds_the_difference_of_breaks():
    instance = replace(make_fair(**SMALL_FAIR), fairness=1)

    found = solve(instance, Limits(effort=2, workers=1))

    assert measure(instance, found.schedule).fairness <= 1


def test_empty_days_are_avoided_where_they_cost():
    instance = make_fair(people=40, slots=5, tables=12, requests=75, seed=2)
    limits = Limits(effort=3, workers=1)

    plain, kind = (
        measure(each, solve(each, limits).schedule)
        for each in (instance, replace(instance, empty_day=5))
    )

    assert kind.weight == plain.weight
    assert kind.people_without < plain.people_without


def test_where_the_most_weight_is_unfair_a_lighter_fair_schedule_is_found():
    # Person 0 is free in three runs of one slot each: all three meetings mean two breaks.
    everywhere = frozenset(range(5))
    free = (frozenset({0, 2, 4}), *[everywhere] * 3)
    meetings = tuple(Meeting((0, other), everywhere, 1 + other) for other in (1, 2, 3))
    instance = Instance("torn", 5, 2, free, meetings, fairness=1)

    found = solve(instance, Limits(effort=1, workers=1))

    assert find_violations(instance, found.schedule) == []
    assert (found.status, found.weight, found.breaks) == (Status.FEASIBLE, 7, 1)
