"""Rank candidates for a need by the weighted words that both share; see docs/matching.md."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from search.analysis import analyse
from search.documents import BaseDocument
from search.services import boosted_terms_search, term_statistics

from .enums import Grade

METHOD_VERSION = "2026-11"
QUERY_TERMS = 128
TITLE_WEIGHT = 3
BODY_BOOST = 0.05
FEEDBACK_LABELS = 5
NEUTRAL_LEVEL = 1.6
STRONG_COVERAGE, GOOD_COVERAGE, FAIR_COVERAGE = 0.34, 0.22, 0.12


@dataclass(frozen=True)
class Candidate:
    """One document found: ``pk`` as text, ``score`` as the engine gave it."""

    pk: str
    score: float


def idf(document_count: int, frequency: int) -> float:
    """Inverse document frequency as BM25 counts it."""
    return math.log(1 + (document_count - frequency + 0.5) / (frequency + 0.5))


def weigh_terms(title: str, text: str, document: type[BaseDocument]) -> dict[str, float]:
    """Return the query's terms with their weights, heaviest first.

    A term weighs 3 × its count in the title + 1 + ln(its count in title and text); those 128 are
    kept whose weight × idf is largest. Raises ``SearchUnavailable``.
    """
    in_title = Counter(analyse(title))
    in_both = in_title + Counter(analyse(text))
    weights = {
        term: TITLE_WEIGHT * in_title[term] + 1 + math.log(count) for term, count in in_both.items()
    }
    document_count, frequencies = term_statistics(document, "title_terms", list(weights))
    known = {
        term: weight * idf(document_count, frequencies[term])
        for term, weight in weights.items()
        if frequencies.get(term)
    }
    best = sorted(known, key=lambda term: (-known[term], term))[:QUERY_TERMS]
    return {term: weights[term] for term in best}


def find_candidates(
    weights: Mapping[str, float],
    document: type[BaseDocument],
    *,
    filters: Sequence[dict] = (),
    size: int = 100,
    with_body: bool = True,
) -> list[Candidate]:
    """Return the best documents for the weighted terms, best first."""
    if not weights:
        return []
    terms = {"title_terms": list(weights.items())}
    if with_body:
        terms["body_terms"] = [(term, BODY_BOOST * weight) for term, weight in weights.items()]
    answer = boosted_terms_search(document, terms, filters=filters, size=size)
    return [Candidate(hit.pk, hit.score or 0.0) for hit in answer.hits]


def cosine(left: Counter, right: Counter) -> float:
    """Cosine of two bags of terms, 0 when one is empty."""
    if not left or not right:
        return 0.0
    shared = sum(count * right[term] for term, count in left.items())
    lengths = math.sqrt(sum(c * c for c in left.values()) * sum(c * c for c in right.values()))
    return shared / lengths


def rerank(
    candidates: Sequence[Candidate],
    titles: Mapping[str, Sequence[str]],
    labels: Mapping[str, int],
) -> list[Candidate]:
    """Re-rank by verdicts on the same need, from the fifth on; fewer leave the order alone.

    A candidate's score is z(score) + Σ (level − 1.6) × cosine(title terms of the labelled one,
    its own). ``titles`` maps ids to title terms, ``labels`` ids to levels 1–4.
    """
    if len(labels) < FEEDBACK_LABELS or not candidates:
        return list(candidates)
    scores = [candidate.score for candidate in candidates]
    mean, deviation = fmean(scores), pstdev(scores) or 1.0
    judged = [(level - NEUTRAL_LEVEL, Counter(titles.get(pk, ()))) for pk, level in labels.items()]

    def adjusted(candidate: Candidate) -> float:
        own = Counter(titles.get(candidate.pk, ()))
        feedback = sum(weight * cosine(bag, own) for weight, bag in judged)
        return (candidate.score - mean) / deviation + feedback

    ranked = [Candidate(candidate.pk, adjusted(candidate)) for candidate in candidates]
    return sorted(ranked, key=lambda candidate: -candidate.score)


@dataclass(frozen=True)
class Explanation:
    """Why a candidate was found: shares of the need's weight, each between 0 and 1."""

    coverage: float
    title_share: float
    text_share: float
    terms: list[tuple[str, float]]


def explain(weights: Mapping[str, float], title: str, body: str) -> Explanation:
    """Split the need's weight into what the title covers, what the text adds, and what is left."""
    total = sum(weights.values()) or 1.0
    in_title, in_body = set(analyse(title)), set(analyse(body))
    title_share = sum(weight for term, weight in weights.items() if term in in_title) / total
    text_share = (
        sum(weight for term, weight in weights.items() if term in in_body - in_title) / total
    )
    shared = [
        (term, weight / total)
        for term, weight in weights.items()
        if term in in_title or term in in_body
    ]
    shared.sort(key=lambda pair: (-len(pair[0]) * pair[1], pair[0]))
    return Explanation(title_share + text_share, title_share, text_share, shared[:40])


def grade_of(rank: int, coverage: float) -> str:
    """Return the grade in words: scores of different needs are not comparable, shares are."""
    if rank <= 5 and coverage >= STRONG_COVERAGE:
        return Grade.STRONG
    if rank <= 15 and coverage >= GOOD_COVERAGE:
        return Grade.GOOD
    if coverage >= FAIR_COVERAGE:
        return Grade.FAIR
    return Grade.WEAK
