"""What happens in one sending of a dispatch, and what does its answer prove? Protocol 4a, steps 4 to 8."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row

from server.clients.errors import CallFailed, Disconnected, TryLater
from server.clients.xero_writes import Sent
from server.domain.dispatching import Resend, Send
from server.domain.times import Times
from server.store import dispatches, runs
from server.store.engine import note as note_line
from server.store.engine import now
from server.store.ids import new_token
from server.store.turns import Job
from server.sync import settle
from server.sync.answers import Doubtful, RowVerdict, judge
from server.sync.books import ANY_AGE, books_for
from server.sync.footing import Footing
from server.sync.look import at_refused
from server.sync.queues import enqueue
from server.sync.services import Services
from server.sync.steps import step_of
from server.sync.waiting import trouble_for


@dataclass(frozen=True)
class LeaseClock:
    """How much of a lease is left, by two clocks: a process that was stopped must not send late."""

    times: Times
    wall: float = field(default_factory=time.time)
    monotonic: float = field(default_factory=time.monotonic)

    def gone(self) -> float:
        return max(time.time() - self.wall, time.monotonic() - self.monotonic)

    def enough_left(self) -> bool:
        return self.times.lease - self.gone() >= self.times.start_left

    def fresh(self) -> bool:
        """For a change: what was seen in Xero when this began still counts. The bookkeeper may come at any moment, and
        Xero has no way to say "if it is still so"."""
        return self.gone() <= self.times.change_fresh and self.enough_left()


def attempt(s: Services, ground: Footing, dispatch_id: str, left: LeaseClock) -> bool:
    """Send once, if that is the next step still. False when nothing more is to be done now: the lease is somebody
    else's, or it did not run."""
    token = new_token()
    with s.store.begin() as c:
        if not dispatches.take(c, dispatch_id, token, round(s.times.lease * 1000)):
            return False
        if not isinstance(step_of(s, c, dispatch_id, token), Send | Resend):
            dispatches.give_back(c, dispatch_id, token)
            return True
        n = dispatches.begin_attempt(c, ground.tenant.id, dispatch_id)
        found = dispatches.get(c, dispatch_id)
    if ground.books is None:
        sent = Sent(ran="no", cause="disconnected")
    else:
        may_leave = left.fresh if found.kind == "changes" else left.enough_left
        sent = s.xero.send(ground.books, found.method, found.path, found.body, found.key, may_leave)
    return note(s, ground, found, token, n, sent)


def note(s: Services, ground: Footing, found: Row[tuple[object, ...]], token: str, n: int, sent: Sent) -> bool:
    """Keep what the answer proves (4a.5). True when the next step may be taken at once."""
    books = books_for(s, ground, max_age_s=ANY_AGE) if sent.ran == "yes" else None
    jobs: list[Job] = []
    with s.store.begin() as c:
        if not dispatches.holds(c, found.id, token):
            return False  # stopped beyond its lease: whoever took over knows more
        rows = dispatches.rows(c, found.id, only_open=False)
        verdicts = judge(found.kind, [row.marker for row in rows], sent.rows) if sent.ran == "yes" else None
        doubtful = any(isinstance(each, Doubtful) for each in verdicts or ())
        _end_attempt(c, found.id, n, sent, verdicts, doubtful=doubtful)
        dispatches.give_back(c, found.id, token)
        if verdicts is not None and books is not None:
            jobs = settle.answered(s, c, ground, books, rows, verdicts)
            if not doubtful:
                dispatches.close(c, found.id)
        ran = sent.ran != "no"
        if not ran:
            _did_not_run(s, c, ground, found, rows, sent)
    enqueue(s.redis, jobs, s.times.job_limit)
    if doubtful:
        at_refused(s, ground, found.id)
    return ran


def _end_attempt(
    c: Connection, dispatch_id: str, n: int, sent: Sent, verdicts: Sequence[RowVerdict] | None, *, doubtful: bool
) -> None:
    proved = sent.ran == "yes" and verdicts is not None and not doubtful
    result = "yes" if proved else "no" if sent.ran == "no" else "unknown"
    note_line(c, "attempt ended", dispatch=dispatch_id, attempt=n, result=result, status=sent.status)
    dispatches.end_attempt(c, dispatch_id, n, result, look_first=sent.look_first or doubtful, status=sent.status)
    if sent.refused:
        dispatches.note_refusal(c, dispatch_id, sent.refused)


def _did_not_run(
    s: Services,
    c: Connection,
    ground: Footing,
    found: Row[tuple[object, ...]],
    rows: Sequence[Row[tuple[object, ...]]],
    sent: Sent,
) -> None:
    """Never sent at all: void, and decided again when the trouble is over (4a.7). Sent before: to be proved."""
    tasks = [row.task_id for row in rows if row.open and row.task_id]
    trouble = _trouble_of(sent, found.kind, s.times)
    until = now(c)
    if trouble is None:
        runs.wait(c, tasks, None, until)
    else:
        until = trouble_for(s, c, found.tenant_id, tasks, trouble, ground.at)
    if all(each.result == "no" for each in dispatches.attempts(c, found.id)):
        dispatches.close(c, found.id, "void")
    else:
        dispatches.postpone(c, found.id, until)


def _trouble_of(sent: Sent, kind: object, times: Times) -> CallFailed | None:
    """A change that was not fresh any more when it was to leave met a slow Xero: that is not waited for without end."""
    if sent.cause == "not_sent" and kind == "changes":
        return TryLater("xero", "service", times.change_fresh, "not fresh any more")
    if sent.cause == "disconnected":
        return Disconnected("xero", sent.why or "app_disconnected")
    if sent.cause in ("limit", "service"):
        return TryLater("xero", sent.cause, sent.seconds)
    return None
