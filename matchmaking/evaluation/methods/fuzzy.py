"""Fuzzy comprehensive evaluation (模糊综合评价): how much of an object is good, fair, poor.

B = w ∘ R with M(·, ⊕): b_k = min(1, Σ_j w_j r_jk). The grade is the largest part; of equal
parts the lower grade, so that nobody is praised by a draw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .points import weighted_mean
from .table import Table, share_of_scale

# Lower ends of 优 良 中 差 in points of 100, and the middle of each band.
BANDS = (90.0, 75.0, 60.0, 0.0)
MIDDLES = (95.0, 82.5, 67.5, 30.0)


@dataclass(frozen=True)
class Judgement:
    """``parts`` are the shares of the grades from best to worst, ``grade`` is a place in them."""

    parts: tuple[float, ...]
    grade: int

    @property
    def points(self) -> float:
        """The bands' middles weighted by the parts: what a ranking orders by."""
        return sum(part * middle for part, middle in zip(self.parts, MIDDLES, strict=True))


def grade_of(points: float) -> int:
    """The place of the grade that these points fall into, 0 the best."""
    return next(place for place, lowest in enumerate(BANDS) if points >= lowest or lowest == 0)


def memberships(scores: Sequence[float]) -> tuple[float, ...]:
    """The share of ``scores`` (points of 100, one for each expert) in each grade."""
    grades = [grade_of(score) for score in scores]
    return tuple(grades.count(place) / len(grades) for place in range(len(BANDS)))


def judge(relation: Sequence[Sequence[float] | None], weights: Sequence[float]) -> Judgement | None:
    """Compose the memberships of each criterion; None where no known criterion has weight.

    A criterion without memberships is left out, and the others share its weight.
    """
    parts = []
    for place in range(len(BANDS)):
        column = [None if row is None else row[place] for row in relation]
        part = weighted_mean(column, weights)
        if part is None:
            return None
        parts.append(min(1.0, part))
    best = max(parts)
    grade = max(place for place, part in enumerate(parts) if abs(part - best) < 1e-9)
    return Judgement(tuple(parts), grade)


def judge_all(
    table: Table, votes: Mapping[tuple[int, int], Sequence[float]]
) -> list[Judgement | None]:
    """Judge each object; ``votes`` hold the points of 100 that experts gave by (row, column).

    A value without votes belongs wholly to the grade that its share of the scale falls into.
    """
    shares = [
        share_of_scale(column, criterion)
        for column, criterion in zip(table.columns(), table.criteria, strict=True)
    ]
    judgements = []
    for row in range(len(table.rows)):
        relation = [
            None
            if column[row] is None
            else memberships(votes.get((row, place)) or [100 * (column[row] or 0)])
            for place, column in enumerate(shares)
        ]
        judgements.append(judge(relation, table.weights))
    return judgements
