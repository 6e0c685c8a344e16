"""The staff-edited words as one immutable value, cached per process, fresh within a minute."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

from .models import DomainWord, GenericWord, LexiconState, SynonymGroup

CHECK_SECONDS = 20


@dataclass(frozen=True)
class Lexicon:
    """Generic words, domain words and synonym groups, all normalized.

    ``digest`` names what is baked into the indexes (generic and domain words).
    """

    generic: frozenset[str] = frozenset()
    domain: frozenset[str] = frozenset()
    synonyms: tuple[tuple[str, ...], ...] = ()

    @property
    def digest(self) -> str:
        words = "\n".join([*sorted(self.generic), "", *sorted(self.domain)])
        return hashlib.sha256(words.encode()).hexdigest()[:12]


class _Cache:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.version: int | None = None
        self.checked_at = float("-inf")
        self.lexicon = Lexicon()


_cache = _Cache()


def current_lexicon() -> Lexicon:
    """The words in force; asks the database for news every 20 seconds."""
    if time.monotonic() - _cache.checked_at > CHECK_SECONDS:
        with _cache.lock:
            version = LexiconState.objects.values_list("version", flat=True).first() or 0
            if version != _cache.version:
                _cache.lexicon, _cache.version = _load(), version
            _cache.checked_at = time.monotonic()
    return _cache.lexicon


@contextmanager
def shipped_lexicon() -> Iterator[None]:
    """Use the words that the portal is delivered with, whatever the database holds."""
    words = import_module("search.migrations.0002_words")
    terms = import_module("search.migrations.0003_engineering_terms")
    lexicon = Lexicon(
        generic=frozenset(words.GENERIC_WORDS.split()),
        synonyms=(*words.synonym_groups(), *terms.synonym_groups()),
    )
    with _cache.lock:
        _cache.lexicon, _cache.version, _cache.checked_at = lexicon, None, float("inf")
    try:
        yield
    finally:
        forget_lexicon()


def forget_lexicon() -> None:
    """Read the words anew at the next use in this process."""
    _cache.clear()


def _load() -> Lexicon:
    from .analysis import normalize

    groups = []
    for group in SynonymGroup.objects.order_by("pk"):
        words = tuple(dict.fromkeys(normalize(word) for word in group.word_list))
        if len(words) > 1:
            groups.append(words)
    return Lexicon(
        generic=frozenset(normalize(w) for w in GenericWord.objects.values_list("word", flat=True)),
        domain=frozenset(normalize(w) for w in DomainWord.objects.values_list("word", flat=True)),
        synonyms=tuple(groups),
    )
