"""Evaluation methods (评估方法): pure functions over a table of objects and criteria."""

from .ahp import ACCEPTED_RATIO, Advice, Hierarchy, complete, weigh
from .correlation import Correlation, spearman
from .entropy import entropy_weights, with_entropy_weights
from .fuzzy import BANDS, Judgement, grade_of, judge, judge_all, memberships
from .points import points, weighted_mean
from .sensitivity import (
    Sensitivity,
    Variant,
    entropy_closeness,
    entropy_points,
    under_methods,
    under_weights,
)
from .table import Criterion, Missing, Table, rank, share_of_scale
from .topsis import closeness

__all__ = [
    "ACCEPTED_RATIO",
    "BANDS",
    "Advice",
    "Correlation",
    "Criterion",
    "Hierarchy",
    "Judgement",
    "Missing",
    "Sensitivity",
    "Table",
    "Variant",
    "closeness",
    "complete",
    "entropy_closeness",
    "entropy_points",
    "entropy_weights",
    "grade_of",
    "judge",
    "judge_all",
    "memberships",
    "points",
    "rank",
    "share_of_scale",
    "spearman",
    "under_methods",
    "under_weights",
    "weigh",
    "weighted_mean",
    "with_entropy_weights",
]
