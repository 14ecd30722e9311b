"""Are the tables there, and can this code work with them?

Versions run beside each other while a new one is rolled out: the release step brings the tables to the newest version
first, and the processes of the one before go on with them (every migration only adds; tests/guard/test_migrations.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

LOCK_TIMEOUT = "5s"  # a migration beside the running version must not queue behind a long query
_ONE_AT_A_TIME = 7215_0001  # the number of PostgreSQL's advisory lock, which has no names


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(engine: Engine) -> None:
    """Bring the database to the newest version; safe to run again, by several at once, and by an older version."""
    config = alembic_config()
    with _alone(engine) as connection:
        if _is_newer(connection):
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Whoever else migrates waits, and then finds it done. The lock ends with the connection."""
    with engine.connect() as connection:
        if engine.dialect.name != "postgresql":
            yield connection
            return
        try:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})")
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            connection.commit()
            yield connection
        finally:
            connection.invalidate()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the version this code was written for, or at one that was made after it."""
    with engine.connect() as connection:
        return _revision(connection) == _scripts().get_current_head() or _is_newer(connection)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_newer(connection: Connection) -> bool:
    """A revision that this code has never heard of: a version after it has migrated."""
    held = _revision(connection)
    connection.rollback()
    return held is not None and held not in {script.revision for script in _scripts().walk_revisions()}
