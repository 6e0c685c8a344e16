"""Documents written and read by their ids."""

import json
from collections.abc import Iterator
from typing import Any

from .. import searching
from ..errors import RequestError, UnsupportedError
from ..index import LocalIndex, Operation
from .requests import Answer, Request

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
