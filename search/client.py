"""The one way to the engine: which client, how a search is sent, what comes back."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError
from elasticsearch.dsl import Search

from .embedded import EmbeddedNode

if TYPE_CHECKING:
    from .documents import BaseDocument

logger = logging.getLogger(__name__)
UNAVAILABLE_STATUSES = {404, 408, 429, 500, 502, 503, 504}
_engine: ContextVar[str | None] = ContextVar("engine", default=None)


class SearchUnavailable(Exception):
    """The engine did not answer, has no such index or refused the request."""


class SearchRefused(SearchUnavailable):
    """The engine answered 400: the request or the mapping is wrong; logged as an error."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found. ``pk`` is text; ``source`` is empty unless asked for."""

    pk: str
    score: float | None
    kind: str
    source: dict = field(default_factory=dict)
    sort: Sequence = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``total`` is exact, or None when the search did not ask for it."""

    total: int | None
    hits: list[Hit]
    aggregations: dict[str, Any]

    @property
    def pks(self) -> list[str]:
        return [hit.pk for hit in self.hits]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as index and body, for those who build the body themselves."""

    index: str
    body: dict


def get_client() -> Elasticsearch:
    """The client of this process for ``settings.SEARCH``."""
    options = settings.SEARCH
    path = options.get("PATH")
    if engine := _engine.get():
        options, path = {**options, "ENGINE": engine}, None
    hosts = tuple(options.get("HOSTS") or ())
    return _client(os.getpid(), options["ENGINE"], str(path) if path else None, hosts)


@contextmanager
def using_engine(engine: str | None) -> Iterator[None]:
    """Talk to another engine for a while; the embedded one then keeps everything in memory."""
    token = _engine.set(engine)
    try:
        yield
    finally:
        _engine.reset(token)


def forget_client() -> None:
    """Make a new client at the next use; an engine in memory is gone with the old one."""
    _client.cache_clear()


@lru_cache(8)
def _client(pid: int, engine: str, path: str | None, hosts: tuple[str, ...]) -> Elasticsearch:
    if engine == "embedded":
        return Elasticsearch(
            "http://embedded:9200",
            node_class=EmbeddedNode.at(Path(path) if path else None),
            max_retries=0,
        )
    return Elasticsearch(list(hosts), request_timeout=10, max_retries=2, retry_on_timeout=True)


def search_documents(document: type["BaseDocument"]) -> Search:
    """Start an ``elasticsearch.dsl`` search over one kind of document."""
    return Search(index=document.alias())


def execute(search: Search | SearchRequest) -> Answer:
    """Send one search. Raises ``SearchUnavailable``."""
    index, body = _address(search)
    with guarded():
        response = get_client().perform_request(
            "POST", f"/{index}/_search", headers=_HEADERS, body=body
        )
    return _answer(response.body)


def execute_many(searches: Sequence[Search | SearchRequest]) -> list[Answer]:
    """Send several searches in one request. Raises ``SearchUnavailable`` if one fails."""
    lines: list[dict] = []
    for search in searches:
        index, body = _address(search)
        lines += [{"index": index}, body]
    if not lines:
        return []
    with guarded():
        responses = get_client().msearch(searches=lines)["responses"]
    failed = [response for response in responses if "error" in response]
    if failed:
        _report(failed[0].get("status", 500), failed[0]["error"])
    return [_answer(response) for response in responses]


class guarded:  # noqa: N801  a context manager used like a function
    """Turn what the client raises into ``SearchUnavailable``."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, ApiError):
            _report(error.status_code, error, error)
        if isinstance(error, TransportError | OSError):
            raise SearchUnavailable(str(error)) from error


def _report(status: int, reason: object, error: Exception | None = None) -> NoReturn:
    if status in UNAVAILABLE_STATUSES:
        raise SearchUnavailable(str(reason)) from error
    logger.error("the search engine refused a request: %s", reason)
    raise SearchRefused(str(reason)) from error


def _address(search: Search | SearchRequest) -> tuple[str, dict]:
    if isinstance(search, SearchRequest):
        return search.index, search.body
    return ",".join(search._index or ()), search.to_dict()


def _answer(response: Any) -> Answer:
    found = response["hits"]
    total = found.get("total")
    return Answer(
        total=total["value"] if total else None,
        hits=[_hit(hit) for hit in found["hits"]],
        aggregations=response.get("aggregations", {}),
    )


def _hit(hit: dict) -> Hit:
    return Hit(
        pk=hit["_id"],
        score=hit.get("_score"),
        kind=kind_of_index(hit["_index"]),
        source=hit.get("_source") or {},
        sort=hit.get("sort", ()),
        version=hit.get("_version"),
    )


def kind_of_index(name: str) -> str:
    """``portal-achievement-20260101120000000000`` → ``achievement``."""
    return name.removeprefix(f"{settings.SEARCH['PREFIX']}-").rpartition("-")[0]


_HEADERS = {
    "accept": "application/vnd.elasticsearch+json; compatible-with=8",
    "content-type": "application/vnd.elasticsearch+json; compatible-with=8",
}
__all__ = [
    "Answer",
    "Hit",
    "NotFoundError",
    "SearchRefused",
    "SearchRequest",
    "SearchUnavailable",
    "execute",
    "execute_many",
    "forget_client",
    "get_client",
    "guarded",
    "search_documents",
    "using_engine",
]
