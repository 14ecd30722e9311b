"""Do credit notes, overpayments and their allocations follow X8.7?"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.simulator.xero_stage import Xero, line, messages


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def note(xero: Xero, method: str = "PUT", **more: Any) -> dict[str, Any]:
    base = {
        "Type": "ACCRECCREDIT",
        "Contact": {"Name": "Brightwater Dental"},
        "Date": "2026-11-05",
        "Status": "AUTHORISED",
        "LineItems": [line(UnitAmount=20)],
    }
    raw = {k: v for k, v in {**base, **more}.items() if v is not None}
    return xero.write([raw], method, name="CreditNotes")[0]


def allocate(xero: Xero, credit: str, invoice: str, amount: object, **more: Any) -> list[str]:
    """The messages against an allocation; none when it was made."""
    wish = {"Invoice": {"InvoiceID": invoice}, "Amount": amount, "Date": "2026-11-06", **more}
    path = f"CreditNotes/{credit}/Allocations?summarizeErrors=false"
    row = xero.call("PUT", path, {"Allocations": [wish]}).json["Allocations"][0]
    return messages(row) if row["ValidationErrors"] else []


def state(xero: Xero, path: str) -> dict[str, Any]:
    return dict(xero.get(path).json[path.split("/")[0]][0])


def test_a_credit_note_is_like_an_invoice(xero: Xero) -> None:
    """The same statuses and line rules, a number of its own series; without discounts (X11.14)."""
    row = note(xero, Status=None)
    assert (row["Status"], row["CreditNoteNumber"], row["Total"], row["RemainingCredit"]) == (
        *("DRAFT", "CN-0001"),
        *(22.0, 22.0),
    )
    one = {"CreditNoteID": row["CreditNoteID"], "Type": None, "LineItems": None}
    assert note(xero, "POST", **one)["Status"] == "AUTHORISED"
    assert messages(note(xero, "POST", **one, Status="DELETED")) == ["Credit note not of valid status for modification"]
    assert note(xero, "POST", **one, Status="VOIDED")["Status"] == "VOIDED"
    assert messages(note(xero, Status="PAID")) == ["Credit note not of valid status for creation"]
    assert messages(note(xero, LineItems=[line(DiscountRate=10)]))
    assert messages(note(xero, LineItems=[])) == ["One or more line items must be specified"]
    assert messages(note(xero, LineItems=[line(AccountCode="610")])) == [
        "Account code '610' is not a valid code for this document."
    ]


def test_the_number_of_a_credit_note_is_unique(xero: Xero) -> None:
    """PUT refuses it, POST updates its holder; bills' credit notes may share one."""
    first = note(xero, CreditNoteNumber="C-1")
    assert messages(note(xero, CreditNoteNumber="c-1"))
    assert note(xero, "POST", CreditNoteNumber="C-1", Reference="again")["CreditNoteID"] == first["CreditNoteID"]
    for _ in range(2):
        bill = note(xero, Type="ACCPAYCREDIT", CreditNoteNumber="B-1", LineItems=[line(AccountCode="400")])
        assert bill["StatusAttributeString"] == "OK"


def test_an_allocation_lowers_what_is_due(xero: Xero) -> None:
    """Through AmountCredited, with no payment; deleting it takes PAID back (X6.2)."""
    row, credit = xero.make(LineItems=[line(UnitAmount=20)]), note(xero)["CreditNoteID"]
    assert allocate(xero, credit, row["InvoiceID"], 12) == []
    half = state(xero, f"Invoices/{row['InvoiceID']}")
    assert (half["AmountDue"], half["AmountCredited"], half["AmountPaid"], half["Status"]) == (
        *(10.0, 12.0, 0.0),
        "AUTHORISED",
    )
    assert allocate(xero, credit, row["InvoiceID"], 10) == []
    paid = state(xero, f"Invoices/{row['InvoiceID']}")
    assert (paid["Status"], paid["AmountDue"], "Payments" in paid) == ("PAID", 0.0, False)
    used = state(xero, f"CreditNotes/{credit}")
    assert (used["Status"], used["RemainingCredit"], len(used["Allocations"])) == ("PAID", 0.0, 2)
    allocation = used["Allocations"][1]["AllocationID"]
    gone = xero.call("DELETE", f"CreditNotes/{credit}/Allocations/{allocation}")
    assert (gone.status_code, gone.json["IsDeleted"], gone.json["AllocationID"]) == (200, True, allocation)
    assert xero.call("DELETE", f"CreditNotes/{credit}/Allocations/{allocation}").status_code == 404
    after = state(xero, f"Invoices/{row['InvoiceID']}")
    assert (after["Status"], after["AmountDue"]) == ("AUTHORISED", 10.0)


