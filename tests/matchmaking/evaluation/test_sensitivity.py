"""Whether a rank rests on the method or on a weight, and Spearman's correlation."""

import pytest
from hypothesis import given, strategies as st

from matchmaking.evaluation.methods import (
    Criterion,
    Sensitivity,
    Table,
    closeness,
    points,
    rank,
    spearman,
    under_methods,
    under_weights,
)


def table(*rows, weights=(50, 50)):
    criteria = [Criterion(f"c{n}", weight, low=0, high=100) for n, weight in enumerate(weights)]
    return Table(tuple(criteria), rows)


def sensitivity(found):
    variants = [
        *under_methods({"points": points(found), "topsis": closeness(found)}),
        *under_weights(found, points),
    ]
    return Sensitivity(tuple(rank(points(found))), tuple(variants))


def test_a_clear_winner_does_not_move():
    found = sensitivity(table((90, 90), (50, 50), (10, 10)))

    assert [found.moves(place) for place in range(3)] == [False, False, False]
    assert [found.range_of(place) for place in range(3)] == [(1, 1), (2, 2), (3, 3)]


def test_a_rank_that_rests_on_a_weight_is_said_to_move():
    found = sensitivity(table((90, 50), (52, 86), (10, 10)))

    assert found.base == (1, 2, 3)
    assert [found.moves(place) for place in range(3)] == [True, True, False]
    assert found.range_of(0) == (1, 2)


def test_each_weight_is_tried_a_fifth_less_and_more():
    found = under_weights(table((90, 50), (50, 88)), points)

    assert [(each.label, each.factor, each.ranks) for each in found] == [
        ("c0", 0.8, (2, 1)),
        ("c0", 1.2, (1, 2)),
        ("c1", 0.8, (1, 2)),
        ("c1", 1.2, (2, 1)),
    ]


def test_a_single_criterion_has_no_other_weight():
    assert [each.ranks for each in under_weights(table((1,), (2,), weights=(100,)), points)] == [
        (2, 1),
        (2, 1),
    ]


def test_an_object_without_score_has_no_range():
    found = sensitivity(table((None, None), (1, 2)))

    assert [found.range_of(0), found.moves(0)] == [None, False]


def test_spearman_with_interval():
    found = spearman([1, 2, 3, 4, 5, 6, 7], [2, 1, 4, 3, 7, 5, 6])

    assert found.n == 7
    assert round(found.rho, 4) == 0.8214
    assert [round(found.low, 4), round(found.high, 4)] == [0.0279, 0.9799]


def test_spearman_gives_equals_their_mean_rank():
    assert round(spearman([1, 2, 2, 3], [1, 3, 2, 4]).rho, 4) == 0.9487


def test_spearman_without_spread_or_with_few_objects():
    assert spearman([1, 1, 1, 1], [1, 2, 3, 4]).rho is None
    assert spearman([], []).rho is None
    few = spearman([1, 2, 3], [1, 3, 2])
    assert [few.n, few.rho, few.low] == [3, pytest.approx(0.5), None]
    assert spearman([1, 2, 3, 4], [2, 4, 6, 8]).low == 1
    with pytest.raises(ValueError, match="both sides"):
        spearman([1], [1, 2])


numbers = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=4, max_size=30)


@given(numbers)
def test_spearman_lies_in_its_interval_and_is_the_same_both_ways(pairs):
    one, two = zip(*pairs, strict=True)
    found, turned = spearman(one, two), spearman(two, one)

    assert (found.rho is None) == (turned.rho is None)
    if found.rho is not None:
        assert found.rho == pytest.approx(turned.rho)
        assert -1 <= found.low <= found.rho <= found.high <= 1
