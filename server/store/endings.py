"""How does a task come to its one outcome, and a run to its end? Queries that end tasks, one or fifty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from server.store.engine import note, now
from server.store.runs import touch
from server.store.tables import run, task

WROTE_NOTHING = ("blocked", "unchanged", "locked", "conflict", "previewed")


@dataclass(frozen=True)
class Ending:
    """A task's one outcome, with the other columns that its end changes."""

    task_id: str
    outcome: str
    values: Mapping[str, Any] = field(default_factory=dict)


def end(c: Connection, task_id: str, outcome: str, **values: Any) -> bool:
    """End one task in its one outcome; ends the run with its last task. False when it had ended before.

    A task that was asked for again after CRM was read, and wrote nothing, is looked at once more instead.
    """
    return task_id in end_all(c, [Ending(task_id, outcome, values)])


def end_all(c: Connection, endings: Iterable[Ending]) -> set[str]:
    """As `end`, for many; the ids of those that ended now."""
    wanted = {each.task_id: each for each in endings}
    present = now(c)
    renewed = _look_again(c, wanted.values(), present)
    left = sorted(wanted.keys() - renewed)
    still = select(task.c.id, task.c.tenant_id, task.c.run_id, task.c.kind)
    wanted_still = still.where(task.c.id.in_(left), task.c.state != "ended").order_by(task.c.id).with_for_update()
    held = c.execute(wanted_still).all() if left else []
    _write_endings(c, [wanted[row.id] for row in held], present)
    touch(c, [*renewed, *(row.id for row in held)])
    for row in held:
        why = [each.get("code") for each in wanted[row.id].values.get("reasons") or ()]
        told = {"kind": row.kind, "outcome": wanted[row.id].outcome, "reasons": why}
        note(c, "task ended", tenant=row.tenant_id, run=row.run_id, task=row.id, **told)
    for run_id, tenant_id in sorted({row.run_id: row.tenant_id for row in held}.items()):
        if _end_run(c, run_id, present):
            note(c, "run ended", tenant=tenant_id, run=run_id)
    return {row.id for row in held}


def _look_again(c: Connection, endings: Iterable[Ending], present: datetime) -> set[str]:
    """Those that wrote nothing and were asked for again after CRM was read: they are due once more."""
    nothing = sorted(each.task_id for each in endings if each.outcome in WROTE_NOTHING)
    perhaps = sorted(each.task_id for each in endings if each.outcome == "updated")
    again = task.c.asked_again_at.is_not(None) & or_(task.c.read_at.is_(None), task.c.asked_again_at > task.c.read_at)
    found: set[str] = set()
    for ids, only_reads in ((nothing, []), (perhaps, [task.c.kind == "pull"])):
        if ids:
            wanted = (task.c.id.in_(ids), task.c.state != "ended", again, *only_reads)
            anew = {"state": "waiting", "cause": None, "step": "checking", "due_at": present, "lease": None}
            renewed = update(task).where(*wanted).values(**anew, asked_again_at=None).returning(task.c.id)
            found |= set(c.execute(renewed).scalars())
    return found


def _write_endings(c: Connection, endings: Iterable[Ending], present: datetime) -> None:
    """Each to its own values; those that change the same columns in one statement."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for each in endings:
        mine = {"which": each.task_id, "outcome": each.outcome, **each.values}
        alike.setdefault(tuple(sorted(each.values)), []).append(mine)
    ended = {"state": "ended", "ended_at": present, "cause": None, "lease": None}
    for several in alike.values():
        c.execute(update(task).where(task.c.id == bindparam("which")).values(**ended), several)


def _end_run(c: Connection, run_id: str, present: datetime) -> bool:
    unfinished = exists(select(task.c.id).where(task.c.run_id == run_id, task.c.state != "ended"))
    return bool(c.execute(update(run).where(run.c.id == run_id, ~unfinished).values(ended_at=present)).rowcount)
