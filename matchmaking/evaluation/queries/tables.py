"""A round as the methods' table, its spreads, ranks and how far they move."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean

from django.utils.translation import gettext as _

from ..enums import IndicatorKind, Method, Weighting
from ..methods import (
    Criterion,
    Judgement,
    Missing,
    Sensitivity,
    Table,
    closeness,
    entropy_closeness,
    entropy_points,
    judge_all,
    points,
    rank,
    under_methods,
    under_weights,
    with_entropy_weights,
)
from ..methods.table import Values
from ..models import Assignment, Indicator, Moderation, ReportedValue, Round, Score, Subject

Key = tuple[int, int]  # subject, indicator


@dataclass(frozen=True)
class Spread:
    """What the experts gave one object in one indicator, and what counts of it."""

    subject: Subject
    indicator: Indicator
    scores: list[Score]
    limit: float
    moderation: Moderation | None

    @property
    def values(self) -> list[float]:
        return [score.value for score in self.scores if score.value is not None]

    @property
    def comments(self) -> list[str]:
        """What the experts wrote, without saying who."""
        return [score.comment for score in self.scores if score.comment]

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def width(self) -> float:
        """Highest less lowest in per cent of the scale."""
        low, high = self.indicator.low or 0, self.indicator.high or 0
        return 100 * (max(self.values) - min(self.values)) / (high - low)

    @property
    def is_wide(self) -> bool:
        return self.width > self.limit

    @property
    def is_open(self) -> bool:
        return self.is_wide and self.moderation is None

    @property
    def counted(self) -> float:
        if self.moderation and self.moderation.value is not None:
            return self.moderation.value
        return self.mean


def spreads_of(round_: Round, subject: Subject | None = None) -> list[Spread]:
    """Every scored indicator of every object that takes part, or of one object, in order."""
    subjects = round_.subjects.taking_part().order_by("number")
    if subject is not None:
        subjects = subjects.filter(pk=subject.pk)
    given: dict[Key, list[Score]] = defaultdict(list)
    scores = Score.objects.filter(
        assignment__in=Assignment.objects.submitted().filter(subject__in=subjects),
        value__isnull=False,
    ).order_by("assignment")
    for score in scores.select_related("assignment"):
        given[score.assignment.subject_id, score.indicator_id].append(score)
    decided = {
        (each.subject_id, each.indicator_id): each
        for each in Moderation.objects.filter(subject__round=round_)
    }
    return [
        Spread(
            subject,
            leaf,
            given[subject.pk, leaf.pk],
            round_.scheme.spread_limit,
            decided.get((subject.pk, leaf.pk)),
        )
        for subject in subjects
        for leaf in round_.scheme.scored_leaves
        if (subject.pk, leaf.pk) in given
    ]


def open_spreads(round_: Round) -> list[Spread]:
    return [spread for spread in spreads_of(round_) if spread.is_open]


@dataclass(frozen=True)
class RoundTable:
    """The objects that take part, in order, with the table that the methods reckon with."""

    scheme_method: str
    weighting: str
    subjects: list[Subject]
    leaves: list[Indicator]
    table: Table
    votes: dict[tuple[int, int], list[float]]

    def judgements(self, table: Table) -> list[Judgement | None]:
        return judge_all(table, self.votes)

    def fuzzy_points(self, table: Table) -> list[float | None]:
        return [None if each is None else each.points for each in self.judgements(table)]

    def score(self, table: Table) -> list[float | None]:
        """Scores of 100 by the scheme's own method and weights."""
        if self.weighting == Weighting.ENTROPY:
            table = with_entropy_weights(table)
        if self.scheme_method == Method.TOPSIS:
            return [None if each is None else 100 * each for each in closeness(table)]
        if self.scheme_method == Method.FUZZY:
            return self.fuzzy_points(table)
        return points(table)

    def weights_in_force(self) -> list[float]:
        """The weights that count, of the sum 100."""
        by_entropy = self.weighting == Weighting.ENTROPY
        weights = (with_entropy_weights(self.table) if by_entropy else self.table).weights
        return [100 * weight / sum(weights) for weight in weights]


def table_of(round_: Round) -> RoundTable | None:
    """None while the round has no object or its scheme no weight."""
    leaves = round_.scheme.leaves
    subjects = list(round_.subjects.taking_part().select_related("organization").order_by("number"))
    if not subjects or not any(leaf.weight for leaf in leaves):
        return None
    reported = {
        (subject, indicator): value
        for subject, indicator, value in ReportedValue.objects.filter(
            subject__round=round_
        ).values_list("subject", "indicator", "value")
    }
    spreads = {(each.subject.pk, each.indicator.pk): each for each in spreads_of(round_)}

    def value(subject: Subject, leaf: Indicator) -> float | None:
        key = (subject.pk, leaf.pk)
        if leaf.kind == IndicatorKind.SCORE:
            return spreads[key].counted if key in spreads else None
        return reported.get(key)

    rows = tuple(tuple(value(subject, leaf) for leaf in leaves) for subject in subjects)
    votes = {
        (row, column): _votes(spreads[subject.pk, leaf.pk])
        for row, subject in enumerate(subjects)
        for column, leaf in enumerate(leaves)
        if (subject.pk, leaf.pk) in spreads
    }
    criteria = tuple(criterion_of(leaf) for leaf in leaves)
    scheme = round_.scheme
    table = Table(criteria, rows)
    return RoundTable(scheme.method, scheme.weighting, subjects, leaves, table, votes)


def criterion_of(leaf: Indicator) -> Criterion:
    return Criterion(
        leaf.label, float(leaf.weight), leaf.is_cost, leaf.low, leaf.high, Missing(leaf.missing)
    )


def _votes(spread: Spread) -> list[float]:
    """The experts' scores in points of 100; a moderated score stands alone."""
    low, high = spread.indicator.low or 0, spread.indicator.high or 0
    decided = spread.moderation is not None and spread.moderation.value is not None
    values = [spread.counted] if decided else spread.values
    turned = [high + low - value for value in values] if spread.indicator.is_cost else values
    return [100 * (value - low) / (high - low) for value in turned]


def sensitivity_of(found: RoundTable) -> Sensitivity:
    """Ranks under each method, and under each weight a fifth less and more."""
    table = found.table
    methods: dict[str, Values] = {
        _("By points"): points(table),
        _("By points, entropy"): entropy_points(table),
        _("TOPSIS"): closeness(table),
        _("TOPSIS, entropy"): entropy_closeness(table),
        _("Fuzzy"): found.fuzzy_points(table),
    }
    variants = [*under_methods(methods), *under_weights(table, found.score)]
    return Sensitivity(tuple(rank(found.score(table))), tuple(variants))
