"""How do we talk to the database, and what time is it there?

SQLite and PostgreSQL are both served. All instants are written by the database's own clock
(one function, `db_now_ms`), so that many machines agree on leases. SQLite transactions that
write begin IMMEDIATE: the driver's default loses updates under several processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import BigInteger, Connection, Engine, Table, create_engine, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

log = structlog.get_logger(__name__)
T = TypeVar("T")

DEADLOCK = "40P01"  # PostgreSQL's own code
SQLITE_BUSY_MS = 15_000
IDLE_IN_TRANSACTION_MS = 20_000
_NOTED = "noted"
LEAST_IDLE_MS = 5_000  # however times are scaled: a process that waits for its core is not one that stopped


class Instant(TypeDecorator[datetime]):
    """An instant: aware UTC datetime in Python, whole milliseconds since 1970 in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> int | None:
        if value is None or isinstance(value, int):
            return value
        return to_ms(value)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        return None if value is None else from_ms(int(value))


class db_now_ms(FunctionElement[int]):  # noqa: N801 - reads like the SQL function it is
    """Milliseconds since 1970 by the database's clock, also inside a long transaction."""

    type = BigInteger()
    inherit_cache = True


@compiles(db_now_ms, "postgresql")
def _now_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"


@compiles(db_now_ms, "sqlite")
def _now_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)"


def to_ms(instant: datetime) -> int:
    """Whole milliseconds since 1970 of an aware instant; a naive one is a programming error."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    return round(instant.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def now(c: Connection) -> datetime:
    """The present instant by the database's clock."""
    return from_ms(int(c.execute(_NOW).scalar_one()))


_NOW = select(db_now_ms())


def make_engine(url: str, scale: float = 1) -> Engine:
    """An engine for DATABASE_URL. Make it after a fork: connections must not be shared by processes.

    PostgreSQL ends the transaction of a process that stopped inside one, so that its row locks hold up nobody
    longer than `IDLE_IN_TRANSACTION_MS` times `scale`.
    """
    if url.startswith("sqlite"):
        return _sqlite(url)
    idle = f"-c idle_in_transaction_session_timeout={max(LEAST_IDLE_MS, round(IDLE_IN_TRANSACTION_MS * scale))}"
    return create_engine(
        url,
        pool_size=6,
        max_overflow=6,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={"connect_timeout": 5, "options": idle},
    )


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_MS / 1000, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"busy_timeout={SQLITE_BUSY_MS}",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
        connection.exec_driver_sql(mode)

    return engine


class Store:
    """Short transactions on one database. Nothing outside is ever called while one is open."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = engine.execution_options(sqlite_begin="BEGIN")  # the same pool

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that may write; commits at the end, rolls back on an exception."""
        with self.engine.begin() as c:
            noted: list[tuple[str, dict[str, Any]]] = []
            c.info[_NOTED] = noted
            yield c
        for what, ids in noted:
            log.info(what, **ids)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads (SQLite: does not wait for writers)."""
        with self._reading.begin() as c:
            yield c


def note(c: Connection, event: str, **ids: Any) -> None:
    """A line for the log, written once the transaction has been committed: what was rolled back never happened."""
    c.info.setdefault(_NOTED, []).append((event, ids))


def is_away(error: BaseException) -> bool:
    """Whether an exception says that the database is away, or took back its connection: PostgreSQL calls it an internal
    error when it ends the transaction of a process that stood still."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def without_deadlock(work: Callable[[], T]) -> T:
    """What `work` answers, whose one transaction touches rows of many kinds. Where PostgreSQL ends it because it and
    another wait for each other, nothing of it was kept, and it is done again."""
    for _ in range(2):
        try:
            return work()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != DEADLOCK:
                raise
    return work()


def insert_into(c: Connection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of this connection."""
    if c.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
