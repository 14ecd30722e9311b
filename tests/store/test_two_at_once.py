"""Do two that lock the same rows in other orders both come to their end?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from server.store.engine import make_engine, without_deadlock
from tests.databases import database, databases

ADD = sa.text("UPDATE counted SET n = n + 1 WHERE id = :id")


@pytest.fixture(params=databases())
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database(request.param) as url:
        made = make_engine(url or f"sqlite:///{tmp_path}/counted.db")
        with made.begin() as c:
            c.execute(sa.text("CREATE TABLE counted (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"))
            c.execute(sa.text("INSERT INTO counted VALUES (1, 0), (2, 0)"))
        yield made
        made.dispose()


def test_who_waits_for_each_other_is_done_again(engine: Engine) -> None:
    """PostgreSQL ends one of the two; SQLite lets no second one begin. Each has counted once in the end."""
    both_hold_one = Barrier(2)

    def count(first: int, second: int) -> None:
        with engine.begin() as c:
            c.execute(ADD, {"id": first})
            with suppress(
                BrokenBarrierError
            ):  # SQLite's second one waits for this transaction; or it is done again, alone
                both_hold_one.wait(2)
            c.execute(ADD, {"id": second})

    with ThreadPoolExecutor(2) as pool:
        ends = [pool.submit(without_deadlock, lambda order=order: count(*order)) for order in ((1, 2), (2, 1))]
        for end in ends:
            end.result(60)
    with engine.connect() as c:
        assert c.execute(sa.text("SELECT n FROM counted ORDER BY id")).scalars().all() == [2, 2]


def test_another_trouble_is_not_tried_again() -> None:
    """A database that is away is told at once."""
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise OperationalError("SELECT 1", {}, Exception("away"))

    with pytest.raises(OperationalError):
        without_deadlock(fail)
    assert tries == [1]
