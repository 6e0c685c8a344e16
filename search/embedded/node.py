"""The transport's node: a request comes in, the engine answers, no socket in between."""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote

from elastic_transport import (
    ApiResponseMeta,
    BaseNode,
    ConnectionError as TransportConnectionError,
    HttpHeaders,
)
from elastic_transport._node import NodeApiResponse

from .engine import Engine
from .errors import RequestError, UnsupportedError
from .handlers import documents, indexes, searches
from .handlers.requests import Request

HEADERS = HttpHeaders(
    {
        "x-elastic-product": "Elasticsearch",
        "content-type": "application/vnd.elasticsearch+json;compatible-with=8",
    }
)

_engines: dict[tuple[int, str], Engine] = {}
_engines_lock = threading.Lock()


def engine_at(path: Path) -> Engine:
    """The engine of this process for a folder; a forked child gets its own."""
    key = (os.getpid(), str(path))
    engine = _engines.get(key)
    if engine is None:
        with _engines_lock:
            engine = _engines.get(key)
            if engine is None:
                engine = _engines[key] = Engine(path)
    return engine


def forget_engine(path: Path) -> None:
    """Close the engine of a folder; the next request opens it again."""
    with _engines_lock:
        engine = _engines.pop((os.getpid(), str(path)), None)
    if engine:
        engine.close()


class EmbeddedNode(BaseNode):
    """Answers Elasticsearch requests in process."""

    path: ClassVar[Path | None] = None
    memory: ClassVar[Engine | None] = None

    @classmethod
    def at(cls, path: Path | None) -> type["EmbeddedNode"]:
        """A node class for one folder, ready for ``Elasticsearch(node_class=…)``.

        None keeps everything in memory, and each such class its own.
        """
        memory = None if path else Engine(None)
        return type("EmbeddedNode", (cls,), {"path": path, "memory": memory})

    @property
    def engine(self) -> Engine:
        if self.path:
            return engine_at(self.path)
        assert self.memory is not None
        return self.memory

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = None,
    ) -> NodeApiResponse:
        status, answer = self._answer(method, target, body)
        meta = ApiResponseMeta(
            node=self.config, duration=0.0, http_version="1.1", status=status, headers=HEADERS
        )
        raw = b"" if method == "HEAD" else json.dumps(answer, ensure_ascii=False).encode()
        return NodeApiResponse(meta, raw)

    def _answer(self, method: str, target: str, body: bytes | None) -> tuple[int, dict | list]:
        path, _, query = target.partition("?")
        try:
            parameters = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
            handler, arguments = _route(method, path)
            request = Request(self.engine, parameters, body, arguments)
            return handler(request)
        except RequestError as error:
            cause = error.as_cause()
            return error.status, {
                "error": {"root_cause": [cause], **cause},
                "status": error.status,
            }
        except OSError as error:
            raise TransportConnectionError(f"embedded engine: {error}") from error


def _route(method: str, path: str) -> tuple[Callable, dict]:
    parts = [unquote(part) for part in path.split("/") if part]
    verbs = [part for part in parts if part.startswith("_") and part != "_all"]
    names = [part for part in parts if part not in verbs]
    shape = "/".join("*" if part in names else part for part in parts)
    handler = ROUTES.get(f"{method} {shape}")
    if handler is None:
        raise UnsupportedError(f"request [{method} /{'/'.join(parts)}]")
    arguments = {}
    if shape.startswith("*"):
        arguments["index"] = names.pop(0)
    if names:
        arguments["id"] = names.pop(0)
    return handler, arguments


ROUTES: dict[str, Callable[[Request], tuple[int, dict | list]]] = {
    "GET ": indexes.info,
    "HEAD ": indexes.info,
    "GET _cluster/*": indexes.health,
    "PUT *": indexes.create_index,
    "GET *": indexes.get_index,
    "HEAD *": indexes.index_exists,
    "DELETE *": indexes.delete_index,
    "GET */_mapping": indexes.get_mapping,
    "PUT */_mapping": indexes.put_mapping,
    "GET */_settings": indexes.get_settings,
    "PUT */_settings": indexes.put_settings,
    "POST */_refresh": indexes.refresh,
    "POST */_forcemerge": indexes.force_merge,
    "POST _aliases": indexes.update_aliases,
    "GET _alias": indexes.get_alias,
    "GET */_alias": indexes.get_alias,
    "GET _alias/*": indexes.get_alias,
    "HEAD _alias/*": indexes.alias_exists,
    "PUT */_doc/*": documents.put_document,
    "POST */_doc/*": documents.put_document,
    "PUT */_create/*": documents.create_document,
    "GET */_doc/*": documents.get_document,
    "HEAD */_doc/*": documents.get_document,
    "DELETE */_doc/*": documents.delete_document,
    "PUT _bulk": documents.bulk,
    "POST _bulk": documents.bulk,
    "PUT */_bulk": documents.bulk,
    "POST */_bulk": documents.bulk,
    "POST _mget": documents.multi_get,
    "POST */_mget": documents.multi_get,
    "POST */_search": searches.search,
    "GET */_search": searches.search,
    "POST _msearch": searches.multi_search,
    "POST */_msearch": searches.multi_search,
    "POST */_count": searches.count,
    "GET */_count": searches.count,
    "POST */_delete_by_query": documents.delete_by_query,
    "POST */_termvectors": searches.term_vectors,
    "GET */_termvectors": searches.term_vectors,
}
