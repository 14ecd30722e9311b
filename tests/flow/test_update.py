"""What does a push do to an invoice that is in Xero already? It changes what CRM changed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.flow.changes import draft, edit, held, rows_of, shown
from tests.flow.scenes import OtherProgram, codes, line, push, settled, writes
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def test_a_changed_line_is_changed_in_its_place(tenant: Make) -> None:
    """By its LineItemID; the other line keeps its own, dates, number and status stay."""
    mine = tenant()
    record = draft(mine)
    before = held(mine, record)
    mine.change("Invoices", record, {"Invoiced_Items": rows_of(mine, record, {"Quantity": 5})})
    told = shown(mine, record)
    assert (told["decision"], [(each["what"], each["by"]) for each in told["differences"]]) == (
        "update",
        [("quantity", "crm")],
    )
    assert push(mine, record)["outcome"] == "updated"
    after = held(mine, record)
    assert [row["LineItemID"] for row in after["Lines"]] == [row["LineItemID"] for row in before["Lines"]]
    assert [float(row["Quantity"]) for row in after["Lines"]] == [5, 2]
    same = ("InvoiceNumber", "Status", "Date", "DueDate", "Contact", "Url")
    assert {name: after.get(name) for name in same} == {name: before.get(name) for name in same}
    assert settled(mine, record)["link"]["total"] == "726.00"


def test_lines_that_come_and_go(tenant: Make) -> None:
    """A new row is a new line, a deleted row a deleted one; the row between them stays the same line."""
    mine = tenant()
    record = draft(mine, line(mine, "Desk"), line(mine, "Chair"))
    second = held(mine, record)["Lines"][1]["LineItemID"]
    first_row, second_row = mine.record(record)["Invoiced_Items"]
    rows = [{"id": first_row["id"], "_delete": None}, {"id": second_row["id"]}, line(mine, "Lamp", Discount=0)]
    mine.change("Invoices", record, {"Invoiced_Items": rows})
    assert push(mine, record)["outcome"] == "updated"
    after = held(mine, record)["Lines"]
    assert [row["Description"] for row in after] == ["Chair", "Lamp"]
    assert after[0]["LineItemID"] == second


def test_nothing_changed_writes_nothing(tenant: Make) -> None:
    mine = tenant()
    record = draft(mine)
    before = len(writes(mine, "xero"))
    assert push(mine, record)["outcome"] == "unchanged"
    assert len(writes(mine, "xero")) == before


@pytest.mark.parametrize("status", ["SUBMITTED", "AUTHORISED"])
def test_a_status_is_raised_and_never_lowered(tenant: Make, status: str) -> None:
    """CRM's Approved approves the draft; what the bookkeeper has raised stays raised."""
    mine = tenant()
    record = draft(mine)
    edit(mine, record, Status=status)
    task = push(mine, record)
    assert task["outcome"] == "unchanged"
    mine.change("Invoices", record, {"Status": "Approved"})
    assert push(mine, record)["outcome"] == ("updated" if status == "SUBMITTED" else "unchanged")
    assert held(mine, record)["Status"] == "AUTHORISED"


def test_a_renumbering_in_xero_is_respected(tenant: Make) -> None:
    """The number is sent only when CRM's own changed since the last push."""
    mine = tenant()
    record = draft(mine, Invoice_Number="INV-RENUM-1")
    edit(mine, record, InvoiceNumber="BK-0001")
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    assert push(mine, record)["outcome"] == "updated"
    assert held(mine, record)["InvoiceNumber"] == "BK-0001"
    assert settled(mine, record)["link"]["number"] == "BK-0001"


def test_a_new_number_in_crm_is_sent(tenant: Make) -> None:
    mine = tenant()
    record = draft(mine)
    mine.change("Invoices", record, {"Invoice_Number": "INV-NEW-77"})
    assert push(mine, record)["outcome"] == "updated"
    assert held(mine, record)["InvoiceNumber"] == "INV-NEW-77"


def test_a_taken_number_is_told(tenant: Make) -> None:
    """Another invoice has it: blocked at once, nothing changed; the panel still shows the present state."""
    mine = tenant()
    record = draft(mine)
    OtherProgram(mine).invoice("INV-THEIRS")
    mine.change("Invoices", record, {"Invoice_Number": "INV-THEIRS", "Due_Date": "2030-01-31"})
    task = push(mine, record)
    assert (task["outcome"], codes(task)) == ("blocked", ["number_taken"])
    assert held(mine, record)["DueDate"][:10] != "2030-01-31"
