"""Words that mark a text as confidential (保密标识)."""

import re
from collections.abc import Iterable

MARKS = re.compile(
    r"保密|机密|绝密|秘密|涉密|不得外传|请勿外传|内部资料|confidential|proprietary"
    r"|trade secrets?|\bnda\b",
    re.IGNORECASE,
)


def find_marks(texts: Iterable[str]) -> list[str]:
    """Return the marks that stand in ``texts``, each once, in the order of their appearance."""
    return list(dict.fromkeys(mark for text in texts for mark in MARKS.findall(text)))
