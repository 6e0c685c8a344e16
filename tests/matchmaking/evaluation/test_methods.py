"""Points, entropy, TOPSIS and fuzzy: worked examples, edges, and what never changes."""

import pytest
from hypothesis import assume, given, settings, strategies as st

from matchmaking.evaluation.methods import (
    Criterion,
    Missing,
    Table,
    closeness,
    entropy_closeness,
    entropy_weights,
    grade_of,
    judge,
    memberships,
    points,
    rank,
    share_of_scale,
    with_entropy_weights,
)
from matchmaking.evaluation.methods.entropy import turned

# The worked example of the domain reference §2.9: the fourth criterion is a cost.
EXAMPLE = ((30, 1200, 0.62, 45), (18, 2600, 0.80, 30), (42, 900, 0.45, 90))
WEIGHTS = (0.1884, 0.3641, 0.0912, 0.3562)


def make_table(*rows, weights=None, **criterion):
    weights = weights or [1] * len(rows[0])
    return Table(
        tuple(Criterion(str(n), weight, **criterion) for n, weight in enumerate(weights)),
        tuple(map(tuple, rows)),
    )


def example(weights=WEIGHTS):
    criteria = [Criterion(str(n), weight, is_cost=n == 3) for n, weight in enumerate(weights)]
    return Table(tuple(criteria), EXAMPLE)


def rounded(values, digits=4):
    return [None if value is None else round(value, digits) for value in values]


def test_entropy_weights_of_the_worked_example():
    assert rounded(entropy_weights(list(zip(*EXAMPLE, strict=True)))) == list(WEIGHTS)


def test_topsis_of_the_worked_example():
    weights = entropy_weights(list(zip(*EXAMPLE, strict=True)))

    assert rounded(closeness(example(weights))) == [0.4714, 0.7787, 0.2213]


def test_points_are_weighted_shares_of_the_scale():
    table = Table(
        (Criterion("a", 60, low=0, high=100), Criterion("b", 40, low=0, high=10)),
        ((80, 5), (100, 0), (120, -3)),
    )

    assert points(table) == [pytest.approx(68), pytest.approx(60), pytest.approx(60)]


def test_without_a_scale_the_objects_themselves_are_the_scale():
    assert points(make_table([10], [20], [15])) == [0, 100, 50]


def test_missing_shares_its_weight_out_is_worst_or_refuses():
    rows = [100, None], [50, 100], [0, 0]

    def scores(rule):
        return points(make_table(*rows, low=0, high=100, missing=rule))

    assert scores(Missing.EXCLUDE) == [100, 75, 0]
    assert scores(Missing.WORST) == [50, 75, 0]
    assert scores(Missing.REFUSE) == [None, 75, 0]


def test_missing_is_not_zero_in_topsis_either():
    def scores(rule):
        return closeness(make_table([9, None], [9, 9], [1, 1], missing=rule))

    assert scores(Missing.EXCLUDE) == [1, 1, 0]
    assert scores(Missing.WORST) == [pytest.approx(0.4164, abs=1e-4), 1, 0]
    assert scores(Missing.REFUSE) == [None, 1, 0]


def test_worst_without_a_scale_is_the_worst_of_the_others_and_for_a_cost_the_highest():
    table = make_table([None], [4], [8], missing=Missing.WORST, is_cost=True)

    assert table.columns() == [[8, 4, 8]]


def test_a_refused_object_moves_nobody_elses_score():
    criteria = (Criterion("a", 1), Criterion("b", 1, missing=Missing.REFUSE))
    without = Table(criteria, ((1, 1), (3, 5), (2, 2)))
    with_refused = Table(criteria, ((1, 1), (3, 5), (2, 2), (1000, None)))

    for method in (points, closeness, entropy_closeness):
        assert method(with_refused) == [*method(without), None]


def test_an_object_without_any_value_has_no_score():
    table = make_table([None, None], [1, 2], [2, 1])

    assert [points(table)[0], closeness(table)[0]] == [None, None]
    assert rank(points(table)) == [None, 1, 1]


def test_costs_are_turned():
    assert points(make_table([10], [20], [15], is_cost=True)) == [100, 0, 50]
    assert rank(closeness(make_table([10], [20], [15], is_cost=True))) == [1, 3, 2]
    assert turned([10, 20, 13], Criterion("a", 1, is_cost=True)) == [20, 10, 17]


def test_equals_share_a_rank_and_the_next_is_skipped():
    assert rank([70, 90, 90, None, 50]) == [3, 1, 1, None, 4]
    assert rank([0.1 + 0.2, 0.3]) == [1, 1]


def test_one_object_alone_stands_in_the_middle_where_there_is_no_scale():
    table = make_table([7, 3])

    assert [points(table), closeness(table), entropy_closeness(table)] == [[50], [0.5], [0.5]]
    assert points(make_table([70, 30], low=0, high=100)) == [50]


