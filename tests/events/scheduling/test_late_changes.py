"""A schedule that people were told changes as little as it can."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from events.scheduling.checker import find_violations, measure
from events.scheduling.instance import Instance, Meeting
from events.scheduling.late_changes import solve_changes
from events.scheduling.limits import Limits
from events.scheduling.made_up import make_fair
from events.scheduling.progress import Method, Status
from events.scheduling.solver import solve
from tests.events.scheduling import brute_force

LIMITS = Limits(effort=3, workers=1)


@pytest.fixture(scope="module")
def told():
    """A fair whose schedule everybody has been told."""
    instance = make_fair(people=24, slots=6, tables=8, requests=50)
    schedule = solve(instance, Limits(effort=1, workers=1)).schedule
    return replace(
        instance,
        meetings=tuple(
            replace(
                meeting,
                told=schedule.slot_of.get(number),
                told_table=schedule.table_of.get(number),
            )
            for number, meeting in enumerate(instance.meetings)
        ),
    )


def told_slots(instance):
    slots = {number: meeting.told for number, meeting in enumerate(instance.meetings)}
    return {number: slot for number, slot in slots.items() if slot is not None}


def test_without_a_change_nothing_changes(told):
    found = solve_changes(told, LIMITS)

    assert found.method is Method.CHANGES
    assert found.schedule.slot_of == told_slots(told)
    assert found.schedule.table_of == {
        number: meeting.told_table
        for number, meeting in enumerate(told.meetings)
        if meeting.told is not None
    }


def test_somebody_ill_touches_few(told):
    ill = max(range(24), key=lambda who: len(told.meetings_of[who]))
    free = tuple(frozenset() if who == ill else slots for who, slots in enumerate(told.free))
    instance = replace(told, free=free)
    lost = [number for number in told_slots(told) if ill in told.meetings[number].people]

    found = solve_changes(instance, LIMITS)

    assert find_violations(instance, found.schedule) == []
    assert found.weight == found.weight_bound
    figures = measure(instance, found.schedule)
    assert figures.moved >= len(lost)
    again = solve(instance, Limits(effort=1, workers=1))
    assert figures.changed_people < measure(instance, again.schedule).changed_people


def test_somebody_late_keeps_the_meetings_of_the_afternoon(told):
    late = max(range(24), key=lambda who: len(told.meetings_of[who]))
    free = tuple(slots - {0, 1} if who == late else slots for who, slots in enumerate(told.free))
    instance = replace(told, free=free)

    found = solve_changes(instance, LIMITS)

    assert find_violations(instance, found.schedule) == []
    figures = measure(instance, found.schedule)
    assert (
        figures.changed_people
        < measure(instance, solve(instance, Limits(effort=1, workers=1)).schedule).changed_people
    )


def test_a_lost_table_touches_few(told):
    at_first = [number for number, slot in told_slots(told).items() if slot == 0]
    spare = told.tables - len(at_first)
    lost = frozenset((table, 0) for table in range(spare + 1))
    instance = replace(told, lost_tables=lost)

    found = solve_changes(instance, LIMITS)

    assert find_violations(instance, found.schedule) == []
    assert found.weight == found.weight_bound
    fresh = solve(instance, Limits(effort=1, workers=1))
    assert (
        2 * measure(instance, found.schedule).changed_people
        < measure(instance, fresh.schedule).changed_people
    )


def test_a_new_request_gets_a_free_slot_without_moving_anybody():
    everywhere = frozenset(range(3))
    old = (Meeting((0, 1), everywhere, told=0), Meeting((2, 3), everywhere, told=1))
    instance = Instance("new", 3, 2, (everywhere,) * 4, (*old, Meeting((0, 2), everywhere, 3)))

    found = solve_changes(instance, LIMITS)

    assert found.schedule.slot_of == {0: 0, 1: 1, 2: 2}
    assert measure(instance, found.schedule).moved == 0


def test_held_meetings_stay_whatever_it_costs():
    everywhere = frozenset(range(2))
    old = (Meeting((0, 1), everywhere, told=0, held=True), Meeting((0, 2), everywhere, told=1))
    free = (everywhere, everywhere, frozenset({0}))

    found = solve_changes(Instance("held", 2, 2, free, old), LIMITS)

    assert found.schedule.slot_of == {0: 0}


def test_what_cannot_be_held_is_infeasible():
    everywhere = frozenset(range(2))
    old = (Meeting((0, 1), everywhere, told=0, held=True),)
    free = (everywhere, frozenset({1}))

    found = solve_changes(Instance("held", 2, 2, free, old), LIMITS)

    assert (found.status, found.schedule) == (Status.INFEASIBLE, None)


def changes_of(instance, slot_of):
    """People whose schedule changes, and moved or new meetings."""
    touched = [
        number
        for number, meeting in enumerate(instance.meetings)
        if slot_of.get(number) != meeting.told
    ]
    return len({who for n in touched for who in instance.meetings[n].people}), len(touched)


def test_weight_that_only_an_unfair_schedule_has_is_not_asked_for():
    """Two meetings would leave the first person alone with a break: one takes place."""
    everywhere, first = frozenset({0, 1, 2}), frozenset({0})
    free = (everywhere, frozenset({0, 1}), everywhere, frozenset({0, 2}))
    meetings = (Meeting((0, 3), everywhere), *[Meeting((0, 1), first)] * 3)

    found = solve_changes(Instance("unfair", 3, 1, free, meetings, fairness=0), LIMITS)

    assert (found.status, found.weight, len(found.schedule.slot_of)) == (Status.OPTIMAL, 1, 1)


@settings(max_examples=30, deadline=None)
@given(brute_force.tiny_fairs(told=True))
def test_tiny_fairs_change_as_little_as_by_brute_force(instance):
    expected = min(
        (
            (-brute_force.weight_of(instance, slots), *changes_of(instance, slots))
            for slots in brute_force.schedules(instance)
        ),
        default=None,
    )

    found = solve_changes(instance, LIMITS)

    if expected is None:
        assert found.schedule is None
    else:
        slots = found.schedule.slot_of
        assert (-found.weight, *changes_of(instance, slots)) == expected
