"""Words that stand as words: keywords of the listings that a reader may see, and the synonyms."""

from collections import Counter
from collections.abc import Sequence

from portal.accounts.models import Visitor

from .client import SearchRequest, execute_many
from .documents import BaseDocument
from .lexicon import current_lexicon
from .queries import text_query, visible_filters

WORDS_AT_MOST = 3_000


def words_in_use(documents: Sequence[type[BaseDocument]], user: Visitor | None) -> Counter[str]:
    """Word → number of listings that name it. Raises ``SearchUnavailable``."""
    found: Counter[str] = Counter()
    for answer in execute_many([_counting_words(document, user) for document in documents]):
        for bucket in answer.aggregations["words"]["buckets"]:
            found[bucket["key"]] += bucket["doc_count"]
    return found


def known_words(documents: Sequence[type[BaseDocument]], user: Visitor | None) -> Counter[str]:
    """The words in use and those that staff keep. Raises ``SearchUnavailable``."""
    found = words_in_use(documents, user)
    found.update({word: 0 for group in current_lexicon().synonyms for word in group})
    return found


def count_results(
    texts: Sequence[str], documents: Sequence[type[BaseDocument]], user: Visitor | None
) -> dict[str, int]:
    """Query → how many listings it finds, without those that find none.

    Raises ``SearchUnavailable``.
    """
    clauses = {text: text_query(text) for text in texts}
    asked = [
        (text, document) for text, clause in clauses.items() if clause for document in documents
    ]
    answers = execute_many(
        [counting(document, clauses[text], visible_filters(user)) for text, document in asked]
    )
    found: Counter[str] = Counter()
    for (text, _document), answer in zip(asked, answers, strict=True):
        found[text] += answer.total or 0
    return {text: found[text] for text in texts if found[text]}


def counting(document: type[BaseDocument], text: dict | None, filters: list[dict]) -> SearchRequest:
    """A search for nothing but the number of documents."""
    clause: dict = {"filter": filters}
    if text:
        clause["must"] = [text]
    body = {"query": {"bool": clause}, "size": 0, "track_total_hits": True}
    return SearchRequest(document.alias(), body)


def _counting_words(document: type[BaseDocument], user: Visitor | None) -> SearchRequest:
    body = {
        "query": {"bool": {"filter": visible_filters(user)}},
        "size": 0,
        "aggs": {"words": {"terms": {"field": "words", "size": WORDS_AT_MOST}}},
        "track_total_hits": False,
    }
    return SearchRequest(document.alias(), body)
