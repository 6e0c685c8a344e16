"""What to try when nothing is found: other spellings, fewer words, other kinds, all with hits."""

from collections.abc import Iterable, Sequence

from portal.accounts.models import Visitor

from .analysis import cut_generic_words, has_han, normalize, plain_words, runs
from .client import execute_many
from .codes import codes_in
from .documents import BaseDocument, registered_documents
from .lexicon import current_lexicon
from .pinyin import sound
from .queries import text_query, visible_filters
from .vocabulary import count_results, counting, known_words

CORRECTIONS, TRIED, FEWER_WORDS = 3, 8, 6
WORDS_LOOKED_AT, LONGEST_WORD = 3, 24
HOMOPHONE, CLOSE = 2, 1


def corrections(
    query: str, documents: Sequence[type[BaseDocument]], user: Visitor | None
) -> list[str]:
    """Up to three other spellings, made of words that occur. Raises ``SearchUnavailable``."""
    normalized = _plain(query)
    kept = cut_generic_words(normalized, current_lexicon())
    words = [run for run, _ in runs(kept) if 1 < len(run) <= LONGEST_WORD]
    if not words:
        return []
    known = known_words(documents, user)
    found: dict[str, tuple] = {}
    for word in words[:WORDS_LOOKED_AT]:
        if word in known:
            continue
        for part, other, alike in _near_words(word, known):
            text = normalized.replace(part, other)
            found[text] = max(found.get(text, (0, 0)), (alike, known[other]))
    best = sorted(found, key=lambda text: (*(-each for each in found[text]), text))[:TRIED]
    finding = count_results(best, documents, user)
    return [text for text in best if text in finding][:CORRECTIONS]


def fewer_words(
    query: str, documents: Sequence[type[BaseDocument]], user: Visitor | None
) -> dict[str, int]:
    """Shorter queries → how many listings each finds. Raises ``SearchUnavailable``.

    A code alone has none. The query without one of its words, then each word by itself; words
    inside a longer run of characters are those that occur as words.
    """
    normalized = _plain(query)
    pieces = list(dict.fromkeys(normalized.split()))
    if codes_in(query) and not has_han(normalized):
        return {}
    shorter = []
    if 2 < len(pieces) <= FEWER_WORDS:
        shorter = [" ".join(p for p in pieces if p != left_out) for left_out in pieces]
    inner = [word for word in known_words(documents, user) if word in normalized]
    singles = sorted(dict.fromkeys([*pieces, *inner]), key=len, reverse=True)
    single = [word for word in singles if len(word) > 1 and word != normalized]
    wanted = list(dict.fromkeys([*shorter, *_longest(single)]))[: 2 * FEWER_WORDS]
    found = count_results(wanted, documents, user)
    return dict(list(found.items())[:FEWER_WORDS])


def other_kinds(
    query: str, but: type[BaseDocument], user: Visitor | None
) -> list[tuple[type[BaseDocument], int]]:
    """The kinds of the site search, beside one, that a query does find."""
    clause = text_query(query)
    documents = [d for d in registered_documents() if d.in_site_search and d.kind != but.kind]
    answers = execute_many([counting(d, clause, visible_filters(user)) for d in documents])
    counted = zip(documents, answers, strict=True)
    return [(document, answer.total) for document, answer in counted if answer.total]


def _longest(words: list[str]) -> list[str]:
    """Words, the longest first, without those that stand inside one that is kept."""
    kept: list[str] = []
    for word in words:
        if not any(word in other for other in kept if not _is_phrase(other)):
            kept.append(word)
    return kept


def _is_phrase(text: str) -> bool:
    """A run so long that it is hardly one word."""
    return has_han(text) and len(text) > 4


def _plain(query: str) -> str:
    return " ".join(run for run, _ in runs(normalize(plain_words(query))))


def _near_words(word: str, known: Iterable[str]) -> list[tuple[str, str, int]]:
    """The part of ``word`` that may be meant otherwise, the word meant, and how near it is."""
    if not has_han(word):
        allowed = 1 if len(word) <= 5 else 2
        return [
            (word, other, CLOSE)
            for other in known
            if len(other) > 3 and not has_han(other) and within_edits(other, word, allowed)
        ]
    spoken = [(start, sound(word[start])) for start in range(len(word))]
    found = []
    for other in known:
        if has_han(other) and other not in word:
            found += _near_parts(word, [each for _, each in spoken], other)
    return found


def _near_parts(word: str, spoken: list[str], other: str) -> list[tuple[str, str, int]]:
    """Stretches of ``word`` that sound like ``other`` or differ from it by one character."""
    length = len(other)
    if len(word) < length:
        is_near = length > 2 and within_edits(other, word, 1)
        return [(word, other, CLOSE)] if is_near else []
    found = []
    for start in range(len(word) - length + 1):
        part = word[start : start + length]
        differing = [i for i in range(length) if part[i] != other[i]]
        if all(spoken[start + i] == sound(other[i]) for i in differing):
            found.append((part, other, HOMOPHONE))
        elif length > 2 and len(differing) == 1:
            found.append((part, other, CLOSE))
    return found


def within_edits(left: str, right: str, allowed: int) -> bool:
    """Whether two words differ by at most so many insertions, deletions, changes or swaps."""
    if abs(len(left) - len(right)) > allowed:
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
