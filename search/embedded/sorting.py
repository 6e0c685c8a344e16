"""Exact ordering by several keys, on top of tantivy's ordering by one.

tantivy returns the best K by one key. Everything strictly better than the K-th value is then
certain; of those that share it, the next key decides, recursively. Values are read from columns,
never by visiting all hits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from .errors import UnsupportedError
from .queries import MUST, MUST_NOT, Query, _constant, hit_count
from .schema import FLOAT, KEYWORD, TEXT, Fields

SCORE, DOC = "_score", "_doc"
MARGIN = 32
FilledColumns = dict[str, bool]
Hit = tuple[float, tantivy.DocAddress]


@dataclass(frozen=True)
class Key:
    """One sort key; ``missing_first`` says where documents without the field go."""

    field: str
    descending: bool
    missing_first: bool = False


def parse_sort(sort: Any, fields: Fields) -> list[Key]:
    """Translate ``sort``; no sort means by score."""
    if not sort:
        return []
    return [_parse_key(entry, fields) for entry in (sort if isinstance(sort, list) else [sort])]


def _parse_key(entry: Any, fields: Fields) -> Key:
    if isinstance(entry, str):
        entry = {entry: {}}
    ((field, options),) = entry.items()
    if isinstance(options, str):
        options = {"order": options}
    if unknown := options.keys() - {"order", "missing", "unmapped_type"}:
        raise UnsupportedError(f"[{min(unknown)}] in [sort]")
    descending = options.get("order", "desc" if field == SCORE else "asc") == "desc"
    if field in {SCORE, DOC}:
        return Key(field, descending)
    kind = fields.kinds.get(field)
    if kind in {None, TEXT, KEYWORD}:
        raise UnsupportedError(f"[sort] on {kind or 'unmapped'} field [{field}]")
    missing = options.get("missing", "_last")
    if missing not in {"_first", "_last"}:
        raise UnsupportedError(f"missing [{missing}] in [sort]")
    return Key(field, descending, missing == "_first")


@dataclass
class Row:
    """A hit: where it is, its score (None when sorted by fields) and its sort values."""

    address: tantivy.DocAddress
    score: float | None
    values: list


class Sorter:
    """Finds the first ``limit`` hits of a query under several keys."""

    def __init__(
        self, searcher: tantivy.Searcher, fields: Fields, keys: Sequence[Key], filled: FilledColumns
    ):
        self.searcher = searcher
        self.fields = fields
        self.keys = keys
        self.filled = filled
        self.total: int | None = None

    def top(self, query: Query, limit: int) -> list[Row]:
        """The first hits in order; ``total`` is set when counting cost no pass of its own."""
        if not self.keys:
            return self._by_score(query, limit, ties=[])
        if self.keys[0].field == SCORE:
            if not self.keys[0].descending:
                raise UnsupportedError("ascending [_score] in [sort]")
            return self._by_score(query, limit, ties=self.keys[1:])
        if any(key.field == SCORE for key in self.keys):
            raise UnsupportedError("[_score] after another key in [sort]")
        if limit and self.keys[0].field != DOC and self._is_full(self.keys[0].field):
            found = self._present(query, limit, self.keys, is_whole=True)
        else:
            found = self._by_fields(query, limit, self.keys)
        return [Row(address, None, values) for address, values in found]

    def _is_full(self, field: str) -> bool:
        """Whether every document has a value: then none need be looked for apart."""
        known = self.filled.get(field)
        if known is None:
            query = Query.exists_query(field)
            count = hit_count(self.searcher.search(query, 1, count=True))
            known = self.filled[field] = count == self.searcher.num_docs
        return known

    # By score -----------------------------------------------------------------------------

    def _by_score(self, query: Query, limit: int, ties: Sequence[Key]) -> list[Row]:
        wanted = limit + MARGIN if ties else limit
        while True:
            found = self.searcher.search(query, max(wanted, 1), count=self.total is None)
            hits = found.hits[:wanted]
            self.total = hit_count(found) if self.total is None else self.total
            settled = (
                not ties
                or len(hits) < wanted
                or not limit
                or hits[-1][0] < hits[min(limit, len(hits)) - 1][0]
            )
            if settled:
                break
            wanted *= 4
        if not ties:
            return [Row(address, score, [score]) for score, address in hits]
        return self._break_ties(hits, limit, ties)

    def _break_ties(self, hits: Sequence[Hit], limit: int, ties: Sequence[Key]) -> list[Row]:
        if not hits:
            return []
        edge = hits[min(limit, len(hits)) - 1][0] if limit else 0
        hits = [hit for hit in hits if hit[0] >= edge]
        columns = self._columns([address for _, address in hits], ties)
        rows = [
            Row(address, score, [score, *values])
            for (score, address), values in zip(hits, columns, strict=True)
        ]
        rows.sort(key=lambda row: (-row.values[0], *_rank(row.values[1:], ties)))
        return rows[:limit]

    # By columns ---------------------------------------------------------------------------

    def _by_fields(self, query: Query, limit: int, keys: Sequence[Key]) -> list[tuple]:
        if limit <= 0:
            return []
        key = keys[0]
        if key.field == DOC:
            hits = self.searcher.search(query, limit, count=False).hits
            return [(address, [0] * len(keys)) for _, address in hits]
        if self._is_full(key.field):
            return self._present(query, limit, keys)
        present = Query.boolean_query([(MUST, query), (MUST, Query.exists_query(key.field))])
        absent = Query.boolean_query([(MUST, query), (MUST_NOT, Query.exists_query(key.field))])
        parts = (
            [self._missing, self._present] if key.missing_first else [self._present, self._missing]
        )
        found: list[tuple] = []
        for part in parts:
            if len(found) < limit:
                source = present if part == self._present else absent
                found += part(source, limit - len(found), keys)
        return found

    def _missing(self, query: Query, limit: int, keys: Sequence[Key]) -> list[tuple]:
        rest = keys[1:] or [Key(DOC, descending=False)]
        found = self._by_fields(query, limit, rest)
        return [(address, [None, *values[: len(keys) - 1]]) for address, values in found]

    def _present(
        self, query: Query, limit: int, keys: Sequence[Key], *, is_whole: bool = False
    ) -> list[tuple]:
        """Hits that have the first key; one more than wanted is read, to see a tie at the edge."""
        key = keys[0]
        order = tantivy.Order.Desc if key.descending else tantivy.Order.Asc
        result = self.searcher.search(
            query, limit + 1, count=is_whole, order_by_field=key.field, order=order
        )
        if is_whole:
            self.total = hit_count(result)
        addresses = [address for _, address in result.hits]
        rows = list(zip(addresses, self._columns(addresses, keys), strict=True))
        if len(rows) > limit and len(keys) > 1 and rows[limit][1][0] == rows[limit - 1][1][0]:
            edge = rows[limit][1][0]
            certain = [row for row in rows if row[1][0] != edge]
            rows = certain + self._tied(query, key, edge, limit - len(certain), keys)
        rows.sort(key=lambda row: _rank(row[1], keys))
        return rows[:limit]

    def _tied(
        self, query: Query, key: Key, edge: float | bool, limit: int, keys: Sequence[Key]
    ) -> list[tuple]:
        kind = self.fields.kinds[key.field]
        field_type = tantivy.FieldType.Float if kind == FLOAT else tantivy.FieldType.Integer
        same = Query.range_query(self.fields.schema, key.field, field_type, edge, edge)
        narrowed = Query.boolean_query([(MUST, query), (MUST, _constant(same, 0.0))])
        found = self._by_fields(narrowed, limit, keys[1:])
        return [(address, [edge, *values]) for address, values in found]

    def _columns(self, addresses: list[tantivy.DocAddress], keys: Sequence[Key]) -> list[list]:
        columns = [
            self.searcher.fast_field_values(key.field, addresses)
            if key.field not in {SCORE, DOC}
            else [0] * len(addresses)
            for key in keys
        ]
        return [list(values) for values in zip(*columns, strict=True)] if addresses else []


def _rank(values: Sequence, keys: Sequence[Key]) -> tuple:
    rank = []
    for value, key in zip(values, keys, strict=True):
        if value is None:
            rank.append((0 if key.missing_first else 2, 0))
        else:
            rank.append((1, -value if key.descending else value))
    return tuple(rank)


def missing_value(key: Key, fields: Fields) -> str | int:
    """What Elasticsearch shows as the sort value of a document without the field."""
    lowest = key.missing_first != key.descending
    if fields.kinds.get(key.field) == FLOAT:
        return "-Infinity" if lowest else "Infinity"
    return -(2**63) if lowest else 2**63 - 1


def after_clause(values: Sequence, keys: Sequence[Key], fields: Fields) -> dict:
    """The filter that ``search_after`` stands for; raises for keys it cannot stand behind."""
    if len(values) != len(keys):
        raise UnsupportedError("[search_after] of another length than [sort]")
    shoulds: list[dict] = []
    same: list[dict] = []
    for key, value in zip(keys, values, strict=True):
        if key.field in {SCORE, DOC}:
            raise UnsupportedError(f"[search_after] on [{key.field}]")
        present: dict = {"exists": {"field": key.field}}
        absent: dict = {"bool": {"must_not": [present]}}
        if value is None or value == missing_value(key, fields):
            beyond, equal = ([present] if key.missing_first else []), absent
        else:
            beyond = [{"range": {key.field: {"lt" if key.descending else "gt": value}}}]
            beyond += [] if key.missing_first else [absent]
            equal = {"term": {key.field: value}}
        shoulds += [{"bool": {"filter": [*same, clause]}} for clause in beyond]
        same = [*same, equal]
    return {"bool": {"should": shoulds}} if shoulds else {"match_none": {}}
