"""Measures of one ranked list and their means over needs.

A list is the sequence of its levels (1–4), best ranked first. Levels of 3 and 4 are relevant.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

RELEVANT = 3
RESAMPLES = 2_000
INTERVAL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean over needs with the bounds of its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    needs: int


def ndcg(levels: Sequence[int], depth: int = 10) -> float | None:
    """NDCG with gain 2^(level−1) − 1 (Järvelin & Kekäläinen 2002); None when all levels agree."""
    if len(set(levels)) < 2:
        return None
    return _gain(levels[:depth]) / _gain(sorted(levels, reverse=True)[:depth])


def _gain(levels: Sequence[int]) -> float:
    return sum(
        (2 ** (level - 1) - 1) / math.log2(rank + 1) for rank, level in enumerate(levels, start=1)
    )


def average_precision(levels: Sequence[int]) -> float | None:
    """Mean of the precision at each relevant rank; None when nothing is relevant."""
    ranks = [rank for rank, level in enumerate(levels, start=1) if level >= RELEVANT]
    if not ranks:
        return None
    return fmean(found / rank for found, rank in enumerate(ranks, start=1))


def pairwise(scored: Sequence[tuple[float, int]]) -> float | None:
    """Share of pairs of different level in the right order, equal scores ½.

    ``scored`` are (score, level) pairs; None when all levels agree.
    """
    right, pairs = 0.0, 0
    for position, (score, level) in enumerate(scored):
        for other_score, other_level in scored[position + 1 :]:
            if level == other_level:
                continue
            pairs += 1
            if score == other_score:
                right += 0.5
            else:
                right += (score > other_score) == (level > other_level)
    return right / pairs if pairs else None


def recall(found: Sequence[str], relevant: set[str]) -> float | None:
    """Share of the relevant ids that were found; None when nothing is relevant."""
    return len(relevant.intersection(found)) / len(relevant) if relevant else None


def estimate(values: Sequence[float | None]) -> Estimate:
    """Mean and percentile bootstrap interval (Efron 1979) over the needs that have a value."""
    known = [value for value in values if value is not None]
    if not known:
        return Estimate(math.nan, math.nan, math.nan, 0)
    draw = random.Random(len(known))  # noqa: S311  repeatable resampling, no secret
    means = sorted(fmean(draw.choices(known, k=len(known))) for _ in range(RESAMPLES))
    tail = round((1 - INTERVAL) / 2 * RESAMPLES)
    return Estimate(fmean(known), means[tail], means[-tail - 1], len(known))
