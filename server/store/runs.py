"""What was asked for, and how far is each record's share? Queries on runs and tasks.

A run is open until its last task ends. Every change of a task raises its run's version (the ETag).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Table,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from server.store.engine import db_now_ms, insert_into, note, now
from server.store.ids import new_id
from server.store.requested import Request
from server.store.tables import dispatch, dispatch_row, record_lease, run, task

ASK_AGAIN = timedelta(seconds=1)


def start(c: Connection, tenant_id: str, request: Request) -> tuple[str, bool]:
    """Open a run, or find the open one that does the same: (run id, whether it is new).

    A click that finds its twin still open makes that twin look again before it ends (`asked_again_at`).
    """
    present = now(c)
    run_id = new_id()
    made = c.execute(
        insert_into(c, run)
        .values(
            id=run_id,
            tenant_id=tenant_id,
            kind=request.kind,
            trigger=request.trigger,
            module=request.module,
            asked_by=request.asked_by,
            rights=None if request.rights is None else sorted(request.rights),
            fingerprint=request.fingerprint,
            size=len(request.record_ids),
            created_at=present,
        )
        .on_conflict_do_nothing()
        .returning(run.c.id)
    ).first()
    if made is None:
        twin = _join_open(c, tenant_id, request, present)
        return (twin, False) if twin else start(c, tenant_id, request)
    told = {"kind": request.kind, "trigger": request.trigger, "tasks": len(request.record_ids)}
    note(c, "run started", tenant=tenant_id, run=run_id, **told)
    places = enumerate(request.record_ids)
    c.execute(insert(task), [_new_task(run_id, tenant_id, request, at, record, present) for at, record in places])
    return run_id, True


def _join_open(c: Connection, tenant_id: str, request: Request, present: datetime) -> str | None:
    """The open twin's id; None where it ended since we met it (PostgreSQL shows each statement a newer state)."""
    open_run = (
        run.c.tenant_id == tenant_id,
        run.c.fingerprint == request.fingerprint,
        run.c.ended_at.is_(None),
    )
    found = c.execute(select(run.c.id).where(*open_run)).scalar()
    if found is None:
        return None
    stamped = update(task).where(task.c.run_id == found, task.c.state != "ended").values(asked_again_at=present)
    if not c.execute(stamped).rowcount:
        return None
    for record_id, digest in request.previewed.items():
        c.execute(
            update(task)
            .where(task.c.run_id == found, task.c.record_id == record_id, task.c.state != "ended")
            .values(previewed=digest, choice=request.choices.get(record_id))
        )
    return str(found)


def _new_task(
    run_id: str, tenant_id: str, request: Request, place: int, record_id: str, present: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "tenant_id": tenant_id,
        "run_id": run_id,
        "kind": request.kind,
        "work_class": request.work_class,
        "position": place,
        "module": request.module,
        "record_id": record_id,
        "state": "waiting",
        "step": "checking",
        "due_at": present,
        "previewed": request.previewed.get(record_id),
        "choice": request.choices.get(record_id),
        "created_at": present,
    }


def _same_record(other: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        other.c.tenant_id == task.c.tenant_id,
        other.c.module == task.c.module,
        other.c.record_id == task.c.record_id,
    )


def claimable(c: Connection, tenant_id: str, work_class: str, kinds: Sequence[str], limit: int) -> list[Row[Any]]:
    """Tasks that may be worked on now, oldest first, one a record: due, record not leased, in no open dispatch.

    A task left *working* by a process that died counts as soon as the record lease has run out.
    """
    present = now(c)
    leased = exists(select(record_lease.c.token).where(*_same_record(record_lease), record_lease.c.until > present))
    dispatched = exists(select(dispatch_row.c.id).where(*_same_record(dispatch_row), dispatch_row.c.open))
    rows = c.execute(
        select(task, run.c.trigger, run.c.asked_by, run.c.rights)
        .join(run, run.c.id == task.c.run_id)
        .where(
            task.c.tenant_id == tenant_id,
            task.c.work_class == work_class,
            task.c.kind.in_(kinds),
            task.c.state != "ended",
            task.c.due_at <= present,
            ~leased,
            ~dispatched,
        )
        .order_by(task.c.due_at, task.c.created_at, task.c.position)
        .limit(limit * 2)
    ).all()
    return list({(row.module, row.record_id): row for row in reversed(rows)}.values())[::-1][:limit]


def set_working(c: Connection, task_ids: Iterable[str], lease: str) -> None:
    change(c, task_ids, state="working", step="checking", cause=None, lease=lease)


def change(c: Connection, task_ids: Iterable[str], **values: Any) -> None:
    """Change open tasks and raise their runs' versions; tasks that have ended stay as they are."""
    ids = list(task_ids)
    if not ids:
        return
    c.execute(update(task).where(task.c.id.in_(ids), task.c.state != "ended").values(**values))
    touch(c, ids)


