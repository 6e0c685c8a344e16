"""What differs between two texts, marked for the eye."""

import re
from difflib import SequenceMatcher

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

LONG = 1500
ALIKE = 0.35
_WORDS = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_SENTENCES = re.compile(r"[^。；;\n]*[。；;\n]|[^。；;\n]+")


def mark_differences(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Return both texts as HTML with ``<del>`` and ``<ins>``, word by word (字 by 字 in Chinese).

    Long texts are compared by sentence, and texts with little in common are marked whole: a
    mixture of single characters helps nobody.
    """
    pattern = _SENTENCES if len(before) + len(after) > 2 * LONG else _WORDS
    old, new = pattern.findall(before), pattern.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return _marked([("del", before)]), _marked([("ins", after)])
    left, right = [], []
    for tag, i, j, k, m in matcher.get_opcodes():
        same = tag == "equal"
        left.append(("" if same else "del", "".join(old[i:j])))
        right.append(("" if same else "ins", "".join(new[k:m])))
    return _marked(left), _marked(right)


def _marked(parts: list[tuple[str, str]]) -> SafeString:
    pieces = (
        format_html(f"<{tag}>{{}}</{tag}>", text) if tag else escape(text)
        for tag, text in parts
        if text
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))
