"""Aggregations in Elasticsearch's shape, computed by tantivy.

Everything that shares a query, ``filter`` aggregations of one clause among them, is computed in
the same tantivy call; the number of documents comes with it. Bucket order is Elasticsearch's:
count, then key.
"""

import itertools
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import tantivy

from .errors import UnsupportedError
from .queries import MUST, Query, _constant, translate
from .schema import BOOLEAN, DATE, TEXT, VERSION, Fields, millis_as_string, to_millis

SLACK = 1_000
COUNT = "_count"
METRICS = {"avg", "cardinality", "max", "min", "stats", "sum", "value_count"}
FIXED_UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class Aggregator:
    """Runs the aggregations of one search over one query."""

    def __init__(self, searcher: tantivy.Searcher, fields: Fields):
        self.searcher = searcher
        self.fields = fields

    def run(self, query: Query, requests: dict) -> dict:
        return self._run(query, requests)[0]

    def _run(self, query: Query, requests: dict, *, counting: bool = False) -> tuple[dict, int]:
        """Answers by name, and how many documents the query finds if ``counting``."""
        native, answers = {}, {}
        alike: dict[str, list[tuple[str, dict, dict]]] = {}
        for name, request in requests.items():
            kind, body, children = _split(name, request)
            if kind == "filter":
                alike.setdefault(json.dumps(body), []).append((name, body, children))
            elif kind in {"filters", "missing"}:
                answers[name] = self._filtered(kind, query, body, children)
            elif kind == "date_histogram":
                answers[name] = self._date_histogram(query, body, children)
            else:
                native[name] = (kind, body, children)
        for group in alike.values():
            answers |= self._filter_group(query, group)
        found, count = self._native(query, native, counting=counting)
        answers |= found
        return {name: answers[name] for name in requests}, count

    # filter, filters, missing -------------------------------------------------------------

    def _filter_group(self, query: Query, group: list[tuple[str, dict, dict]]) -> dict:
        """Several ``filter`` aggregations of one clause, in one call."""
        requests = {
            (name, child): request
            for name, _body, children in group
            for child, request in children.items()
        }
        numbered = {str(number): request for number, request in enumerate(requests.values())}
        bucket = self._bucket(query, group[0][1], numbered)
        answers: dict = {name: {"doc_count": bucket["doc_count"]} for name, _body, _c in group}
        for number, (name, child) in enumerate(requests):
            answers[name][child] = bucket[str(number)]
        return answers

    def _filtered(self, kind: str, query: Query, body: dict, children: dict) -> dict:
        if kind == "missing":
            absent = {"bool": {"must_not": [{"exists": {"field": body["field"]}}]}}
            return self._bucket(query, absent, children)
        if unknown := body.keys() - {"filters"}:
            raise UnsupportedError(f"[{min(unknown)}] in aggregation [filters]")
        if not isinstance(body["filters"], dict):
            raise UnsupportedError("anonymous [filters]")
        return {
            "buckets": {
                key: self._bucket(query, clause, children)
                for key, clause in sorted(body["filters"].items())
            }
        }

    def _bucket(self, query: Query, clause: dict, children: dict) -> dict:
        narrowed = query
        if clause != {"match_all": {}}:
            condition = translate(clause, self.fields, scoring=False)
            narrowed = Query.boolean_query([(MUST, query), (MUST, _constant(condition, 0.0))])
        answers, count = self._run(narrowed, children, counting=True)
        return {"doc_count": count, **answers}

    # date histogram -----------------------------------------------------------------------

    def _date_histogram(self, query: Query, body: dict, children: dict) -> dict:
        known = {"field", "fixed_interval", "calendar_interval", "min_doc_count", "time_zone"}
        if unknown := body.keys() - known:
            raise UnsupportedError(f"[{min(unknown)}] in aggregation [date_histogram]")
        field = self._field("date_histogram", body)
        _check_interval(body)
        metric = {"field": field}
        span, _ = self._native(query, {"low": ("min", metric, {}), "high": ("max", metric, {})})
        low, high = span["low"]["value"], span["high"]["value"]
        if low is None:
            return {"buckets": []}
        zone = ZoneInfo(body.get("time_zone", "UTC"))
        edges = _edges(low, high, body, zone)
        ranges = [{"from": low, "to": high} for low, high in itertools.pairwise(edges)]
        request = {"range": ("range", {"field": field, "ranges": ranges}, children)}
        found = self._native(query, request)[0]["range"]["buckets"]
        least = body.get("min_doc_count", 0)
        return {
            "buckets": [
                {"key_as_string": _edge_string(bucket["from"], zone), "key": int(bucket["from"])}
                | {k: v for k, v in bucket.items() if k not in _RANGE_KEYS}
                for bucket in found
                if bucket["doc_count"] >= least
            ]
        }

    # what tantivy does itself ---------------------------------------------------------------

    def _native(self, query: Query, requests: dict, *, counting: bool = False) -> tuple[dict, int]:
        runnable: dict = {COUNT: {"value_count": {"field": VERSION}}} if counting else {}
        for name, (kind, body, children) in requests.items():
            field = self._field(kind, body)
            if field in self.fields.kinds:
                runnable[name] = self._request(kind, body, children)
        found = self.searcher.aggregate(query, runnable) if runnable else {}
        answers = {
            name: self._shape(kind, body, children, found.get(name))
            for name, (kind, body, children) in requests.items()
        }
        return answers, int(found[COUNT]["value"]) if counting else 0

    def _field(self, kind: str, body: dict) -> str:
        field = body.get("field")
        if field is None:
            raise UnsupportedError(f"aggregation [{kind}] without a field")
        stored = self.fields.kinds.get(field)
        if stored == TEXT or (stored == DATE and kind in {"avg", "stats", "sum"}):
            raise UnsupportedError(f"aggregation [{kind}] on {stored} field [{field}]")
        return field

    def _request(self, kind: str, body: dict, children: dict) -> dict:
        build = _REQUESTS.get(kind) or (_metric if kind in METRICS else None)
        if build is None:
            raise UnsupportedError(f"aggregation [{kind}]")
        request = {kind: build(kind, body)}
        if children:
            request["aggs"] = {}
            for name, child in children.items():
                child_kind, child_body, grandchildren = _split(name, child)
                if child_kind not in METRICS | _REQUESTS.keys():
                    raise UnsupportedError(f"aggregation [{child_kind}] inside [{kind}]")
                self._field(child_kind, child_body)
                request["aggs"][name] = self._request(child_kind, child_body, grandchildren)
        return request

    def _shape(self, kind: str, body: dict, children: dict, found: dict | None) -> dict:
        if kind == "terms":
            return self._shape_terms(body, children, found)
        if kind == "range":
            return self._shape_range(body, children, found)
        return self._shape_metric(kind, body, found)

    def _shape_terms(self, body: dict, children: dict, found: dict | None) -> dict:
        buckets = found["buckets"] if found else []
        kind = self.fields.kinds.get(body["field"])
        for bucket in buckets:
            self._shape_bucket(bucket, kind, children)
        ((by, direction),) = body.get("order", {"_count": "desc"}).items()
        buckets.sort(key=lambda bucket: bucket["key"], reverse=by == "_key" and direction == "desc")
        if by == "_count":
            buckets.sort(key=lambda bucket: bucket["doc_count"], reverse=direction == "desc")
        size = body.get("size", 10)
        rest = sum(bucket["doc_count"] for bucket in buckets[size:])
        other = (found or {}).get("sum_other_doc_count", 0) + rest
        least = body.get("min_doc_count", 1)
        shown = [bucket for bucket in buckets[:size] if bucket["doc_count"] >= least]
        return {
            "doc_count_error_upper_bound": 0,
            "sum_other_doc_count": other,
            "buckets": shown,
        }

    def _shape_bucket(self, bucket: dict, kind: str | None, children: dict) -> None:
        if kind == DATE:
            bucket["key"] = int(bucket["key"])
            bucket["key_as_string"] = millis_as_string(bucket["key"])
        elif kind == BOOLEAN:
            bucket["key_as_string"] = "true" if bucket["key"] else "false"
        self._shape_children(bucket, children)

    def _shape_children(self, bucket: dict, children: dict) -> None:
        for name, child in children.items():
            child_kind, child_body, grandchildren = _split(name, child)
            bucket[name] = self._shape(child_kind, child_body, grandchildren, bucket.get(name))

    def _shape_range(self, body: dict, children: dict, found: dict | None) -> dict:
        by_edges = {}
        for bucket in (found or {}).get("buckets", []):
            by_edges[bucket.get("from"), bucket.get("to")] = bucket
        shaped = []
        for wanted in _ordered_ranges(body["ranges"]):
            low, high = _edge(wanted.get("from")), _edge(wanted.get("to"))
            bucket = by_edges.get((low, high), {"doc_count": 0})
            kept = {k: v for k, v in bucket.items() if k not in _RANGE_KEYS}
            bucket = {"key": wanted.get("key", _range_key(low, high))}
            bucket |= {
                name: edge for name, edge in (("from", low), ("to", high)) if edge is not None
            }
            bucket |= kept
            self._shape_children(bucket, children)
            shaped.append(bucket)
        return {"buckets": shaped}

    def _shape_metric(self, kind: str, body: dict, found: dict | None) -> dict:
        if kind == "stats":
            empty = {"count": 0, "min": None, "max": None, "avg": None, "sum": 0.0}
            found = found or empty
            return {key: found[key] for key in empty}
        value = (found or {}).get("value")
        if kind in {"cardinality", "value_count"}:
            return {"value": int(value or 0)}
        if kind == "sum":
            value = value or 0.0
        if value is not None and self.fields.kinds.get(body["field"]) == DATE:
            return {"value": value, "value_as_string": millis_as_string(value)}
        return {"value": value}


