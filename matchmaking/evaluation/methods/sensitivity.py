"""How far ranks rest on the method and on the weights (敏感性分析)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .entropy import with_entropy_weights
from .points import points
from .table import Table, Values, rank
from .topsis import closeness

Score = Callable[[Table], list[float | None]]
CHANGE = 0.2


def entropy_points(table: Table) -> list[float | None]:
    return points(with_entropy_weights(table))


def entropy_closeness(table: Table) -> list[float | None]:
    return closeness(with_entropy_weights(table))


@dataclass(frozen=True)
class Variant:
    """One way to rank: ``label`` names a method, or a criterion with the factor on its weight."""

    label: str
    ranks: tuple[int | None, ...]
    factor: float = 1.0


@dataclass(frozen=True)
class Sensitivity:
    """``base`` are the ranks that count; an object moves where any variant ranks it otherwise."""

    base: tuple[int | None, ...]
    variants: tuple[Variant, ...]

    def range_of(self, place: int) -> tuple[int, int] | None:
        """Best and worst rank of an object over all variants; None for one without a rank."""
        found = [
            ranks[place] for ranks in (self.base, *(variant.ranks for variant in self.variants))
        ]
        known = [each for each in found if each is not None]
        return (min(known), max(known)) if known else None

    def moves(self, place: int) -> bool:
        ends = self.range_of(place)
        return ends is not None and ends[0] != ends[1]


def under_methods(scores: dict[str, Values]) -> list[Variant]:
    return [Variant(label, tuple(rank(values))) for label, values in scores.items()]


def under_weights(table: Table, score: Score) -> list[Variant]:
    """Ranks with each weight a fifth less and a fifth more; methods share out the whole anew."""
    variants = []
    for place, criterion in enumerate(table.criteria):
        for factor in (1 - CHANGE, 1 + CHANGE):
            weights = _changed(table.weights, place, factor)
            ranks = rank(score(table.with_weights(weights)))
            variants.append(Variant(criterion.name, tuple(ranks), factor))
    return variants


def _changed(weights: Sequence[float], place: int, factor: float) -> list[float]:
    """One weight times ``factor``, the others together keeping the sum where there are any."""
    total, changed = sum(weights), weights[place] * factor
    rest = total - weights[place]
    if rest <= 0 or changed > total:
        return list(weights)
    return [
        changed if number == place else weight * (total - changed) / rest
        for number, weight in enumerate(weights)
    ]
