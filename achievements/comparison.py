"""Two versions of a text with their differences marked, sentence by sentence, then by word."""

import re
from difflib import SequenceMatcher

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

SENTENCE = re.compile(r"[^。；！？;!?\n]*[。；！？;!?\n]|[^。；！？;!?\n]+")
WORD = re.compile(r"[A-Za-z0-9]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)
COMPARED_PAIRS = 1_000_000  # beyond that comparing words takes longer than a reader waits
ALIKE = 0.3


def mark_changes(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Return both texts escaped, what is gone in ``<del>`` and what is new in ``<ins>``."""
    return _compare(SENTENCE.findall(before), SENTENCE.findall(after), _mark_words)


def _mark_words(before: str, after: str) -> tuple[SafeString, SafeString]:
    old, new = WORD.findall(before), WORD.findall(after)
    is_long = len(old) * len(new) > COMPARED_PAIRS
    if is_long or SequenceMatcher(None, old, new, autojunk=False).ratio() < ALIKE:
        return _mark_whole(before, after)
    return _compare(old, new, _mark_whole)


def _mark_whole(before: str, after: str) -> tuple[SafeString, SafeString]:
    return (
        format_html("<del>{}</del>", before) if before else mark_safe(""),
        format_html("<ins>{}</ins>", after) if after else mark_safe(""),
    )


def _compare(old: list[str], new: list[str], mark) -> tuple[SafeString, SafeString]:
    """Join both lists, ``mark`` writing the stretches in which they differ."""
    marked: tuple[list[str], list[str]] = ([], [])
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        stretch = "".join(old[start:end]), "".join(new[other_start:other_end])
        pair = tuple(map(escape, stretch)) if kind == "equal" else mark(*stretch)
        for side, text in zip(marked, pair, strict=True):
            side.append(text)
    first, second = (mark_safe("".join(side)) for side in marked)  # noqa: S308  escaped above
    return first, second
