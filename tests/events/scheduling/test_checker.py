"""The checker against brute force, and each rule by a schedule that breaks it alone."""

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from events.scheduling.checker import Rule, breaks_of_people, find_violations, measure
from events.scheduling.instance import Instance, Meeting, Schedule
from tests.events.scheduling import brute_force

EVERYWHERE = frozenset(range(4))


def fair(*meetings, **changes) -> Instance:
    plain = Instance("plain", 4, 2, (EVERYWHERE,) * 4, meetings)
    return replace(plain, **changes)


def meeting(*people, **changes) -> Meeting:
    return replace(Meeting(people, EVERYWHERE), **changes)


@settings(max_examples=400, deadline=None)
@given(brute_force.tiny_fairs(told=True), st.data())
def test_checker_and_brute_force_agree(instance, data):
    slots = st.one_of(st.none(), st.integers(0, instance.slots - 1))
    choice = [data.draw(slots) for _meeting in instance.meetings]
    slot_of = {n: slot for n, slot in enumerate(choice) if slot is not None}

    assert (find_violations(instance, Schedule(slot_of)) == []) == brute_force.is_valid(
        instance, slot_of
    )
    assert breaks_of_people(instance, Schedule(slot_of)) == brute_force.breaks_of(instance, slot_of)


BOOTHS = {"home_tables": {0: 1, 2: 1}}
BROKEN = {
    Rule.UNKNOWN_MEETING: (fair(meeting(0, 1)), {1: 0}),
    Rule.UNKNOWN_SLOT: (fair(meeting(0, 1)), {0: 4}),
    Rule.MISSING: (fair(meeting(0, 1), every_meeting=True), {}),
    Rule.NOT_FREE: (fair(meeting(0, 1), free=(EVERYWHERE - {2}, *[EVERYWHERE] * 3)), {0: 2}),
    Rule.WRONG_SLOT: (fair(meeting(0, 1, slots=frozenset({0}))), {0: 1}),
    Rule.TWICE: (fair(meeting(0, 1), meeting(0, 2)), {0: 1, 1: 1}),
    Rule.TOO_EARLY: (fair(meeting(0, 1), meeting(2, 3, after=frozenset({0}))), {0: 1, 1: 1}),
    Rule.HELD_MOVED: (fair(meeting(0, 1, told=1, held=True)), {0: 2}),
    Rule.TOO_FEW_TABLES: (fair(meeting(0, 1), meeting(2, 3), tables=1), {0: 1, 1: 1}),
    Rule.UNFAIR: (fair(meeting(0, 1), meeting(0, 2), fairness=0), {0: 0, 1: 2}),
    Rule.TABLE_TWICE: (fair(meeting(0, 1), meeting(2, 3), **BOOTHS), {0: 1, 1: 1}),
    Rule.TABLE_LOST: (
        fair(meeting(0, 1), **BOOTHS, lost_tables=frozenset({(1, 3)})),
        {0: 3},
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_named(rule):
    instance, slot_of = BROKEN[rule]

    assert [each.rule for each in find_violations(instance, Schedule(slot_of))] == [rule]


@pytest.mark.parametrize("table", [1, 2, -1])
def test_who_has_no_booth_stays_at_a_common_table(table):
    instance = fair(meeting(0, 1), home_tables={3: 1})

    assert find_violations(instance, Schedule({0: 0}, {0: 0})) == []
    assert [each.rule for each in find_violations(instance, Schedule({0: 0}, {0: table}))] == [
        Rule.WRONG_TABLE
    ]


def test_two_meetings_at_one_common_table():
    instance = fair(meeting(0, 1), meeting(2, 3))

    found = find_violations(instance, Schedule({0: 2, 1: 2}, {0: 1, 1: 1}))

    assert [(each.rule, each.meetings, each.slot, each.table) for each in found] == [
        (Rule.TABLE_TWICE, (0, 1), 2, 1)
    ]


def test_a_held_meeting_must_not_be_dropped():
    instance = fair(meeting(0, 1, told=1, held=True))

    assert [each.rule for each in find_violations(instance, Schedule({}))] == [Rule.HELD_MOVED]


def test_figures():
    instance = fair(
        meeting(0, 1, weight=3, told=0),
        meeting(0, 2, told=1),
        meeting(0, 3, weight=3),
        meeting(1, 2, weight=3, told=3),
    )

    figures = measure(instance, Schedule({0: 0, 1: 2, 2: 3}, {0: 0, 1: 1, 2: 1}))

    assert (figures.meetings, figures.weight, figures.requested_weight) == (3, 7, 10)
    assert figures.must_meet_rate == 2 / 3
    assert (figures.breaks, figures.fairness, figures.people_without) == (1, 1, 0)
    assert figures.used_tables == (1, 0, 1, 1)
    assert figures.table_changes == 1
    # The second moved, the fourth was dropped, the third is new.
    assert (figures.moved, figures.changed_people) == (2, 4)
