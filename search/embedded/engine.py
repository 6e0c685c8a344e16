"""The indexes and aliases under one folder (or in memory), and the thread that refreshes them."""

import atexit
import fnmatch
import json
import logging
import shutil
import sqlite3
import threading
import uuid
from pathlib import Path

from .errors import IndexMissingError, RequestError, UnsupportedError
from .index import LocalIndex
from .storage import Database

logger = logging.getLogger(__name__)
GATHER_SECONDS = 0.05
SCHEMA = """
CREATE TABLE IF NOT EXISTS indices (
    name TEXT PRIMARY KEY, folder TEXT NOT NULL, mappings TEXT NOT NULL, settings TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS aliases (
    alias TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (alias, name))
"""


class Engine:
    """What one process holds of the embedded engine. Another process may change it any time."""

    def __init__(self, path: Path | None):
        self.path = Path(path) if path else None
        if self.path:
            self.path.mkdir(parents=True, exist_ok=True)
        self.catalog = Database(self.path and self.path / "catalog.sqlite3", SCHEMA)
        self._lock = threading.RLock()
        self._open: dict[str, LocalIndex] = {}
        self._folders: dict[str, str] = {}
        self._settings: dict[str, dict] = {}
        self._aliases: dict[str, list[str]] = {}
        self._load()
        self.refresher = Refresher(self)

    # The catalogue ------------------------------------------------------------------------

    def _load(self) -> None:
        with self._lock:
            found = self.catalog.rows("SELECT name, folder, settings FROM indices")
            self._folders = {name: folder for name, folder, _ in found}
            self._settings = {name: json.loads(settings) for name, _, settings in found}
            aliases: dict[str, list[str]] = {}
            for alias, name in self.catalog.rows("SELECT alias, name FROM aliases ORDER BY name"):
                aliases.setdefault(alias, []).append(name)
            self._aliases = aliases  # whole at once: other threads resolve names meanwhile
            for name, index in list(self._open.items()):
                if index.folder_name != self._folders.get(name):
                    self._open.pop(name)

    def _follow(self) -> None:
        if self.path and self.catalog.changed_elsewhere():
            self._load()

    def resolve(self, name: str) -> str:
        """The index behind a name or an alias; raises ``IndexMissingError``."""
        self._follow()
        if name in self._folders:
            return name
        targets = self._aliases.get(name)
        if not targets:
            raise IndexMissingError(name)
        if len(targets) > 1:
            raise UnsupportedError(f"alias [{name}] of several indexes")
        return targets[0]

    def matching(self, pattern: str) -> list[str]:
        """The indexes that a comma list of names, aliases and wildcards stands for."""
        self._follow()
        found = []
        for part in pattern.split(","):
            if "*" in part or part == "_all":
                found += [n for n in self._folders if fnmatch.fnmatch(n, part.replace("_all", "*"))]
            else:
                found.append(self.resolve(part))
        return sorted(set(found))

    def exists(self, name: str) -> bool:
        self._follow()
        return name in self._folders or name in self._aliases

    def index(self, name: str) -> LocalIndex:
        name = self.resolve(name)
        index = self._open.get(name)
        if index is None:
            with self._lock:
                index = self._open.get(name) or self._open_index(name)
                self._open[name] = index
            if self.path and index.has_pending:
                self.refresher.ask(index)
        index.refreshes_itself = self._settings[name].get("refresh_interval") != "-1"
        return index

    def _open_index(self, name: str) -> LocalIndex:
        ((mappings,),) = self.catalog.rows("SELECT mappings FROM indices WHERE name = ?", (name,))
        folder = self._folders[name]
        index = LocalIndex(name, self.path and self.path / folder, json.loads(mappings))
        index.folder_name = folder
        return index

    def create(self, name: str, mappings: dict, settings: dict, aliases: dict) -> None:
        LocalIndex(name, None, mappings).close()  # refuses what it cannot keep
        with self.catalog.write() as connection:
            if (
                name in self._folders
                or name in self._aliases
                or connection.execute("SELECT 1 FROM indices WHERE name = ?", (name,)).fetchone()
            ):
                raise RequestError(
                    400, "resource_already_exists_exception", f"index [{name}] already exists"
                )
            connection.execute(
                "INSERT INTO indices VALUES (?, ?, ?, ?)",
                (name, uuid.uuid4().hex, json.dumps(mappings), json.dumps(settings)),
            )
            for alias in aliases:
                connection.execute("INSERT INTO aliases VALUES (?, ?)", (alias, name))
        self._load()

    def delete(self, name: str) -> None:
        self._follow()
        if name not in self._folders:
            raise IndexMissingError(name)
        folder = self._folders[name]
        with self.catalog.write() as connection:
            connection.execute("DELETE FROM indices WHERE name = ?", (name,))
            connection.execute("DELETE FROM aliases WHERE name = ?", (name,))
        self._load()
        if self.path:
            shutil.rmtree(self.path / folder, ignore_errors=True)

    def mappings(self, name: str) -> dict:
        ((mappings,),) = self.catalog.rows("SELECT mappings FROM indices WHERE name = ?", (name,))
        return json.loads(mappings)

    def set_mapping_meta(self, name: str, meta: dict) -> None:
        mappings = self.mappings(name) | {"_meta": meta}
        with self.catalog.write() as connection:
            connection.execute(
                "UPDATE indices SET mappings = ? WHERE name = ?", (json.dumps(mappings), name)
            )

    def settings(self, name: str) -> dict:
        return self._settings[name]

    def change_settings(self, name: str, changes: dict) -> None:
        settings = self._settings[name] | changes
        with self.catalog.write() as connection:
            connection.execute(
                "UPDATE indices SET settings = ? WHERE name = ?", (json.dumps(settings), name)
            )
        self._load()
        index = self.index(name)
        if index.refreshes_itself and index.has_pending:
            self.refresher.ask(index)

    # Aliases ------------------------------------------------------------------------------

    def aliases_of(self, name: str) -> list[str]:
        return sorted(alias for alias, names in self._aliases.items() if name in names)

    def update_aliases(self, actions: list[dict]) -> None:
        """Carry out all actions or none."""
        removed = []
        with self.catalog.write() as connection:
            for action in actions:
                ((verb, body),) = action.items()
                if verb == "remove_index":
                    removed.append(body["index"])
                else:
                    self._alias_action(connection, verb, body)
        self._load()
        for name in removed:
            self.delete(name)

    def _alias_action(self, connection: sqlite3.Connection, verb: str, body: dict) -> None:
        names = body.get("indices") or [body["index"]]
        aliases = body.get("aliases") or [body["alias"]]
        if unknown := body.keys() - {"index", "indices", "alias", "aliases", "must_exist"}:
            raise UnsupportedError(f"[{min(unknown)}] in [{verb}]")
        if verb not in {"add", "remove"}:
            raise UnsupportedError(f"alias action [{verb}]")
        for name in names:
            if name not in self._folders:
                raise IndexMissingError(name)
            for alias in aliases:
                if verb == "add":
                    connection.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?)", (alias, name))
                else:
                    connection.execute(
                        "DELETE FROM aliases WHERE alias = ? AND name = ?", (alias, name)
                    )

    def wrote(self, index: LocalIndex, refresh: str) -> None:
        """See to it that a write becomes visible: now, or soon and by the way."""
        if refresh in {"true", "wait_for", ""}:
            index.refresh()
        elif self.path and index.refreshes_itself:
            self.refresher.ask(index)

    def close(self) -> None:
        self.refresher.stop()
        for index in self._open.values():
            index.close()
        self.catalog.close()


class Refresher:
    """One thread per process that applies written rows soon after they were written.

    It gathers for a moment first, so that many small writes share one commit.
    """

    def __init__(self, engine: Engine):
        self._engine = engine
        self._waiting: dict[str, LocalIndex] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def ask(self, index: LocalIndex) -> None:
        with self._wake:
            self._waiting[index.name] = index
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="search-refresh", daemon=True
                )
                self._thread.start()
                atexit.register(self.stop)
            self._wake.notify()

    def _run(self) -> None:
        while not self._stopping:
            with self._wake:
                while not self._waiting and not self._stopping:
                    self._wake.wait()
                if self._stopping:
                    return
                self._wake.wait(GATHER_SECONDS)
                batch, self._waiting = list(self._waiting.values()), {}
            for index in batch:
                try:
                    index.refresh()
                except Exception:
                    if self._engine.exists(index.name):
                        logger.exception("search index %s could not be refreshed", index.name)

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(timeout=30)
        atexit.unregister(self.stop)
