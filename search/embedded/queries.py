"""Query DSL → tantivy query.

A query that scores must score as Elasticsearch would. A keyword field keeps no length in
Elasticsearch but does in tantivy, so a scoring ``term`` on one is refused; inside ``filter``,
``must_not`` and ``constant_score`` it is welcome.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import tantivy

from .errors import RequestError, UnsupportedError
from .schema import BOOLEAN, DATE, FLOAT, ID, KEYWORD, PRESENT, TEXT, Fields, coerce

MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
Query = tantivy.Query


def translate(clause: dict, fields: Fields, *, scoring: bool = True) -> Query:
    """Translate one clause; raises ``UnsupportedError`` naming what it does not know."""
    if not isinstance(clause, dict) or len(clause) != 1:
        raise RequestError(400, "parsing_exception", "a query is an object with one key")
    ((name, body),) = clause.items()
    handler = _HANDLERS.get(name)
    if handler is None:
        raise UnsupportedError(f"query [{name}]")
    return handler(body, fields, scoring)


def _boosted(query: Query, boost: float | None) -> Query:
    return query if boost is None or boost == 1 else Query.boost_query(query, float(boost))


def _constant(query: Query, boost: float | None = None) -> Query:
    return Query.const_score_query(query, 1.0 if boost is None else float(boost))


def hit_count(found: tantivy.SearchResult) -> int | None:
    """How many documents a search found; None when it did not count."""
    return found.count  # type: ignore[attr-defined]  # tantivy's stubs leave it out


def _only(name: str, body: dict, *known: str) -> None:
    if unknown := body.keys() - set(known):
        raise UnsupportedError(f"[{min(unknown)}] in [{name}]")


def _field_and_options(name: str, body: dict) -> tuple[str, Any]:
    if len(body) != 1:
        raise RequestError(400, "parsing_exception", f"[{name}] takes one field")
    return next(iter(body.items()))


def _term(body: dict, fields: Fields, scoring: bool) -> Query:
    field, value = _field_and_options("term", body)
    boost = None
    if isinstance(value, dict):
        if value.keys() - {"value", "boost"}:
            _only("term", value, "value", "boost")
        boost = value.get("boost")
        value = value["value"]
    kind = fields.kinds.get(field)
    if kind == TEXT:
        query = Query.term_query(fields.schema, field, value, "freq")
        return _boosted(query, boost)
    return _exact(field, kind, value, fields, scoring=scoring, boost=boost)


def _exact(
    field: str,
    kind: str | None,
    value: object,
    fields: Fields,
    *,
    scoring: bool,
    boost: float | None = None,
) -> Query:
    if field == ID:
        return _constant(Query.term_query(fields.schema, ID, str(value)), boost)
    if kind is None:
        return Query.empty_query()
    if kind == KEYWORD and scoring:
        raise UnsupportedError(f"scoring [term] on keyword field [{field}]")
    query = Query.term_query(fields.schema, field, coerce(kind, value), "basic")
    return _constant(query, boost) if scoring else query


def _terms(body: dict, fields: Fields, scoring: bool) -> Query:
    body = dict(body)
    boost = body.pop("boost", None)
    field, values = _field_and_options("terms", body)
    if isinstance(values, dict):
        raise UnsupportedError("lookup in [terms]")
    kind = KEYWORD if field == ID else fields.kinds.get(field)
    if kind is None:
        return Query.empty_query()
    wanted = [coerce(kind, value) for value in values]
    if kind == BOOLEAN:
        options = [(SHOULD, Query.term_query(fields.schema, field, v)) for v in wanted]
        return _constant(Query.boolean_query(options), boost)
    return _constant(Query.term_set_query(fields.schema, field, wanted), boost)


def _match(body: dict, fields: Fields, scoring: bool) -> Query:
    field, options = _field_and_options("match", body)
    if not isinstance(options, dict):
        options = {"query": options}
    _only("match", options, "query", "operator", "minimum_should_match", "boost")
    return _boosted(_match_field(field, options, fields, scoring), options.get("boost"))


def _match_field(field: str, options: dict, fields: Fields, scoring: bool) -> Query:
    kind = fields.kinds.get(field)
    if kind != TEXT:
        return _exact(field, kind, options["query"], fields, scoring=scoring)
    words = str(options["query"]).split()
    terms = [Query.term_query(fields.schema, field, word, "freq") for word in words]
    if len(terms) <= 1:
        return terms[0] if terms else Query.empty_query()
    if str(options.get("operator", "or")).lower() == "and":
        return Query.boolean_query([(MUST, term) for term in terms])
    return _disjunction(terms, options.get("minimum_should_match"))


def _disjunction(queries: Sequence[Query], minimum: str | int | None) -> Query:
    wanted = _minimum(minimum, len(queries)) if minimum is not None else 1
    if wanted > len(queries):
        return Query.empty_query()
    shoulds = [(SHOULD, query) for query in queries]
    if wanted <= 1:
        return Query.boolean_query(shoulds)
    return Query.boolean_query(shoulds, minimum_number_should_match=wanted)


def _minimum(value: str | int, total: int) -> int:
    """How many of ``total`` clauses must match, by Elasticsearch's rules."""
    text = str(value).strip()
    try:
        if text.endswith("%"):
            share = int(text[:-1])
            count = math.floor(total * abs(share) / 100)
            count = count if share >= 0 else total - count
        else:
            count = int(text)
            count = count if count >= 0 else total + count
    except ValueError:
        raise UnsupportedError(f"[minimum_should_match] of [{value}]") from None
    return max(count, 0)