_RANGE_KEYS = {"key", "from", "to", "from_as_string", "to_as_string"}


def _split(name: str, request: dict) -> tuple[str, dict, dict]:
    """Take one aggregation apart: its type, its body, its children."""
    children = request.get("aggs", request.get("aggregations", {}))
    kinds = [key for key in request if key not in {"aggs", "aggregations", "meta"}]
    if len(kinds) != 1:
        raise UnsupportedError(f"aggregation [{name}] of {len(kinds)} types")
    return kinds[0], request[kinds[0]], children


def _metric(kind: str, body: dict) -> dict:
    if unknown := body.keys() - {"field", "precision_threshold"}:
        raise UnsupportedError(f"[{min(unknown)}] in aggregation [{kind}]")
    return {"field": body["field"]}


def _terms(kind: str, body: dict) -> dict:
    if unknown := body.keys() - {"field", "size", "order", "include", "min_doc_count"}:
        raise UnsupportedError(f"[{min(unknown)}] in aggregation [terms]")
    order = body.get("order", {"_count": "desc"})
    if not isinstance(order, dict) or len(order) != 1 or not order.keys() <= {"_count", "_key"}:
        raise UnsupportedError("[order] in aggregation [terms]")
    if body.get("min_doc_count", 1) < 1:
        raise UnsupportedError("[min_doc_count] of 0 in aggregation [terms]")
    size = body.get("size", 10) + SLACK
    request = {"field": body["field"], "size": size, "segment_size": size, "order": order}
    if include := body.get("include"):
        if not isinstance(include, list):
            raise UnsupportedError("pattern [include] in aggregation [terms]")
        request["include"] = include
    return request


