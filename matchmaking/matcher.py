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

METHOD_VERSION = "2026-11d"
QUERY_TERMS = 128
TITLE_WEIGHT = 3
BODY_BOOST = 0.05
FEEDBACK_LABELS = 5
FEEDBACK_WEIGHT = 1.5
NEUTRAL_LEVEL = 1.6
TEXT_WORTH = 0.5
SMALL_COLLECTION = 200  # fewer listings say nothing about how rare a word is
GRADES = ((Grade.STRONG, 5, 0.07), (Grade.GOOD, 15, 0.045), (Grade.FAIR, 30, 0.02))


@dataclass(frozen=True)
class Candidate:
    """One document found: ``pk`` as text, ``score`` as the engine gave it."""

    pk: str
    score: float


def idf(document_count: int, frequency: int) -> float:
    """Inverse document frequency as BM25 counts it."""
    return math.log(1 + (document_count - frequency + 0.5) / (frequency + 0.5))


def count_terms(title: str, text: str) -> dict[str, float]:
    """Return every term with its weight: 3 × its count in the title + 1 + ln(count in both)."""
    in_title = Counter(analyse(title))
    in_both = in_title + Counter(analyse(text))
    return {
        term: TITLE_WEIGHT * in_title[term] + 1 + math.log(count) for term, count in in_both.items()
    }


def weigh_terms(title: str, text: str, document: type[BaseDocument]) -> dict[str, float]:
    """Return the query's terms with their weights, heaviest first.

    Of the terms that a title holds, those 128 are kept whose weight × idf is largest. Raises
    ``SearchUnavailable``.
    """
    weights = count_terms(title, text)
    document_count, frequencies = term_statistics(document, "title_terms", list(weights))
    known = {
        term: weight * idf(document_count, frequencies[term])
        for term, weight in weights.items()
        if frequencies.get(term)
    }
    best = sorted(known, key=lambda term: (-known[term], term))[:QUERY_TERMS]
    return {term: weights[term] for term in best}


def weigh_words(title: str, text: str, document: type[BaseDocument]) -> dict[str, float]:
    """Return the words with weight × idf, by which a candidate's coverage is measured.

    Single characters are left out: they help to find but prove nothing. A word that no listing
    holds weighs most, so that a need about something that nobody offers is covered by nobody.
    Raises ``SearchUnavailable``.
    """
    weights = words_of(count_terms(title, text))
    found, in_titles = term_statistics(document, "title_terms", list(weights))
    _found, in_texts = term_statistics(document, "body_terms", list(weights))
    count = max(found, SMALL_COLLECTION)
    return {
        term: weight * idf(count, max(in_titles.get(term, 0), in_texts.get(term, 0)))
        for term, weight in weights.items()
    }


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


def weigh_titles(
    titles: Mapping[str, str], document: type[BaseDocument]
) -> dict[str, dict[str, float]]:
    """Return each title's terms weighted by count × idf, scaled to length 1; ids are kept.

    Raises ``SearchUnavailable``.
    """
    bags = {pk: Counter(analyse(title)) for pk, title in titles.items()}
    terms = sorted({term for bag in bags.values() for term in bag})
    document_count, frequencies = term_statistics(document, "title_terms", terms)
    vectors = {}
    for pk, bag in bags.items():
        vector = {
            term: count * idf(document_count, frequencies.get(term, 0))
            for term, count in bag.items()
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        vectors[pk] = {term: weight / length for term, weight in vector.items()}
    return vectors


def rerank(
    candidates: Sequence[Candidate],
    titles: Mapping[str, Mapping[str, float]],
    labels: Mapping[str, int],
) -> list[Candidate]:
    """Re-rank by verdicts on the same need, from the fifth on; fewer leave the order alone.

    A candidate's score is z(score) + 1.5 × Σ (level − 1.6) × cosine(title of the labelled one, its
    own). ``titles`` maps ids to the vectors of ``weigh_titles``, ``labels`` ids to levels 1–4.
    """
    if len(labels) < FEEDBACK_LABELS or not candidates:
        return list(candidates)
    scores = [candidate.score for candidate in candidates]
    mean, deviation = fmean(scores), pstdev(scores) or 1.0
    wish: dict[str, float] = {}
    for pk, level in labels.items():
        for term, weight in titles.get(pk, {}).items():
            wish[term] = wish.get(term, 0.0) + (level - NEUTRAL_LEVEL) * weight

    def adjusted(candidate: Candidate) -> float:
        own = titles.get(candidate.pk, {})
        likeness = sum(weight * wish.get(term, 0.0) for term, weight in own.items())
        return (candidate.score - mean) / deviation + FEEDBACK_WEIGHT * likeness

    ranked = [Candidate(candidate.pk, adjusted(candidate)) for candidate in candidates]
    return sorted(ranked, key=lambda candidate: -candidate.score)


@dataclass(frozen=True)
class Explanation:
    """Why a candidate was found: shares of the weight of the need's words, between 0 and 1."""

    coverage: float
    title_share: float
    text_share: float
    terms: list[tuple[str, float]]


def words_of(weights: Mapping[str, float]) -> Mapping[str, float]:
    """Leave out single characters, which help to find but prove nothing, where there are words."""
    return {term: weight for term, weight in weights.items() if len(term) > 1} or weights


def explain(words: Mapping[str, float], title: str, body: str) -> Explanation:
    """Split the weight of a need's words into what the title covers, what the text adds, the rest.

    ``words`` are those of ``weigh_words``.
    """
    total = sum(words.values()) or 1.0
    in_title, in_body = set(analyse(title)), set(analyse(body))
    title_share = sum(weight for term, weight in words.items() if term in in_title) / total
    text_share = sum(weight for term, weight in words.items() if term in in_body - in_title) / total
    shared = [
        (term, weight / total)
        for term, weight in words.items()
        if term in in_title or term in in_body
    ]
    shared.sort(key=lambda pair: (-len(pair[0]) * pair[1], pair[0]))
    return Explanation(title_share + text_share, title_share, text_share, shared[:40])


def grade_of(rank: int, reason: Explanation) -> Grade:
    """Return the first grade of ``GRADES`` whose limits hold: largest rank, least share.

    Scores of different needs are not comparable, shares are. A word in the title counts twice as
    much as one that only the text has. The limits are those at which the candidates of labelled
    needs part (docs/matching.md).
    """
    share = reason.title_share + TEXT_WORTH * reason.text_share
    for grade, largest_rank, least_share in GRADES:
        if rank <= largest_rank and share >= least_share:
            return grade
    return Grade.WEAK
