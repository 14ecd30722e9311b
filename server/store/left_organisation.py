"""What becomes of a tenant's links and work when it leaves an organisation, and what when it comes back?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, case, exists, func, select, update

from server.store.engine import db_now_ms, now
from server.store.links import ACCOUNTS
from server.store.tables import dispatch, link, organisation, run, task, turn
from server.store.turns import BULK, INTERACTIVE


@dataclass(frozen=True)
class Tied:
    """How much of a tenant is tied to an organisation."""

    organisation_id: str
    name: str
    invoices: int
    customers: int


def tied_elsewhere(c: Connection, tenant_id: str, xero_id: str) -> list[Tied]:
    """What a tenant has in other organisations than this one, and has not put aside yet."""
    of_customers = func.sum(case((link.c.module == ACCOUNTS, 1), else_=0))
    rows = c.execute(
        select(organisation.c.id, organisation.c.name, func.count(), of_customers)
        .join(link, link.c.organisation_id == organisation.c.id)
        .where(link.c.tenant_id == tenant_id, organisation.c.xero_id != xero_id, link.c.archived_at.is_(None))
        .where(link.c.xero_id.is_not(None))
        .group_by(organisation.c.id, organisation.c.name)
        .order_by(organisation.c.name)
    )
    return [Tied(at, name, count - int(customers), int(customers)) for at, name, count, customers in rows]


def open_elsewhere(c: Connection, tenant_id: str, xero_id: str) -> str | None:
    """The name of another organisation that something of this tenant's is on its way to (4a.15)."""
    joined = select(organisation.c.name).join(dispatch, dispatch.c.organisation_id == organisation.c.id)
    mine = (dispatch.c.tenant_id == tenant_id, dispatch.c.state == "open", organisation.c.xero_id != xero_id)
    return c.execute(joined.where(*mine).limit(1)).scalar()


def at_work(c: Connection, tenant_id: str) -> bool:
    """Whether a process works with the tenant's organisation now. Nobody begins to before the commit."""
    mine = (turn.c.tenant_id == tenant_id, turn.c.work_class.in_((INTERACTIVE, BULK)))
    running = func.coalesce(turn.c.lease_until, 0) > db_now_ms()
    return any(row.running for row in c.execute(select(running.label("running")).where(*mine).with_for_update()))


def put_aside(c: Connection, tenant_id: str, xero_id: str) -> int:
    """Archive all links to other organisations, so that their CRM fields are emptied; returns how many there are."""
    others = select(organisation.c.id).where(organisation.c.xero_id != xero_id)
    mine = (link.c.tenant_id == tenant_id, link.c.organisation_id.in_(others), link.c.archived_at.is_(None))
    values = {"archived_at": db_now_ms(), "version": link.c.version + 1, "crm_due_at": None, "follow_read_at": None}
    return c.execute(update(link).where(*mine).values(**values)).rowcount


def end_open_tasks(c: Connection, tenant_id: str, reasons: list[dict[str, Any]]) -> None:
    """What still waits was asked for, and shown, with another organisation in mind; so was what was refused and may go
    on once its cause is mended (docs/adr/0012)."""
    refused = (task.c.tenant_id == tenant_id, task.c.kind == "push", task.c.outcome == "blocked")
    c.execute(update(task).where(*refused).values(reasons=reasons))
    ended = {"state": "ended", "outcome": "blocked", "reasons": reasons, "cause": None, "lease": None}
    mine = (task.c.tenant_id == tenant_id, task.c.state != "ended")
    c.execute(update(task).where(*mine).values(**ended, ended_at=now(c)))
    unfinished = exists(select(task.c.id).where(task.c.run_id == run.c.id, task.c.state != "ended"))
    over = (run.c.tenant_id == tenant_id, run.c.ended_at.is_(None), ~unfinished)
    c.execute(update(run).where(*over).values(ended_at=now(c), version=run.c.version + 1))


def taken_over(c: Connection, tenant_id: str, links: Iterable[Row[Any]]) -> set[tuple[str, str]]:
    """Those of these records, (module, id), that are in the present organisation by now, whose state CRM shows."""
    wanted = {(each.module, each.record_id) for each in links}
    mine = (link.c.tenant_id == tenant_id, link.c.archived_at.is_(None), link.c.xero_id.is_not(None))
    rows = c.execute(
        select(link.c.module, link.c.record_id).where(*mine, link.c.record_id.in_([each for _, each in wanted]))
    )
    return {(row.module, row.record_id) for row in rows} & wanted


def archived_in(c: Connection, tenant_id: str, organisation_id: str) -> list[Row[Any]]:
    """The links of an organisation that the tenant had left and has come back to."""
    mine = (link.c.tenant_id == tenant_id, link.c.organisation_id == organisation_id)
    return list(c.execute(select(link).where(*mine, link.c.archived_at.is_not(None))))