def _range(kind: str, body: dict) -> dict:
    if unknown := body.keys() - {"field", "ranges"}:
        raise UnsupportedError(f"[{min(unknown)}] in aggregation [range]")
    ranges: list[dict[str, Any]] = []
    for wanted in body["ranges"]:
        if wanted.keys() - {"from", "to", "key"}:
            raise UnsupportedError("option in a range of aggregation [range]")
        ranges.append({k: _edge(v) for k, v in wanted.items() if k != "key" and v is not None})
    ordered = sorted(ranges, key=lambda r: r.get("from", float("-inf")))
    for left, right in itertools.pairwise(ordered):
        if left.get("to", float("inf")) > right.get("from", float("-inf")):
            raise UnsupportedError("overlapping ranges in aggregation [range]")
    return {"field": body["field"], "ranges": ranges}


_REQUESTS = {"terms": _terms, "range": _range}


def _edge(value: str | float | None) -> float | None:
    if value is None:
        return None
    return float(to_millis(value)) if isinstance(value, str) else float(value)


def _ordered_ranges(ranges: list[dict]) -> list[dict]:
    return sorted(
        ranges,
        key=lambda r: (
            float("-inf") if r.get("from") is None else r["from"],
            float("inf") if r.get("to") is None else r["to"],
        ),
    )


def _range_key(low: float | None, high: float | None) -> str:
    return f"{'*' if low is None else low}-{'*' if high is None else high}"


def _check_interval(body: dict) -> None:
    if fixed := body.get("fixed_interval"):
        known = fixed[:-1].isdigit() and fixed[-1] in FIXED_UNITS
        if not known or body.get("time_zone", "UTC") != "UTC":
            raise UnsupportedError(f"fixed_interval [{fixed}] in aggregation [date_histogram]")
    elif body.get("calendar_interval") not in {"year", "1y", "month", "1M"}:
        interval = body.get("calendar_interval")
        raise UnsupportedError(f"calendar_interval [{interval}] in aggregation [date_histogram]")


def _edges(low: float, high: float, body: dict, zone: ZoneInfo) -> list[float]:
    """Bucket borders from the first to beyond the last value, in milliseconds."""
    start = datetime.fromtimestamp(low / 1000, UTC).astimezone(zone)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if fixed := body.get("fixed_interval"):
        step = int(fixed[:-1]) * FIXED_UNITS[fixed[-1]]
        first = low // step * step
        return [first + i * step for i in range(int((high - first) // step) + 2)]
    interval = body["calendar_interval"]
    is_year = interval in {"year", "1y"}
    current = midnight.replace(month=1, day=1) if is_year else midnight.replace(day=1)
    edges = [current]
    while edges[-1].timestamp() * 1000 <= high:
        edges.append(_next(edges[-1], interval))
    return [edge.timestamp() * 1000 for edge in edges]


def _next(moment: datetime, interval: str) -> datetime:
    if interval in {"year", "1y"}:
        return moment.replace(year=moment.year + 1)
    if moment.month == 12:
        return moment.replace(year=moment.year + 1, month=1)
    return moment.replace(month=moment.month + 1)


def _edge_string(millis: float, zone: ZoneInfo) -> str:
    if zone.key == "UTC":
        return millis_as_string(millis)
    moment = datetime.fromtimestamp(millis / 1000, zone)
    return moment.isoformat(timespec="milliseconds")
