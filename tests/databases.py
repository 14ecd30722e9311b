"""Which databases do tests run on? SQLite always, PostgreSQL where DATABASE_URL_TEST says; each run a fresh one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


def databases() -> list[str]:
    """The kinds that run here."""
    return ["sqlite", *(["postgresql"] if os.environ.get("DATABASE_URL_TEST") else [])]


@contextmanager
def database(name: str) -> Iterator[str | None]:
    """The address of an empty database of that kind (None: the stack makes its own SQLite file)."""
    if name == "sqlite":
        yield None
        return
    server = sa.make_url(os.environ["DATABASE_URL_TEST"])
    fresh = f"invoicebridge_test_{secrets.token_hex(4)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as c:
            c.execute(sa.text(f"CREATE DATABASE {fresh}"))
        yield server.set(database=fresh).render_as_string(hide_password=False)
    finally:
        with engine.connect() as c:
            c.execute(sa.text(f"DROP DATABASE IF EXISTS {fresh} WITH (FORCE)"))
        engine.dispose()
