"""How is a worker ordered to die, or to stop and wake, at a step of one tenant's work?"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.stack.whole import Stack
from tests.flow.scenes import database, key_of
from tests.tenants import Tenant, make_tenant

SCALE = 0.08
SIDE_BY_SIDE = 16
WORKERS = SIDE_BY_SIDE + 4  # one that was stopped keeps its place until it is woken: the others need theirs
LEASE_S = 120 * SCALE  # longer than any lease
KEYS_KEPT_S = 360 * SCALE  # Xero's six minutes
FAR = 10_000  # a step that no push reaches
FROM_CRM = {"from": "field", "field": "Invoice_Number"}
LEFT_TO_XERO = {"from": "xero"}


@dataclass(frozen=True)
class Scene:
    """A tenant whose worker is ordered to die, one invoice after the other."""

    tenant: Tenant
    tenant_id: str
    plans: Path

    @property
    def never(self) -> list[str]:
        """Who stops inside a transaction holds SQLite's only write lock: nobody else can do right or wrong."""
        return ["before commit"] if self.tenant.stack.database_url.startswith("sqlite") else []

    def order(self, at: int, how: str, *of: str) -> None:
        """`of`: the classes of work whose steps count; all of them where none is named. They go on side by side."""
        for old in self.plans.glob(f"{self.tenant_id}.*"):
            old.unlink()
        plan = {"at": at, "how": how, "never": self.never, "of": of or ("interactive", "bulk", "crm")}
        (self.plans / f"{self.tenant_id}.json").write_text(json.dumps(plan), encoding="utf-8")

    def came_to_it(self) -> bool:
        return (self.plans / f"{self.tenant_id}.done").exists()

    def steps(self) -> list[str]:
        """Their names, in order."""
        found = self.plans / f"{self.tenant_id}.steps"
        lines = found.read_text(encoding="utf-8").splitlines() if found.exists() else []
        return [line.split(" ", 1)[1] for line in lines]

    def has_stopped(self) -> bool:
        """Whether the process is standing still now, and not only about to."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            pid = int((self.plans / f"{self.tenant_id}.pid").read_text(encoding="utf-8"))
            return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(") ", 1)[1][0] == "T"
        return False

    def wake(self) -> None:
        """SIGCONT to the process that stopped, now that its leases are over."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((self.plans / f"{self.tenant_id}.pid").read_text(encoding="utf-8")), signal.SIGCONT)


def scene(stack: Stack, number: dict[str, str]) -> Scene:
    """A tenant of its own in a stack whose workers can be ordered to die."""
    tenant = make_tenant(stack, number=number)
    with database(stack) as c:
        found = key_of(c, tenant)
    return Scene(tenant, found, stack.folder / "plans")


def panel_of(scene: Scene, record_id: str, patience: float = 60) -> dict[str, Any]:
    """What the panel shows once CRM has its fields and nothing is under way, or at the end of all patience. A process
    that stopped while CRM was written, after the push had ended, is woken when its leases are over."""
    started = time.monotonic()
    while True:
        if time.monotonic() > started + LEASE_S:
            scene.wake()
        shown: dict[str, Any] = scene.tenant.api.get(f"/records/Invoices/{record_id}").json()
        done = shown["run"] is None and says_the_same(shown, scene.tenant.record(record_id))
        if done or time.monotonic() > started + patience:
            return shown
        time.sleep(0.2)


def says_the_same(shown: dict[str, Any], record: dict[str, Any]) -> bool:
    """Whether CRM's fields hold what the panel shows."""
    link = shown["link"]
    if link is None or record["Amount_Due"] is None:
        return False
    words = str(record["Payment_Status"]).lower().replace(" ", "_")
    there = (record["Xero_Invoice_Number"], words, float(record["Amount_Due"]))
    return there == (link["number"], link["payment_status"], float(link["due"]))


def cases_of(steps: list[str], never: list[str]) -> Iterator[tuple[int, str]]:
    """Killed before a commit is killed after the step before it: nothing was kept and nothing went out in between.
    Where a process never stops at a step, it would stop at the next one, which is a case of its own."""
    for at, name in enumerate(steps, 1):
        if name != "before commit":
            yield at, "kill"
        if name not in never:
            yield at, "stop"