def wait(
    c: Connection, task_ids: Iterable[str], cause: str | None, due_at: datetime, *, step: str | None = None
) -> None:
    """Put tasks back to wait. Cause service starts the time that is bounded by 24 h, others stop it, none leaves it."""
    values: dict[str, Any] = {"state": "waiting", "cause": cause, "due_at": due_at, "lease": None}
    if cause:
        troubled = func.coalesce(task.c.troubled_since, db_now_ms())
        values["troubled_since"] = troubled if cause in ("service", "unconfirmed") else None
        _note_wait(c, ids := list(task_ids), cause)
        task_ids = ids
    if step:
        values["step"] = step
    change(c, task_ids, **values)


def _note_wait(c: Connection, task_ids: Sequence[str], cause: str) -> None:
    wanted = select(task.c.tenant_id, task.c.run_id, task.c.id).where(task.c.id.in_(task_ids), task.c.state != "ended")
    for tenant_id, run_id, task_id in c.execute(wanted):
        note(c, "task waits", tenant=tenant_id, run=run_id, task=task_id, cause=cause)


def annotate(c: Connection, task_ids: Iterable[str], **values: Any) -> None:
    """Add to tasks whether ended or not (what became of the CRM fields)."""
    ids = list(task_ids)
    if ids:
        c.execute(update(task).where(task.c.id.in_(ids)).values(**values))
        touch(c, ids)


def touch(c: Connection, task_ids: Sequence[str]) -> None:
    if not task_ids:
        return
    runs = select(task.c.run_id).where(task.c.id.in_(task_ids)).scalar_subquery()
    c.execute(update(run).where(run.c.id.in_(runs)).values(version=run.c.version + 1))


def next_due(c: Connection, tenant_id: str, work_class: str) -> datetime | None:
    """When the next open task of this class wants work.

    A task whose record stands in an open dispatch of its own class is that dispatch's matter. One in a dispatch of
    another class, or whose record another class works on (a click on a record of the own bulk run), asks again soon:
    nobody else wakes it, and a lease is mostly given back long before it is over.
    """
    rows = c.execute(
        select(task.c.due_at, _leased_until(), dispatch.c.due_at, dispatch.c.lease_until)
        .outerjoin(dispatch_row, and_(dispatch_row.c.open, *_same_record(dispatch_row)))
        .outerjoin(dispatch, dispatch.c.id == dispatch_row.c.dispatch_id)
        .where(
            task.c.tenant_id == tenant_id,
            task.c.work_class == work_class,
            task.c.state != "ended",
            or_(dispatch.c.id.is_(None), dispatch.c.work_class != work_class),
        )
        .order_by(task.c.due_at)
        .limit(200)
    ).all()
    soon = now(c) + ASK_AGAIN
    return min((_due(row, soon) for row in rows), default=None)


def _due(row: Any, soon: datetime) -> datetime:
    due, leased_until, dispatch_due, sent_until = row
    waits: list[datetime] = [due]
    if leased_until:
        waits.append(min(leased_until, soon))
    if dispatch_due:
        waits += [soon, dispatch_due, *([sent_until] if sent_until else [])]
    return max(waits)


def _leased_until() -> ScalarSelect[Any]:
    return select(record_lease.c.until).where(*_same_record(record_lease)).scalar_subquery()


def unpark(c: Connection, tenant_id: str) -> None:
    """Tasks that waited for a reconnect are due again."""
    rows = c.execute(
        select(task.c.id).where(
            task.c.tenant_id == tenant_id, task.c.state == "waiting", task.c.cause == "disconnected"
        )
    ).scalars()
    change(c, list(rows), due_at=now(c), cause=None)


def still_working(c: Connection, task_ids: Iterable[str], lease: str) -> list[str]:
    """Those of these tasks that the holder of this lease still works on. Nobody takes one over before the commit."""
    wanted = (task.c.id.in_(list(task_ids)), task.c.state == "working", task.c.lease == lease)
    return list(c.execute(select(task.c.id).where(*wanted).with_for_update()).scalars())


def annotate_records(c: Connection, tenant_id: str, module: str, record_ids: Iterable[str], **values: Any) -> None:
    """Tell every task of these records that waits for its CRM fields what became of them."""
    wanted = (task.c.tenant_id == tenant_id, task.c.module == module, task.c.record_id.in_(list(record_ids)))
    ids = c.execute(select(task.c.id).where(*wanted, task.c.crm_written.in_(("waiting", "refused")))).scalars()
    annotate(c, list(ids), **values)


def worked_on(c: Connection, tenant_id: str, lease: str) -> list[str]:
    """Tasks that the holder of this lease still works on and that stand in no open dispatch."""
    dispatched = exists(select(dispatch_row.c.id).where(*_same_record(dispatch_row), dispatch_row.c.open))
    wanted = (task.c.tenant_id == tenant_id, task.c.state == "working", task.c.lease == lease)
    return list(c.execute(select(task.c.id).where(*wanted, ~dispatched)).scalars())


def reasons_of(c: Connection, task_id: str) -> list[Any]:
    """Why a task ended as it did; as JSON."""
    return list(c.execute(select(task.c.reasons).where(task.c.id == task_id)).scalar() or [])


def release(c: Connection, tenant_id: str, lease: str) -> None:
    """Tasks that this holder leaves behind wait for the next go."""
    wanted = (task.c.tenant_id == tenant_id, task.c.state == "working", task.c.lease == lease)
    change(c, list(c.execute(select(task.c.id).where(*wanted)).scalars()), state="waiting", lease=None)
