"""Codes and numbers as people write them: ``CG-2026-000130``, ``ZL 2020 1 9000059.3``."""

import re

from .analysis import normalize

DIGITS_AT_LEAST = 5
LONGEST = 40
_GAPS = r"[\s.\-‐‑–—_/·]*"
_WRITTEN = re.compile(rf"[a-z0-9]+(?:{_GAPS}[a-z0-9]+)*")
_SIGNS = re.compile(r"[^a-z0-9]+")


def compact(code: str) -> str:
    """A code without case, blanks, dots and dashes."""
    return _SIGNS.sub("", normalize(code))


def code_forms(code: str) -> list[str]:
    """What is indexed of a code: all of it, and what follows the letters that it begins with."""
    whole = compact(code)
    return [
        form for form in dict.fromkeys([whole, whole.lstrip("abcdefghijklmnopqrstuvwxyz")]) if form
    ]


def codes_in(query: str) -> list[str]:
    """What may be codes in a query: its runs of letters and digits, as a whole and word by word."""
    found: dict[str, None] = {}
    for written in _WRITTEN.findall(normalize(query)):
        for part in (written, *written.split()):
            code = compact(part)
            if len(code) <= LONGEST and sum(map(str.isdigit, code)) >= DIGITS_AT_LEAST:
                found[code] = None
    return list(found)
