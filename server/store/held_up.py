"""Which records were refused when they were last decided, and what did that go by? Queries on ended tasks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select

from server.store.engine import now
from server.store.tables import run, task

REMEMBERED = timedelta(days=30)  # as long as tasks are kept
MENDED = "mended"  # the trigger of a run that nobody clicked: what its records waited for is mended
_DECIDED = ("push", "preview")


def tenants(c: Connection) -> list[str]:
    """Those of whom a push was refused lately."""
    mine = (task.c.kind == "push", task.c.outcome == "blocked", task.c.created_at > now(c) - REMEMBERED)
    return list(c.execute(select(task.c.tenant_id).where(*mine).distinct()).scalars())


def last_decided(c: Connection, tenant_id: str) -> list[Row[Any]]:
    """The last push or preview of each record, where something stood against it; oldest first."""
    later = task.alias("later")
    newer = exists(
        select(later.c.id).where(
            later.c.tenant_id == task.c.tenant_id,
            later.c.module == task.c.module,
            later.c.record_id == task.c.record_id,
            later.c.kind.in_(_DECIDED),
            later.c.created_at > task.c.created_at,
        )
    )
    mine = (task.c.tenant_id == tenant_id, task.c.kind.in_(_DECIDED), task.c.outcome.in_(("blocked", "previewed")))
    rows = c.execute(
        select(task, run.c.asked_by, run.c.rights, run.c.size)
        .join(run, run.c.id == task.c.run_id)
        .where(*mine, task.c.created_at > now(c) - REMEMBERED, ~newer)
        .order_by(task.c.created_at, task.c.position)
    )
    return [row for row in rows if row.reasons]


def refused(c: Connection, tenant_id: str) -> list[Row[Any]]:
    """The last push of each record, where that ended blocked and nothing of it is under way; oldest first."""
    later = task.alias("later")
    newer = exists(
        select(later.c.id).where(
            later.c.tenant_id == task.c.tenant_id,
            later.c.module == task.c.module,
            later.c.record_id == task.c.record_id,
            later.c.kind == "push",
            later.c.created_at > task.c.created_at,
        )
    )
    mine = (task.c.tenant_id == tenant_id, task.c.kind == "push", task.c.outcome == "blocked")
    rows = c.execute(
        select(task, run.c.asked_by, run.c.rights, run.c.size)
        .join(run, run.c.id == task.c.run_id)
        .where(*mine, task.c.created_at > now(c) - REMEMBERED, ~newer)
        .order_by(task.c.created_at, task.c.position)
    )
    return list(rows)


def read_before(c: Connection, tenant_id: str, module: str, record_ids: Collection[str]) -> dict[str, datetime]:
    """By record: when CRM was read for its last push that was refused."""
    mine = (task.c.tenant_id == tenant_id, task.c.module == module, task.c.record_id.in_(record_ids))
    rows = c.execute(
        select(task.c.record_id, task.c.read_at)
        .where(*mine, task.c.kind == "push", task.c.outcome == "blocked", task.c.read_at.is_not(None))
        .order_by(task.c.created_at)
    )
    return {row.record_id: row.read_at for row in rows}


def waiting_for(c: Connection, tenant_id: str, cause: str) -> int:
    """How many records have a push that waits for this."""
    mine = (task.c.tenant_id == tenant_id, task.c.kind == "push", task.c.state == "waiting", task.c.cause == cause)
    return int(c.execute(select(func.count(func.distinct(task.c.record_id))).where(*mine)).scalar_one())
