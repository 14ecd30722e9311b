"""What does a salesperson read when Xero says no? A reason in words, the other records go on, and nothing loops."""

from __future__ import annotations

from collections.abc import Callable

from simulator.stack.whole import Stack
from tests.flow.scenes import (
    OtherProgram,
    calls,
    codes,
    contacts,
    customer,
    invoice,
    old_invoices,
    panel,
    push,
    settled,
    switched,
    writes,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def test_a_number_of_somebody_elses_invoice_is_told(tenant: Make) -> None:
    """In whatever case it is written there: blocked with the number, the rest of the run is created."""
    mine = tenant()
    other = OtherProgram(mine)
    other.invoice("INV-1")
    other.invoice("inv-2")
    account = customer(mine)
    taken = [invoice(mine, account, Invoice_Number=number) for number in ("INV-1", "INV-2")]
    free = invoice(mine, account, Invoice_Number="INV-3")
    run = mine.run("push", *taken, free)
    assert run["counts"] == {"blocked": 2, "created": 1}
    for task, number in zip(run["tasks"], ("INV-1", "INV-2"), strict=False):
        assert codes(task) == ["number_taken"]
        assert number in task["reasons"][0]["sentence"]
        assert task["reasons"][0]["field"] == "Invoice_Number"
    assert [len(mine.in_xero(record)) for record in (*taken, free)] == [0, 0, 1]
    assert len(mine.in_xero()) == 3


def test_two_records_of_one_number_do_not_both_arrive(tenant: Make) -> None:
    """The first is created, the second is told that its number is taken."""
    mine = tenant()
    account = customer(mine)
    pair = [invoice(mine, account, Invoice_Number=number) for number in ("INV-7", "inv-7")]
    assert mine.run("push", *pair)["counts"] == {"created": 1, "blocked": 1}
    assert len(mine.in_xero()) == 1


def test_an_archived_contact_is_told(tenant: Make) -> None:
    """Archived after it was linked: Xero refuses the invoice, and the bookkeeper is named to restore it."""
    mine = tenant()
    account = customer(mine)
    first, second = old_invoices(mine, 2, account=account)
    push(mine, first)
    OtherProgram(mine).write("POST", "Contacts", ContactID=contacts(mine)[0]["ContactID"], ContactStatus="ARCHIVED")
    task = push(mine, second)
    assert (task["outcome"], codes(task)) == ("blocked", ["customer_archived"])
    assert task["reasons"][0]["owner"] == "bookkeeper"
    assert mine.in_xero(second) == []


def test_a_name_that_only_an_archived_contact_holds_is_told(tenant: Make, stack: Stack) -> None:
    """Where Xero keeps the names of archived contacts taken, nobody tries for ever: blocked after one refusal."""
    mine = tenant()
    other = OtherProgram(mine)
    old = other.write("PUT", "Contacts", Name="Elm Street Studio")
    other.write("POST", "Contacts", ContactID=old["ContactID"], ContactStatus="ARCHIVED")
    record = invoice(mine, customer(mine, "Elm Street Studio"))
    before = len(writes(mine, "xero"))
    with switched(stack.xero, archived_name_free=False):
        task = push(mine, record)
    assert (task["outcome"], codes(task)) == ("blocked", ["customer_name_taken"])
    assert len(writes(mine, "xero")) == before + 1


def test_a_customer_whom_xero_refuses_is_asked_for_once(tenant: Make, stack: Stack) -> None:
    """Seven invoices of one new customer: one contact is refused, and all seven end with Xero's reason."""
    mine = tenant()
    other = OtherProgram(mine)
    old = other.write("PUT", "Contacts", Name="Elm Street Studio")
    other.write("POST", "Contacts", ContactID=old["ContactID"], ContactStatus="ARCHIVED")
    account = customer(mine, "Elm Street Studio")
    records = [invoice(mine, account, Status="Created") for _ in range(7)]
    before = len(writes(mine, "xero"))
    with switched(stack.xero, archived_name_free=False):
        run = mine.run("push", *records)
    assert [(task["outcome"], codes(task)) for task in run["tasks"]] == [("blocked", ["customer_name_taken"])] * 7
    assert len(writes(mine, "xero")) == before + 1


def test_a_record_hidden_from_the_connection_does_not_stop_the_others(tenant: Make) -> None:
    """CRM refuses to hand one record to the connection: that one is told, the rest of the run is created."""
    mine = tenant()
    account = customer(mine)
    good, hidden = (invoice(mine, account, Status="Created") for _ in range(2))
    mine.change("Invoices", hidden, {"hidden_from": [mine.administrator["id"]]})
    run = mine.run("push", good, hidden, api=mine.sales)
    assert [task["outcome"] for task in run["tasks"]] == ["created", "blocked"]
    assert codes(run["tasks"][1]) == ["crm_refused"]


def test_a_deleted_draft_is_not_replaced_by_itself(tenant: Make) -> None:
    """The bookkeeper deleted it: a push shows that and sends nothing."""
    mine = tenant()
    [record] = old_invoices(mine, statuses=["Created"])
    push(mine, record)
    settled(mine, record)
    mine.bookkeeper("delete", invoice=mine.in_xero(record)[0]["InvoiceID"])
    before = len(calls(mine, "xero", "PUT"))
    assert push(mine, record)["outcome"] == "locked"
    assert panel(mine, record)["link"]["payment_status"] == "deleted"
    assert len(calls(mine, "xero", "PUT")) == before
