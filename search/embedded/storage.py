"""SQLite connections of the embedded engine: one per file and process, guarded by a lock."""

import os
import sqlite3
import threading
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
    def write(self):
        """One transaction that holds the write lock from its start."""
        with self.lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, statement: str, parameters=()) -> list[tuple]:
        with self.lock:
            return self._connection.execute(statement, parameters).fetchall()

    def close(self) -> None:
        with self.lock:
            self._connection.close()


@contextmanager
def file_lock(path: Path | None, *, blocking: bool = True):
    """Yield whether the lock between processes was taken; memory needs none."""
    if path is None:
        yield True
        return
    import fcntl

    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o640)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if blocking else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)
