"""First come, first served on given wishes: a pure function, judged by the solver's checker."""

from hypothesis import HealthCheck, given, settings, strategies as st

from events.reports.first_come import first_come_first_served
from events.scheduling.checker import find_violations
from events.scheduling.instance import Instance, Meeting

ALWAYS = frozenset(range(3))


def fair(meetings, *, people=4, tables=2, free=None, **more):
    return Instance(
        name="x",
        slots=3,
        tables=tables,
        free=free or (ALWAYS,) * people,
        meetings=tuple(Meeting(pair, ALWAYS) for pair in meetings),
        **more,
    )


def booked(instance, order, most=None):
    return first_come_first_served(instance, order, most).slot_of


def test_who_comes_first_gets_the_earliest_slot_that_both_have_free():
    instance = fair([(0, 1), (0, 2), (1, 2)])

    assert booked(instance, [0, 1, 2]) == {0: 0, 1: 1, 2: 2}
    assert booked(instance, [2, 1, 0]) == {2: 0, 1: 1, 0: 2}


def test_who_comes_last_goes_away_empty_when_nothing_fits():
    instance = fair([(0, 1), (2, 3)], tables=1, free=(frozenset({0}),) * 4)

    assert booked(instance, [1, 0]) == {1: 0}


def test_nobody_gets_more_meetings_than_the_fair_allows():
    assert booked(fair([(0, 1), (0, 2), (0, 3)]), [0, 1, 2], most=2) == {0: 0, 1: 1}


def test_a_booth_takes_one_meeting_in_a_slot_and_no_common_table():
    instance = fair([(0, 1), (0, 2), (1, 2)], tables=2, home_tables={0: 0})

    assert booked(instance, [0, 1, 2]) == {0: 0, 1: 1, 2: 2}
    assert booked(fair([(0, 1), (2, 3)], tables=1, home_tables={0: 0}), [0, 1]) == {0: 0}


PAIRS = [(one, other) for one in range(6) for other in range(6) if one != other]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(PAIRS), max_size=12),
    st.integers(1, 3),
    st.lists(st.frozensets(st.integers(0, 2)), min_size=6, max_size=6),
    st.randoms(),
)
def test_what_is_booked_breaks_no_rule_and_leaves_nothing_that_still_fits(
    pairs, tables, free, chance
):
    instance = fair(pairs, tables=tables, free=tuple(free))
    order = list(range(len(pairs)))
    chance.shuffle(order)
    schedule = first_come_first_served(instance, order)

    assert find_violations(instance, schedule) == []
    for number in set(order) - schedule.slot_of.keys():
        for slot in ALWAYS:
            more = type(schedule)({**schedule.slot_of, number: slot})
            assert find_violations(instance, more) != []