def test_allocations_that_are_refused(xero: Xero) -> None:
    """Above the credit or the invoice, another contact, not approved, in a closed period (X6.4)."""
    row, draft = xero.make(), xero.make(Status="DRAFT")
    other = xero.make(Contact={"Name": "Corner Café"})
    credit, unapproved = note(xero)["CreditNoteID"], note(xero, Status="DRAFT")["CreditNoteID"]
    large = note(xero, LineItems=[line(UnitAmount=900)])["CreditNoteID"]
    for wrong in (
        allocate(xero, credit, row["InvoiceID"], "22.01"),
        allocate(xero, large, row["InvoiceID"], "110.01"),
        allocate(xero, credit, draft["InvoiceID"], 1),
        allocate(xero, credit, other["InvoiceID"], 1),
        allocate(xero, unapproved, row["InvoiceID"], 1),
        allocate(xero, credit, row["InvoiceID"], 0),
        allocate(xero, credit, credit, 1),
    ):
        assert len(wrong) == 1
    xero.bookkeeper("close_year", date="2026-11-30")
    assert "end of year lock date" in allocate(xero, credit, row["InvoiceID"], 1)[0]
    assert state(xero, f"Invoices/{row['InvoiceID']}")["AmountDue"] == 110.0


def test_a_credited_invoice_keeps_its_money_and_its_contact(xero: Xero) -> None:
    """X6.3: the contact is free when paid, not when credited."""
    row, credit = xero.make(), note(xero)["CreditNoteID"]
    allocate(xero, credit, row["InvoiceID"], 5)
    for edit in ({"Contact": {"Name": "Corner Café"}}, {"LineItems": [line(UnitAmount=1)]}):
        assert messages(xero.change(row["InvoiceID"], **edit)) == [
            "This document cannot be edited as it has a payment or credit note allocated to it."
        ]
    cheaper = {"CreditNoteID": credit, "Type": None, "LineItems": [line(UnitAmount=1)]}
    assert messages(note(xero, "POST", **cheaper)) == [
        "This document cannot be edited as it has a payment or credit note allocated to it."
    ]


def test_lists_of_credit_notes(xero: Xero) -> None:
    """Pages, filters and If-Modified-Since, as with invoices (X5.3)."""
    for number in ("C-1", "C-2", "C-3"):
        note(xero, CreditNoteNumber=number)
    where = quote('CreditNoteNumber=="C-2"')
    assert [row["CreditNoteNumber"] for row in xero.get(f"CreditNotes?where={where}").json["CreditNotes"]] == ["C-2"]
    page = xero.get("CreditNotes?page=1&pageSize=2").json
    assert (len(page["CreditNotes"]), page["pagination"]["itemCount"]) == (2, 3)
    assert page["CreditNotes"][0]["LineItems"][0]["Description"] == "Desk"
    later = xero.get("CreditNotes", If_Modified_Since="2099-01-01T00:00:00").json["CreditNotes"]
    assert later == []
    assert xero.get("CreditNotes/C-3").status_code == 200
    assert xero.get("Overpayments/C-3").status_code == 404


def test_the_scopes_of_both(xero: Xero) -> None:
    """X2.4: credit notes with invoices, overpayments with payments."""
    xero.tokens = xero.sign_in(xero.person, [xero.org], scope="openid accounting.invoices.read")
    assert xero.get("CreditNotes").status_code == 200
    assert xero.get("Overpayments").status_code == 401
    assert xero.call("PUT", "CreditNotes", {}).status_code == 401
