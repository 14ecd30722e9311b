"""What can whoever runs the installation read off it? Gathered from the shared database and Redis, for all processes.

What is away is left out and said to be away: half of the figures are better than none on a bad day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy.exc import SQLAlchemyError

from server.clients.counted import Budget, budgets, calls_made
from server.store import figures as stored
from server.store.figures import Figures, Line
from server.store.turns import BULK, CRM, INTERACTIVE
from server.sync.queues import queue
from server.sync.services import Services

CAUSES = ("none", "limit", "service", "disconnected", "customer", "unconfirmed")
CLASSES = (INTERACTIVE, BULK, CRM)
SERVICES = ("zoho", "xero")
RISKS = ("refused", "refresh_failed", "unused")
NO_LINE = Line(0, 0)
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Family:
    """One thing that is measured, with a value for each set of labels."""

    name: str
    what: str
    values: Mapping[Labels, float]
    kind: str = "gauge"


def gather(s: Services) -> list[Family]:
    """Everything that can be had now."""
    try:
        with s.store.read() as c:
            found = stored.figures(c)
    except SQLAlchemyError:
        found = None
    try:
        queued = _of_redis(s, found.organisations if found else {})
    except RedisError:
        queued = None
    here = {"database": found is not None, "redis": queued is not None}
    up = Family(
        "up", "Whether what all processes share is there", {_by(part=name): int(is_up) for name, is_up in here.items()}
    )
    return [up, *(of_database(found) if found else ()), *(queued or ())]


def of_database(found: Figures) -> Iterable[Family]:
    turns = {name: found.turns.get(name, NO_LINE) for name in CLASSES}
    yield Family(
        "turns_due", "Turns that are due and not taken", {_by(work_class=n): e.count for n, e in turns.items()}
    )
    aged = {_by(work_class=name): each.oldest_s for name, each in turns.items()}
    yield Family("queue_age_seconds", "How long the oldest due turn has waited for a worker", aged)
    causes = {(kind, cause): 0 for kind in (INTERACTIVE, BULK) for cause in CAUSES} | found.waiting
    waiting = {_by(work_class=kind, cause=cause): count for (kind, cause), count in causes.items()}
    yield Family("tasks_waiting", "Tasks that wait, by what they wait for", waiting)
    working = {_by(work_class=kind): found.working.get(kind, 0) for kind in (INTERACTIVE, BULK)}
    yield Family("tasks_working", "Tasks that a worker holds", working)
    lately = {_by(kind=kind, outcome=outcome): count for (kind, outcome), count in found.ended_lately.items()}
    yield Family("tasks_ended_last_hour", "Ended tasks of the runs of the last hour, by outcome", lately)
    writes = {name: found.dispatches.get(name, NO_LINE) for name in ("sending", "unconfirmed")}
    yield Family("dispatches_open", "Writes to Xero on their way", {_by(state=n): e.count for n, e in writes.items()})
    oldest = {_by(state=name): each.oldest_s for name, each in writes.items()}
    yield Family("dispatch_age_seconds", "How long the oldest write has been on its way", oldest)
    yield Family("crm_writes_waiting", "Links whose state CRM does not show yet", {(): found.crm_writes})
    yield Family(
        "scans_due", "Organisations that are read once before anything is created there", {(): found.scans_due}
    )
    if found.clock_s is not None:
        yield Family("clock_age_seconds", "How long ago a clock ticked last", {(): found.clock_s})
    yield _tied(found)
    at_risk = {(service, why): 0 for service in SERVICES for why in RISKS} | found.grants_at_risk
    risks = {_by(service=service, why=why): count for (service, why), count in at_risk.items()}
    yield Family("grants_at_risk", "Consents that a person may have to give again", risks)


def _tied(found: Figures) -> Family:
    states = {(service, state): 0 for service in SERVICES for state in ("ok", "disconnected")} | found.connections
    values = {_by(service=service, state=state): count for (service, state), count in states.items()}
    return Family("connections", "Ties of tenants to Zoho and Xero", values)


def _of_redis(s: Services, organisations: Mapping[str, str]) -> list[Family]:
    told = calls_made(s.redis)
    calls = {_by(service=service, status=status): count for (service, status), count in told.items()}
    left = budgets(s.redis, [f"xero:{xero_id}" for xero_id in organisations.values()])
    named = {own: left[f"xero:{theirs}"] for own, theirs in organisations.items() if f"xero:{theirs}" in left}
    names = (INTERACTIVE, BULK)
    jobs = {_by(queue=name): queue(s.redis, name).count for name in names}
    workers = {_by(queue=name): Worker.count(queue=queue(s.redis, name)) for name in names}
    return [
        Family("calls_total", "Calls answered, by service and status; none: no answer came", calls, "counter"),
        *_budgets(s, named),
        Family("jobs_queued", "Jobs in the lists of Redis", jobs),
        Family("workers", "Workers that are there", workers),
    ]


def _budgets(s: Services, left: Mapping[str, Budget]) -> Iterable[Family]:
    """By our own id of the organisation, which means nothing to anybody else."""
    most = s.pace.xero.per_window
    minute = {_by(organisation=own): max(0, most - each.in_window) for own, each in left.items()}
    yield Family("budget_left_minute", "Calls that an organisation has left in this minute", minute)
    day = {_by(organisation=own): each.day for own, each in left.items() if each.day is not None}
    yield Family("budget_left_day", "Calls that Xero said an organisation has left today", day)
    flying = {_by(organisation=own): each.in_flight for own, each in left.items()}
    yield Family("calls_in_flight", "Calls to an organisation that are under way", flying)
    paused = {_by(organisation=own): each.paused_s for own, each in left.items()}
    yield Family("paused_seconds", "How long Xero asked us to stay away still", paused)


def _by(**labels: str) -> Labels:
    return tuple(labels.items())
