"""One index: the rows that are the truth, and the tantivy index derived from them."""

import json
import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

import tantivy

from .errors import RequestError
from .schema import ID, VERSION, Fields, build_document, build_fields, check_source
from .storage import Database, ProcessLock

logger = logging.getLogger(__name__)
Item = TypeVar("Item")
HEAP_BYTES = 64_000_000
CHUNK_ROWS = 5_000
LOOK_AGAIN_SECONDS = 0.2
SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    source TEXT);
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO state VALUES ('applied', 0), ('generation', 0)
"""


@dataclass(frozen=True)
class Operation:
    """One write: ``source`` is JSON text, or None to delete."""

    action: str
    id: str
    source: str | None = None
    version: int | None = None
    version_type: str = "internal"


class LocalIndex:
    """Rows in SQLite, searched through tantivy.

    ``write`` is durable when it returns; ``refresh`` makes it visible to searches. ``search_view``
    gives a searcher over the newest state that some process has applied.
    """

    def __init__(self, name: str, folder: Path | None, mappings: dict):
        self.name = name
        self.folder = folder
        self.mappings = mappings
        self.fields: Fields = build_fields(mappings)
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self.rows = Database(folder and folder / "documents.sqlite3", SCHEMA)
        self._apply_lock = ProcessLock(folder and folder / "apply.lock")
        self._view_lock = threading.Lock()
        self._generation = -1
        self._marker: object = None
        self._looked_at = 0.0
        self.folder_name = ""
        self.refreshes_itself = True
        self.is_overdue = False
        self._tantivy: tantivy.Index | None = None
        self._searcher: tantivy.Searcher | None = None
        self._filled: tuple[object, dict[str, bool]] = (None, {})
        self._open()

    # Opening ------------------------------------------------------------------------------

    def _open(self) -> None:
        generation = self._state("generation")
        is_lost = self.folder and not (self.folder / f"tantivy{generation}" / "meta.json").exists()
        if is_lost and self._state("applied"):
            logger.error("index %s lost its tantivy folder; it is built anew", self.name)
            self.rebuild()
            return
        try:
            self._tantivy = self._open_tantivy(generation)
        except ValueError:
            logger.exception("index %s is damaged; it is built anew", self.name)
            self.rebuild()
            return
        self._generation = generation
        self._reload()

    def _open_tantivy(self, generation: int) -> tantivy.Index:
        if self.folder is None:
            index = tantivy.Index(self.fields.schema)
        else:
            path = self.folder / f"tantivy{generation}"
            path.mkdir(exist_ok=True)
            index = tantivy.Index(self.fields.schema, path=str(path))
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("whitespace", whitespace)
        index.config_reader("manual")
        return index

    def _state(self, key: str) -> int:
        return self.rows.rows("SELECT value FROM state WHERE key = ?", (key,))[0][0]

    def close(self) -> None:
        self.rows.close()
        self._searcher = self._tantivy = None

    # Writing ------------------------------------------------------------------------------

    def write(self, operations: Sequence[Operation]) -> list[dict]:
        """Apply the operations in order, durably; one result each.

        A stale version answers 409 for its own row and does not stop the others.
        """
        for operation in operations:
            if operation.source is not None:
                check_source(self.fields, json.loads(operation.source))
        with self.rows.write() as connection:
            known = self._known_versions(connection, operations)
            results, changed = [], {}
            for operation in operations:
                outcome = _decide(operation, known.get(operation.id))
                results.append({"_index": self.name, "_id": operation.id, **outcome})
                if outcome["status"] != 409:
                    known[operation.id] = (outcome["_version"], operation.source is not None)
                    changed[operation.id] = (operation.id, outcome["_version"], operation.source)
            connection.executemany(
                "INSERT OR REPLACE INTO documents (id, version, source) VALUES (?, ?, ?)",
                changed.values(),
            )
        return results

    def _known_versions(
        self, connection: sqlite3.Connection, operations: Iterable[Operation]
    ) -> dict[str, tuple[int, bool]]:
        ids = json.dumps([operation.id for operation in operations])
        found = connection.execute(
            "SELECT id, version, source IS NOT NULL FROM documents"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (ids,),
        )
        return {doc_id: (version, bool(alive)) for doc_id, version, alive in found}

    def get(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Version and source of the living rows, as of the last write."""
        found = self.rows.rows(
            "SELECT id, version, source FROM documents"
            " WHERE source IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {doc_id: (version, source) for doc_id, version, source in found}

    # Applying -----------------------------------------------------------------------------

    @property
    def has_pending(self) -> bool:
        return self._newest() > self._state("applied")

    def _newest(self) -> int:
        return self.rows.rows("SELECT coalesce(max(seq), 0) FROM documents")[0][0]

    def refresh(self) -> None:
        """Bring the rows written since the last time into tantivy and see them."""
        with self._apply_lock:
            self._follow_generation()
            if self.has_pending:
                self._apply_pending()
            self._reload()

    def _apply_pending(self) -> None:
        """Apply; after a crash first clear what the dead writer left, at worst build anew."""
        try:
            self._apply()
        except ValueError as error:
            logger.warning("index %s: %s; clearing left-over files", self.name, error)
            try:
                self._clear_left_overs()
                self._apply()
            except ValueError:
                logger.exception("index %s is built anew from its rows", self.name)
                self.rebuild()

    def _clear_left_overs(self) -> None:
        assert self._tantivy is not None
        writer = self._tantivy.writer(HEAP_BYTES, 1)
        writer.garbage_collect_files()
        writer.wait_merging_threads()

    def _apply(self) -> None:
        assert self._tantivy is not None
        applied = self._state("applied")
        fresh = applied == 0 and self._tantivy.searcher().num_docs == 0
        newest = self._feed(self._tantivy, applied, replace=not fresh)
        with self.rows.write() as connection:
            connection.execute("UPDATE state SET value = ? WHERE key = 'applied'", (newest,))

    def _rows_after(self, seq: int) -> list[tuple]:
        return self.rows.rows(
            "SELECT seq, id, version, source FROM documents WHERE seq > ? ORDER BY seq LIMIT ?",
            (seq, CHUNK_ROWS),
        )

    def rebuild(self) -> None:
        """Make a new tantivy folder from the living rows: no deletes pending, few segments."""
        with self._apply_lock:
            old = self._state("generation")
            generation = old + 1
            if self.folder:
                shutil.rmtree(self.folder / f"tantivy{generation}", ignore_errors=True)
            index = self._open_tantivy(generation)
            newest = self._feed(index, 0, replace=False)
            with self.rows.write() as connection:
                connection.execute(
                    "UPDATE state SET value = ? WHERE key = 'generation'", (generation,)
                )
                connection.execute("UPDATE state SET value = ? WHERE key = 'applied'", (newest,))
                connection.execute(
                    "DELETE FROM documents WHERE source IS NULL AND seq <= ?", (newest,)
                )
            self._tantivy, self._generation = index, generation
            self._reload()
            if self.folder:
                shutil.rmtree(self.folder / f"tantivy{old}", ignore_errors=True)

    def _feed(self, index: tantivy.Index, newest: int, *, replace: bool) -> int:
        """Put the rows after ``newest`` into tantivy, commit, return the last row's number.

        An empty index needs no deletes, except for rows that are written again while it fills.
        """
        known = newest if replace else self._newest()
        writer = index.writer(HEAP_BYTES, 1)
        try:
            while rows := self._rows_after(newest):
                for seq, doc_id, version, source in rows:
                    if seq > known:
                        writer.delete_documents_by_term(ID, doc_id)
                    if source is not None:
                        document = build_document(self.fields, doc_id, version, json.loads(source))
                        writer.add_document(document)
                newest = rows[-1][0]
            writer.commit()
            writer.wait_merging_threads()
        except ValueError:
            del writer  # a writer that lives on in the traceback keeps tantivy's lock
            raise
        return newest

    # Reading ------------------------------------------------------------------------------

    def search_view(self) -> tantivy.Searcher:
        """The searcher; looks for other processes' commits a few times a second."""
        if self.folder is None:
            if self.refreshes_itself and self.has_pending:
                self.refresh()
        elif time.monotonic() - self._looked_at > LOOK_AGAIN_SECONDS:
            self._look_again()
        assert self._searcher is not None
        return self._searcher

    def _look_again(self) -> None:
        with self._view_lock:
            self._looked_at = time.monotonic()
            self.is_overdue = self.refreshes_itself and self.has_pending
            if self._current_marker() != self._marker:
                self._follow_generation()
                self._reload()

    def _current_marker(self) -> object:
        if self.folder is None:
            return None
        try:
            return (self.folder / f"tantivy{self._generation}" / "meta.json").stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def _follow_generation(self) -> None:
        generation = self._state("generation")
        if generation != self._generation:
            self._tantivy, self._generation = self._open_tantivy(generation), generation

    def _reload(self) -> None:
        assert self._tantivy is not None
        marker = self._current_marker()
        self._tantivy.reload()
        self._searcher, self._marker = self._tantivy.searcher(), marker
        self._looked_at = time.monotonic()

    def filled_columns(self, searcher: tantivy.Searcher) -> dict[str, bool]:
        """What is known of this searcher's columns: which have a value in every document."""
        of, known = self._filled
        if of is not searcher:
            known = {}
            self._filled = searcher, known
        return known

    def versions(
        self, searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]
    ) -> list[float | bool | None]:
        return searcher.fast_field_values(VERSION, addresses)


