"""What is being written to Xero, and what is known of it? Dispatches, their rows and their attempts (4a.3 to 4a.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from server.store.engine import db_now_ms, note, now
from server.store.ids import new_id
from server.store.tables import attempt, dispatch, dispatch_row


@dataclass(frozen=True)
class NewRow:
    """One record's place in a dispatch to be stored. `intent`: what settle compares and keeps, no names."""

    task_id: str
    module: str
    record_id: str
    marker: str
    number: str | None
    xero_id: str | None
    crm_modified_at: datetime | None
    crm_read_at: datetime | None
    xero_updated_at: datetime | None
    intent: Mapping[str, Any]


@dataclass(frozen=True)
class NewDispatch:
    tenant_id: str
    organisation_id: str
    work_class: str
    kind: str
    key: str
    method: str
    path: str
    body: bytes
    rows: Sequence[NewRow] = field(default_factory=tuple)


def store(c: Connection, new: NewDispatch) -> str:
    """Keep a dispatch with its exact bytes (4a.3). Raises IntegrityError where a row stands in another open one."""
    dispatch_id = new_id()
    present = now(c)
    c.execute(
        insert(dispatch).values(
            id=dispatch_id,
            tenant_id=new.tenant_id,
            organisation_id=new.organisation_id,
            work_class=new.work_class,
            kind=new.kind,
            key=new.key,
            method=new.method,
            path=new.path,
            body=new.body,
            state="open",
            due_at=present,
            created_at=present,
        )
    )
    c.execute(
        insert(dispatch_row),
        [_row_values(new, dispatch_id, place, row) for place, row in enumerate(new.rows)],
    )
    tasks = [row.task_id for row in new.rows]
    note(c, "dispatch stored", tenant=new.tenant_id, dispatch=dispatch_id, kind=new.kind, tasks=tasks)
    return dispatch_id


def _row_values(new: NewDispatch, dispatch_id: str, place: int, row: NewRow) -> dict[str, Any]:
    return {
        "id": new_id(),
        "tenant_id": new.tenant_id,
        "dispatch_id": dispatch_id,
        "organisation_id": new.organisation_id,
        "position": place,
        "open": True,
        "task_id": row.task_id,
        "module": row.module,
        "record_id": row.record_id,
        "marker": row.marker,
        "number": row.number,
        "xero_id": row.xero_id,
        "crm_modified_at": row.crm_modified_at,
        "crm_read_at": row.crm_read_at,
        "xero_updated_at": row.xero_updated_at,
        "intent": dict(row.intent),
    }


def get(c: Connection, dispatch_id: str) -> Row[Any]:
    return c.execute(select(dispatch).where(dispatch.c.id == dispatch_id)).one()


def attempts(c: Connection, dispatch_id: str) -> list[Row[Any]]:
    return list(c.execute(select(attempt).where(attempt.c.dispatch_id == dispatch_id).order_by(attempt.c.n)))


def rows(c: Connection, dispatch_id: str, *, only_open: bool = True) -> list[Row[Any]]:
    wanted = select(dispatch_row).where(dispatch_row.c.dispatch_id == dispatch_id).order_by(dispatch_row.c.position)
    return list(c.execute(wanted.where(dispatch_row.c.open) if only_open else wanted))


def take(c: Connection, dispatch_id: str, token: str, lease_ms: int) -> bool:
    """Take the dispatch's lease by compare-and-set; False when it is closed or somebody else's."""
    free = or_(dispatch.c.lease_until.is_(None), dispatch.c.lease_until <= db_now_ms())
    taken = c.execute(
        update(dispatch)
        .where(dispatch.c.id == dispatch_id, dispatch.c.state == "open", free)
        .values(lease=token, lease_until=db_now_ms() + lease_ms)
    )
    return bool(taken.rowcount)


def holds(c: Connection, dispatch_id: str, token: str) -> bool:
    """Whether this token still is the dispatch's holder; locks the row until the commit."""
    held = select(dispatch.c.id).where(
        dispatch.c.id == dispatch_id, dispatch.c.lease == token, dispatch.c.state == "open"
    )
    return c.execute(held.with_for_update()).first() is not None


def lock(c: Connection, dispatch_id: str) -> None:
    """Nobody takes its lease before the commit."""
    c.execute(select(dispatch.c.id).where(dispatch.c.id == dispatch_id).with_for_update())


