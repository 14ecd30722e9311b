"""Which records does this go work on? Tasks taken under record leases (4a.1), and how they are let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row

from server.store import leases, runs
from server.store.engine import now
from server.sync.go import Go
from server.sync.services import Services

CLAIM_SIZE = 50
ALONE = 1  # most rows beside which a task may go, itself included: it goes by itself

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claim:
    """Tasks of one go, each with the lease of its record until the job limit and a margin are over."""

    go: Go
    tasks: tuple[Row[Any], ...]
    at: datetime

    @property
    def record_ids(self) -> list[str]:
        return [task.record_id for task in self.tasks]

    @property
    def task_ids(self) -> list[str]:
        return [task.id for task in self.tasks]


def claim(s: Services, go: Go, kinds: Sequence[str]) -> Claim:
    """Take up to fifty waiting tasks whose records nobody works on; one transaction. May be empty."""
    with s.store.begin() as c:
        found = together(runs.claimable(c, go.tenant_id, go.work_class, kinds, CLAIM_SIZE))
        taken = leases.take(c, go.tenant_id, [(task.module, task.record_id) for task in found], go.token, lease_ms(s))
        mine = tuple(task for task in found if (task.module, task.record_id) in taken)
        runs.set_working(c, [task.id for task in mine], go.token)
        at = now(c)
    if mine:
        whose = {"runs": sorted({task.run_id for task in mine}), "tasks": [task.id for task in mine]}
        log.info("claimed", tenant=go.tenant_id, work_class=go.work_class, **whose)
    return Claim(go, mine, at)


def together(tasks: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those that may be worked on in one claim: the first where it goes alone, else all that need not."""
    if tasks and tasks[0].batch_rows == ALONE:
        return [tasks[0]]
    return [task for task in tasks if task.batch_rows != ALONE]


def lease_ms(s: Services) -> int:
    return round((s.times.job_limit + s.times.claim_margin) * 1000)
