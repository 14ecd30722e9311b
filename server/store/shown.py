"""What does a person see of runs and tasks? Reading queries of the API and the panel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from server.store.tables import run, task


def get_run(c: Connection, tenant_id: str, run_id: str) -> Row[Any] | None:
    return c.execute(select(run).where(run.c.tenant_id == tenant_id, run.c.id == run_id)).first()


def tasks_of_run(c: Connection, run_id: str, page: int, per_page: int) -> list[Row[Any]]:
    return list(
        c.execute(
            select(task)
            .where(task.c.run_id == run_id)
            .order_by(task.c.position)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def counts_of_run(c: Connection, run_id: str) -> dict[str, int]:
    """How many tasks are in each state or, once ended, in each outcome."""
    word = func.coalesce(task.c.outcome, task.c.state)
    return {
        row[0]: row[1] for row in c.execute(select(word, func.count()).where(task.c.run_id == run_id).group_by(word))
    }


# Made once: they are asked by every panel every few seconds.
_OF_RECORD = select(task).where(
    task.c.tenant_id == bindparam("tenant"),
    task.c.module == bindparam("module"),
    task.c.record_id == bindparam("record"),
)
_OPEN = _OF_RECORD.where(task.c.state != "ended").order_by(task.c.created_at)
_LAST = (
    _OF_RECORD.where(task.c.kind == bindparam("kind"), task.c.state == "ended")
    .order_by(task.c.ended_at.desc())
    .limit(1)
)


def open_task_of(c: Connection, tenant_id: str, module: str, record_id: str) -> Row[Any] | None:
    """The open task on a record that a person looking at it should see: pushes before pulls before previews."""
    rows = c.execute(_OPEN, {"tenant": tenant_id, "module": module, "record": record_id}).all()
    rank = {"push": 0, "pull": 1, "preview": 2}
    return min(rows, key=lambda row: rank[row.kind], default=None)


def last_task_of(c: Connection, tenant_id: str, module: str, record_id: str, kind: str) -> Row[Any] | None:
    return c.execute(_LAST, {"tenant": tenant_id, "module": module, "record": record_id, "kind": kind}).first()


def asked_by(c: Connection, task_id: str) -> str | None:
    """The CRM user id of whoever asked for this task's run."""
    return askers(c, [task_id]).get(task_id)


def askers(c: Connection, task_ids: Iterable[str]) -> dict[str, str | None]:
    """By task: the CRM user id of whoever asked for its run."""
    asked = select(task.c.id, run.c.asked_by).join(run, run.c.id == task.c.run_id)
    return {row.id: row.asked_by for row in c.execute(asked.where(task.c.id.in_(list(task_ids))))}
