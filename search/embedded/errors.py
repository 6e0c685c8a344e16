class RequestError(Exception):
    """An answer other than success, in Elasticsearch's shape."""

    def __init__(self, status: int, kind: str, reason: str):
        super().__init__(reason)
        self.status = status
        self.kind = kind
        self.reason = reason

    def as_cause(self) -> dict:
        return {"type": self.kind, "reason": self.reason}


class UnsupportedError(RequestError):
    """A clause, option or address that the embedded engine does not speak; names it."""

    def __init__(self, what: str):
        super().__init__(400, "unsupported_by_embedded_engine", f"unsupported: {what}")


class IndexMissingError(RequestError):
    def __init__(self, name: str):
        super().__init__(404, "index_not_found_exception", f"no such index [{name}]")