def _multi_match(body: dict, fields: Fields, scoring: bool) -> Query:
    _only(
        "multi_match",
        body,
        "query",
        "fields",
        "type",
        "tie_breaker",
        "operator",
        "boost",
        "minimum_should_match",
    )
    kind = body.get("type", "best_fields")
    if kind not in {"best_fields", "most_fields"}:
        raise UnsupportedError(f"type [{kind}] in [multi_match]")
    parts = []
    for name in body["fields"]:
        field, _, boost = name.partition("^")
        parts.append(_boosted(_match_field(field, body, fields, scoring), float(boost or 1)))
    if kind == "most_fields":
        query = Query.boolean_query([(SHOULD, part) for part in parts])
    else:
        query = Query.disjunction_max_query(parts, float(body.get("tie_breaker", 0)))
    return _boosted(query, body.get("boost"))


def _as_list(value: Any) -> list:
    return value if isinstance(value, list) else [value]


def _bool(body: dict, fields: Fields, scoring: bool) -> Query:
    _only("bool", body, "must", "filter", "should", "must_not", "minimum_should_match", "boost")
    parts: list = [
        (MUST, translate(c, fields, scoring=scoring)) for c in _as_list(body.get("must", []))
    ]
    parts.extend(
        (MUST, _constant(translate(clause, fields, scoring=False), 0.0))
        for clause in _as_list(body.get("filter", []))
    )
    shoulds = [translate(c, fields, scoring=scoring) for c in _as_list(body.get("should", []))]
    minimum = body.get("minimum_should_match", 0 if parts else 1)
    if shoulds:
        wanted = _minimum(minimum, len(shoulds))
        if wanted == 0:
            parts.extend((SHOULD, query) for query in shoulds)
            if len(parts) == len(shoulds):
                parts.append((MUST, _constant(Query.all_query(), 0.0)))
        else:
            parts.append((MUST, _disjunction(shoulds, wanted)))
    elif "minimum_should_match" in body and _minimum(minimum, 0) > 0:
        return Query.empty_query()
    if not parts:
        parts.append((MUST, _constant(Query.all_query(), 0.0 if body.get("must_not") else 1.0)))
    parts.extend(
        (MUST_NOT, translate(clause, fields, scoring=False))
        for clause in _as_list(body.get("must_not", []))
    )
    query = parts[0][1] if len(parts) == 1 else Query.boolean_query(parts)
    return _boosted(query, body.get("boost"))


