"""Do the ways in which a change could still go wrong stay closed? Each was found by a review."""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa

from tests.flow.changes import draft, edit, held, reprice, rows_of, shown
from tests.flow.scenes import (
    LEFT_TO_XERO,
    OtherProgram,
    codes,
    customer,
    database,
    eventually,
    fault,
    invoice,
    old_invoices,
    push,
    settled,
    start,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def test_a_change_beside_a_slow_create_is_not_late(tenant: Make) -> None:
    """Another invoice of the run takes long to be created: what the bookkeeper corrects meanwhile stays."""
    mine = tenant()
    record, account = draft(mine), customer(mine)
    [warm] = old_invoices(mine, account=account)
    push(mine, warm)
    settled(mine, warm)
    new = invoice(mine, account)
    mine.change("Invoices", record, {"Invoiced_Items": rows_of(mine, record, {"Quantity": 5})})
    time.sleep(2.1)
    fault(mine, "xero", "slow", "PUT", "/Invoices", seconds=4)
    run = start(mine, "push", new, record)
    eventually(lambda: mine.api.get(f"/runs/{run}").json(), lambda r: any(t["step"] == "sending" for t in r["tasks"]))
    time.sleep(0.5)
    reprice(mine, record, 90)
    mine.ended(run, patience=150)
    assert float(held(mine, record)["Lines"][0]["UnitAmount"]) == 90


def test_a_backup_from_before_it_was_sent_as_new_sends_no_third(tenant: Make) -> None:
    """The restored link names the voided invoice; the scan finds the living one before anything is offered."""
    mine = tenant(number=LEFT_TO_XERO)
    [record] = old_invoices(mine)
    push(mine, record)
    settled(mine, record)
    old = held(mine, record)["InvoiceID"]
    mine.bookkeeper("void", invoice=old)
    mine.run("pull", record)
    told = shown(mine, record)
    with database(mine.stack) as c:
        row = dict(c.execute(sa.text("SELECT * FROM link WHERE xero_id = :x"), {"x": old}).mappings().one())
    chosen = {"previewed": {record: told["digest"]}, "choices": {record: "send_as_new"}}
    assert push(mine, record, **chosen)["outcome"] == "created"
    settled(mine, record)
    with database(mine.stack) as c:
        back = {"x": old, "id": row["id"], "since": int((time.time() - 600) * 1000), "o": mine.organisation}
        c.execute(sa.text("UPDATE link SET xero_id = :x, former_ids = '[]', status = 'VOIDED' WHERE id = :id"), back)
        c.execute(sa.text("UPDATE organisation SET scan_since = :since WHERE xero_id = :o"), back)
    assert shown(mine, record)["may_unlink"] is False
    living = [doc for doc in mine.in_xero(record) if doc["Status"] != "VOIDED"]
    assert len(living) == 1
    assert settled(mine, record)["link"]["number"] == living[0]["InvoiceNumber"]


def test_a_corrected_tax_is_not_forgotten_by_a_push_that_sends_nothing(tenant: Make) -> None:
    """The totals differ by the bookkeeper's will: the next change in CRM is a conflict, and approving is refused."""
    mine = tenant()
    record = draft(mine)
    kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType", "DiscountAmount")
    rows = [{name: line.get(name) for name in kept} for line in held(mine, record)["Lines"]]
    edit(mine, record, LineItems=[{**rows[0], "TaxAmount": "17.95"}, *rows[1:]])
    assert push(mine, record)["outcome"] == "unchanged"
    mine.change("Invoices", record, {"Status": "Approved"})
    task = push(mine, record)
    assert (task["outcome"], codes(task)) == ("blocked", ["totals_differ"])
    mine.change("Invoices", record, {"Status": "Created", "Invoiced_Items": rows_of(mine, record, {"Quantity": 3})})
    assert push(mine, record)["outcome"] == "conflict"


def test_a_new_invoice_of_a_merged_customer_goes_to_the_one_that_stayed(tenant: Make) -> None:
    """Xero refuses the archived contact once; it is asked into which it went."""
    mine = tenant()
    account = customer(mine)
    [record] = old_invoices(mine, account=account, statuses=["Created"])
    push(mine, record)
    settled(mine, record)
    stayed = OtherProgram(mine).write("PUT", "Contacts", Name="Brightwater Group X")["ContactID"]
    mine.bookkeeper("merge_contacts", **{"from": held(mine, record)["ContactID"], "into": stayed})
    [second] = old_invoices(mine, account=account)
    assert push(mine, second)["outcome"] == "created"
    assert held(mine, second)["ContactID"] == stayed


def test_a_draft_that_was_taken_back_stays_taken_back(tenant: Make) -> None:
    """Another edit in CRM does not submit it again."""
    mine = tenant()
    record = draft(mine)
    mine.change("Invoices", record, {"Status": "Submitted"})
    assert push(mine, record)["outcome"] == "updated"
    settled(mine, record)
    edit(mine, record, Status="DRAFT")
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    assert push(mine, record)["outcome"] == "updated"
    assert held(mine, record)["Status"] == "DRAFT"
