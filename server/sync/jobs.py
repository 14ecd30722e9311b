"""What does one RQ job do? It takes one go of one tenant's turn, works, and gives the turn back.

The order within a go: open dispatches first (something may be in Xero already), then pulls, then pushes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from redis.exceptions import RedisError
from rq.timeouts import JobTimeoutException
from sqlalchemy import Connection

from server.domain.reasons import Code, reason
from server.logs import about, trace_of
from server.store import dispatches, endings, leases, links, runs, turns
from server.store.engine import is_away, now
from server.store.turns import BULK, CRM, INTERACTIVE
from server.sync.claims import ALONE
from server.sync.dispatch import advance_due
from server.sync.go import Go
from server.sync.look_again import look_again
from server.sync.pull import pull
from server.sync.push import push
from server.sync.queues import enqueue
from server.sync.services import Services
from server.sync.told import reasons_json
from server.sync.write_back import write_back

AFTER_A_FAULT = timedelta(seconds=30)
CLASSES = (INTERACTIVE, BULK, CRM)

log = structlog.get_logger(__name__)


def take_turn(s: Services, tenant_id: str, work_class: str, job_id: str) -> None:
    """One go, if the turn is free. Whatever happens, the turn is given back or its lease runs out."""
    go = Go(tenant_id, work_class, job_id, s.times)
    lease_ms = round((s.times.job_limit + s.times.claim_margin) * 1000)
    with s.store.begin() as c:
        if not turns.take(c, tenant_id, work_class, go.token, lease_ms, round(s.times.clock_alive * 1000)):
            return
    with about(tenant=tenant_id, work_class=work_class, job=job_id):
        _one_go(s, go)


def _one_go(s: Services, go: Go) -> None:
    fault = False
    try:
        work_through(s, go)
    except Exception as error:  # noqa: BLE001 - the one boundary of this process
        fault = not cut_short(error)
        log.warning("a go ended early", fault=fault, error=type(error).__name__, trace=trace_of(error))
    finally:
        give_back(s, go, fault=fault)


def cut_short(error: BaseException | None) -> bool:
    """Its time was up, or our own store was away: what was stored says how the next go takes it up. Anything else is a
    fault of ours. A timeout that strikes inside SQLAlchemy comes wrapped, so the whole chain counts."""
    while error is not None:
        if isinstance(error, JobTimeoutException | RedisError) or is_away(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def work_through(s: Services, go: Go) -> None:
    claims = 0
    if go.work_class == BULK:
        look_again(s, go.tenant_id)
    while True:
        worked = write_back(s, go) if go.work_class == CRM else advance_due(s, go) | pull(s, go) | push(s, go)
        claims += 1
        if not worked or not go.may_claim_again(claims):
            return


def give_back(s: Services, go: Go, *, fault: bool) -> None:
    """Say when the turn is due next, from the work that is left, and let go of every record."""
    with s.store.begin() as c:
        if fault:
            end_faulty(c, go)
        runs.release(c, go.tenant_id, go.token)
        leases.drop(c, go.tenant_id, go.token)
        turns.hold(c, go.tenant_id, go.work_class, go.token)  # after the tasks, as whoever starts a run does
        due = now(c) + AFTER_A_FAULT if fault else next_due(c, go)
        jobs = turns.give_back(c, go.tenant_id, go.work_class, go.token, go.job_id, due)
    enqueue(s.redis, jobs, s.times.job_limit)


def end_faulty(c: Connection, go: Go) -> None:
    """Every task ends (promise 5), unless an open dispatch looks after it: the one that this go worked on. Where there
    were several, each comes again alone, so that one at which we fail takes no other with it."""
    several = runs.worked_on(c, go.tenant_id, go.token)
    if len(several) > 1:
        runs.change(c, several, batch_rows=ALONE)
        return
    for task_id in several:
        endings.end(c, task_id, "failed", reasons=reasons_json([reason(Code.UNEXPECTED)]))


def next_due(c: Connection, go: Go) -> datetime | None:
    if go.work_class == CRM:
        return links.next_dirty(c, go.tenant_id)
    wanted = (runs.next_due(c, go.tenant_id, go.work_class), dispatches.next_due(c, go.tenant_id, go.work_class))
    return min((due for due in wanted if due is not None), default=None)
