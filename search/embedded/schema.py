"""Mapping → tantivy schema, source → tantivy document.

Dates are stored as 64-bit milliseconds since 1970, as Elasticsearch compares them, so that ranges,
sorts and histograms are whole-number work.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import tantivy

from .errors import RequestError, UnsupportedError

TEXT, KEYWORD, INTEGER, FLOAT, DATE, BOOLEAN = (
    "text",
    "keyword",
    "integer",
    "float",
    "date",
    "boolean",
)
KINDS = {
    "text": TEXT,
    "keyword": KEYWORD,
    "long": INTEGER,
    "integer": INTEGER,
    "short": INTEGER,
    "byte": INTEGER,
    "double": FLOAT,
    "float": FLOAT,
    "date": DATE,
    "boolean": BOOLEAN,
}
OPTIONS = {"type", "analyzer", "index", "doc_values", "norms", "index_options", "format", "store"}
ID, VERSION, PRESENT = "_id", "_version", "_present"
LONGEST_TERM = 32766 // 2


@dataclass
class Fields:
    """What an index knows of its fields; ``kinds`` holds the searchable ones."""

    kinds: dict[str, str] = field(default_factory=dict)
    stored_only: set[str] = field(default_factory=set)
    schema: tantivy.Schema = field(init=False)


def build_fields(mappings: dict) -> Fields:
    """Translate a mapping; raises ``UnsupportedError`` naming a type or option it cannot keep."""
    fields = Fields()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(VERSION, fast=True)
    builder.add_text_field(PRESENT, tokenizer_name="raw", index_option="basic")
    for name, options in mappings.get("properties", {}).items():
        _add_field(builder, fields, name, options)
    fields.schema = builder.build()
    return fields


def _add_field(builder: tantivy.SchemaBuilder, fields: Fields, name: str, options: dict) -> None:
    kind = KINDS.get(options.get("type", "object"))
    if kind is None:
        raise UnsupportedError(f"field type [{options.get('type', 'object')}] of [{name}]")
    if unknown := set(options) - OPTIONS:
        raise UnsupportedError(f"mapping option [{min(unknown)}] of [{name}]")
    if options.get("index") is False:
        fields.stored_only.add(name)
        return
    if kind == TEXT:
        if options.get("analyzer") != "whitespace":
            raise UnsupportedError(f"analyzer [{options.get('analyzer', 'standard')}] of [{name}]")
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    elif kind == KEYWORD:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    elif kind == FLOAT:
        builder.add_float_field(name, indexed=True, fast=True)
    elif kind == BOOLEAN:
        builder.add_boolean_field(name, indexed=True, fast=True)
    else:
        builder.add_integer_field(name, indexed=True, fast=True)
    fields.kinds[name] = kind


def build_document(fields: Fields, doc_id: str, version: int, source: dict) -> tantivy.Document:
    """Make the tantivy document of one source; raises ``RequestError`` for a wrong value."""
    document = tantivy.Document()
    document.add_text(ID, doc_id)
    document.add_integer(VERSION, version)
    for name, value in source.items():
        if value is None:
            continue
        kind = fields.kinds.get(name)
        if kind is None:
            if name in fields.stored_only:
                continue
            raise _mapper_error(name, "is not mapped")
        add = _ADDERS[kind]
        if isinstance(value, list):
            for item in value:
                add(document, name, item)
            if kind == TEXT and value:
                document.add_text(PRESENT, name)
        else:
            add(document, name, value)
            if kind == TEXT:
                document.add_text(PRESENT, name)
    return document


def check_source(fields: Fields, source: dict) -> None:
    """Refuse a source before it is acknowledged."""
    for name, value in source.items():
        kind = fields.kinds.get(name)
        if kind is None:
            if name not in fields.stored_only:
                raise _mapper_error(name, "is not mapped")
            continue
        check = _CHECKS[kind]
        for item in value if isinstance(value, list) else (value,):
            if item is not None and not check(item):
                raise _mapper_error(name, f"cannot hold [{str(item)[:60]}]")


def to_millis(value: Any) -> int:
    """Milliseconds since 1970 of an ISO date, a date object or a number of milliseconds."""
    if isinstance(value, bool):
        raise RequestError(400, "parsing_exception", f"failed to parse date field [{value}]")
    if isinstance(value, int | float):
        return int(value)
    try:
        return _parse_date(value)
    except (TypeError, ValueError):
        raise RequestError(
            400, "parsing_exception", f"failed to parse date field [{value}]"
        ) from None


@lru_cache(4096)
def _parse_date(value: str) -> int:
    if value == "now":
        raise ValueError(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = int((moment - _EPOCH).total_seconds() // 1)
    return seconds * 1000 + moment.microsecond // 1000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def millis_as_string(value: float) -> str:
    moment = datetime.fromtimestamp(value / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(value) % 1000:03d}Z"


def coerce(kind: str, value: Any) -> str | float | bool:
    """The value as tantivy wants it in a query; raises ``RequestError`` when it does not fit."""
    try:
        if kind in {TEXT, KEYWORD}:
            return _as_keyword(value)
        if kind == INTEGER:
            return int(value)
        if kind == FLOAT:
            return float(value)
        if kind == DATE:
            return to_millis(value)
        return _BOOLEANS[value]
    except (KeyError, TypeError, ValueError):
        raise RequestError(
            400, "query_shard_exception", f"failed to create query: [{value}] is no {kind}"
        ) from None


def _as_keyword(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _is_date(value: object) -> bool:
    if isinstance(value, date):
        return True
    try:
        to_millis(value)
    except RequestError:
        return False
    return True


def _mapper_error(name: str, what: str) -> RequestError:
    return RequestError(400, "document_parsing_exception", f"field [{name}] {what}")


_BOOLEANS = {True: True, False: False, "true": True, "false": False}
_CHECKS = {
    TEXT: lambda v: isinstance(v, str),
    KEYWORD: lambda v: isinstance(v, str | int | float) and len(str(v)) <= LONGEST_TERM,
    INTEGER: lambda v: isinstance(v, int) and not isinstance(v, bool) and -(2**63) <= v < 2**63,
    FLOAT: lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    DATE: _is_date,
    BOOLEAN: lambda v: v in _BOOLEANS,
}
_ADDERS = {
    TEXT: lambda d, n, v: d.add_text(n, v),
    KEYWORD: lambda d, n, v: d.add_text(n, _as_keyword(v)),
    INTEGER: lambda d, n, v: d.add_integer(n, v),
    FLOAT: lambda d, n, v: d.add_float(n, float(v)),
    DATE: lambda d, n, v: d.add_integer(n, to_millis(v)),
    BOOLEAN: lambda d, n, v: d.add_boolean(n, _BOOLEANS[v]),
}
