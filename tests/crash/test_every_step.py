"""Is an invoice in Xero exactly once, wherever its worker dies? Counted in the simulator's own store."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from simulator.stack.ports import any_free
from simulator.stack.whole import Stack
from tests.databases import database, databases
from tests.tenants import Tenant, control, make_tenant

pytestmark = pytest.mark.crash

SCALE = 0.08
SIDE_BY_SIDE = 12
LEASE_S = 120 * SCALE  # longer than any lease
FROM_CRM = {"from": "field", "field": "Invoice_Number"}
LEFT_TO_XERO = {"from": "xero"}
# name -> (whose numbers, does the simulator check uniqueness)
MODES = {
    "numbers from CRM": (FROM_CRM, True),
    "numbers left to Xero": (LEFT_TO_XERO, True),
    "uniqueness unchecked": (FROM_CRM, False),
}
FAR = 10_000


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

    def order(self, at: int, how: str) -> None:
        for old in self.plans.glob(f"{self.tenant_id}.*"):
            old.unlink()
        (self.plans / f"{self.tenant_id}.json").write_text(
            json.dumps({"at": at, "how": how, "never": self.never}), encoding="utf-8"
        )

    def came_to_it(self) -> bool:
        return (self.plans / f"{self.tenant_id}.done").exists()

    def steps(self) -> list[str]:
        found = self.plans / f"{self.tenant_id}.steps"
        return found.read_text(encoding="utf-8").splitlines() if found.exists() else []

    def wake(self) -> None:
        """SIGCONT to the process that stopped, now that its leases are over."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((self.plans / f"{self.tenant_id}.pid").read_text(encoding="utf-8")), signal.SIGCONT)


