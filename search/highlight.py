"""Mark hits in the original text; the engines only know its terms.

The text is escaped first to last, so that the result is safe HTML whatever it holds.
"""

import unicodedata
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .analysis import _converter, is_han
from .pinyin import find_part
from .queries import marked_terms, pinyin_key


def highlight(text: str, query: str) -> SafeString:
    """The text with everything marked that the query, or a synonym of it, found."""
    return highlight_terms(text, _terms_in(text, query))


def highlight_terms(text: str, terms: Iterable[str]) -> SafeString:
    """The text with these normalized terms marked; overlapping terms make one mark."""
    pieces, end = [], 0
    for start, stop in _spans(text, terms):
        pieces += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308  every piece of the text is escaped


def phrases(text: str, terms: Iterable[str]) -> list[str]:
    """The longest stretches of the text that these terms cover, each once, as they stand there."""
    return list(dict.fromkeys(text[start:stop] for start, stop in _spans(text, terms)))


def excerpt(text: str, query: str, width: int = 120) -> SafeString:
    """About ``width`` characters around the first hit, marked; the beginning when there is none."""
    terms = _terms_in(text, query)
    spans = _spans(text, terms)
    start = max(0, spans[0][0] - width // 4) if spans else 0
    part = text[start : start + width]
    before = "…" if start else ""
    after = "…" if start + width < len(text) else ""
    return mark_safe(f"{before}{highlight_terms(part, terms)}{after}")  # noqa: S308  as above


def _terms_in(text: str, query: str) -> list[str]:
    if not query:
        return []
    terms = marked_terms(query)
    if key := pinyin_key(query):
        part = find_part(_folded(text)[0], key)
        return [*terms, part] if part else terms
    return terms


def _spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    folded, places = _folded(text)
    marked = bytearray(len(text))
    for term in terms:
        start = folded.find(term) if term else -1
        while start >= 0:
            end = start + len(term)
            if _stands_alone(folded, start, end):
                first, last = places[start], places[end - 1]
                marked[first : last + 1] = b"\1" * (last + 1 - first)
            start = folded.find(term, start + 1)
    return _runs(marked)


def _runs(marked: bytearray) -> list[tuple[int, int]]:
    spans = []
    start = marked.find(1)
    while start >= 0:
        end = marked.find(0, start)
        end = len(marked) if end < 0 else end
        spans.append((start, end))
        start = marked.find(1, end)
    return spans


def _stands_alone(folded: str, start: int, end: int) -> bool:
    """A word of letters or digits counts only as a whole word."""
    if not is_han(folded[start]) and start and _is_word(folded[start - 1]):
        return False
    return is_han(folded[end - 1]) or end == len(folded) or not _is_word(folded[end])


def _is_word(character: str) -> bool:
    return character.isalnum() and not is_han(character)


def _folded(text: str) -> tuple[str, list[int]]:
    """The normalized text, and for each of its characters the place it came from."""
    folded, places = [], []
    for place, character in enumerate(text):
        part = unicodedata.normalize("NFKC", character).lower()
        folded.append(part)
        places += [place] * len(part)
    joined = "".join(folded)
    if joined.isascii():
        return joined, places
    simplified = _converter().convert(joined)
    if len(simplified) != len(joined):
        simplified = "".join(_converter().convert(c)[:1] or c for c in joined)
    return simplified, places