def _decide(operation: Operation, known: tuple[int, bool] | None) -> dict:
    """Say what one operation does to the row it finds: result, version, status."""
    current, alive = known or (0, False)
    if operation.version_type == "internal":
        version = current + 1
    elif operation.version_type in {"external", "external_gte"}:
        if operation.version is None:
            raise RequestError(400, "action_request_validation_exception", "version is missing")
        version = operation.version
        stale = version < current or (version == current and operation.version_type == "external")
        if known and stale:
            return _conflict(
                operation, f"current version [{current}] is higher or equal to [{version}]"
            )
    else:
        raise RequestError(400, "illegal_argument_exception", operation.version_type)
    if operation.action == "create" and alive:
        return _conflict(operation, "document already exists")
    if operation.source is None:
        found = (
            {"result": "deleted", "status": 200}
            if alive
            else {"result": "not_found", "status": 404}
        )
        return {"_version": version, **found}
    if alive:
        return {"_version": version, "result": "updated", "status": 200}
    return {"_version": version, "result": "created", "status": 201}


def _conflict(operation: Operation, reason: str) -> dict:
    return {
        "status": 409,
        "error": {
            "type": "version_conflict_engine_exception",
            "reason": f"[{operation.id}]: version conflict, {reason}",
        },
    }


def chunked(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
