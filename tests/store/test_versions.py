"""Does a version work on with tables that a newer one has migrated, and do two migrations at once end as one?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Engine

from server.store.engine import make_engine
from server.store.schema import alembic_config, is_current, migrate
from tests.databases import database, databases


@pytest.fixture(params=databases())
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    with database(request.param) as url:
        made = make_engine(url or f"sqlite:///{tmp_path}/empty.db")
        yield made
        made.dispose()


def at_version(engine: Engine, version: str) -> None:
    with engine.begin() as c:
        c.execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_an_empty_or_older_database_is_not_ready(engine: Engine) -> None:
    """Nobody is sent there before the release step has run; afterwards it is."""
    assert not is_current(engine)
    migrate(engine)
    assert is_current(engine)
    at_version(engine, "0001")
    assert not is_current(engine)


def test_a_newer_database_is_ready_and_left_as_it_is(engine: Engine) -> None:
    """While a new version is rolled out the old one serves on; rolled back, its release step undoes nothing."""
    migrate(engine)
    at_version(engine, "9999")
    assert is_current(engine)
    migrate(engine)
    with engine.connect() as c:
        assert c.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == ["9999"]


def test_two_release_steps_at_once_both_succeed() -> None:
    """PostgreSQL, where several hosts may deploy: one waits for the other and finds it done."""
    if "postgresql" not in databases():
        pytest.skip("one host has one release step; PostgreSQL is where DATABASE_URL_TEST is set")
    with database("postgresql") as url:
        assert url is not None
        engines = [make_engine(url) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(migrate, engines))
        assert is_current(engines[0])
        for each in engines:
            each.dispose()


def test_the_version_before_goes_on_beside_a_migration(engine: Engine) -> None:
    """What it has open is not shut out, and what it writes afterwards by its own columns is taken."""
    command_line = alembic_config()
    with engine.connect() as c:
        command_line.attributes["connection"] = c
        command.upgrade(command_line, "0003")
        c.commit()
    row = sa.text(
        "INSERT INTO tenant (id, data_centre, environment, zgid, name, settings, settings_version, crm_fields,"
        " created_at) VALUES (:id, 'au', 'production', :id, 'Made up', '{}', 1, '{}', 0)"
    )
    with engine.begin() as c:
        c.execute(row, {"id": "before"})
    migrate(engine)
    with engine.begin() as c:
        c.execute(row, {"id": "after"})
        assert c.execute(sa.text("SELECT count(*) FROM tenant")).scalar() == 2
