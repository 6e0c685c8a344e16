"""One function per address of the REST interface; each returns status and body."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import searching
from .engine import Engine
from .errors import RequestError, UnsupportedError
from .index import LocalIndex, Operation
from .schema import TEXT

FORGIVEN = {
    "allow_no_indices",
    "expand_wildcards",
    "ignore_unavailable",
    "master_timeout",
    "timeout",
    "wait_for_active_shards",
    "wait_for_status",
    "wait_for_nodes",
}
Answer = tuple[int, dict | list]


@dataclass
class Request:
    engine: Engine
    parameters: dict
    body: bytes | None
    arguments: dict

    def json(self) -> dict:
        if not self.body:
            return {}
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise RequestError(400, "parsing_exception", str(error)) from None

    def lines(self) -> list[bytes]:
        return [line for line in (self.body or b"").split(b"\n") if line.strip()]

    def only(self, *known: str) -> None:
        if unknown := self.parameters.keys() - FORGIVEN - set(known):
            raise UnsupportedError(f"parameter [{min(unknown)}]")

    @property
    def names(self) -> list[str]:
        return self.engine.matching(self.arguments.get("index", "*"))

    @property
    def index(self) -> LocalIndex:
        return self.engine.index(self.arguments["index"])


def info(request: Request) -> Answer:
    version = {"number": "8.19.0", "build_flavor": "embedded"}
    return 200, {"name": "embedded", "cluster_name": "embedded", "version": version}


def health(request: Request) -> Answer:
    request.only()
    if request.arguments["id"] != "health":
        raise UnsupportedError(f"request [_cluster/{request.arguments['id']}]")
    return 200, {
        "cluster_name": "embedded",
        "status": "green",
        "timed_out": False,
        "number_of_nodes": 1,
        "number_of_data_nodes": 1,
    }


# Indexes ----------------------------------------------------------------------------------


def create_index(request: Request) -> Answer:
    request.only()
    body = request.json()
    if unknown := body.keys() - {"mappings", "settings", "aliases"}:
        raise UnsupportedError(f"[{min(unknown)}] in the index body")
    mappings = body.get("mappings", {})
    if unknown := mappings.keys() - {"properties", "_meta", "dynamic"}:
        raise UnsupportedError(f"[{min(unknown)}] in [mappings]")
    name = request.arguments["index"]
    settings = _flat_settings(body.get("settings", {}))
    request.engine.create(name, mappings, settings, body.get("aliases", {}))
    return 200, {"acknowledged": True, "shards_acknowledged": True, "index": name}


def _flat_settings(settings: dict) -> dict:
    flat: dict[str, str | None] = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            flat |= {
                f"{key}.{k}".removeprefix("index."): v for k, v in _flat_settings(value).items()
            }
        else:
            flat[key.removeprefix("index.")] = value if value is None else str(value)
    return flat


def index_exists(request: Request) -> Answer:
    return (200 if request.engine.exists(request.arguments["index"]) else 404), {}


def get_index(request: Request) -> Answer:
    request.only()
    return 200, {
        name: {
            "aliases": {alias: {} for alias in request.engine.aliases_of(name)},
            "mappings": request.engine.mappings(name),
            "settings": {"index": request.engine.settings(name)},
        }
        for name in request.names
    }


def delete_index(request: Request) -> Answer:
    request.only()
    for name in request.arguments["index"].split(","):
        if "*" in name or name == "_all":
            raise UnsupportedError("wildcard in index deletion")
        request.engine.delete(name)
    return 200, {"acknowledged": True}


def get_mapping(request: Request) -> Answer:
    request.only()
    return 200, {name: {"mappings": request.engine.mappings(name)} for name in request.names}


def put_mapping(request: Request) -> Answer:
    request.only()
    body = request.json()
    if body.keys() != {"_meta"}:
        raise UnsupportedError("change of a mapping beyond [_meta]")
    for name in request.names:
        request.engine.set_mapping_meta(name, body["_meta"])
    return 200, {"acknowledged": True}


def get_settings(request: Request) -> Answer:
    request.only()
    settings = request.engine.settings
    return 200, {name: {"settings": {"index": settings(name)}} for name in request.names}


def put_settings(request: Request) -> Answer:
    request.only()
    for name in request.names:
        request.engine.change_settings(name, _flat_settings(request.json()))
    return 200, {"acknowledged": True}


def refresh(request: Request) -> Answer:
    request.only()
    for name in request.names:
        request.engine.index(name).refresh()
    return 200, {"_shards": {"total": 1, "successful": 1, "failed": 0}}


def force_merge(request: Request) -> Answer:
    request.only("max_num_segments", "only_expunge_deletes")
    for name in request.names:
        request.engine.index(name).rebuild()
    return 200, {"_shards": {"total": 1, "successful": 1, "failed": 0}}


def update_aliases(request: Request) -> Answer:
    request.only()
    request.engine.update_aliases(request.json()["actions"])
    return 200, {"acknowledged": True}


def get_alias(request: Request) -> Answer:
    request.only()
    alias = request.arguments.get("id")
    names = request.names
    found = {name: request.engine.aliases_of(name) for name in names}
    if alias and "index" not in request.arguments:
        found = {name: [alias] for name, aliases in found.items() if alias in aliases}
        if not found:
            return 404, {"error": f"alias [{alias}] missing", "status": 404}
    return 200, {
        name: {"aliases": {alias: {} for alias in aliases}} for name, aliases in found.items()
    }


def alias_exists(request: Request) -> Answer:
    return get_alias(request)[0], {}


# Documents --------------------------------------------------------------------------------

WRITE_PARAMETERS = ("refresh", "version", "version_type", "op_type")


def put_document(request: Request, action: str = "index") -> Answer:
    request.only(*WRITE_PARAMETERS)
    action = request.parameters.get("op_type", action)
    source = json.dumps(request.json(), ensure_ascii=False)
    return _write_one(request, action, source)


def create_document(request: Request) -> Answer:
    return put_document(request, "create")


def delete_document(request: Request) -> Answer:
    request.only(*WRITE_PARAMETERS)
    return _write_one(request, "delete", None)


def _write_one(request: Request, action: str, source: str | None) -> Answer:
    version = request.parameters.get("version")
    operation = Operation(
        action,
        request.arguments["id"],
        source,
        int(version) if version else None,
        request.parameters.get("version_type", "internal"),
    )
    index = request.index
    (result,) = index.write([operation])
    request.engine.wrote(index, request.parameters.get("refresh", "false"))
    status = result.pop("status")
    if status == 409:
        return 409, {"error": {"root_cause": [result["error"]], **result["error"]}, "status": 409}
    return status, result


def get_document(request: Request) -> Answer:
    request.only("_source", "_source_includes", "_source_excludes", "realtime")
    index, doc_id = request.index, request.arguments["id"]
    found = _got(index, doc_id, index.get([doc_id]), _wanted_source(request.parameters))
    return (200 if found["found"] else 404), found


def _wanted_source(parameters: dict) -> dict[str, list[str]] | bool:
    if parameters.get("_source") == "false":
        return False
    includes = parameters.get("_source_includes") or parameters.get("_source", "*")
    excludes = parameters.get("_source_excludes", "")
    includes = "*" if includes == "true" else includes
    return {"includes": includes.split(","), "excludes": [e for e in excludes.split(",") if e]}


def _got(index: LocalIndex, doc_id: str, found: dict, wanted: dict | bool) -> dict:
    answer: dict[str, Any] = {"_index": index.name, "_id": doc_id}
    if doc_id not in found:
        return answer | {"found": False}
    version, source = found[doc_id]
    answer |= {"_version": version, "found": True}
    if wanted is not False:
        answer["_source"] = searching.source_filter(wanted)(json.loads(source))
    return answer


def multi_get(request: Request) -> Answer:
    request.only("_source", "_source_includes", "_source_excludes")
    body = request.json()
    wanted = _wanted_source(request.parameters)
    index: Any = request.arguments.get("index")
    if "ids" in body:
        asked = [(index, str(doc_id)) for doc_id in body["ids"]]
    else:
        for doc in body["docs"]:
            if unknown := doc.keys() - {"_index", "_id"}:
                raise UnsupportedError(f"[{min(unknown)}] in [_mget]")
        asked = [(doc.get("_index", index), str(doc["_id"])) for doc in body["docs"]]
    docs = []
    for name, doc_id in asked:
        local = request.engine.index(name)
        docs.append(_got(local, doc_id, local.get([doc_id]), wanted))
    return 200, {"docs": docs}


def bulk(request: Request) -> Answer:
    """Write the operations of each index in one transaction; answer in their order."""
    request.only("refresh")
    default = request.arguments.get("index")
    by_index: dict[str, list[tuple[int, Operation]]] = {}
    position = 0
    lines = iter(request.lines())
    for line in lines:
        name, operation = _bulk_operation(json.loads(line), lines, default)
        by_index.setdefault(name, []).append((position, operation))
        position += 1
    items: list[dict] = [{}] * position
    for name, operations in by_index.items():
        index = request.engine.index(name)
        results = _write_checked(index, [operation for _, operation in operations])
        for (place, operation), result in zip(operations, results, strict=True):
            items[place] = {operation.action: result}
        request.engine.wrote(index, request.parameters.get("refresh", "false"))
    errors = any("error" in next(iter(item.values())) for item in items)
    return 200, {"took": 0, "errors": errors, "items": items}


def _bulk_operation(
    header: dict, lines: Iterator[bytes], default: str | None
) -> tuple[str, Operation]:
    ((action, meta),) = header.items()
    if action not in {"index", "create", "delete"}:
        raise UnsupportedError(f"bulk action [{action}]")
    if unknown := meta.keys() - {"_index", "_id", "version", "version_type"}:
        raise UnsupportedError(f"[{min(unknown)}] in bulk action [{action}]")
    source = None if action == "delete" else next(lines).decode()
    operation = Operation(
        action,
        str(meta["_id"]),
        source,
        meta.get("version"),
        meta.get("version_type", "internal"),
    )
    name = meta.get("_index", default)
    if not name:
        raise RequestError(400, "action_request_validation_exception", "index is missing")
    return name, operation


def _write_checked(index: LocalIndex, operations: list[Operation]) -> list[dict]:
    """Write all; when a source is refused, write the others and answer 400 for it."""
    try:
        return index.write(operations)
    except RequestError:
        results = []
        for operation in operations:
            try:
                results += index.write([operation])
            except RequestError as error:
                refused = {"_index": index.name, "_id": operation.id, "status": error.status}
                results.append(refused | {"error": error.as_cause()})
        return results


def delete_by_query(request: Request) -> Answer:
    request.only("refresh", "conflicts")
    index = request.index
    index.refresh()
    ids = searching.matching_ids(index, request.json()["query"])
    index.write([Operation("delete", doc_id) for doc_id in ids])
    request.engine.wrote(index, request.parameters.get("refresh", "false"))
    return 200, {"deleted": len(ids), "total": len(ids), "version_conflicts": 0, "failures": []}


# Searching --------------------------------------------------------------------------------


def _view(request: Request, name: str) -> LocalIndex:
    index = request.engine.index(name)
    if index.is_overdue:
        index.is_overdue = False
        request.engine.refresher.ask(index)
    return index


def search(request: Request) -> Answer:
    request.only("track_total_hits", "request_cache", "preference", "version", "typed_keys")
    body = request.json()
    if request.parameters.get("version") == "true":
        body["version"] = True
    return 200, searching.run_search(_view(request, _single(request.arguments["index"])), body)


def _single(name: str) -> str:
    if "," in name or "*" in name:
        raise UnsupportedError(f"search over several indexes [{name}]")
    return name


def multi_search(request: Request) -> Answer:
    request.only("typed_keys")
    lines = request.lines()
    answers = []
    for header, body in zip(lines[::2], lines[1::2], strict=True):
        name = json.loads(header).get("index", request.arguments.get("index"))
        name = name[0] if isinstance(name, list) else name
        try:
            found = searching.run_search(_view(request, _single(name)), json.loads(body))
            answers.append(found | {"status": 200})
        except RequestError as error:
            answers.append({"error": error.as_cause(), "status": error.status})
    return 200, {"took": 0, "responses": answers}


def count(request: Request) -> Answer:
    request.only()
    return 200, searching.run_count(
        _view(request, _single(request.arguments["index"])), request.json()
    )


def term_vectors(request: Request) -> Answer:
    """Statistics of the terms of an artificial document: how many documents hold each."""
    body = request.json()
    options = {**request.parameters, **{k: v for k, v in body.items() if k != "doc"}}
    for key in options.keys() - FORGIVEN:
        if key not in TERM_VECTOR_OPTIONS:
            raise UnsupportedError(f"[{key}] in [_termvectors]")
    if "doc" not in body or "id" in request.arguments:
        raise UnsupportedError("[_termvectors] of a stored document")
    index = request.index
    searcher = index.search_view()
    vectors = {}
    for field, text in body["doc"].items():
        if index.fields.kinds.get(field) != TEXT:
            raise UnsupportedError(f"[_termvectors] on field [{field}]")
        counts = Counter(str(text).split())
        terms = {}
        for term, frequency in sorted(counts.items()):
            terms[term] = {"term_freq": frequency}
            if found := searcher.doc_freq(field, term):
                terms[term]["doc_freq"] = found
        vectors[field] = {"field_statistics": {"doc_count": searcher.num_docs}, "terms": terms}
    return 200, {"_index": index.name, "found": True, "term_vectors": vectors}


TERM_VECTOR_OPTIONS = {
    "field_statistics",
    "fields",
    "offsets",
    "payloads",
    "positions",
    "term_statistics",
}
