"""How is the installation doing as a whole? Counts and ages over all tenants, for whoever runs it.

Numbers only: no name, record or amount comes out of here. Each query goes by an index that leaves out what has ended,
or by the runs that went on within the hour, so that asking every few seconds costs little also in a large database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal_column, or_, select

from server.store.engine import now
from server.store.links import ACCOUNTS
from server.store.tables import attempt, connection, dispatch, grant, link, organisation, pulse, run, task, turn

LATELY = timedelta(hours=1)
LONGEST_RUN = timedelta(hours=30)
UNUSED_FOR = timedelta(days=30)  # half of the sixty days after which Xero forgets a consent (X2.3)
# Written as the partial indexes have it: PostgreSQL uses one only where it can see that it serves.
_OPEN_TASK = task.c.state != literal_column("'ended'")
_OPEN_DISPATCH = dispatch.c.state == literal_column("'open'")


@dataclass(frozen=True)
class Line:
    """How many of a kind there are, and since when the oldest of them has been waiting."""

    count: int
    oldest_s: float


@dataclass(frozen=True)
class Figures:
    """All of it at one moment. Keys are words of the design: classes of work, causes, outcomes, services."""

    turns: dict[str, Line]
    waiting: dict[tuple[str, str], int]
    working: dict[str, int]
    ended_lately: dict[tuple[str, str], int]
    dispatches: dict[str, Line]
    crm_writes: int
    connections: dict[tuple[str, str], int]
    grants_at_risk: dict[tuple[str, str], int]
    scans_due: int
    clock_s: float | None
    organisations: dict[str, str]  # our id -> Xero's, of those that a tenant works with


def figures(c: Connection) -> Figures:
    present = now(c)
    open_tasks = _open_tasks(c)
    return Figures(
        turns=_turns(c, present),
        waiting={(kind, cause): count for (state, kind, cause), count in open_tasks.items() if state == "waiting"},
        working=_sums((kind, count) for (state, kind, _), count in open_tasks.items() if state == "working"),
        ended_lately=_ended_lately(c, present),
        dispatches=_dispatches(c, present),
        crm_writes=_crm_writes(c),
        connections=_counted(c, connection.c.service, connection.c.state),
        grants_at_risk=_at_risk(c, present),
        scans_due=c.execute(select(func.count()).where(organisation.c.scan_since.is_not(None))).scalar_one(),
        clock_s=_age(c.execute(select(pulse.c.alive_at)).scalar(), present),
        organisations=_held(c),
    )


def _turns(c: Connection, present: datetime) -> dict[str, Line]:
    """Turns that are due and that nobody has taken: what stands in the line for a worker."""
    free = or_(turn.c.lease_until.is_(None), turn.c.lease_until <= present)
    wanted = select(turn.c.work_class, func.count(), func.min(turn.c.due_at)).where(turn.c.due_at <= present, free)
    return {
        name: _line(count, oldest, present) for name, count, oldest in c.execute(wanted.group_by(turn.c.work_class))
    }


def _open_tasks(c: Connection) -> dict[tuple[str, str, str], int]:
    cause = func.coalesce(task.c.cause, "none")
    wanted = select(task.c.state, task.c.work_class, cause, func.count()).where(_OPEN_TASK)
    found = c.execute(wanted.group_by(task.c.state, task.c.work_class, cause))
    return {(state, kind, why): count for state, kind, why, count in found}


def _ended_lately(c: Connection, present: datetime) -> dict[tuple[str, str], int]:
    """Tasks that ended within the hour, also of runs that began a day before (a task waits for up to 24 h). By tenant,
    because the index on runs is."""
    going_on = or_(run.c.ended_at.is_(None), run.c.ended_at > present - LATELY)
    lately = and_(run.c.tenant_id == connection.c.tenant_id, run.c.created_at > present - LONGEST_RUN, going_on)
    joined = connection.join(run, lately).join(
        task, and_(task.c.run_id == run.c.id, task.c.ended_at > present - LATELY)
    )
    wanted = select(task.c.kind, task.c.outcome, func.count()).select_from(joined)
    once = connection.c.service == "zoho"  # a tenant has one of them, so that no task counts twice
    found = c.execute(wanted.where(once, task.c.outcome.is_not(None)).group_by(task.c.kind, task.c.outcome))
    return {(kind, outcome): count for kind, outcome, count in found}


def _dispatches(c: Connection, present: datetime) -> dict[str, Line]:
    """Open writes: `sending` while no attempt has failed to prove itself, `unconfirmed` once one has."""
    doubtful = select(attempt.c.id).where(attempt.c.dispatch_id == dispatch.c.id, attempt.c.result == "unknown")
    state = case((doubtful.exists(), "unconfirmed"), else_="sending").label("state")
    each = select(state, dispatch.c.created_at).where(_OPEN_DISPATCH).subquery()
    wanted = select(each.c.state, func.count(), func.min(each.c.created_at)).group_by(each.c.state)
    return {name: _line(count, oldest, present) for name, count, oldest in c.execute(wanted)}


def _crm_writes(c: Connection) -> int:
    """As the crm turns see it: a customer's link has nothing to write, nor has what is gone from CRM."""
    ahead = (link.c.version > link.c.crm_version, link.c.module != ACCOUNTS, link.c.gone_from_crm.is_(False))
    return int(c.execute(select(func.count()).where(*ahead)).scalar_one())


def _at_risk(c: Connection, present: datetime) -> dict[tuple[str, str], int]:
    """Grants that connections stand on and that a person may soon be asked to give again.

    refused: the service took it back. refresh_failed: the last refresh did not end well. unused: near Xero's limit.
    """
    tied = select(connection.c.id).where(connection.c.grant_id == grant.c.id).exists()
    why = case(
        (grant.c.broken_why.is_not(None), "refused"),
        (and_(grant.c.refresh_lease.is_not(None), grant.c.refresh_until <= present), "refresh_failed"),
        (and_(grant.c.service == "xero", grant.c.access_until < present - UNUSED_FOR), "unused"),
        else_=None,
    ).label("why")
    each = select(grant.c.service, why).where(tied).subquery()
    return _counted(c, each.c.service, each.c.why, each.c.why.is_not(None))


def _held(c: Connection) -> dict[str, str]:
    joined = organisation.join(connection, connection.c.organisation_id == organisation.c.id)
    found = c.execute(select(organisation.c.id, organisation.c.xero_id).select_from(joined))
    return {row.id: row.xero_id for row in found}


def _counted(
    c: Connection, first: ColumnElement[str], second: ColumnElement[str], *which: ColumnElement[bool]
) -> dict[tuple[str, str], int]:
    wanted = select(first, second, func.count()).where(*which).group_by(first, second)
    return {(one, other): count for one, other, count in c.execute(wanted)}


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for name, count in pairs:
        summed[name] = summed.get(name, 0) + count
    return summed


def _line(count: int, oldest: datetime, present: datetime) -> Line:
    return Line(count, _age(oldest, present) or 0)


def _age(since: datetime | None, present: datetime) -> float | None:
    return None if since is None else max((present - since).total_seconds(), 0)
