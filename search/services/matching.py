from collections.abc import Mapping, Sequence

from portal.accounts.models import Visitor
from search.analysis import analyse
from search.client import (
    Answer,
    SearchRequest,
    SearchUnavailable,
    execute,
    get_client,
    guarded,
)
from search.documents import BaseDocument
from search.queries import visible_filters


def boosted_terms_search(
    document: type[BaseDocument],
    terms: Mapping[str, Sequence[tuple[str, float]]],
    *,
    filters: Sequence[dict] = (),
    size: int = 100,
    minimum_score: float | None = None,
) -> Answer:
    """Rank documents by weighted terms: field → (term, boost) pairs, one bool/should.

    ``filters`` are clauses of the query language, applied inside the query. Equal scores are
    ordered by id. Raises ``SearchUnavailable``.
    """
    should = [
        {"term": {field: {"value": term, "boost": boost}}}
        for field, weighted in terms.items()
        for term, boost in weighted
    ]
    query: dict = {"should": should, "minimum_should_match": 1}
    if filters:
        query["filter"] = list(filters)
    body = {
        "query": {"bool": query},
        "size": size,
        "_source": False,
        "track_total_hits": False,
        "sort": ["_score", {"sort_id": "asc"}],
    }
    answer = execute(SearchRequest(document.alias(), body))
    if minimum_score is None:
        return answer
    hits = [hit for hit in answer.hits if (hit.score or 0) >= minimum_score]
    return Answer(answer.total, hits, answer.aggregations)


def rows_alike(
    document: type[BaseDocument], *, title: str, but: int, user: Visitor, size: int
) -> list[int]:
    """Ids of the rows whose titles share most words with ``title``, among those ``user`` may find.

    ``but`` is the row itself. Without an engine nothing is alike.
    """
    words = [(term, float(len(term))) for term in dict.fromkeys(analyse(title)) if term[1:]]
    others: dict = {"bool": {"must_not": [{"term": {"sort_id": but}}]}}
    filters = [*visible_filters(user), others]
    try:
        answer = boosted_terms_search(document, {"title_terms": words}, filters=filters, size=size)
    except SearchUnavailable:
        return []
    return [int(pk) for pk in answer.pks]


def term_statistics(
    document: type[BaseDocument], field: str, terms: Sequence[str]
) -> tuple[int, dict[str, int]]:
    """Documents in the index, and how many of them hold each term in ``field``.

    Terms that no document holds are absent. Raises ``SearchUnavailable``.
    """
    wanted = list(dict.fromkeys(terms))
    with guarded():
        answer = get_client().termvectors(
            index=document.alias(),
            doc={field: " ".join(wanted)},
            term_statistics=True,
            field_statistics=True,
            positions=False,
            offsets=False,
            payloads=False,
        )
    vector = answer["term_vectors"].get(field)
    if vector is None:
        return 0, {}
    found = {t: facts["doc_freq"] for t, facts in vector["terms"].items() if "doc_freq" in facts}
    return vector["field_statistics"]["doc_count"], found