def is_as_seen(c: Connection, dispatch_id: str, attempts_seen: int) -> bool:
    """Whether it is open still, in nobody's hands, and was not sent since it was looked at; true until the commit."""
    lock(c, dispatch_id)
    free = or_(dispatch.c.lease_until.is_(None), dispatch.c.lease_until <= db_now_ms())
    wanted = select(dispatch.c.id).where(dispatch.c.id == dispatch_id, dispatch.c.state == "open", free)
    return c.execute(wanted).first() is not None and len(attempts(c, dispatch_id)) == attempts_seen


def any_open(c: Connection, tenant_id: str, organisation_id: str) -> bool:
    """Whether something of this tenant's is on its way to this organisation."""
    mine = (dispatch.c.tenant_id == tenant_id, dispatch.c.organisation_id == organisation_id)
    return c.execute(select(dispatch.c.id).where(*mine, dispatch.c.state == "open").limit(1)).first() is not None


def give_back(c: Connection, dispatch_id: str, token: str) -> None:
    c.execute(
        update(dispatch)
        .where(dispatch.c.id == dispatch_id, dispatch.c.lease == token)
        .values(lease=None, lease_until=None)
    )


def begin_attempt(c: Connection, tenant_id: str, dispatch_id: str) -> int:
    """Note that attempt n starts now; committed before a byte leaves."""
    last = c.execute(select(func.max(attempt.c.n)).where(attempt.c.dispatch_id == dispatch_id)).scalar() or 0
    c.execute(
        insert(attempt).values(id=new_id(), tenant_id=tenant_id, dispatch_id=dispatch_id, n=last + 1, started_at=now(c))
    )
    return int(last) + 1


def end_attempt(c: Connection, dispatch_id: str, n: int, result: str, *, look_first: bool, status: int | None) -> None:
    c.execute(
        update(attempt)
        .where(attempt.c.dispatch_id == dispatch_id, attempt.c.n == n, attempt.c.ended_at.is_(None))
        .values(ended_at=now(c), result=result, look_first=look_first, http_status=status)
    )


def postpone(c: Connection, dispatch_id: str, until: datetime) -> None:
    """The next step is not to be taken before then."""
    c.execute(update(dispatch).where(dispatch.c.id == dispatch_id).values(due_at=until))


def note_refusal(c: Connection, dispatch_id: str, sentence: str) -> None:
    c.execute(update(dispatch).where(dispatch.c.id == dispatch_id).values(refused=sentence[:2000]))


def close_row(c: Connection, row_id: str, outcome: str) -> None:
    close_rows(c, [row_id], outcome)


def close_rows(c: Connection, row_ids: Iterable[str], outcome: str) -> None:
    c.execute(update(dispatch_row).where(dispatch_row.c.id.in_(list(row_ids))).values(open=False, outcome=outcome))


def close(c: Connection, dispatch_id: str, state: str = "closed") -> None:
    """End a dispatch; its bytes go, no row of it stays open."""
    c.execute(
        update(dispatch_row)
        .where(dispatch_row.c.dispatch_id == dispatch_id, dispatch_row.c.open)
        .values(open=False, outcome="void")
    )
    c.execute(
        update(dispatch)
        .where(dispatch.c.id == dispatch_id)
        .values(state=state, closed_at=now(c), body=None, lease=None, lease_until=None)
    )


def due(c: Connection, tenant_id: str, work_class: str) -> list[str]:
    """Open dispatches of this class that want the next step now and that nobody holds."""
    free = or_(dispatch.c.lease_until.is_(None), dispatch.c.lease_until <= db_now_ms())
    wanted = (
        dispatch.c.tenant_id == tenant_id,
        dispatch.c.work_class == work_class,
        dispatch.c.state == "open",
        free,
    )
    return list(
        c.execute(
            select(dispatch.c.id).where(*wanted, dispatch.c.due_at <= db_now_ms()).order_by(dispatch.c.due_at)
        ).scalars()
    )


def next_due(c: Connection, tenant_id: str, work_class: str) -> datetime | None:
    """When the next open dispatch of this class wants work: its due time, or the end of a lease that died."""
    wanted = (
        dispatch.c.tenant_id == tenant_id,
        dispatch.c.work_class == work_class,
        dispatch.c.state == "open",
    )
    found = c.execute(select(dispatch.c.due_at, dispatch.c.lease_until).where(*wanted)).all()
    return min((max(row.due_at, row.lease_until) if row.lease_until else row.due_at for row in found), default=None)


def unpark(c: Connection, tenant_id: str) -> None:
    """After a reconnect every open dispatch is looked at again (4a.15)."""
    c.execute(
        update(dispatch).where(dispatch.c.tenant_id == tenant_id, dispatch.c.state == "open").values(due_at=db_now_ms())
    )
