"""Is an invoice in Xero exactly once, wherever its worker dies? Counted in the simulator's own store."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from simulator.stack.whole import Stack
from tests.crash.ordered import (
    FAR,
    FROM_CRM,
    LEFT_TO_XERO,
    SIDE_BY_SIDE,
    Scene,
    cases_of,
    panel_of,
    scene,
)
from tests.flow.scenes import switched
from tests.tenants import Tenant, control

pytestmark = pytest.mark.crash

# name -> (whose numbers, does the simulator check uniqueness)
MODES = {
    "numbers from CRM": (FROM_CRM, True),
    "numbers left to Xero": (LEFT_TO_XERO, True),
    "uniqueness unchecked": (FROM_CRM, False),
}


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
    tenant.age(record_id)  # the follow-up of a record edited in the very second is another test's matter
    scene.order(at, how)
    run = tenant.run("push", record_id, patience=150)
    scene.wake()
    written = panel_of(scene, record_id)
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


def wrong(done: dict[str, Any]) -> bool:
    once = done["invoices"] == 1 and done["contacts"] == 1
    return not (once and done["outcome"] == "created" and done["number"] and done["shown"] == done["number"])


@pytest.mark.parametrize("mode", MODES)
def test_the_invoice_is_in_xero_once_wherever_its_worker_dies(stack: Stack, mode: str) -> None:
    """Killed or stopped at every commit and every call: one invoice, one contact, and the panel ends right."""
    number, unique = MODES[mode]
    with switched(stack.xero, invoice_number_unique=unique), ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        scenes = list(pool.map(lambda _: scene(stack, number), range(SIDE_BY_SIDE)))
        first, whole = (push_through(scenes[0], far, "kill") for far in (FAR, FAR + 1))
        assert not wrong(first) and not wrong(whole), (first, whole)
        # The first push of a tenant has more steps: the organisation's books are read, and the scan of 4a.16.
        more = range(1, len(first["steps"]) - len(whole["steps"]) + 1)
        cases = list(cases_of(whole["steps"], scenes[0].never))
        fresh = [scene(stack, number) for _ in more[::3]]
        done = list(pool.map(lambda each: push_through(each[0], each[1], "kill"), zip(fresh, more[::3], strict=True)))
        shares = [cases[place::SIDE_BY_SIDE] for place in range(SIDE_BY_SIDE)]
        done += [each for share in pool.map(_all_of, zip(scenes, shares, strict=True)) for each in share]
    failures = [each for each in done if wrong(each)]
    assert not failures, json.dumps(failures[:3], indent=1)
    assert sum(each["died"] for each in done) >= 0.9 * len(done), "hardly any process died: the test proves nothing"


def _all_of(share: tuple[Scene, list[tuple[int, str]]]) -> list[dict[str, Any]]:
    return [push_through(share[0], at, how) for at, how in share[1]]
