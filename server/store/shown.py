"""What does a person see of runs and tasks? Reading queries of the API and the panel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, union_all

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


@dataclass(frozen=True)
class OfRecord:
    """What a person looking at a record should see of its tasks."""

    open: Row[Any] | None  # pushes before pulls before previews
    check: Row[Any] | None  # the preview that ended last
    last: Row[Any] | None  # the push that ended last


def _ended(kind: str) -> Select[Any]:
    last = _OF_RECORD.where(task.c.kind == kind, task.c.state == "ended").order_by(task.c.ended_at.desc()).limit(1)
    return select(last.subquery())


# Made once, and one question instead of three: every open panel asks it every few seconds.
_OF_RECORD = select(task).where(
    task.c.tenant_id == bindparam("tenant"),
    task.c.module == bindparam("module"),
    task.c.record_id == bindparam("record"),
)
_SHOWN = union_all(_OF_RECORD.where(task.c.state != "ended"), _ended("preview"), _ended("push"))


def tasks_of_record(c: Connection, tenant_id: str, module: str, record_id: str) -> OfRecord:
    """The open task on a record, and the last ended ones of two kinds."""
    rows = c.execute(_SHOWN, {"tenant": tenant_id, "module": module, "record": record_id}).all()
    rank = {"push": 0, "pull": 1, "preview": 2}
    going_on = sorted((row for row in rows if row.state != "ended"), key=lambda row: row.created_at)
    ended = {row.kind: row for row in rows if row.state == "ended"}
    return OfRecord(
        min(going_on, key=lambda row: rank[row.kind], default=None), ended.get("preview"), ended.get("push")
    )


def asked_by(c: Connection, task_id: str) -> str | None:
    """The CRM user id of whoever asked for this task's run."""
    return askers(c, [task_id]).get(task_id)


def askers(c: Connection, task_ids: Iterable[str]) -> dict[str, str | None]:
    """By task: the CRM user id of whoever asked for its run."""
    asked = select(task.c.id, run.c.asked_by).join(run, run.c.id == task.c.run_id)
    return {row.id: row.asked_by for row in c.execute(asked.where(task.c.id.in_(list(task_ids))))}
