"""Suggestions while typing, out of the index itself and of what the reader may see.

A prefix over characters, pinyin and initials of titles and keywords finds the listings. Words are
suggested only as they stand in a keyword or among the synonyms.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.models import Visitor

from .analysis import normalize, runs
from .client import SearchRequest, execute_many
from .codes import DIGITS_AT_LEAST
from .documents import BaseDocument
from .lexicon import current_lexicon
from .pinyin import find_part, spellings
from .queries import visible_filters
from .vocabulary import count_results

SHOWN, WORDS_SHOWN = 8, 3
LOOKED_AT = 40
SHORTEST_KEPT_WORD = 3


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
    is_code = sum(map(str.isdigit, key)) >= DIGITS_AT_LEAST
    answers = execute_many([_prefix_search(document, key, is_code, user) for document in documents])
    words: Counter[str] = Counter()
    titles: list[tuple[int, Suggestion]] = []
    for document, answer in zip(documents, answers, strict=True):
        for hit in answer.hits:
            words.update(word for word in hit.source.get("words", ()) if _begins(word, key))
            normalized = normalize(hit.source["title"])
            part = find_part(normalized, key)
            if part is not None or is_code:
                place = normalized.find(part) if part else 0
                titles.append((place, Suggestion(hit.source["title"], document.kind, hit.pk)))
    titles.sort(key=lambda pair: pair[0])
    shown = [word for word, _ in words.most_common(WORDS_SHOWN + 1)]
    if len(shown) < WORDS_SHOWN:
        shown += _kept_words(key, documents, user, besides=shown)
    said = normalize(typed).strip()
    found = [Suggestion(word) for word in shown if word != said][:WORDS_SHOWN]
    return [*found, *[suggestion for _, suggestion in titles]][:SHOWN]


def _key(typed: str) -> str:
    """Characters, pinyin or initials as the index spells them: without gaps and apostrophes."""
    return "".join(run for run, _ in runs(normalize(typed[:60])))[:40]


def _begins(word: str, key: str) -> bool:
    return any(spelled.startswith(key) for spelled in spellings(word))


def _kept_words(
    key: str, documents: Sequence[type[BaseDocument]], user: Visitor | None, *, besides: list[str]
) -> list[str]:
    """Words of the synonyms that begin so and find something."""
    if len(key) < SHORTEST_KEPT_WORD and key.isascii():
        return []
    words = [word for group in current_lexicon().synonyms for word in group if _begins(word, key)]
    wanted = [word for word in dict.fromkeys(words) if word not in besides][:WORDS_SHOWN]
    return list(count_results(wanted, documents, user))


def _prefix_search(
    document: type[BaseDocument], key: str, is_code: bool, user: Visitor | None
) -> SearchRequest:
    spelled: dict = {"prefix": {"suggest": key}}
    if is_code:
        spelled = {"bool": {"should": [spelled, {"prefix": {"codes": key}}]}}
    body = {
        "query": {"bool": {"filter": [spelled, *visible_filters(user)]}},
        "sort": [{"published_at": "desc"}, {"sort_id": "asc"}],
        "size": LOOKED_AT,
        "_source": ["title", "words"],
        "track_total_hits": False,
    }
    return SearchRequest(document.alias(), body)