def test_a_constant_column_separates_nobody():
    table = make_table([5, 1], [5, 3], [5, 2])

    assert share_of_scale([5, None, 5], table.criteria[0]) == [0.5, None, 0.5]
    assert rounded(with_entropy_weights(table).weights) == [0, 1]
    assert rank(closeness(table)) == rank(points(table)) == [3, 1, 2]


def test_all_constant_columns_weigh_the_same():
    assert entropy_weights([[2, 2], [3, 3]]) == [0.5, 0.5]
    assert closeness(make_table([2, 3], [2, 3])) == [0.5, 0.5]


def test_zeros_are_values():
    table = make_table([0, 0], [0, 4], [0, 2])

    assert rounded(with_entropy_weights(table).weights) == [0, 1]
    assert closeness(table) == [0, 1, 0.5]
    assert entropy_weights([[0, 1], [1, 1]]) == [1, 0]


def test_negative_values_are_moved_for_entropy_and_refused_raw():
    assert turned([-4, 6, None], Criterion("a", 1)) == [0, 10]
    assert rank(entropy_closeness(make_table([-4, 1], [6, 2], [1, 9]))) == [3, 1, 2]
    with pytest.raises(ValueError, match="zero or above"):
        entropy_weights([[-1, 2]])


@pytest.mark.parametrize(
    ("weights", "rows"), [([1, 1], [[1]]), ([-1, 2], [[1, 1]]), ([0, 0], [[1, 1]])]
)
def test_a_table_that_means_nothing_is_refused(weights, rows):
    with pytest.raises(ValueError, match=r"row|weights"):
        make_table(*rows, weights=weights)


def test_grades_by_points():
    assert [grade_of(value) for value in (100, 90, 89.9, 75, 60, 59, 0, -1)] == [
        0, 0, 1, 1, 2, 3, 3, 3,
    ]  # fmt: skip
    assert memberships([95, 80, 80, 40]) == (0.25, 0.5, 0, 0.25)


def test_fuzzy_composes_by_weights_and_grades_by_the_largest_part():
    judgement = judge([(0.6, 0.4, 0, 0), (0.2, 0.5, 0.3, 0)], [0.7, 0.3])

    assert rounded(judgement.parts) == [0.48, 0.43, 0.09, 0]
    assert judgement.grade == 0
    assert round(judgement.points, 4) == 87.15


def test_fuzzy_takes_the_lower_of_equal_grades_and_leaves_out_what_is_missing():
    assert judge([(0.5, 0.5, 0, 0), None], [1, 9]).grade == 1
    assert judge([None], [1]) is None


values = st.floats(0.01, 1000, allow_nan=False)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(values, min_size=width, max_size=width), min_size=2, max_size=8)
)


@given(tables)
def test_entropy_weights_sum_to_one_and_none_is_negative(rows):
    weights = entropy_weights(list(zip(*rows, strict=True)))

    assert sum(weights) == pytest.approx(1)
    assert min(weights) >= 0


@given(tables, st.randoms())
@settings(max_examples=60)
def test_the_order_of_the_objects_changes_no_score(rows, chance):
    order = list(range(len(rows)))
    chance.shuffle(order)

    for method in (points, closeness, entropy_closeness):
        scores, mixed = method(make_table(*rows)), method(make_table(*(rows[n] for n in order)))
        assert mixed == [pytest.approx(scores[n], abs=1e-7) for n in order]


@given(tables, st.floats(0.1, 10))
@settings(max_examples=60)
def test_scaling_a_benefit_column_changes_no_topsis_score(rows, factor):
    scaled = [[row[0] * factor, *row[1:]] for row in rows]

    assert closeness(make_table(*scaled)) == [
        pytest.approx(score, abs=1e-6) for score in closeness(make_table(*rows))
    ]


@given(tables)
def test_scores_lie_in_their_range_and_a_better_object_never_ranks_below(rows):
    better = [value + 1 for value in rows[0]]
    table = make_table(*rows, better)

    for method, highest in ((points, 100), (closeness, 1), (entropy_closeness, 1)):
        scores = method(table)
        assert all(-1e-9 <= score <= highest + 1e-9 for score in scores)
        ranks = rank(scores)
        assert ranks[-1] <= ranks[0]


@given(tables, st.lists(st.floats(0.1, 10), min_size=4, max_size=4), st.floats(0.1, 10))
def test_only_the_proportion_of_the_weights_counts(rows, weights, factor):
    weights = weights[: len(rows[0])]
    assume(sum(weights) > 0)
    table = make_table(*rows, weights=weights)
    scaled = table.with_weights([weight * factor for weight in weights])

    for method in (points, closeness):
        assert method(scaled) == [pytest.approx(score, abs=1e-9) for score in method(table)]
