"""SQLite connections of the embedded engine: one per file and process, guarded by a lock."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class Database:
    """A small SQLite file (or memory) shared by the threads of one process.

    Another process may write the same file; ``changed_elsewhere`` says whether one did since the
    last call.
    """

    def __init__(self, path: Path | None, schema: str):
        self.lock = threading.RLock()
        self._connection = sqlite3.connect(
            path or ":memory:", timeout=60, isolation_level=None, check_same_thread=False
        )
        if path:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
        with self.write():
            for statement in schema.split(";"):
                self._connection.execute(statement)
        self._data_version = self._read_data_version()

    def _read_data_version(self) -> int:
        return self._connection.execute("PRAGMA data_version").fetchone()[0]

    def changed_elsewhere(self) -> bool:
        with self.lock:
            version = self._read_data_version()
            changed = version != self._data_version
            self._data_version = version
            return changed

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its start."""
        with self.lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, statement: str, parameters: Sequence = ()) -> list[tuple]:
        with self.lock:
            return self._connection.execute(statement, parameters).fetchall()

    def close(self) -> None:
        with self.lock:
            self._connection.close()


class ProcessLock:
    """A lock between threads and processes; its holder may take it again.

    The operating system frees it when the holder dies. Memory (no path) needs only the threads'.
    """

    def __init__(self, path: Path | None):
        self._path = path
        self._threads = threading.RLock()
        self._depth = 0
        self._handle = -1

    def __enter__(self) -> None:
        self._threads.acquire()
        if self._depth == 0 and self._path:
            self._handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o640)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        self._depth += 1

    def __exit__(self, *error: object) -> None:
        self._depth -= 1
        if self._depth == 0 and self._path:
            os.close(self._handle)
        self._threads.release()
