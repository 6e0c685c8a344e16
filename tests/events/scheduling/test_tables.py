"""Tables after slots: every meeting has one, and people walk little."""

from dataclasses import replace

from events.scheduling.checker import find_violations, measure
from events.scheduling.instance import Instance, Meeting, Schedule
from events.scheduling.limits import Limits
from events.scheduling.made_up import make_fair
from events.scheduling.solver import solve
from events.scheduling.tables import give_tables

EVERYWHERE = frozenset(range(3))


def fair(*pairs, **changes):
    meetings = tuple(Meeting(pair, EVERYWHERE) for pair in pairs)
    return replace(Instance("plain", 3, 3, (EVERYWHERE,) * 6, meetings), **changes)


def test_who_sits_stays_seated():
    instance = fair((0, 1), (2, 3), (0, 4), (2, 5), (0, 3))

    tables = give_tables(instance, Schedule({0: 0, 1: 0, 2: 1, 3: 1, 4: 2})).table_of

    assert tables[0] == tables[2] == tables[4]
    assert tables[1] == tables[3]


def test_booths_are_their_owners():
    instance = fair((0, 1), (2, 3), home_tables={1: 2})

    assert give_tables(instance, Schedule({0: 0, 1: 0})).table_of == {0: 2, 1: 0}


def test_a_lost_table_stays_empty():
    instance = fair((0, 1), (0, 2), lost_tables=frozenset({(0, 1)}))

    tables = give_tables(instance, Schedule({0: 0, 1: 1})).table_of

    assert tables[0] == 0
    assert tables[1] != 0


def test_a_table_that_was_told_is_kept():
    instance = fair((0, 1), (0, 2))
    told = replace(instance.meetings[1], told=1, told_table=2)
    instance = replace(instance, meetings=(instance.meetings[0], told))

    assert give_tables(instance, Schedule({0: 0, 1: 1})).table_of[1] == 2


def test_a_whole_fair_walks_less_than_by_chance():
    instance = make_fair(people=60, slots=8, tables=25, requests=200)
    found = solve(instance, Limits(effort=1, workers=1)).schedule
    in_order = {}
    for slot in range(instance.slots):
        here = [number for number, at in found.slot_of.items() if at == slot]
        in_order |= {number: table for table, number in enumerate(here)}

    assert find_violations(instance, found) == []
    assert len(found.table_of) == len(found.slot_of)
    walked = measure(instance, Schedule(found.slot_of, in_order)).table_changes
    assert measure(instance, found).table_changes < 0.7 * walked
