"""Spearman's rank correlation (斯皮尔曼等级相关) with its interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

FEWEST_FOR_INTERVAL = 4


@dataclass(frozen=True)
class Correlation:
    """``rho`` is None where one side has no spread, the ends where ``n`` is below four."""

    n: int
    rho: float | None = None
    low: float | None = None
    high: float | None = None


def mean_ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1 for the least; equals get the mean of the ranks that they take."""
    order = sorted(values)
    first: dict[float, int] = {}
    count: dict[float, int] = {}
    for place, value in enumerate(order, start=1):
        first.setdefault(value, place)
        count[value] = count.get(value, 0) + 1
    return [first[value] + (count[value] - 1) / 2 for value in values]


def spearman(
    one: Sequence[float], two: Sequence[float], *, confidence: float = 0.95
) -> Correlation:
    """ρ with Fisher's interval and the standard error of Bonett and Wright (2000),
    √((1 + ρ²/2) / (n − 3)). Raises ``ValueError`` for sides of different length.
    """
    if len(one) != len(two):
        raise ValueError("both sides need a value for each object")
    n = len(one)
    rho = _pearson(mean_ranks(one), mean_ranks(two))
    if rho is None or n < FEWEST_FOR_INTERVAL:
        return Correlation(n, rho)
    if abs(rho) >= 1:
        return Correlation(n, rho, rho, rho)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt((1 + rho * rho / 2) / (n - 3))
    middle = math.atanh(rho)
    return Correlation(n, rho, math.tanh(middle - reach), math.tanh(middle + reach))


def _pearson(one: Sequence[float], two: Sequence[float]) -> float | None:
    if not one:
        return None
    mean_one, mean_two = sum(one) / len(one), sum(two) / len(two)
    above = sum((a - mean_one) * (b - mean_two) for a, b in zip(one, two, strict=True))
    spread_one = sum((a - mean_one) ** 2 for a in one)
    spread_two = sum((b - mean_two) ** 2 for b in two)
    if not spread_one or not spread_two:
        return None
    return max(-1.0, min(1.0, above / math.sqrt(spread_one * spread_two)))
