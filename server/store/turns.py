"""Whose go is it? One row per tenant and class of work (design 4b); the database decides, Redis only carries.

To wake is to set `due_at` and, where no job is on its way, to name one: the caller enqueues that job after
its commit. A lost job is named again by the clock. Nobody works without the turn's lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, exists, func, or_, select, update
from sqlalchemy.sql import ColumnElement

from server.store.engine import db_now_ms, insert_into, now
from server.store.ids import new_id
from server.store.tables import pulse, turn

INTERACTIVE, BULK, CRM = "interactive", "bulk", "crm"
JOB_LOST_AFTER_MS = 5_000


@dataclass(frozen=True)
class Job:
    """One RQ job to be enqueued after the commit: its id is fresh and never used again."""

    job_id: str
    tenant_id: str
    work_class: str


def wake(c: Connection, tenant_id: str, work_class: str, at: datetime | None = None) -> list[Job]:
    """Make the turn due at `at` (default: at once). Returns the job to enqueue after the commit, if any."""
    present = now(c)
    at = max(at or present, present)
    c.execute(
        insert_into(c, turn)
        .values(tenant_id=tenant_id, work_class=work_class, due_at=at)
        .on_conflict_do_update(
            index_elements=["tenant_id", "work_class"],
            set_={"due_at": at},
            where=or_(turn.c.due_at.is_(None), turn.c.due_at > at),
        )
    )
    return _name_job(c, tenant_id, work_class, present) if at <= present else []


def _name_job(
    c: Connection, tenant_id: str, work_class: str, present: datetime, *more: ColumnElement[bool]
) -> list[Job]:
    """Compare-and-set of the job id from null; only one caller gets the job."""
    job_id = f"{work_class}-{new_id()}"
    named = c.execute(
        update(turn)
        .where(_is(tenant_id, work_class), turn.c.job_id.is_(None), *more)
        .values(job_id=job_id, enqueued_at=present)
    )
    return [Job(job_id, tenant_id, work_class)] if named.rowcount else []


def _is(tenant_id: str, work_class: str) -> ColumnElement[bool]:
    return and_(turn.c.tenant_id == tenant_id, turn.c.work_class == work_class)


def take(c: Connection, tenant_id: str, work_class: str, token: str, lease_ms: int, clock_alive_ms: int) -> bool:
    """Take the turn's lease if it is free and the clock is alive (4a.17); whatever job id it carries."""
    alive = exists(select(pulse.c.id).where(pulse.c.alive_at > db_now_ms() - clock_alive_ms))
    taken = c.execute(
        update(turn)
        .where(
            _is(tenant_id, work_class),
            or_(turn.c.lease_until.is_(None), turn.c.lease_until <= db_now_ms()),
            alive,
        )
        .values(lease=token, lease_until=db_now_ms() + lease_ms)
    )
    return bool(taken.rowcount)


def hold(c: Connection, tenant_id: str, work_class: str, token: str) -> None:
    """Let nobody wake the turn until the commit. A go does so before it looks what work is left: what came in after
    the look would be overwritten."""
    held = select(turn.c.job_id).where(_is(tenant_id, work_class), turn.c.lease == token)
    c.execute(held.with_for_update())


def give_back(
    c: Connection, tenant_id: str, work_class: str, token: str, job_id: str, due_at: datetime | None
) -> list[Job]:
    """End the go, after `hold`: lease and own job id are cleared; work left goes to the end of the line (the returned
    job)."""
    held = c.execute(select(turn.c.job_id).where(_is(tenant_id, work_class), turn.c.lease == token)).first()
    if held is None:
        return []
    keep = held.job_id if held.job_id != job_id else None
    c.execute(
        update(turn).where(_is(tenant_id, work_class)).values(lease=None, lease_until=None, job_id=keep, due_at=due_at)
    )
    present = now(c)
    return _name_job(c, tenant_id, work_class, present) if due_at is not None and due_at <= present else []


def due_without_job(c: Connection, limit: int = 500) -> list[Job]:
    """Due turns that nobody was told about, and turns whose lease ran out (their process is gone)."""
    present = now(c)
    lost_lease = and_(turn.c.lease_until.is_not(None), turn.c.lease_until <= present)
    c.execute(
        update(turn)
        .where(lost_lease)
        .values(lease=None, lease_until=None, job_id=None, due_at=func.coalesce(turn.c.due_at, db_now_ms()))
    )
    rows = c.execute(
        select(turn.c.tenant_id, turn.c.work_class)
        .where(turn.c.due_at <= present, turn.c.job_id.is_(None), turn.c.lease_until.is_(None))
        .order_by(turn.c.due_at)
        .limit(limit)
    ).all()
    return [job for row in rows for job in _name_job(c, row.tenant_id, row.work_class, present)]


def waiting_jobs(c: Connection, older_than_ms: int = JOB_LOST_AFTER_MS) -> list[Job]:
    """Jobs named a while ago whose turn was never taken: perhaps Redis lost them."""
    rows = c.execute(
        select(turn.c.job_id, turn.c.tenant_id, turn.c.work_class).where(
            turn.c.job_id.is_not(None),
            turn.c.lease_until.is_(None),
            turn.c.enqueued_at <= db_now_ms() - older_than_ms,
        )
    ).all()
    return [Job(row.job_id, row.tenant_id, row.work_class) for row in rows]


def rename_job(c: Connection, lost: Job) -> list[Job]:
    """A lost job is never enqueued again under its id: a fresh one takes its place, unless somebody was quicker."""
    cleared = c.execute(
        update(turn)
        .where(_is(lost.tenant_id, lost.work_class), turn.c.job_id == lost.job_id, turn.c.lease_until.is_(None))
        .values(job_id=None)
    )
    return _name_job(c, lost.tenant_id, lost.work_class, now(c)) if cleared.rowcount else []


def wake_all(c: Connection, tenant_id: str) -> list[Job]:
    """Every class of a tenant, for instance after a reconnect."""
    return [job for work_class in (INTERACTIVE, BULK, CRM) for job in wake(c, tenant_id, work_class)]


def beat(c: Connection, gap: timedelta, mine: datetime | None = None) -> datetime | None:
    """The clock's pulse. Returns the last beat when the clock stood still longer than `gap` (4a.17), or when the
    database forgot a beat of `mine` (a copy a little older took its place); else None."""
    present = now(c)
    last = c.execute(select(pulse.c.alive_at)).scalar()
    if last is None:
        return None
    return last if present - last > gap or (mine is not None and last < mine) else None


def beaten(c: Connection) -> datetime:
    """Record the beat, after what a long stop asks for was done in the same transaction. It never goes back: a clock
    that waited here for another one's beat must not make that one believe in an old copy."""
    present = now(c)
    beat = insert_into(c, pulse).values(id=1, alive_at=present)
    later = pulse.c.alive_at < beat.excluded.alive_at
    c.execute(beat.on_conflict_do_update(index_elements=["id"], set_={"alive_at": present}, where=later))
    return present
