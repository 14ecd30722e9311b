"""What becomes of an invoice that is cancelled, voided, copied or deleted?"""

from __future__ import annotations

from collections.abc import Callable

from tests.flow.changes import draft, held, shown
from tests.flow.scenes import OtherProgram, codes, customer, eventually, fault, old_invoices, panel, push, settled
from tests.tenants import Tenant, control

Make = Callable[..., Tenant]


def test_cancelled_in_crm_is_removed_by_a_confirmed_click_only(tenant: Make) -> None:
    """A draft is deleted; without the confirmation nothing happens, also in a mass action."""
    mine = tenant()
    record = draft(mine)
    mine.change("Invoices", record, {"Status": "Cancelled"})
    task = push(mine, record)
    assert (task["outcome"], codes(task)) == ("blocked", ["confirm_removal"])
    told = shown(mine, record)
    assert (told["decision"], told["removal"], told["held"]["total"]) == ("remove", "DELETED", "396.00")
    task = push(mine, record, previewed={record: told["digest"]}, choices={record: "remove"})
    assert task["outcome"] == "removed"
    assert held(mine, record)["Status"] == "DELETED"
    assert settled(mine, record)["link"]["lock"]["reason"] == "deleted"
    assert push(mine, record)["outcome"] == "unchanged"


def test_an_approved_invoice_is_voided_unless_something_was_paid(tenant: Make) -> None:
    mine = tenant()
    unpaid, paid = old_invoices(mine, 2)
    mine.run("push", unpaid, paid)
    settled(mine, paid)
    mine.bookkeeper("pay", invoice=held(mine, paid)["InvoiceID"], amount="10")
    for record in (unpaid, paid):
        mine.change("Invoices", record, {"Status": "Cancelled"})
    assert shown(mine, paid)["decision"] == "locked"
    told = shown(mine, unpaid)
    task = push(mine, unpaid, previewed={unpaid: told["digest"]}, choices={unpaid: "remove"})
    assert task["outcome"] == "removed"
    assert held(mine, unpaid)["Status"] == "VOIDED"


def test_unlink_and_send_as_new_takes_a_new_number(tenant: Make) -> None:
    """Voided is final: under the used number it is refused, under a new one it is a second invoice, once."""
    mine = tenant()
    [record] = old_invoices(mine)
    push(mine, record)
    old = held(mine, record)["InvoiceID"]
    mine.bookkeeper("void", invoice=old)
    preview = mine.run("preview", record)["tasks"][0]
    assert (preview["preview"]["decision"], preview["preview"]["may_unlink"]) == ("locked", False)
    assert codes(preview) == ["number_used"]
    mine.change("Invoices", record, {"Invoice_Number": "INV-AGAIN-1"})
    told = shown(mine, record)
    assert told["may_unlink"] is True
    assert push(mine, record)["outcome"] == "locked"
    fault(mine, "xero", "lost_reply", "PUT", "/Invoices")
    task = push(mine, record, previewed={record: told["digest"]}, choices={record: "send_as_new"})
    assert task["outcome"] == "created"
    docs = {doc["InvoiceID"]: doc for doc in mine.in_xero(record)}
    assert len(docs) == 2
    assert docs[old]["Status"] == "VOIDED"
    assert settled(mine, record)["link"]["number"] == "INV-AGAIN-1"


def test_a_clone_is_a_second_invoice(tenant: Make) -> None:
    """It shows the first one's number until it is seen; then its fields are cleared, and it is pushed as its own."""
    mine = tenant()
    [record] = old_invoices(mine)
    push(mine, record)
    settled(mine, record)
    copy = mine.clone(record)
    mine.change("Invoices", copy, {"Invoice_Number": "INV-COPY-1"})
    assert mine.record(copy)["Xero_Invoice_ID"] == mine.record(record)["Xero_Invoice_ID"]
    told = mine.run("preview", copy)["tasks"][0]
    assert told["preview"] and told["preview"]["decision"] == "create", told
    eventually(lambda: mine.record(copy)["Xero_Invoice_ID"], lambda shown: shown is None)
    assert mine.record(record)["Xero_Invoice_ID"]
    assert push(mine, copy)["outcome"] == "created"
    assert len(mine.in_xero(copy)) == len(mine.in_xero(record)) == 1


def test_deleted_in_crm_is_kept_and_resumes_when_restored(tenant: Make) -> None:
    mine = tenant()
    record = draft(mine)
    run = {"kind": "push", "module": "Invoices", "record_ids": [record]}
    control("PUT", f"{mine.stack.xero}/_control/switches", json={})
    fault(mine, "zoho", "slow", "GET", f"/Invoices/{record}", seconds=2)
    started = mine.api.post("/runs", run).json()["id"]
    mine.delete(record)
    task = mine.ended(started, patience=150)["tasks"][0]
    assert (task["outcome"], codes(task)) in [("blocked", ["crm_gone"]), ("unchanged", [])]
    assert mine.api.post("/runs", run).status_code in (202, 404)
    mine.restore(record)
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    task = push(mine, record)
    assert task["outcome"] == "updated", task
    assert len(mine.in_xero(record)) == 1
    assert panel(mine, record)["link"]["gone_from_crm"] is False


def test_a_merged_customer_is_followed(tenant: Make) -> None:
    """The bookkeeper merges the contact into another: nobody edited the invoice, and the customer's next one goes to
    the contact that stayed."""
    mine = tenant()
    account = customer(mine)
    [record] = old_invoices(mine, account=account, statuses=["Created"])
    push(mine, record)
    settled(mine, record)
    stayed = OtherProgram(mine).write("PUT", "Contacts", Name="Brightwater Group")["ContactID"]
    mine.bookkeeper("merge_contacts", **{"from": held(mine, record)["ContactID"], "into": stayed})
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    assert push(mine, record)["outcome"] == "updated"
    assert held(mine, record)["ContactID"] == stayed
    [second] = old_invoices(mine, account=account)
    assert push(mine, second)["outcome"] == "created"
    assert held(mine, second)["ContactID"] == stayed
