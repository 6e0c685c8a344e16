"""Clauses that every search shares: what a reader typed, what a reader may see, what is valid."""

import math
from datetime import datetime

from django.utils import timezone

from portal.accounts.models import Visitor

from .analysis import (
    cut_generic_words,
    generic_words_in,
    is_han,
    normalize,
    plain_words,
    query_units,
    says_only_generic_words,
    with_synonyms,
)
from .codes import codes_in
from .documents import visibility_tokens
from .lexicon import current_lexicon

UNITS_AT_MOST = 64
TITLE_BOOST, BODY_BOOST, NAMES_BOOST, SYNONYM_BOOST = 4.0, 1.0, 0.2, 0.7
FIELDS = {"title_terms": TITLE_BOOST, "body_terms": BODY_BOOST, "names_terms": NAMES_BOOST}
INITIALS = 2
PINYIN_SCORE, CODE_SCORE = 1.0, 100.0


def visible_filters(user: Visitor | None, now: datetime | None = None) -> list[dict]:
    """What a reader may find at a moment; belongs into every query a person sees the result of."""
    now = now or timezone.now()
    return [
        {"terms": {"visible_to": visibility_tokens(user)}},
        {"range": {"valid_until": {"gte": now.replace(second=0, microsecond=0).isoformat()}}},
    ]


def text_query(text: str) -> dict | None:
    """The scoring clause of a query; None when nothing in it can be searched for.

    A document must hold the words of a short query and most of a long one, in the title, the text
    or, of least weight, the names of who offers it and where. Each synonym makes a variant that
    counts a little less. Of nothing but generic words one in the title is enough.
    """
    text = plain_words(text)
    normalized = normalize(text)
    if says_only_generic_words(text):
        parts = [unit for word in generic_words_in(normalized) for unit in query_units(word)]
        return _all_of(list(dict.fromkeys(parts)), {"title_plain": TITLE_BOOST}, needed=1)
    variants = []
    for number, variant in enumerate(with_synonyms(normalized)):
        units = query_units(cut_generic_words(variant, current_lexicon()))
        if units:
            clause = _all_of(units, FIELDS)
            if number:
                clause["bool"]["boost"] = SYNONYM_BOOST
            variants.append(clause)
    if codes := codes_in(text):
        clause = {"filter": {"terms": {"codes": codes}}, "boost": CODE_SCORE}
        variants.append({"constant_score": clause})
    if len(key := pinyin_key(text)) > INITIALS:
        variants.append(_pinyin(key))
    if len(variants) <= 1:
        return variants[0] if variants else None
    return {"dis_max": {"queries": variants}}


def initials_query(text: str) -> dict | None:
    """A last reading of two letters that no listing holds as a word: as initials, as in ``dc``."""
    key = pinyin_key(plain_words(text))
    return _pinyin(key) if len(key) == INITIALS else None


def _pinyin(key: str) -> dict:
    clause = {"filter": {"prefix": {"suggest": key}}, "boost": PINYIN_SCORE}
    return {"constant_score": clause}


def pinyin_key(text: str) -> str:
    """The query as pinyin or initials, when it can be read so; otherwise empty."""
    key = "".join(normalize(text).replace("'", " ").replace('"', " ").split())
    return key if INITIALS <= len(key) <= 40 and key.isascii() and key.isalpha() else ""


def _all_of(units: list[str], fields: dict[str, float], needed: int | None = None) -> dict:
    units = units[:UNITS_AT_MOST]
    return {
        "bool": {
            "should": [_unit(unit, fields) for unit in units],
            "minimum_should_match": needed or _needed(len(units)),
        }
    }


def _unit(unit: str, fields: dict[str, float]) -> dict:
    terms = [{"term": {field: {"value": unit, "boost": boost}}} for field, boost in fields.items()]
    return terms[0] if len(terms) == 1 else {"bool": {"should": terms}}


def _needed(count: int) -> int:
    """How many units a document must hold: all of up to two, then a falling share."""
    if count <= 2:
        return count
    if count <= 6:
        return count - 1
    return math.ceil(count * (0.6 if count <= 12 else 0.15))


def marked_terms(text: str) -> list[str]:
    """What to mark in a result of this query: its words and bigrams and those of its synonyms."""
    normalized = normalize(plain_words(text))
    found: dict[str, None] = {}
    for variant in with_synonyms(normalized):
        kept = cut_generic_words(variant, current_lexicon())
        units = query_units(kept) or query_units(variant)
        found.update(dict.fromkeys(units))
    return [unit for unit in found if len(unit) > 1 or is_han(unit) or len(found) == 1]
