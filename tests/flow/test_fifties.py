"""Does one bad row ever touch the others, however a request of many is refused, and are the calls as few as can be?"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from simulator.stack.whole import Stack
from tests.flow.scenes import (
    PATIENCE,
    calls,
    codes,
    customer,
    database,
    eventually,
    fault,
    invoice,
    key_of,
    old_invoices,
    settled,
    start,
    writes,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]
POISON = "Walnut poison cabinet"


def test_a_poison_row_is_halved_out_and_the_others_arrive_once(tenant: Make) -> None:
    """Xero refuses every request as a whole that holds it: it ends with Xero's sentence, the other is created."""
    mine = tenant()
    account = customer(mine)
    records = [invoice(mine, account) for _ in range(1)]
    bad = invoice(mine, account, Subject="Fit-out", Invoiced_Items=[poisoned(mine)])
    records.append(bad)
    fault(mine, "xero", "400", "PUT", "/Invoices", times=None, holds=POISON, detail="That is not a cabinet.")
    run = mine.ended(start(mine, "push", *records), patience=240)
    assert run["counts"] == {"created": 1, "blocked": 1}
    ended = {task["record_id"]: task for task in run["tasks"]}
    assert codes(ended[bad]) == ["xero_refused"]
    assert "That is not a cabinet." in str(ended[bad]["reasons"])
    assert [len(mine.in_xero(record)) for record in records] == [int(record != bad) for record in records]
    asked = [each for each in writes(mine, "xero") if each["path"].endswith("/Invoices")]
    assert len({each["key"] for each in asked if each["status"] == 400}) == 2  # of both, and alone


def poisoned(mine: Tenant) -> dict[str, object]:
    product = mine.add("Products", {"Product_Name": POISON})
    tax = [{"name": "GST 10%", "percentage": 10}]
    return {"Product_Name": {"id": product}, "Quantity": 1, "List_Price": 100, "Line_Tax": tax}


def test_many_new_invoices_of_new_customers_are_few_calls(tenant: Make, stack: Stack) -> None:
    """Sixty invoices of twenty new customers: contacts in one request, invoices in fifties, CRM written by hundreds."""
    mine = tenant()
    accounts = [customer(mine) for _ in range(20)]
    records = [invoice(mine, accounts[n % 20]) for n in range(60)]
    mine.age(*records)  # what was edited just before its read would be looked at once more (4a.12)
    before = {service: len(writes(mine, service)) for service in ("xero", "zoho")}
    before["reads"] = len(calls(mine, "zoho", "GET"))
    run = mine.ended(start(mine, "push", *records), patience=240)
    assert run["counts"] == {"created": 60}
    settled(mine, records[-1])
    sent = [each["path"].rsplit("/", 1)[1] for each in writes(mine, "xero")[before["xero"] :]]
    assert sent.count("Contacts") <= 2
    assert sent.count("Invoices") <= 3
    reads = Counter(each["group"] for each in calls(mine, "zoho", "GET")[before["reads"] :])
    assert reads["/crm/v8/Invoices/{id}"] == 60, reads
    assert reads.total() <= 60 + 8, reads
    assert len(writes(mine, "zoho")) - before["zoho"] <= 3


def test_one_that_crm_refuses_holds_up_no_other(tenant: Make) -> None:
    """Three are written in one call: the locked one is told with CRM's reason, and later written without Xero."""
    mine = tenant()
    records = old_invoices(mine, 3)
    mine.change("Invoices", records[1], {"Locked__s": True})
    run = start(mine, "push", *records)
    assert mine.ended(run, patience=PATIENCE)["counts"] == {"created": 3}
    eventually(lambda: written(mine, run), lambda found: found == ["yes", "refused", "yes"])
    assert len([each for each in writes(mine, "zoho") if each["method"] == "PUT"]) == 1
    assert [task["crm_refused"] and task["crm_refused"]["code"] for task in tasks_of(mine, run)] == [
        None,
        "RECORD_LOCKED",
        None,
    ]
    mine.change("Invoices", records[1], {"Locked__s": False})
    before = len(writes(mine, "xero"))
    mine.run("pull", records[1])
    eventually(lambda: written(mine, run), lambda found: found == ["yes"] * 3)
    assert len(writes(mine, "xero")) == before


def tasks_of(mine: Tenant, run: str) -> list[dict[str, Any]]:
    """In the order that was asked for."""
    found: list[dict[str, Any]] = mine.api.get(f"/runs/{run}").json()["tasks"]
    return found


def written(mine: Tenant, run: str) -> list[str | None]:
    return [task["crm_written"] for task in tasks_of(mine, run)]


def test_a_record_that_somebody_works_on_is_not_waited_for(tenant: Make, stack: Stack) -> None:
    """Its lease is another process's for a while: the others are sent meanwhile, and it follows."""
    mine = tenant()
    busy, *others = old_invoices(mine, 3)
    with database(stack) as c:
        row = "(:id, 'Invoices', :record, 'somebody', :until)"
        lease = f"INSERT INTO record_lease (tenant_id, module, record_id, token, until) VALUES {row}"
        held = {"id": key_of(c, mine), "record": busy, "until": round((time.time() + 12) * 1000)}
        c.execute(sa.text(lease), held)
    run = start(mine, "push", busy, *others)
    found = eventually(lambda: tasks_of(mine, run), lambda tasks: [t["outcome"] for t in tasks[1:]] == ["created"] * 2)
    assert found[0]["outcome"] is None
    assert mine.ended(run, patience=PATIENCE)["counts"] == {"created": 3}
    assert [len(mine.in_xero(record)) for record in (busy, *others)] == [1, 1, 1]


def test_a_write_that_crm_refuses_as_a_whole_is_halved_too(tenant: Make) -> None:
    """The one it is about is told; the fields of the others are written, by calls that go without it."""
    mine = tenant()
    records = old_invoices(mine, 3)
    fault(mine, "zoho", "400", "PUT", "/Invoices", times=None, holds=records[1])
    run = start(mine, "push", *records)
    assert mine.ended(run, patience=PATIENCE)["counts"] == {"created": 3}
    eventually(lambda: written(mine, run), lambda found: found == ["yes", "refused", "yes"])
    told = tasks_of(mine, run)[1]
    assert told["crm_refused"]["code"] == "INVALID_DATA"
    assert mine.record(records[1])["Payment_Status"] is None
    assert mine.record(records[0])["Payment_Status"] == "Awaiting Payment"
    # All three, then 1 and 2, then 1 and 1; where the one it is about stands first, its half is it alone.
    assert len([each for each in writes(mine, "zoho") if each["method"] == "PUT"]) in (3, 5)
