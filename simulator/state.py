"""Where do the simulator's documents live, so that they survive a killed process?"""

from __future__ import annotations

import copy
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

_COUNTERS = "_counters"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS docs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, key)
)
"""


class State:
    """JSON documents by kind and key: read from memory, written through to SQLite.

    Thread-safe. A put or delete is in the database before it returns, so it survives `kill -9` (WAL
    with synchronous=NORMAL loses nothing when only the process dies). `path` is a folder; it is made
    when missing. Documents hold JSON types only; whoever stores money stores it as text.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._depth = 0
        self._docs: dict[str, dict[str, Doc]] = {}
        self._db = sqlite3.connect(path / "simulator.db", check_same_thread=False, isolation_level=None)
        # A second process on the same folder would answer from stale memory: it must fail at once.
        self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(_SCHEMA)
        for kind, key, body in self._db.execute("SELECT kind, key, body FROM docs ORDER BY seq"):
            self._docs.setdefault(kind, {})[key] = json.loads(body)

    def get(self, kind: str, key: str) -> Doc | None:
        """A copy of one document, or None."""
        return copy.deepcopy(self.peek(kind, key))

    def peek(self, kind: str, key: str) -> Doc | None:
        """The stored document itself, for reading only: a put replaces it and never changes it in place."""
        with self.lock:
            return self._docs.get(kind, {}).get(key)

    def all(self, kind: str) -> list[Doc]:
        """Copies of all documents of a kind, oldest first."""
        return copy.deepcopy(self.view(kind))

    def view(self, kind: str) -> list[Doc]:
        """The stored documents themselves, oldest first, for reading only (quick over thousands)."""
        with self.lock:
            return list(self._docs.get(kind, {}).values())

    def pairs(self, kind: str) -> list[tuple[str, Doc]]:
        """Keys with the stored documents, oldest first, for reading only."""
        with self.lock:
            return list(self._docs.get(kind, {}).items())

    def put(self, kind: str, key: str, doc: Doc) -> None:
        """Store a document; an update keeps its place in the order."""
        body = json.dumps(doc, ensure_ascii=False)
        with self.lock:
            self._db.execute(
                "INSERT INTO docs (kind, key, body) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                (kind, key, body),
            )
            self._docs.setdefault(kind, {})[key] = json.loads(body)

    def delete(self, kind: str, key: str) -> None:
        """Forget a document; an unknown one is no error."""
        with self.lock:
            self._db.execute("DELETE FROM docs WHERE kind = ? AND key = ?", (kind, key))
            self._docs.get(kind, {}).pop(key, None)

    def next(self, counter: str, start: int = 1) -> int:
        """The next number of a counter; the first one is `start`."""
        with self.lock:
            last = self._docs.get(_COUNTERS, {}).get(counter)
            number: int = start if last is None else last["value"] + 1
            self.put(_COUNTERS, counter, {"value": number})
            return number

    @contextmanager
    def together(self) -> Iterator[None]:
        """Hold the lock and write everything inside in one transaction (quick for batches and seeds)."""
        with self.lock:
            if self._depth == 0:
                self._db.execute("BEGIN")
            self._depth += 1
            try:
                yield
            finally:
                # Memory already holds what was put, so the database keeps it too, also after an error.
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the database file."""
        with self.lock:
            self._db.close()
