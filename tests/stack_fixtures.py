"""Which running product and which tenants do tests get? The whole stack once for each database, tenants made afresh."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from simulator.stack.ports import any_free
from simulator.stack.whole import Stack
from tests.tenants import Tenant, make_tenant

TIME_SCALE = "0.05"


def databases() -> list[str]:
    """SQLite always, PostgreSQL where somebody says which."""
    return ["sqlite", *(["postgresql"] if os.environ.get("DATABASE_URL_TEST") else [])]


@pytest.fixture(scope="session", params=databases())
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Redis, simulator, migrated database, web, worker and clock, on free ports; all ended after the last test.

    Processes may be killed: they start again. Tests share it, so each makes its own tenant.
    """
    folder = tmp_path_factory.mktemp(f"stack-{request.param}")
    with database(request.param) as url:
        extra = {"TIME_SCALE": os.environ.get("TIME_SCALE", TIME_SCALE)}
        with Stack(folder, any_free(), database_url=url, extra=extra, say=lambda _: None) as running:
            yield running


@pytest.fixture
def tenant(stack: Stack) -> Callable[..., Tenant]:
    """Makes a new CRM org with its own organisation in Xero, connected and set up by the real routes."""

    def make(**wanted: object) -> Tenant:
        return make_tenant(stack, **wanted)  # type: ignore[arg-type]

    return make


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
