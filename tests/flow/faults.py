"""What does a person see while a service is in trouble, until all is well again? And does somebody else notice?"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from tests.flow.scenes import panel, start, task_of
from tests.tenants import Doc, Tenant

PATIENCE = 90.0


@dataclass
class Seen:
    """What the panel told on the way."""

    waits: set[tuple[str, bool]] = field(default_factory=set)  # cause, and whether it said until when
    codes: set[str] = field(default_factory=set)
    parted: set[str] = field(default_factory=set)  # why a connection was broken
    outcome: str = ""


def through(tenant: Tenant, kind: str, record: str) -> Seen:
    """Start a work and see it to its end, doing only what the panel asks people for."""
    seen = Seen()
    run = start(tenant, kind, record)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(0.25)
        shown = panel(tenant, record)
        for service, tie in shown["connections"].items():
            if tie["state"] == "disconnected":
                seen.parted.add(tie["trouble"])
                note_wait(seen, shown)
                connect_again(tenant, service)
        if shown["run"] is not None:
            note_wait(seen, shown)
            continue
        task = task_of(tenant, run)
        if task["state"] == "ended" and task["outcome"] != "blocked":
            seen.outcome = task["outcome"]
            if task["outcome"] == "failed":
                seen.codes |= {each["code"] for each in told(task)}
            if task["crm_written"] in (None, "yes"):
                return seen
        if news := {each["code"] for each in told(task)} - seen.codes:
            seen.codes |= news
            again = start(tenant, kind if task["outcome"] == "blocked" else "pull", record)
            run = again if task["outcome"] == "blocked" else run
    return seen


def told(task: Doc) -> list[Doc]:
    """What CRM refused, in its words."""
    refused = [task["crm_refused"]] if task["crm_written"] == "refused" else []
    return [each for each in (*task["reasons"], *refused) if each.get("sentence") or each.get("message")]


def note_wait(seen: Seen, shown: Doc) -> None:
    task = (shown["run"] or {}).get("task")
    if task and task["state"] == "waiting" and task["cause"]:
        seen.waits.add((task["cause"], task["until"] is not None))


def connect_again(tenant: Tenant, service: str) -> None:
    if service == "zoho":
        tenant.walk.connect_zoho(tenant.api, tenant.domain, tenant.administrator["id"])
    else:
        tenant.walk.connect_xero(tenant.api, tenant.person, tenant.organisation)


class Stranger:
    """Another tenant that clicks again and again; how long each of its clicks took."""

    def __init__(self, tenant: Tenant, record: str) -> None:
        self.tenant, self.record = tenant, record
        self.took: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._click)

    def __enter__(self) -> Stranger:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _click(self) -> None:
        while not self._over.wait(2):
            began = time.monotonic()
            self.tenant.run("pull", self.record, patience=PATIENCE)
            self.took.append(time.monotonic() - began)
