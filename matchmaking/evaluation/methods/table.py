"""Objects × criteria, and what a value, a missing value and a cost mean in them.

Every method takes a ``Table``. A missing value is ``None`` and never zero; its criterion's rule
says what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

Values = Sequence[float | None]
HALF = 0.5


class Missing(StrEnum):
    """What a missing value means (缺失值规则)."""

    EXCLUDE = "EXCLUDE"  # the object's other criteria share the weight
    WORST = "WORST"  # counts like the worst value: the scale's, else the worst among the objects
    REFUSE = "REFUSE"  # the object gets no score


@dataclass(frozen=True)
class Criterion:
    """One column: ``low`` and ``high`` are the ends of a fixed scale; without them the objects'
    own least and greatest value are its ends.
    """

    name: str
    weight: float
    is_cost: bool = False
    low: float | None = None
    high: float | None = None
    missing: Missing = Missing.EXCLUDE

    @property
    def worst_end(self) -> float | None:
        return self.high if self.is_cost else self.low


@dataclass(frozen=True)
class Table:
    """``rows[i][j]`` is what object ``i`` has in criterion ``j``.

    Raises ``ValueError`` for rows of another width, weights below zero or of the sum zero.
    """

    criteria: tuple[Criterion, ...]
    rows: tuple[tuple[float | None, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.criteria) for row in self.rows):
            raise ValueError("every row needs a value or None for each criterion")
        if any(weight < 0 for weight in self.weights) or sum(self.weights) <= 0:
            raise ValueError("weights must not be negative, and one must be above zero")

    @property
    def weights(self) -> list[float]:
        return [criterion.weight for criterion in self.criteria]

    def with_weights(self, weights: Sequence[float]) -> "Table":
        criteria = zip(self.criteria, weights, strict=True)
        return replace(self, criteria=tuple(replace(c, weight=weight) for c, weight in criteria))

    def columns(self) -> list[list[float | None]]:
        """The columns by criterion, after the rules for missing values.

        Of a refused object every value is None, so that it moves nobody else's score.
        """
        refused = {
            number
            for number, row in enumerate(self.rows)
            if any(
                value is None and criterion.missing == Missing.REFUSE
                for value, criterion in zip(row, self.criteria, strict=True)
            )
        }
        columns = []
        for place, criterion in enumerate(self.criteria):
            column = [
                None if number in refused else row[place] for number, row in enumerate(self.rows)
            ]
            if criterion.missing == Missing.WORST:
                column = _fill(column, criterion, refused)
            columns.append(column)
        return columns


def _fill(column: Values, criterion: Criterion, refused: set[int]) -> list[float | None]:
    worst = criterion.worst_end
    if worst is None:
        known = [value for value in column if value is not None]
        worst = (max if criterion.is_cost else min)(known, default=None)
    return [
        worst if value is None and number not in refused else value
        for number, value in enumerate(column)
    ]


def share_of_scale(column: Values, criterion: Criterion) -> list[float | None]:
    """Each value as 0 (worst) to 1 (best); a column without any spread gives everybody half.

    Values beyond a fixed scale count as its end.
    """
    known = [value for value in column if value is not None]
    low = criterion.low if criterion.low is not None else min(known, default=0)
    high = criterion.high if criterion.high is not None else max(known, default=0)
    if high <= low:
        return [None if value is None else HALF for value in column]
    shares = [
        None if value is None else min(1.0, max(0.0, (value - low) / (high - low)))
        for value in column
    ]
    if criterion.is_cost:
        return [None if share is None else 1 - share for share in shares]
    return shares


def rank(scores: Values) -> list[int | None]:
    """1 for the highest; equals share a rank and the ranks after them are skipped (1, 1, 3).

    Scores that differ by less than 1e-9 are equal: no rank rests on how a sum was rounded.
    """
    keys = [None if score is None else round(score, 9) for score in scores]
    ordered = sorted((key for key in keys if key is not None), reverse=True)
    places: dict[float, int] = {}
    for place, key in enumerate(ordered, start=1):
        places.setdefault(key, place)
    return [None if key is None else places[key] for key in keys]
