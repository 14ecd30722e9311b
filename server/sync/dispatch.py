"""How does a write reach Xero exactly once? Protocol 4a, steps 3 to 9, for one dispatch at a time.

A dispatch is stored with its exact bytes before anything is sent; every sending is noted before a byte leaves. What
comes next follows from the noted attempts alone (`domain.dispatching`), so that any process can go on from any crash.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from server.clients.errors import CallFailed, Disconnected, TryLater
from server.domain.dispatching import Look, Resend, Send, Step, Void, Wait
from server.store import connections, dispatches, leases, links, organisations, runs
from server.store.dispatches import NewDispatch, NewRow
from server.store.engine import now
from server.sync import settle
from server.sync.attempt import LeaseClock, attempt
from server.sync.footing import Footing, footing
from server.sync.go import Go
from server.sync.look import look, states_of
from server.sync.services import Services
from server.sync.steps import look_step, step_of
from server.sync.waiting import PARKED, trouble_for

LOOK_AGAIN_S, LOOK_AGAIN_MOST_S = 15.0, 300.0


def store(s: Services, go: Go, ground: Footing, kind: str, body: bytes, rows: Sequence[NewRow]) -> str | None:
    """Step 3. Nothing is kept, and None comes back, where that is no longer so which was decided: a lease was lost, the
    organisation changed, a record was linked, or a record or number stands in another open dispatch."""
    assert ground.books is not None
    new = NewDispatch(
        tenant_id=go.tenant_id,
        organisation_id=ground.books.organisation_id,
        work_class=go.work_class,
        kind=kind,
        key=secrets.token_urlsafe(48),
        method="POST" if kind == "changes" else "PUT",
        path="/Contacts" if kind == "contacts" else "/Invoices",
        body=body,
        rows=rows,
    )
    try:
        with s.store.begin() as c:
            held = leases.still_held(c, go.tenant_id, go.token)
            if any((row.module, row.record_id) not in held for row in rows) or not _as_decided(c, new):
                return None
            runs.change(c, [row.task_id for row in rows], step="customer" if kind == "contacts" else "sending")
            return dispatches.store(c, new)
    except IntegrityError:
        return None


def _as_decided(c: Connection, new: NewDispatch) -> bool:
    """Whether the tenant still works with this organisation, no scan has become due there (4a.17), and every record is
    linked as it was: not at all where it is to be created, to the same invoice where that is to be changed."""
    if connections.held_organisation(c, new.tenant_id) != new.organisation_id:
        return False
    if organisations.scan_due(c, new.organisation_id):
        return False
    ids = [row.record_id for row in new.rows]
    linked = links.of_records(c, new.tenant_id, new.organisation_id, new.rows[0].module, ids)
    held = {record_id: link.xero_id for record_id, link in linked.items() if link.xero_id}
    return all(held.get(row.record_id) == (row.xero_id or row.intent.get("replaces")) for row in new.rows)


def advance_due(s: Services, go: Go) -> bool:
    """Take every open dispatch that is due as far as it goes now; whether there was one."""
    with s.store.read() as c:
        due = dispatches.due(c, go.tenant_id, go.work_class)
    for dispatch_id in due:
        advance(s, go, dispatch_id)
    return bool(due)


def advance(s: Services, go: Go, dispatch_id: str) -> None:
    """Send, send again, look or wait, as the attempts say, until it is closed or has to wait."""
    ground = footing(s, go.tenant_id, click=go.click)
    while True:
        begun = LeaseClock(s.times)
        match _next(s, ground, dispatch_id):
            case Send() | Resend() as step:
                if not _send(s, go, ground, dispatch_id, step, begun):
                    return None
            case Look():
                if not _look(s, ground, dispatch_id):
                    return None
            case Void():
                _void(s, dispatch_id)
            case Wait(until=until):
                return _wait(s, dispatch_id, until)
            case None:
                return None


def _send(s: Services, go: Go, ground: Footing, dispatch_id: str, step: Send | Resend, begun: LeaseClock) -> bool:
    """True when the next step may be taken at once. What must not be sent as it is waits for a look, or is decided
    again where it never was sent."""
    if isinstance(step, Send) and not may_send(s, ground, dispatch_id):
        _drop(s, dispatch_id)
    elif isinstance(step, Resend) and not may_resend(s, ground, dispatch_id):
        _wait(s, dispatch_id, _look_time(s, dispatch_id))
    elif go.may_call():
        return attempt(s, ground, dispatch_id, begun)
    return False


def _next(s: Services, ground: Footing, dispatch_id: str) -> Step | None:
    with s.store.read() as c:
        step = step_of(s, c, dispatch_id)
        home = dispatches.get(c, dispatch_id).organisation_id
        elsewhere = ground.organisation is not None and ground.organisation.id != home
        return Wait(now(c) + PARKED) if step is not None and elsewhere else step


def _look(s: Services, ground: Footing, dispatch_id: str) -> bool:
    """Step 9. A look that fails proves nothing: it is taken again later, and nothing is voided on half a look."""
    try:
        if ground.books is None:
            raise Disconnected("xero", "app_disconnected")
        look(s, ground, dispatch_id)
    except CallFailed as trouble:
        with s.store.begin() as c:
            tasks = [row.task_id for row in dispatches.rows(c, dispatch_id) if row.task_id]
            if isinstance(trouble, Disconnected):
                until = trouble_for(s, c, ground.tenant.id, tasks, trouble, ground.at)
                dispatches.postpone(c, dispatch_id, until)
            else:
                _unconfirmed(c, dispatch_id, now(c) + _pause(s, c, dispatch_id, trouble))
        return False
    return True


def may_send(s: Services, ground: Footing, dispatch_id: str) -> bool:
    """A change is decided upon a fresh read (promise 3). Where reading and deciding took long, Xero is asked once more
    whether the invoices are as they were then."""
    with s.store.read() as c:
        found, rows = dispatches.get(c, dispatch_id), dispatches.rows(c, dispatch_id)
        begun = min((row.crm_read_at for row in rows if row.crm_read_at), default=found.created_at)
        fresh = now(c) <= begun + timedelta(seconds=s.times.change_fresh)
    return found.kind != "changes" or fresh or _as_seen(s, ground, rows)


def may_resend(s: Services, ground: Footing, dispatch_id: str) -> bool:
    """A change is sent again only while Xero shows the invoices as they were when it was decided: the first sending did
    not arrive, and nobody has written since. Else it waits to be looked up."""
    with s.store.read() as c:
        found, rows = dispatches.get(c, dispatch_id), dispatches.rows(c, dispatch_id)
    return found.kind != "changes" or _as_seen(s, ground, rows)


def _as_seen(s: Services, ground: Footing, rows: Sequence[Row[Any]]) -> bool:
    """Whether nobody has written these invoices since they were read; False where that cannot be told."""
    if ground.books is None:
        return False
    try:
        return all(each.as_seen for each in states_of(s, ground, rows))
    except CallFailed:
        return False


def _look_time(s: Services, dispatch_id: str) -> datetime:
    """When a look proves something: no attempt can be under way any more (4a.9)."""
    with s.store.read() as c:
        step = look_step(s, c, dispatch_id)
        return step.until if isinstance(step, Wait) else now(c)


def _pause(s: Services, c: Connection, dispatch_id: str, trouble: CallFailed) -> timedelta:
    """The longer nothing is proved, the longer until the next look: Xero's day must not be spent on a service that is
    away."""
    noted = dispatches.attempts(c, dispatch_id)
    unproved = (now(c) - noted[-1].started_at).total_seconds() if noted else 0.0
    named = trouble.seconds if isinstance(trouble, TryLater) else 0.0
    least, most = LOOK_AGAIN_S * s.times.scale, LOOK_AGAIN_MOST_S * s.times.scale
    return timedelta(seconds=max(named, least, min(unproved / 4, most)))


def _wait(s: Services, dispatch_id: str, until: datetime) -> None:
    with s.store.begin() as c:
        _unconfirmed(c, dispatch_id, until)


def _unconfirmed(c: Connection, dispatch_id: str, until: datetime) -> None:
    """Nobody knows yet whether it arrived: its tasks say so, and until when (panel state 21)."""
    dispatches.postpone(c, dispatch_id, until)
    runs.wait(c, [row.task_id for row in dispatches.rows(c, dispatch_id) if row.task_id], "unconfirmed", until)


def _drop(s: Services, dispatch_id: str) -> None:
    """Decided upon what is no longer so, and never sent: its tasks are decided again from a fresh read."""
    with s.store.begin() as c:
        dispatches.lock(c, dispatch_id)
        if isinstance(step_of(s, c, dispatch_id), Send):
            _close_void(s, c, dispatch_id)


def _void(s: Services, dispatch_id: str) -> None:
    """It certainly did not run: its tasks are decided again from fresh data, under a new key (4a.7)."""
    with s.store.begin() as c:
        dispatches.lock(c, dispatch_id)
        if isinstance(step_of(s, c, dispatch_id), Void):
            _close_void(s, c, dispatch_id)


def _close_void(s: Services, c: Connection, dispatch_id: str) -> None:
    for row in dispatches.rows(c, dispatch_id):
        settle.again(s, c, row)
    dispatches.close(c, dispatch_id, "void")