def _range(body: dict, fields: Fields, scoring: bool) -> Query:
    field, options = _field_and_options("range", body)
    _only("range", options, "gt", "gte", "lt", "lte", "boost")
    kind = fields.kinds.get(field)
    if kind is None:
        return Query.empty_query()
    if kind in {TEXT, KEYWORD, BOOLEAN}:
        raise UnsupportedError(f"[range] on {kind} field [{field}]")
    low = options.get("gte", options.get("gt"))
    high = options.get("lte", options.get("lt"))
    query = Query.range_query(
        fields.schema,
        field,
        tantivy.FieldType.Float if kind == FLOAT else tantivy.FieldType.Integer,
        _bound(kind, low),
        _bound(kind, high),
        include_lower=low is None or options.get("gte") is not None,
        include_upper=high is None or options.get("lte") is not None,
    )
    if low is None and high is None:
        query = Query.exists_query(field)
    return _constant(query, options.get("boost"))


def _bound(kind: str, value: object) -> Any:
    if value is None:
        return None
    if kind == DATE and value == "now":
        return int(datetime.now(UTC).timestamp() * 1000)
    return coerce(kind, value)


def _exists(body: dict, fields: Fields, scoring: bool) -> Query:
    _only("exists", body, "field", "boost")
    field = body["field"]
    kind = fields.kinds.get(field)
    if kind is None:
        return Query.empty_query()
    if kind == TEXT:
        query = Query.term_query(fields.schema, PRESENT, field, "basic")
    else:
        query = Query.exists_query(field)
    return _constant(query, body.get("boost"))


def _ids(body: dict, fields: Fields, scoring: bool) -> Query:
    _only("ids", body, "values", "boost")
    values = [str(value) for value in body["values"]]
    return _constant(Query.term_set_query(fields.schema, ID, values), body.get("boost"))


def _prefix(body: dict, fields: Fields, scoring: bool) -> Query:
    field, options = _field_and_options("prefix", body)
    if not isinstance(options, dict):
        options = {"value": options}
    _only("prefix", options, "value", "boost")
    kind = fields.kinds.get(field)
    if kind is None:
        return Query.empty_query()
    if kind not in {TEXT, KEYWORD}:
        raise UnsupportedError(f"[prefix] on {kind} field [{field}]")
    query = Query.fuzzy_term_query(
        fields.schema, field, str(options["value"]), distance=0, prefix=True
    )
    return _constant(query, options.get("boost"))


def _match_all(body: dict, fields: Fields, scoring: bool) -> Query:
    _only("match_all", body, "boost")
    return _constant(Query.all_query(), body.get("boost"))


def _match_none(body: dict, fields: Fields, scoring: bool) -> Query:
    return Query.empty_query()


def _constant_score(body: dict, fields: Fields, scoring: bool) -> Query:
    _only("constant_score", body, "filter", "boost")
    return _constant(translate(body["filter"], fields, scoring=False), body.get("boost"))


def _dis_max(body: dict, fields: Fields, scoring: bool) -> Query:
    _only("dis_max", body, "queries", "tie_breaker", "boost")
    queries = [translate(clause, fields, scoring=scoring) for clause in body["queries"]]
    query = Query.disjunction_max_query(queries, float(body.get("tie_breaker", 0)))
    return _boosted(query, body.get("boost"))


_HANDLERS: dict[str, Callable[[Any, Fields, bool], Query]] = {
    "bool": _bool,
    "constant_score": _constant_score,
    "dis_max": _dis_max,
    "exists": _exists,
    "ids": _ids,
    "match": _match,
    "match_all": _match_all,
    "match_none": _match_none,
    "multi_match": _multi_match,
    "prefix": _prefix,
    "range": _range,
    "term": _term,
    "terms": _terms,
}
