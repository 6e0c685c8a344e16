"""Rank a labelled collection through the portal's own matcher and measure the order."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from django.utils import timezone

from search.documents import BaseDocument
from search.lexicon import shipped_lexicon
from search.services import temporary_index

from ..enums import Grade
from ..matcher import (
    Candidate,
    explain,
    find_candidates,
    grade_of,
    rerank,
    weigh_terms,
    weigh_titles,
    weigh_words,
)
from .files import Judgements
from .measures import RELEVANT, Estimate, average_precision, estimate, ndcg, pairwise, recall

RECALL_DEPTH = 100
MEASURES = ("ndcg_at_10", "map", "pairwise", "recall_at_100")


@dataclass(frozen=True)
class Title:
    """One document of the collection; ``pk`` orders equal scores."""

    pk: int
    name: str
    title: str
    updated_at: datetime


class TitleDocument(BaseDocument):
    """A title without a text."""

    kind = "evaluation"

    @classmethod
    def from_instance(cls, instance: Title) -> dict:
        return {"title": instance.title}


def hash_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def evaluate(
    judgements: Judgements, *, engine: str | None = None, feedback: int = 0
) -> dict[str, Estimate]:
    """Return NDCG@10, MAP, pairwise accuracy and recall@100 as ``Estimate``.

    Order is judged within each need's own labelled titles, recall among all titles; equal scores
    are ordered by a hash of the id; ``relevant_strong`` … ``relevant_weak`` are the shares of
    level 3 and 4 among the labelled titles of each grade. With ``feedback`` that many labels of
    each need, of the titles ranked highest (those a company sees first), are given to the matcher
    as verdicts and everything is measured on the rest; ``without_feedback_…`` is the same rest
    without them, ``gain_…`` the difference per need. The words are those the portal is delivered
    with, so that the figures repeat. Raises ``SearchUnavailable``.
    """
    names = sorted(judgements.titles, key=hash_of)
    now = timezone.now()
    rows = [Title(pk, name, judgements.titles[name], now) for pk, name in enumerate(names, start=1)]
    with shipped_lexicon(), temporary_index(TitleDocument, rows, engine=engine) as document:
        ranking = _Ranking(document, rows)
        results = [
            ranking.measure(judgements.needs[need], levels, feedback)
            for need, levels in sorted(judgements.levels.items())
        ]
    columns = dict.fromkeys(key for result in results for key in result)
    return {key: estimate([result[key] for result in results]) for key in columns}


class _Ranking:
    def __init__(self, document: type[BaseDocument], rows: list[Title]):
        self.document = document
        self.pks = {row.name: str(row.pk) for row in rows}
        self.titles = {str(row.pk): row.title for row in rows}

    def measure(
        self, need: tuple[str, str], judged: Mapping[str, int], feedback: int
    ) -> dict[str, float | None]:
        levels = {self.pks[name]: level for name, level in judged.items()}
        weights = weigh_terms(*need, self.document)
        candidates = self._candidates(weights, levels)
        found = find_candidates(weights, self.document, size=RECALL_DEPTH + feedback)
        given = {each.pk: levels[each.pk] for each in candidates[:feedback]}
        plain = _measures(_without(candidates, given), levels, _without(found, given))
        if not feedback:
            return plain | self._relevant_by_grade(need, levels, found)
        titles = weigh_titles(
            {each.pk: self.titles[each.pk] for each in (*candidates, *found)}, self.document
        )
        helped = _measures(
            _without(rerank(candidates, titles, given), given),
            levels,
            _without(rerank(found, titles, given), given),
        )
        return {
            **helped,
            **{f"without_feedback_{key}": value for key, value in plain.items()},
            **{f"gain_{key}": _difference(helped[key], plain[key]) for key in MEASURES},
        }

    def _relevant_by_grade(self, need, levels: Mapping[str, int], found: list[Candidate]):
        words = weigh_words(need[0], need[1], self.document)
        ranks = {candidate.pk: rank for rank, candidate in enumerate(found, start=1)}
        relevant: dict[str, list[bool]] = {grade: [] for grade in Grade}
        for pk, level in levels.items():
            reason = explain(words, self.titles[pk], "")
            grade = grade_of(ranks.get(pk, RECALL_DEPTH + 1), reason)
            relevant[grade].append(level >= RELEVANT)
        return {
            f"relevant_{grade.lower()}": fmean(each) if each else None
            for grade, each in relevant.items()
        }

    def _candidates(self, weights, levels: Mapping[str, int]) -> list[Candidate]:
        """The labelled titles in order; those without a shared word score 0."""
        pks = sorted(levels, key=int)
        found = find_candidates(
            weights, self.document, filters=[{"terms": {"sort_id": pks}}], size=len(pks)
        )
        seen = {candidate.pk for candidate in found}
        return found + [Candidate(pk, 0.0) for pk in pks if pk not in seen]


def _without(candidates: list[Candidate], given: Mapping[str, int]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.pk not in given]


def _measures(candidates: list[Candidate], levels: Mapping[str, int], found: list[Candidate]):
    scored = [(candidate.score, levels[candidate.pk]) for candidate in candidates]
    order = [level for _score, level in scored]
    relevant = {each.pk for each in candidates if levels[each.pk] >= RELEVANT}
    return {
        "ndcg_at_10": ndcg(order),
        "map": average_precision(order),
        "pairwise": pairwise(scored),
        "recall_at_100": recall([each.pk for each in found[:RECALL_DEPTH]], relevant),
    }


def _difference(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right
