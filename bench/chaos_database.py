"""How is the product's database copied, put back, and cut off? A SQLite file, or PostgreSQL by DATABASE_URL_TEST."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

# Work that is under way: asked for and not ended, or sent and not proved.
LEFT = """SELECT (SELECT count(*) FROM task WHERE state <> 'ended')
             + (SELECT count(*) FROM dispatch WHERE state = 'open')"""
PATIENCE_S = 30
CUT_AGAIN_S = 0.2


class Database(Protocol):
    """`url` None: the stack makes its own."""

    name: str
    url: str | None

    def copy(self, name: str) -> None: ...
    def put_back(self, name: str) -> None: ...
    def cut(self, seconds: float) -> None: ...
    def left(self) -> int: ...


class Sqlite:
    """The file that a stack makes in its folder."""

    name = "sqlite"
    url: str | None = None

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, folder / "invoicebridge.db"

    def copy(self, name: str) -> None:
        """As a backup program does it, beside running work."""
        with closing(self._open()) as source, closing(sqlite3.connect(self._folder / name)) as copied:
            source.backup(copied)

    def put_back(self, name: str) -> None:
        """While nobody works: what the file has beside it belongs to the one that goes."""
        for beside in ("-wal", "-shm"):
            (self._folder / f"{self._file.name}{beside}").unlink(missing_ok=True)
        shutil.copy(self._folder / name, self._file)

    def cut(self, seconds: float) -> None:
        """Nobody else gets a write in."""
        with closing(self._open()) as c:
            c.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)
            c.execute("ROLLBACK")

    def left(self) -> int:
        with closing(self._open()) as c:
            return int(c.execute(LEFT).fetchone()[0])

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=PATIENCE_S, isolation_level=None)


class Postgresql:
    """A database of its own on the server that DATABASE_URL_TEST names."""

    name = "postgresql"

    def __init__(self, server: str) -> None:
        address = sa.make_url(server)
        self._live = f"invoicebridge_chaos_{secrets.token_hex(4)}"
        self._made = [self._live]
        self._server = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        self._own = sa.create_engine(address.set(database=self._live), poolclass=sa.NullPool)
        self.url: str | None = address.set(database=self._live).render_as_string(hide_password=False)
        self._do(f"CREATE DATABASE {self._live}")

    def copy(self, name: str) -> None:
        """Copying wants nobody connected: everybody is thrown out for a moment."""
        copied = f"{self._live}_{name}"
        self._made.append(copied)
        self._do(f"DROP DATABASE IF EXISTS {copied}")
        self._do(f"ALTER DATABASE {self._live} ALLOW_CONNECTIONS false")
        try:
            self._throw_out()
            self._do(f"CREATE DATABASE {copied} TEMPLATE {self._live}")
        finally:
            self._do(f"ALTER DATABASE {self._live} ALLOW_CONNECTIONS true")

    def put_back(self, name: str) -> None:
        self._do(f"DROP DATABASE {self._live} WITH (FORCE)")
        self._do(f"CREATE DATABASE {self._live} TEMPLATE {self._live}_{name}")

    def cut(self, seconds: float) -> None:
        """Every connection is ended, again and again."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._throw_out()
            time.sleep(CUT_AGAIN_S)

    def left(self) -> int:
        with self._own.connect() as c:
            return int(c.execute(sa.text(LEFT)).scalar_one())

    def close(self) -> None:
        for name in self._made:
            self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._server.dispose()

    def _throw_out(self) -> None:
        """Returns when they are gone."""
        until = time.monotonic() + PATIENCE_S
        with self._server.connect() as c:
            ended = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
            while c.execute(ended, {"name": self._live}).all() and time.monotonic() < until:
                time.sleep(0.02)

    def _do(self, statement: str) -> None:
        with self._server.connect() as c:
            c.execute(sa.text(statement))


@contextmanager
def database(folder: Path) -> Iterator[Database]:
    """For a stack in this folder: PostgreSQL where DATABASE_URL_TEST is set."""
    server = os.environ.get("DATABASE_URL_TEST")
    if not server:
        yield Sqlite(folder)
        return
    own = Postgresql(server)
    try:
        yield own
    finally:
        own.close()
