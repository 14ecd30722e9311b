"""What does each kind of trouble mean for a task? The one place that decides it.

limit: waits for the moment that was named. service: waits, longer each time, 24 h at most (promise 5).
disconnected: the connection is marked, the work is parked until somebody reconnects. refused: ends, with the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, exists, select

from server.clients.errors import CallFailed, Disconnected, Refused, TryLater
from server.domain.reasons import Code, Reason, reason
from server.store import connections, endings, runs
from server.store.engine import now
from server.store.tables import dispatch_row, task
from server.sync.claims import Claim
from server.sync.services import Services
from server.sync.told import reasons_json

PARKED = timedelta(days=3650)  # until a reconnect makes it due
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 300.0

log = structlog.get_logger(__name__)


@contextmanager
def put_back_on_trouble(s: Services, claim: Claim) -> Iterator[None]:
    """Whatever a service answers, the claim's tasks that are still being worked on wait or end; nothing is lost."""
    try:
        yield
    except CallFailed as trouble:
        log.info("work waits", trouble=type(trouble).__name__, service=trouble.service, tenant=claim.go.tenant_id)
        with s.store.begin() as c:
            trouble_for(s, c, claim.go.tenant_id, still_working(c, claim), trouble, claim.at)


def still_working(c: Connection, claim: Claim) -> list[str]:
    return runs.still_working(c, claim.task_ids, claim.go.token)


def trouble_for(
    s: Services, c: Connection, tenant_id: str, task_ids: Iterable[str], trouble: CallFailed, asked_at: datetime
) -> datetime:
    """Let these tasks wait or end by what happened; returns when to look again. `asked_at`: when the work began."""
    ids = list(task_ids)
    present = now(c)
    if isinstance(trouble, Disconnected):
        down = connections.mark_disconnected(c, tenant_id, trouble.service, trouble.why, asked_at)
        until = present + PARKED if down else present
        runs.wait(c, ids, "disconnected" if down else None, until)
        return until
    if isinstance(trouble, Refused):
        for task_id in ids:
            endings.end(c, task_id, "failed", reasons=reasons_json([refusal(trouble)]))
        return present
    assert isinstance(trouble, TryLater)  # the ladder has no other rung
    until = present + (later(s, c, ids, trouble, present))
    runs.wait(c, in_time(s, c, ids, present) if trouble.cause == "service" else ids, trouble.cause, until)
    return until


def refusal(trouble: Refused) -> Reason:
    code = Code.XERO_REFUSED if trouble.service == "xero" else Code.CRM_REFUSED
    return reason(code, sentence=trouble.message or trouble.code)


def later(s: Services, c: Connection, ids: list[str], trouble: TryLater, present: datetime) -> timedelta:
    """A limit names its time. A disturbed service gets as long a pause again as it has been disturbed."""
    if trouble.cause == "limit":
        return timedelta(seconds=trouble.seconds)
    since = (
        c.execute(select(task.c.troubled_since).where(task.c.id.in_(ids)).order_by(task.c.troubled_since))
        .scalars()
        .first()
    )
    lasted = (present - since).total_seconds() if since else 0.0
    pause = min(max(FIRST_PAUSE_S * s.times.scale, trouble.seconds, lasted), LONGEST_PAUSE_S)
    return timedelta(seconds=pause)


def in_time(s: Services, c: Connection, ids: list[str], present: datetime) -> list[str]:
    """Those that may still wait; the others have waited 24 h for a disturbed service and end, unless an open dispatch
    may yet prove them."""
    over = present - timedelta(seconds=s.times.service_wait_limit)
    dispatched = exists(select(dispatch_row.c.id).where(dispatch_row.c.task_id == task.c.id, dispatch_row.c.open))
    late = select(task.c.id).where(task.c.id.in_(ids), task.c.troubled_since < over, ~dispatched)
    ended = set(c.execute(late).scalars())
    for task_id in ended:
        endings.end(c, task_id, "failed", reasons=reasons_json([reason(Code.WAITED_TOO_LONG)]))
    return [each for each in ids if each not in ended]
