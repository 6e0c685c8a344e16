"""AHP: the worked example, consistency, and which comparison to look at again."""

import pytest
from hypothesis import given, strategies as st

from matchmaking.evaluation.methods import complete, weigh
from matchmaking.evaluation.methods.ahp import RANDOM_INDEX, SCALE

EXAMPLE = [
    [1, 1 / 2, 4, 3, 3],
    [2, 1, 7, 5, 5],
    [1 / 4, 1 / 7, 1, 1 / 2, 1 / 3],
    [1 / 3, 1 / 5, 2, 1, 1],
    [1 / 3, 1 / 5, 3, 1, 1],
]


def test_the_worked_example():
    found = weigh(EXAMPLE)

    assert [round(weight, 4) for weight in found.weights] == [
        0.2636,
        0.4758,
        0.0538,
        0.0981,
        0.1087,
    ]
    assert [round(found.lambda_max, 4), round(found.ratio, 4)] == [5.0721, 0.0161]
    assert round(found.index, 4) == 0.018
    assert [found.is_consistent, found.advice] == [True, None]


def test_the_matrix_is_completed_from_the_comparisons_above_its_diagonal():
    above = [EXAMPLE[row][column] for row in range(5) for column in range(row + 1, 5)]

    assert complete(5, above) == [[pytest.approx(value) for value in row] for row in EXAMPLE]


@pytest.mark.parametrize(
    ("matrix", "weights"), [([[1]], [1]), ([[1, 3], [1 / 3, 1]], [0.75, 0.25])]
)
def test_one_and_two_criteria_are_always_consistent(matrix, weights):
    found = weigh(matrix)

    assert list(found.weights) == [pytest.approx(weight) for weight in weights]
    assert [found.ratio, found.is_consistent] == [0, True]


def test_where_comparisons_contradict_the_one_to_look_at_again_is_named():
    """What the others imply is a = 12d, but somebody wrote d = 5a."""
    found = weigh(complete(4, [2, 6, 1 / 5, 3, 6, 2]))

    assert found.ratio > 0.1
    assert (found.advice.row, found.advice.column, found.advice.now) == (0, 3, 1 / 5)
    assert found.advice.fitting == 9
    assert found.advice.ratio_then < 0.1


@pytest.mark.parametrize(
    "matrix",
    [
        [],
        [[1, 2], [0.5]],
        [[1, 2], [2, 1]],
        [[1, -2], [-0.5, 1]],
        [[1, 0], [0, 1]],
        [[1.0] * 11 for _each in range(11)],
    ],
)
def test_what_is_no_comparison_is_refused(matrix):
    with pytest.raises(ValueError, match=r"comparison|compared"):
        weigh(matrix)


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=len(RANDOM_INDEX)))
def test_comparisons_made_from_weights_give_these_weights(weights):
    found = weigh([[one / two for two in weights] for one in weights])

    assert list(found.weights) == [pytest.approx(w / sum(weights), rel=1e-6) for w in weights]
    assert found.ratio == pytest.approx(0, abs=1e-6)


@given(st.lists(st.sampled_from(SCALE), min_size=6, max_size=6))
def test_any_comparisons_give_weights_that_sum_to_one_and_advice_that_helps(above):
    found = weigh(complete(4, above))

    assert sum(found.weights) == pytest.approx(1)
    assert found.lambda_max >= 4 - 1e-9
    if found.advice:
        assert found.advice.ratio_then < found.ratio
