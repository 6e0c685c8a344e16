"""Suggestions while typing, and other spellings when nothing is found.

Both come out of the index itself and out of what the reader may see: a prefix over characters,
pinyin and initials of titles; then, for a misspelt word, the parts of near titles that differ from
it by an edit or sound the same.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.models import Visitor

from .analysis import cut_generic_words, has_han, normalize, query_units, runs
from .client import Answer, SearchRequest, execute_many
from .documents import BaseDocument
from .lexicon import current_lexicon
from .pinyin import UNITS, find_part, sound, units
from .queries import visible_filters

SHOWN = 8
LOOKED_AT = 40
WORD_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``kind`` and ``pk`` are empty for a word to search for."""

    text: str
    kind: str = ""
    pk: str = ""


def suggest(
    typed: str, documents: Sequence[type[BaseDocument]], user: Visitor | None
) -> list[Suggestion]:
    """Words first, then titles. Raises ``SearchUnavailable``."""
    key = _key(typed)
    if not key:
        return []
    answers = execute_many([_prefix_search(document, key, user) for document in documents])
    words: Counter[str] = Counter()
    titles: list[tuple[int, Suggestion]] = []
    for document, answer in zip(documents, answers, strict=True):
        for hit in answer.hits:
            title = hit.source["title"]
            normalized = normalize(title)
            part = find_part(normalized, key)
            if part is None:
                continue
            words[part] += 1
            titles.append((normalized.find(part), Suggestion(title, document.kind, hit.pk)))
    titles.sort(key=lambda pair: pair[0])
    found = [Suggestion(word) for word, _ in words.most_common(3) if word != normalize(typed)]
    return [*found, *[suggestion for _, suggestion in titles]][:SHOWN]


def corrections(
    query: str, documents: Sequence[type[BaseDocument]], user: Visitor | None
) -> list[str]:
    """Up to three other spellings that do find something. Raises ``SearchUnavailable``."""
    normalized = normalize(query)
    kept = cut_generic_words(normalized, current_lexicon())
    words = [run for run, _ in runs(kept) if 1 < len(run) <= WORD_AT_MOST]
    found: Counter[str] = Counter()
    for word in words[:3]:
        for other, weight in _near_words(word, documents, user).items():
            found[normalized.replace(word, other)] += weight
    return [text for text, _ in found.most_common(3) if text != normalized]


def _key(typed: str) -> str:
    """Characters, pinyin or initials as the index spells them: without gaps and apostrophes."""
    return "".join(run for run, _ in runs(normalize(typed[:60])))[:40]


def _prefix_search(document: type[BaseDocument], key: str, user: Visitor | None) -> SearchRequest:
    clause = [{"prefix": {"suggest": key}}, *visible_filters(user)]
    return _titles(document, {"bool": {"filter": clause}}, [{"published_at": "desc"}])


def _titles(document: type[BaseDocument], query: dict, sort: Sequence) -> SearchRequest:
    body = {
        "query": query,
        "sort": [*sort, {"sort_id": "asc"}],
        "size": LOOKED_AT,
        "_source": ["title"],
        "track_total_hits": False,
    }
    return SearchRequest(document.alias(), body)


def _near_words(
    word: str, documents: Sequence[type[BaseDocument]], user: Visitor | None
) -> dict[str, int]:
    """Words of near titles, by how often they stand there; homophones count double."""
    searches = []
    for document in documents:
        searches += [_sharing_search(document, word, user), _sounding_search(document, word, user)]
    near: Counter[str] = Counter()
    spoken = sound(word)
    for answer in execute_many(searches):
        for title in _distinct_titles(answer):
            for part, alike in _similar_parts(title, word, spoken):
                near[part] += 2 if alike else 1
    return near


def _sharing_search(document: type[BaseDocument], word: str, user: Visitor | None) -> SearchRequest:
    """Titles that share a bigram, a character or the beginning of a word."""
    if has_han(word):
        wanted = [*query_units(word), *word]
        shared = [{"term": {"title_terms": unit}} for unit in wanted]
        query: dict = {"bool": {"should": shared, "filter": visible_filters(user)}}
        query["bool"]["minimum_should_match"] = 1
        return _titles(document, query, ["_score"])
    clause = [{"prefix": {"title_terms": word[:2]}}, *visible_filters(user)]
    return _titles(document, {"bool": {"filter": clause}}, [{"published_at": "desc"}])


def _sounding_search(
    document: type[BaseDocument], word: str, user: Visitor | None
) -> SearchRequest:
    clause = [{"prefix": {"suggest": sound(word)}}, *visible_filters(user)]
    return _titles(document, {"bool": {"filter": clause}}, [{"published_at": "desc"}])


def _distinct_titles(answer: Answer) -> set[str]:
    return {normalize(hit.source["title"]) for hit in answer.hits}


def _similar_parts(title: str, word: str, spoken: str) -> set[tuple[str, bool]]:
    allowed = 1 if len(word) <= 5 else 2
    found = set()
    for part in _parts(title, word):
        alike = sound(part) == spoken
        if part != word and (alike or within_edits(part, word, allowed)):
            found.add((part, alike))
    return found


def _parts(title: str, word: str) -> set[str]:
    if not has_han(word):
        return {run for run, han in runs(title) if not han}
    spoken_length = min(len(word), UNITS)
    texts = [unit.text for unit in units(title)]
    lengths = {spoken_length, spoken_length + 1} if spoken_length > 2 else {spoken_length}
    return {
        "".join(texts[start : start + length])
        for length in lengths
        for start in range(len(texts) - length + 1)
    }


def within_edits(left: str, right: str, allowed: int) -> bool:
    """Whether two words differ by at most so many insertions, deletions, changes or swaps.

    The first character of a Chinese word of two must agree: one of two characters in common says
    too little.
    """
    if abs(len(left) - len(right)) > allowed or (len(right) <= 2 and has_han(right)):
        return False
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if last and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return False
    return row[-1] <= allowed
