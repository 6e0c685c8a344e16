"""AHP (层次分析法): weights from comparing two criteria at a time, and whether they agree.

w is the principal eigenvector of the comparisons; CI = (λmax − n) / (n − 1), CR = CI / RI;
CR below 0.1 is accepted (Saaty).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
ACCEPTED_RATIO = 0.1
SCALE = tuple([1 / step for step in range(9, 1, -1)] + [float(step) for step in range(1, 10)])
ROUNDS, CLOSE, RECIPROCAL = 10_000, 1e-13, 1e-6

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Advice:
    """The comparison that disagrees most with the others: ``row`` over ``column`` is ``now``,
    ``fitting`` on Saaty's scale would fit, and CR would then be ``ratio_then``.
    """

    row: int
    column: int
    now: float
    fitting: float
    ratio_then: float


@dataclass(frozen=True)
class Hierarchy:
    weights: tuple[float, ...]
    lambda_max: float
    index: float
    ratio: float
    advice: Advice | None

    @property
    def is_consistent(self) -> bool:
        return self.ratio < ACCEPTED_RATIO


def complete(size: int, above: Sequence[float]) -> list[list[float]]:
    """The whole matrix from the comparisons above its diagonal, row by row."""
    matrix = [[1.0] * size for _each in range(size)]
    for (row, column), value in zip(combinations(range(size), 2), above, strict=True):
        matrix[row][column], matrix[column][row] = value, 1 / value
    return matrix


def weigh(matrix: Matrix) -> Hierarchy:
    """Weights that sum to 1, with the consistency ratio and advice where it is 0.1 or more.

    Raises ``ValueError`` for a matrix that is not square, positive and reciprocal, and for more
    than ten criteria, for which no random index is known.
    """
    _check(matrix)
    weights, lambda_max = _principal(matrix)
    index, ratio = _consistency(len(matrix), lambda_max)
    advice = _advise(matrix) if ratio >= ACCEPTED_RATIO else None
    return Hierarchy(tuple(weights), lambda_max, index, ratio, advice)


def _check(matrix: Matrix) -> None:
    size = len(matrix)
    if not 1 <= size <= len(RANDOM_INDEX) or any(len(row) != size for row in matrix):
        raise ValueError("one to ten criteria, each compared with each")
    for row in range(size):
        for column in range(size):
            if not matrix[row][column] > 0:
                raise ValueError("comparisons are above zero")
            if abs(matrix[row][column] * matrix[column][row] - 1) > RECIPROCAL:
                raise ValueError("the comparison the other way round is one over it")


def _principal(matrix: Matrix) -> tuple[list[float], float]:
    """Power iteration; a positive matrix always converges (Perron)."""
    size = len(matrix)
    weights = [1 / size] * size
    for _each in range(ROUNDS):
        product = _times(matrix, weights)
        total = sum(product)
        following = [value / total for value in product]
        moved = max(abs(one - two) for one, two in zip(weights, following, strict=True))
        weights = following
        if moved < CLOSE:
            break
    product = _times(matrix, weights)
    ratios = [value / weight for value, weight in zip(product, weights, strict=True)]
    return weights, sum(ratios) / size


def _times(matrix: Matrix, vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _consistency(size: int, lambda_max: float) -> tuple[float, float]:
    if size < 3:
        return 0.0, 0.0
    index = max(0.0, (lambda_max - size) / (size - 1))
    return index, index / RANDOM_INDEX[size - 1]


def _advise(matrix: Matrix) -> Advice:
    """Try for each comparison what the others say of it, and take the one that helps most."""
    size = len(matrix)
    found = []
    for row, column in combinations(range(size), 2):
        others = [k for k in range(size) if k not in {row, column}]
        implied = prod(matrix[row][k] * matrix[k][column] for k in others) ** (1 / len(others))
        fitting = min(SCALE, key=lambda step: _gap(step, implied))
        changed = [list(line) for line in matrix]
        changed[row][column], changed[column][row] = fitting, 1 / fitting
        _weights, lambda_max = _principal(changed)
        ratio = _consistency(size, lambda_max)[1]
        found.append(Advice(row, column, matrix[row][column], fitting, ratio))
    return min(found, key=lambda advice: advice.ratio_then)


def _gap(one: float, two: float) -> float:
    return max(one / two, two / one)
