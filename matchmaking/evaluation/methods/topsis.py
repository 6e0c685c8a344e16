"""TOPSIS (优劣解距离法): how near an object is to the best, how far from the worst.

r_ij = x_ij / √Σ_i x²_ij;  v = w·r;  C = D⁻ / (D⁺ + D⁻), 0 to 1.
"""

import math
from collections.abc import Sequence

from .table import HALF, Table, Values


def closeness(table: Table) -> list[float | None]:
    """C of each object; None for one that is refused or has no value with weight.

    Over an object's known values alone, whose weights then share the whole. Where all objects
    are equal, or one stands alone, C is one half. A column of zeros separates nobody.
    """
    columns = [_by_norm(column) for column in table.columns()]
    ends = [
        _ends(column, criterion.is_cost)
        for column, criterion in zip(columns, table.criteria, strict=True)
    ]
    gaps = [
        _squared_gaps(column, best, worst)
        for column, (best, worst) in zip(columns, ends, strict=True)
    ]
    weights = table.weights
    squares = [weight * weight for weight in weights]
    return [_closeness(row, squares, weights) for row in zip(*gaps, strict=True)]


def _by_norm(column: Values) -> list[float | None]:
    norm = math.sqrt(sum(value * value for value in column if value is not None)) or 1.0
    return [None if value is None else value / norm for value in column]


def _ends(column: Values, is_cost: bool) -> tuple[float, float]:
    known = [value for value in column if value is not None] or [0.0]
    low, high = min(known), max(known)
    return (low, high) if is_cost else (high, low)


def _squared_gaps(column: Values, best: float, worst: float) -> list[tuple[float, float] | None]:
    return [
        None if value is None else ((value - best) ** 2, (value - worst) ** 2) for value in column
    ]


def _closeness(
    gaps: Sequence[tuple[float, float] | None],
    squares: Sequence[float],
    weights: Sequence[float],
) -> float | None:
    """The object's own share of the weights cancels out of D⁻ / (D⁺ + D⁻)."""
    to_best = to_worst = known = 0.0
    for gap, square, weight in zip(gaps, squares, weights, strict=True):
        if gap is not None:
            known += weight
            to_best += square * gap[0]
            to_worst += square * gap[1]
    if not known:
        return None
    far, near = math.sqrt(to_worst), math.sqrt(to_best)
    return far / (far + near) if far + near > 0 else HALF
