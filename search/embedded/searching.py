"""One ``_search`` or ``_count`` body → one answer in Elasticsearch's shape."""

import fnmatch
import json
from collections.abc import Callable, Sequence
from typing import Any

import tantivy

from .aggregations import Aggregator
from .errors import RequestError, UnsupportedError
from .index import LocalIndex
from .queries import MUST, Query, hit_count, translate
from .schema import ID, Fields
from .sorting import Key, Row, Sorter, after_clause, missing_value, parse_sort

KNOWN = {
    "query",
    "post_filter",
    "aggs",
    "aggregations",
    "sort",
    "from",
    "size",
    "search_after",
    "_source",
    "version",
    "track_total_hits",
    "track_scores",
    "timeout",
}
WINDOW = 10_000
MATCH_ALL: dict = {"match_all": {}}


def run_search(index: LocalIndex, body: dict) -> dict:
    """Answer a search; raises ``UnsupportedError`` naming a key that is not spoken."""
    if unknown := body.keys() - KNOWN:
        raise UnsupportedError(f"[{min(unknown)}] in the search body")
    fields, searcher = index.fields, index.search_view()
    keys = parse_sort(body.get("sort"), fields)
    query = translate(body.get("query") or MATCH_ALL, fields)
    hits_query = _narrowed(query, body.get("post_filter"), fields)
    answer: dict = {"took": 0, "timed_out": False, "_shards": _SHARDS}
    answer["hits"] = _hits(index, searcher, hits_query, keys, body)
    if requests := body.get("aggs", body.get("aggregations")):
        answer["aggregations"] = Aggregator(searcher, fields).run(query, requests)
    return answer


def run_count(index: LocalIndex, body: dict) -> dict:
    if unknown := body.keys() - {"query"}:
        raise UnsupportedError(f"[{min(unknown)}] in the count body")
    query = translate(body.get("query") or MATCH_ALL, index.fields)
    count = hit_count(index.search_view().search(query, 1, count=True))
    return {"count": count, "_shards": _SHARDS}


def matching_ids(index: LocalIndex, clause: dict) -> list[str]:
    """Ids of everything that a query finds."""
    searcher = index.search_view()
    query = translate(clause, index.fields, scoring=False)
    hits = searcher.search(query, max(searcher.num_docs, 1), count=False).hits
    return [str(searcher.doc(address).get_first(ID)) for _, address in hits]


def _narrowed(query: Query, clause: dict | None, fields: Fields) -> Query:
    if not clause:
        return query
    condition = Query.const_score_query(translate(clause, fields, scoring=False), 0.0)
    return Query.boolean_query([(MUST, query), (MUST, condition)])


def _hits(
    index: LocalIndex, searcher: tantivy.Searcher, query: Query, keys: Sequence[Key], body: dict
) -> dict:
    start, size = body.get("from", 0), body.get("size", 10)
    if start + size > WINDOW:
        raise RequestError(
            400,
            "illegal_argument_exception",
            f"Result window is too large, from + size must be less than or equal to: [{WINDOW}]",
        )
    found: dict = {"max_score": None, "hits": []}
    sorter = Sorter(searcher, index.fields, keys, index.filled_columns(searcher))
    if after := body.get("search_after"):
        rows = sorter.top(_beyond(query, after, keys, index.fields, start), start + size)
        sorter.total = None
    else:
        rows = sorter.top(query, start + size)
    if not keys and rows and size:
        found["max_score"] = rows[0].score
    if body.get("track_total_hits", True) is not False:
        total = sorter.total
        if total is None:
            total = hit_count(searcher.search(query, 1, count=True))
        found["total"] = {"value": total, "relation": "eq"}
    rows = rows[start:]
    found["hits"] = _present(index, searcher, rows, keys, body)
    return found


def _beyond(query: Query, after: list, keys: Sequence[Key], fields: Fields, start: int) -> Query:
    if start:
        raise UnsupportedError("[from] with [search_after]")
    return _narrowed(query, after_clause(after, keys, fields), fields)


def _present(
    index: LocalIndex,
    searcher: tantivy.Searcher,
    rows: Sequence[Row],
    keys: Sequence[Key],
    body: dict,
) -> list[dict]:
    ids = [str(searcher.doc(row.address).get_first(ID)) for row in rows]
    sources = _sources(index, ids, body.get("_source", True))
    hits: list[dict] = [
        {"_index": index.name, "_id": doc_id, "_score": row.score}
        for doc_id, row in zip(ids, rows, strict=True)
    ]
    if sources is not None:
        for hit in hits:
            hit["_source"] = sources.get(hit["_id"], {})
    if body.get("version"):
        addresses = [row.address for row in rows]
        for hit, version in zip(hits, index.versions(searcher, addresses), strict=True):
            hit["_version"] = version
    if keys:
        for hit, row in zip(hits, rows, strict=True):
            hit["sort"] = [
                missing_value(key, index.fields) if value is None else value
                for key, value in zip(keys, row.values, strict=True)
            ]
    return hits


def _sources(index: LocalIndex, ids: Sequence[str], wanted: Any) -> dict[str, dict] | None:
    if wanted is False:
        return None
    keep = source_filter(wanted)
    return {doc_id: keep(json.loads(source)) for doc_id, (_, source) in index.get(ids).items()}


def source_filter(wanted: Any) -> Callable[[dict], dict]:
    """A function that cuts a source down to what ``_source`` asks for."""
    if wanted is True:
        return lambda source: source
    includes: Any = wanted
    excludes: Any = []
    if isinstance(wanted, dict):
        if unknown := wanted.keys() - {"includes", "include", "excludes", "exclude"}:
            raise UnsupportedError(f"[{min(unknown)}] in [_source]")
        includes = wanted.get("includes", wanted.get("include", ["*"]))
        excludes = wanted.get("excludes", wanted.get("exclude", []))
    includes = [includes] if isinstance(includes, str) else includes
    excludes = [excludes] if isinstance(excludes, str) else excludes

    def keep(source: dict) -> dict:
        return {
            name: value
            for name, value in source.items()
            if any(fnmatch.fnmatchcase(name, p) for p in includes)
            and not any(fnmatch.fnmatchcase(name, p) for p in excludes)
        }

    return keep


_SHARDS = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
