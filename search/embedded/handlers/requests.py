"""A request as the handlers read it."""

import json
from dataclasses import dataclass

from ..engine import Engine
from ..errors import RequestError, UnsupportedError
from ..index import LocalIndex

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
