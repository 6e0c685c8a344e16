"""Entropy weights (熵权法): a criterion weighs more, the more it tells the objects apart.

p_ij = x_ij / Σ_i x_ij;  e_j = −Σ_i p_ij ln p_ij / ln n;  w_j = (1 − e_j) / Σ_j (1 − e_j).
"""

import math
from collections.abc import Sequence

from .table import Criterion, Table, Values

TINY = 1e-12


def entropy_weights(columns: Sequence[Sequence[float]]) -> list[float]:
    """Weights of columns whose values are all zero or above, summing to 1.

    A column without spread weighs nothing; where no column has any, all weigh the same. Zeros
    add nothing (0·ln 0 = 0). Raises ``ValueError`` for values below zero.
    """
    spreads = [_spread(column) for column in columns]
    total = sum(spreads)
    if total <= TINY:
        return [1 / len(columns)] * len(columns)
    return [spread / total for spread in spreads]


def _spread(column: Sequence[float]) -> float:
    """1 − e: zero where all values are equal, 1 where one object has everything."""
    if any(value < 0 for value in column):
        raise ValueError("entropy needs values of zero or above")
    total = sum(column)
    if len(column) < 2 or total <= 0 or min(column) == max(column):
        return 0
    parts = [value / total for value in column if value > 0]
    entropy = -sum(part * math.log(part) for part in parts if part > 0) / math.log(len(column))
    return max(0.0, 1 - entropy)


def turned(column: Values, criterion: Criterion) -> list[float]:
    """The known values as entropy wants them: costs turned, nothing below zero.

    A cost x becomes max + min − x, which keeps its spread; a column with values below zero is
    moved so that its least is zero.
    """
    known = [value for value in column if value is not None]
    if criterion.is_cost and known:
        ends = max(known) + min(known)
        known = [ends - value for value in known]
    least = min(known, default=0)
    return [value - least for value in known] if least < 0 else known


def with_entropy_weights(table: Table) -> Table:
    """The same table with weights by entropy in the place of those that were set."""
    columns = zip(table.columns(), table.criteria, strict=True)
    return table.with_weights(
        entropy_weights([turned(column, criterion) for column, criterion in columns])
    )
