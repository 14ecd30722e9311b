"""What does a list of many invoices show of a run, and what of it can still be called off?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, or_, select, update

from server.store.engine import Instant, now
from server.store.tables import dispatch_row, run, task


def rows_of_run(c: Connection, run_id: str, since: datetime | None) -> list[Row[Any]]:
    """All tasks in the order wished for; with `since` those that ended at or after it, and those whose fields CRM did
    not take, which is known later."""
    fresh = [or_(task.c.ended_at >= since, task.c.crm_written == "refused")] if since is not None else []
    return list(c.execute(select(task).where(task.c.run_id == run_id, *fresh).order_by(task.c.position)))


def record_ids(c: Connection, run_id: str) -> list[str]:
    """In the order wished for."""
    return list(c.execute(select(task.c.record_id).where(task.c.run_id == run_id).order_by(task.c.position)).scalars())


def crm_waiting(c: Connection, run_id: str) -> int:
    """For how many records CRM is still to be written."""
    wanted = select(func.count()).select_from(task).where(task.c.run_id == run_id, task.c.crm_written == "waiting")
    return int(c.execute(wanted).scalar_one())


def waits_of_run(c: Connection, run_id: str) -> list[Row[Any]]:
    """What the open tasks wait for: cause, how many, and the earliest instant at which one goes on."""
    wanted = (task.c.run_id == run_id, task.c.state == "waiting", task.c.cause.is_not(None))
    told = select(task.c.cause, func.count().label("tasks"), func.min(task.c.due_at, type_=Instant).label("until"))
    return list(c.execute(told.where(*wanted).group_by(task.c.cause).order_by(task.c.cause)))


def open_push(c: Connection, tenant_id: str, user_id: str, module: str, ids: Collection[str]) -> Row[Any] | None:
    """The newest open push that this person began and all of whose records are among these."""
    mine = (run.c.tenant_id == tenant_id, run.c.asked_by == user_id, run.c.module == module, run.c.ended_at.is_(None))
    other = exists(select(task.c.id).where(task.c.run_id == run.c.id, task.c.record_id.not_in(list(ids))))
    wanted = select(run).where(*mine, run.c.kind == "push", run.c.size <= len(ids), ~other)
    return c.execute(wanted.order_by(run.c.created_at.desc()).limit(1)).first()


def check_before(c: Connection, tenant_id: str, user_id: str, fingerprint: str, until: datetime) -> str | None:
    """The latest preview of just these records that this person asked for before that push."""
    mine = (run.c.tenant_id == tenant_id, run.c.asked_by == user_id, run.c.kind == "preview")
    wanted = select(run.c.id).where(*mine, run.c.fingerprint == fingerprint, run.c.created_at <= until)
    return c.execute(wanted.order_by(run.c.created_at.desc()).limit(1)).scalar()


def open_mass_push(c: Connection, tenant_id: str, user_id: str, module: str) -> Row[Any] | None:
    """The newest open push of several records that this person began."""
    mine = (run.c.tenant_id == tenant_id, run.c.asked_by == user_id, run.c.module == module, run.c.ended_at.is_(None))
    wanted = select(run).where(*mine, run.c.kind == "push", run.c.trigger == "mass_action")
    return c.execute(wanted.order_by(run.c.created_at.desc()).limit(1)).first()


def check_of(c: Connection, push: Row[Any]) -> str | None:
    """The latest preview before that push, by whoever began it, that was of all its records."""
    pushed, seen = task.alias("pushed"), task.alias("seen")
    among = exists(select(seen.c.id).where(seen.c.run_id == run.c.id, seen.c.record_id == pushed.c.record_id))
    other = exists(select(pushed.c.id).where(pushed.c.run_id == push.id, ~among))
    mine = (run.c.tenant_id == push.tenant_id, run.c.asked_by == push.asked_by, run.c.module == push.module)
    before = (run.c.kind == "preview", run.c.size >= push.size, run.c.created_at <= push.created_at)
    return c.execute(select(run.c.id).where(*mine, *before, ~other).order_by(run.c.created_at.desc()).limit(1)).scalar()


def cancel_waiting(c: Connection, run_id: str) -> int:
    """End as cancelled what nobody works on yet; returns how many.

    What is under way ends by itself; what may have reached Xero stands in an open dispatch and is never called off
    (4a.15). A claim that takes a task at the same moment finds it ended, or keeps it.
    """
    same_record = (
        dispatch_row.c.tenant_id == task.c.tenant_id,
        dispatch_row.c.module == task.c.module,
        dispatch_row.c.record_id == task.c.record_id,
    )
    dispatched = exists(select(dispatch_row.c.id).where(*same_record, dispatch_row.c.open))
    present = now(c)
    ended = {"state": "ended", "outcome": "cancelled", "ended_at": present, "cause": None, "lease": None}
    found = c.execute(
        update(task).where(task.c.run_id == run_id, task.c.state == "waiting", ~dispatched).values(**ended)
    )
    unfinished = exists(select(task.c.id).where(task.c.run_id == run_id, task.c.state != "ended"))
    c.execute(update(run).where(run.c.id == run_id).values(version=run.c.version + 1))
    c.execute(update(run).where(run.c.id == run_id, run.c.ended_at.is_(None), ~unfinished).values(ended_at=present))
    return int(found.rowcount)
