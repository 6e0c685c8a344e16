"""Text → terms, the same for documents and queries and for both engines.

NFKC, lower case, traditional → simplified; generic words are cut out, longest first, each leaving
a gap; a run of Han characters gives its single characters and its bigrams; a run of other letters
and digits is one word. A text made of nothing but generic words keeps its uncut terms.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from .lexicon import Lexicon, current_lexicon

HAN = "㐀-䶿一-鿿豈-﫿𠀀-𲎯"
LONGEST_QUERY = 500
_RUNS = re.compile(rf"([{HAN}]+)|((?:(?![{HAN}_])\w)+)")
_HAN_CHARACTER = re.compile(rf"[{HAN}]")
_OPERATORS = re.compile(r"(?<![A-Za-z0-9])(?:AND|OR|NOT)(?![A-Za-z0-9])")
_PRIVATE = 0xE000


@lru_cache(1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def normalize(text: str) -> str:
    """NFKC, lower case, simplified characters."""
    text = unicodedata.normalize("NFKC", text).lower()
    return text if text.isascii() else _converter().convert(text)


def is_han(character: str) -> bool:
    return bool(_HAN_CHARACTER.match(character))


def has_han(text: str) -> bool:
    return bool(_HAN_CHARACTER.search(text))


def runs(normalized: str) -> list[tuple[str, bool]]:
    """The runs of a normalized text in order, each with whether it is Han."""
    return [(han or word, bool(han)) for han, word in _RUNS.findall(normalized)]


def analyse(text: str, lexicon: Lexicon | None = None) -> list[str]:
    """Terms of a text in order of appearance, with repetitions."""
    normalized = normalize(text)
    kept = cut_generic_words(normalized, lexicon or current_lexicon())
    return _terms(kept) or _terms(normalized)


def analyse_uncut(text: str) -> list[str]:
    """Terms of a text with its generic words."""
    return _terms(normalize(text))


def says_only_generic_words(text: str) -> bool:
    """Whether a text has terms, but none once its generic words are cut out."""
    normalized = normalize(text)
    return bool(_terms(normalized)) and not _terms(cut_generic_words(normalized, current_lexicon()))


def query_units(normalized: str) -> list[str]:
    """What a document should hold of a query: bigrams, words, lone characters; no repetitions."""
    units: dict[str, None] = {}
    for run, han in runs(normalized):
        if han and len(run) > 1:
            units.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
        else:
            units[run] = None
    return list(units)


def _terms(normalized: str) -> list[str]:
    terms: list[str] = []
    for run, han in runs(normalized):
        if han:
            terms.extend(run)
            terms.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            terms.append(run[:200])
    return terms


def cut_generic_words(normalized: str, lexicon: Lexicon) -> str:
    """Replace each generic word by a gap, longest first; domain words stay whole."""
    patterns, domain = _cutters(lexicon)
    if domain:
        shielded: list[str] = []

        def shield(match: re.Match) -> str:
            shielded.append(match[0])
            return chr(_PRIVATE + len(shielded) - 1) if len(shielded) < 6000 else match[0]

        normalized = domain.sub(shield, normalized)
    for pattern in patterns:
        normalized = pattern.sub(" ", normalized)
    if domain:
        for number, word in enumerate(shielded[:6000]):
            normalized = normalized.replace(chr(_PRIVATE + number), word)
    return normalized


@lru_cache(8)
def _cutters(lexicon: Lexicon) -> tuple[list[re.Pattern], re.Pattern | None]:
    by_length: dict[int, list[str]] = {}
    for word in lexicon.generic:
        by_length.setdefault(len(word), []).append(word)
    patterns = [_alternatives(words) for _, words in sorted(by_length.items(), reverse=True)]
    longest_first = sorted(lexicon.domain, key=lambda word: (-len(word), word))
    return patterns, _alternatives(longest_first) if longest_first else None


def _alternatives(words: list[str]) -> re.Pattern:
    return re.compile("|".join(_bounded(word) for word in words))


def _bounded(word: str) -> str:
    """Latin words are cut only where they stand alone."""
    before = "" if is_han(word[0]) else rf"(?<![^\W{HAN}])"
    after = "" if is_han(word[-1]) else rf"(?![^\W{HAN}])"
    return before + re.escape(word) + after


def clean_query(text: str) -> str:
    """A query as a person may send it: one line, no control characters, 500 characters at most."""
    text = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text[:4000])
    return " ".join(text.split())[:LONGEST_QUERY]


def plain_words(query: str) -> str:
    """A query without the operators of other search engines, unless it holds nothing else."""
    plain = _OPERATORS.sub(" ", unicodedata.normalize("NFKC", query))
    return plain if plain.strip() else query


def generic_words_in(normalized: str) -> list[str]:
    """The generic words of a text, longest first."""
    found: list[str] = []
    for pattern in _cutters(current_lexicon())[0]:
        found += pattern.findall(normalized)
        normalized = pattern.sub(" ", normalized)
    return list(dict.fromkeys(found))


def with_synonyms(normalized: str, limit: int = 8) -> list[str]:
    """The query itself, then its variants with one word exchanged for a synonym.

    A word inside a longer one of the list is not exchanged: 锂电池 is no other 电池.
    """
    variants = {normalized: None}
    taken: list[tuple[int, int]] = []
    for start_of, pattern, group in _exchanges(current_lexicon().synonyms):
        if start_of not in normalized:
            continue
        for found in pattern.finditer(normalized):
            start, end = found.span()
            if any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            before, after = normalized[:start], normalized[end:]
            variants.update(dict.fromkeys(f"{before}{other}{after}" for other in group))
    return list(variants)[:limit]


@lru_cache(8)
def _exchanges(synonyms: tuple[tuple[str, ...], ...]) -> list[tuple]:
    """What to look for quickly, how it may stand there, and its group; longest words first."""
    others: dict[str, dict[str, None]] = {}
    for group in synonyms:
        for word in group:
            others.setdefault(word, {}).update(dict.fromkeys(group))
    longest_first = sorted(others, key=lambda word: -len(word))
    return [
        (_start_of(word), re.compile(_spoken(word)), tuple(others[word])) for word in longest_first
    ]


def _start_of(word: str) -> str:
    return word[:-1] if word.endswith("y") and word.isascii() else word


def _spoken(word: str) -> str:
    """A word as it may stand in a text: English ones in the plural, too."""
    if is_han(word[-1]) or not word[-1].isalpha():
        return _bounded(word)
    start, end = (word[:-1], "(?:y|ies)") if word.endswith("y") else (word, "(?:e?s)?")
    return _bounded(word).replace(re.escape(word), re.escape(start) + end)
