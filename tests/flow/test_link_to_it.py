"""Is an invoice that stands in Xero already linked instead of sent, by a click and only where both are the same?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.flow.changes import shown
from tests.flow.scenes import (
    LEFT_TO_XERO,
    OtherProgram,
    codes,
    core_fields,
    customer,
    invoice,
    panel,
    push,
    settled,
    side_by_side,
    writes,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]
Doc = dict[str, Any]


def twins(mine: Tenant, number: str = "OLD-7", total: int = 198, name: str = "Corner Café") -> tuple[str, Doc]:
    """A CRM invoice of 198.00, and one that another program made of it in Xero long ago."""
    account = customer(mine, name)
    record = invoice(mine, account, Invoice_Number=number)
    row = {"Description": "Desk", "Quantity": 1, "UnitAmount": total, "AccountCode": "200", "TaxType": "EXEMPTOUTPUT"}
    named = {"Type": "ACCREC", "InvoiceNumber": number, "Contact": {"Name": "CORNER café"}}
    doc = OtherProgram(mine).write("PUT", "Invoices", **named, LineItems=[row], Date="2026-11-01", DueDate="2026-12-01")
    return record, doc


def link(mine: Tenant, record: str, digest: str) -> Doc:
    return push(mine, record, previewed={record: digest}, choices={record: "link"})


def test_the_same_invoice_is_linked_by_a_choice_on_what_was_shown(tenant: Make) -> None:
    """Nothing is written to Xero; the panel and CRM's fields show its state."""
    mine = tenant()
    record, doc = twins(mine)
    before = len(writes(mine, "xero"))
    preview = shown(mine, record)
    assert preview["decision"] == "blocked"
    assert preview["found"]["agrees"] is True and preview["found"]["total"] == "198.00"
    task = link(mine, record, preview["digest"])
    assert (task["outcome"], codes(task)) == ("linked", [])
    settled(mine, record)
    assert len(writes(mine, "xero")) == before
    assert panel(mine, record)["link"]["number"] == "OLD-7"
    assert core_fields(mine, record)[0] == "OLD-7"
    assert mine.record(record)["Xero_Invoice_ID"] == doc["InvoiceID"]
    assert push(mine, record)["outcome"] == "conflict"  # its lines are the bookkeeper's
    assert len(mine.in_xero()) == 1


def test_before_the_start_it_is_linked_and_never_sent(tenant: Make) -> None:
    """The way in for what was billed before InvoiceBridge came."""
    mine = tenant(start_date="2099-01-01")
    record, _ = twins(mine)
    task = push(mine, record)
    assert "before_start_date" in codes(task)
    assert link(mine, record, shown(mine, record)["digest"])["outcome"] == "linked"
    other = invoice(mine, Invoice_Number="NEW-1")
    assert codes(push(mine, other)) == ["before_start_date"]
    assert len(mine.in_xero()) == 1


def test_before_the_start_it_is_found_also_where_xero_numbers(tenant: Make) -> None:
    """By the number that CRM gave it then; another customer's invoice of that number is nobody's business."""
    mine = tenant(start_date="2099-01-01", number=LEFT_TO_XERO)
    record, doc = twins(mine)
    assert link(mine, record, shown(mine, record)["digest"])["outcome"] == "linked"
    assert panel(mine, record)["link"]["number"] == doc["InvoiceNumber"]
    other = invoice(mine, customer(mine, "Elm Street Studio"), Invoice_Number=doc["InvoiceNumber"])
    task = mine.run("preview", other)["tasks"][0]
    assert task["preview"]["found"] is None
    assert codes(task) == ["before_start_date"]


def test_another_invoice_of_that_number_is_shown_beside_it(tenant: Make) -> None:
    """Its customer and total differ: there is nothing to link, whatever is chosen."""
    mine = tenant()
    record, _ = twins(mine, total=200, name="Harbour Deli")
    preview = shown(mine, record)
    assert preview["found"]["agrees"] is False
    assert {each["part"] for each in preview["found"]["differences"]} == {"customer", "total"}
    task = link(mine, record, preview["digest"])
    assert (task["outcome"], codes(task)) == ("blocked", ["number_taken"])
    assert panel(mine, record)["link"] is None


def test_what_changed_since_it_was_shown_is_not_linked(tenant: Make) -> None:
    mine = tenant()
    record, doc = twins(mine)
    digest = shown(mine, record)["digest"]
    OtherProgram(mine).write("POST", "Invoices", InvoiceID=doc["InvoiceID"], Reference="Their order")
    line = doc["LineItems"][0] | {"UnitAmount": 150, "LineAmount": 150}
    OtherProgram(mine).write("POST", "Invoices", InvoiceID=doc["InvoiceID"], LineItems=[line])
    assert link(mine, record, digest)["outcome"] == "blocked"
    assert panel(mine, record)["link"] is None


def test_one_invoice_of_xeros_has_one_record(tenant: Make) -> None:
    """Two records of one number and total, linked at the same moment."""
    mine = tenant()
    first, _ = twins(mine)
    account = mine.record(first)["Account_Name"]["id"]
    second = invoice(mine, account, Invoice_Number="OLD-7")
    digests = {record: shown(mine, record)["digest"] for record in (first, second)}
    tasks = side_by_side(lambda record: link(mine, record, digests[record]), (first, second))
    assert sorted(task["outcome"] for task in tasks) == ["blocked", "linked"]


def test_a_voided_one_is_not_linked(tenant: Make) -> None:
    mine = tenant()
    record, doc = twins(mine)
    OtherProgram(mine).write("POST", "Invoices", InvoiceID=doc["InvoiceID"], Status="DELETED")
    preview = shown(mine, record)
    assert preview["found"] is None or preview["found"]["agrees"] is False


def test_our_own_lost_link_is_no_other_programs_invoice(tenant: Make) -> None:
    """A record that was sent, seen through its own marker: it is adopted, as ever."""
    mine = tenant()
    record = invoice(mine, Invoice_Number="R-1")
    push(mine, record)
    assert shown(mine, record)["found"] is None