@pytest.fixture(scope="module", params=databases())
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, whose workers can be ordered to die."""
    folder = tmp_path_factory.mktemp(f"crash-{request.param}")
    (folder / "plans").mkdir()
    extra = {"TIME_SCALE": str(SCALE), "WORKERS_INTERACTIVE": "10", "CRASH_PLANS": str(folder / "plans")}
    watched = {"worker": ("python", "-m", "tests.crash.worker")}
    with database(request.param) as url:
        ports = any_free()
        with Stack(folder, ports, database_url=url, extra=extra, instead=watched, say=lambda _: None) as running:
            control("PUT", f"{running.xero}/_control/switches", json={"idempotency_seconds": 360 * SCALE})
            yield running


def scene(stack: Stack, number: dict[str, str]) -> Scene:
    tenant = make_tenant(stack, number=number)
    engine = create_engine(stack.database_url)
    with engine.connect() as c:
        found = c.execute(text("SELECT id FROM tenant WHERE zgid = :zgid"), {"zgid": tenant.zgid}).scalar_one()
    engine.dispose()
    return Scene(tenant, found, stack.folder / "plans")


def new_invoice(tenant: Tenant, name: str) -> tuple[str, str]:
    """An invoice of a customer that Xero does not know yet: (record id, account id)."""
    account = tenant.add("Accounts", {"Account_Name": f"Customer {name}"})
    product = tenant.add("Products", {"Product_Name": "Oak reception desk", "Product_Code": f"DESK-{name}"})
    today = date.today()  # noqa: DTZ011 - a calendar day of the simulator's
    row = {"Product_Name": {"id": product}, "Quantity": 2, "List_Price": 100, "Discount": 20}
    record = {
        "Subject": f"Crash {name}",
        "Invoice_Number": f"INV-{name}",
        "Account_Name": {"id": account},
        "Status": "Approved",
        "Invoice_Date": (today - timedelta(days=3)).isoformat(),
        "Due_Date": (today + timedelta(days=14)).isoformat(),
        "Invoiced_Items": [{**row, "Line_Tax": [{"name": "GST 10%", "percentage": 10}]}],
    }
    return tenant.add("Invoices", record), account


def push_through(scene: Scene, at: int, how: str) -> dict[str, Any]:
    """Push one new invoice with a death ordered at a step; what became of it."""
    tenant = scene.tenant
    record_id, account_id = new_invoice(tenant, f"{how}-{at}")
    time.sleep(2.1)  # the follow-up of a record edited in the very second is another test's matter
    scene.order(at, how)
    run = tenant.run("push", record_id, patience=150)
    scene.wake()
    written = settled(scene, record_id)
    if how == "stop":
        time.sleep(1)  # whatever a woken process still does, it does at once
    contacts = control("GET", f"{tenant.stack.xero}/_control/contacts", params={"organisation": tenant.organisation})
    return {
        "at": at,
        "how": how,
        "died": scene.came_to_it(),
        "outcome": run["tasks"][0]["outcome"],
        "invoices": len(tenant.in_xero(record_id)),
        "contacts": len([each for each in contacts["contacts"] if each.get("ContactNumber") == f"Z{account_id}"]),
        "number": tenant.record(record_id)["Xero_Invoice_Number"],
        "shown": written["link"] and written["link"]["number"],
        "steps": scene.steps(),
    }


def settled(scene: Scene, record_id: str, patience: float = 60) -> dict[str, Any]:
    """What the panel shows once CRM has its fields and nothing is under way. A process that stopped while CRM was
    written, after the push had ended, is woken when its leases are over."""
    tenant, started = scene.tenant, time.monotonic()
    while True:
        if time.monotonic() > started + LEASE_S:
            scene.wake()
        shown: dict[str, Any] = tenant.api.get(f"/records/Invoices/{record_id}").json()
        filled = tenant.record(record_id)["Xero_Invoice_Number"] is not None
        if (filled and shown["run"] is None) or time.monotonic() > started + patience:
            return shown
        time.sleep(0.2)


def wrong(done: dict[str, Any]) -> bool:
    once = done["invoices"] == 1 and done["contacts"] == 1
    return not (once and done["outcome"] == "created" and done["number"] and done["shown"] == done["number"])


@pytest.mark.parametrize("mode", MODES)
def test_the_invoice_is_in_xero_once_wherever_its_worker_dies(stack: Stack, mode: str) -> None:
    """Killed or stopped at every commit and every call: one invoice, one contact, and the panel ends right."""
    number, unique = MODES[mode]
    control("PUT", f"{stack.xero}/_control/switches", json={"invoice_number_unique": unique})
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        scenes = list(pool.map(lambda _: scene(stack, number), range(SIDE_BY_SIDE)))
        first, whole = (push_through(scenes[0], far, "kill") for far in (FAR, FAR + 1))
        assert not wrong(first) and not wrong(whole), (first, whole)
        # The first push of a tenant has more steps: the organisation's books are read, and the scan of 4a.16.
        more = range(1, len(first["steps"]) - len(whole["steps"]) + 1)
        cases = list(cases_of([step.split(" ", 1)[1] for step in whole["steps"]]))
        fresh = [scene(stack, number) for _ in more[::3]]
        done = list(pool.map(lambda each: push_through(each[0], each[1], "kill"), zip(fresh, more[::3], strict=True)))
        shares = [cases[place::SIDE_BY_SIDE] for place in range(SIDE_BY_SIDE)]
        done += [each for share in pool.map(_all_of, zip(scenes, shares, strict=True)) for each in share]
    failures = [each for each in done if wrong(each)]
    assert not failures, json.dumps(failures[:3], indent=1)
    assert sum(each["died"] for each in done) >= 0.9 * len(done), "hardly any process died: the test proves nothing"


def cases_of(steps: list[str]) -> Iterator[tuple[int, str]]:
    """Killed before a commit is killed after the step before it: nothing was kept and nothing went out in between."""
    for at, name in enumerate(steps, 1):
        if name != "before commit":
            yield at, "kill"
        yield at, "stop"


def _all_of(share: tuple[Scene, list[tuple[int, str]]]) -> list[dict[str, Any]]:
    return [push_through(share[0], at, how) for at, how in share[1]]
