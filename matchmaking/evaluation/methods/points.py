"""The points table (评分表法): weighted mean of shares of the scale, in points of 100."""

from collections.abc import Sequence

from .table import Table, share_of_scale


def weighted_mean(values: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """Mean over the known values with the weights of these; None where none has weight."""
    pairs = [
        (value, weight) for value, weight in zip(values, weights, strict=True) if value is not None
    ]
    total = sum(weight for _value, weight in pairs)
    return sum(value * weight for value, weight in pairs) / total if total > 0 else None


def points(table: Table) -> list[float | None]:
    """Points of 100 for each object; None for one that is refused or has no value at all."""
    shares = [
        share_of_scale(column, criterion)
        for column, criterion in zip(table.columns(), table.criteria, strict=True)
    ]
    means = (weighted_mean(row, table.weights) for row in zip(*shares, strict=True))
    return [None if mean is None else 100 * mean for mean in means]
