"""An index for one occasion: filled, searched through the same doors, dropped."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from search.client import get_client, guarded, using_engine
from search.documents import BaseDocument, next_version

from .rebuild import create_index
from .sync import write_operations

BATCH = 1_000


@contextmanager
def temporary_index(
    document: type[BaseDocument], rows: Sequence, *, engine: str | None = None
) -> Iterator[type[BaseDocument]]:
    """Index ``rows`` under a name of their own and yield the document class that finds them.

    ``engine`` is ``embedded`` (kept in memory) or ``elasticsearch``; None takes the configured one.
    Raises ``SearchUnavailable``.
    """
    kind = f"{document.kind}-{uuid.uuid4().hex[:8]}"
    metaclass: Any = type(document)
    temporary: type[BaseDocument] = metaclass(document.__name__, (document,), {"kind": kind})
    with using_engine(engine):
        with guarded():
            name = create_index(temporary, aliases={temporary.alias(): {}}, complete=True)
        try:
            for start in range(0, len(rows), BATCH):
                write_operations(name, _operations(temporary, rows[start : start + BATCH]))
            with guarded():
                get_client().indices.refresh(index=name)
            yield temporary
        finally:
            with guarded():
                get_client().indices.delete(index=name)


def _operations(document: type[BaseDocument], rows: Sequence) -> list[tuple[dict, dict | None]]:
    version = next_version()
    return [
        (
            {"index": {"_id": str(row.pk), "version": version, "version_type": "external"}},
            document.to_body(row),
        )
        for row in rows
    ]
