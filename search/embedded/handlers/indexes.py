"""The node itself, its indexes, their mappings, settings and aliases."""

from ..errors import UnsupportedError
from .requests import Answer, Request


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
