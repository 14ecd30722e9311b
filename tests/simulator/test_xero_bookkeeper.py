"""Does the bookkeeper's hand obey the rules of X6.2 to X6.4, X7 and X8.7?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, line

HAS_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it."


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def said(xero: Xero, action: str, invoice: str | None = None, **more: Any) -> str:
    answer = xero.bookkeeper(action, invoice, **more)
    assert answer.status_code == 200, answer.text
    return str(answer.json["said"])


def refused(xero: Xero, action: str, invoice: str | None = None, **more: Any) -> list[str]:
    answer = xero.bookkeeper(action, invoice, **more)
    assert answer.status_code == 400, answer.text
    found: list[str] = answer.json["messages"]
    return found


def shown(xero: Xero, invoice: str) -> dict[str, Any]:
    return dict(xero.get(f"Invoices/{invoice}?unitdp=4").json["Invoices"][0])


def test_editing_an_invoice(xero: Xero) -> None:
    """X6.6: lines keep their ids; what the wish does not name stays; prices may have four decimals."""
    row = xero.make(LineItems=[line(), line(Description="Chair", UnitAmount=10), line(Description="Text")])
    first, second, third = (one["LineItemID"] for one in row["LineItems"])
    edits = [
        {"line_id": first, "quantity": "2", "price": "12.3456"},
        {"line_id": third, "remove": True},
        {"description": "Lamp", "quantity": "1", "price": "5", "account": "260", "discount": "10"},
    ]
    xero.switch(archived_name_free=True)
    xero.write([{"Name": "Corner Café"}], name="Contacts")
    more = {"date": "2026-11-02", "due_date": "2026-12-24", "reference": "R-9", "contact": "Corner Café"}
    number = row["InvoiceNumber"]
    assert said(xero, "edit", row["InvoiceID"], lines=edits, **more) == f"{number} edited"
    after = shown(xero, row["InvoiceID"])
    lines = after["LineItems"]
    assert [one["LineItemID"] for one in lines[:2]] == [first, second]
    assert [(one["Description"], one["LineAmount"]) for one in lines] == [
        ("Desk", 24.69),
        ("Chair", 10.0),
        ("Lamp", 4.5),
    ]
    assert lines[0]["UnitAmount"] == 12.3456
    assert (after["DateString"][:10], after["DueDateString"][:10]) == ("2026-11-02", "2026-12-24")
    assert (after["Reference"], after["Contact"]["Name"]) == ("R-9", "Corner Café")


def test_edits_that_are_refused(xero: Xero) -> None:
    """X6.3: money on a part-paid invoice, anything on a voided one; words where the wish makes no sense."""
    row, other = xero.make(), xero.make(InvoiceNumber="N-2")
    xero.bookkeeper("pay", row["InvoiceID"], amount="10")
    line_id = row["LineItems"][0]["LineItemID"]
    assert refused(xero, "edit", row["InvoiceID"], lines=[{"line_id": line_id, "price": "1"}]) == [HAS_PAYMENT]
    said(xero, "edit", row["InvoiceID"], lines=[{"line_id": line_id, "description": "Other"}])
    assert refused(xero, "edit", row["InvoiceID"]) == ["Nothing was said that could be changed."]
    assert refused(xero, "edit", row["InvoiceID"], lines=[{"line_id": "x"}]) == ["There is no such line."]
    assert refused(xero, "renumber", row["InvoiceID"], number="N-2") == ["Invoice # must be unique."]
    assert said(xero, "renumber", row["InvoiceID"], number="N-3").endswith("renumbered to N-3")
    said(xero, "void", other["InvoiceID"])
    assert refused(xero, "edit", other["InvoiceID"], reference="x") == ["Invoice not of valid status for modification"]


def test_back_to_draft_only_from_submitted(xero: Xero) -> None:
    """X6.2."""
    row, approved = xero.make(Status="SUBMITTED"), xero.make()
    assert said(xero, "revert", row["InvoiceID"]).endswith("is a draft again")
    assert refused(xero, "revert", approved["InvoiceID"]) == ["Invoice not of valid status for modification"]


def test_crediting_and_taking_it_back(xero: Xero) -> None:
    """X8.7: AmountDue falls through AmountCredited, with no payment; X6.2: PAID goes back."""
    row = xero.make(InvoiceNumber="N-1")
    assert said(xero, "credit", row["InvoiceID"], amount="44") == "Credit of $44.00 applied to N-1 from CN-0001"
    after = shown(xero, row["InvoiceID"])
    assert (after["AmountDue"], after["AmountPaid"], after["AmountCredited"]) == (66.0, 0.0, 44.0)
    (note,) = after["CreditNotes"]
    assert (note["CreditNoteNumber"], note["AppliedAmount"], note["Total"]) == ("CN-0001", 44.0, 44.0)
    assert "VOIDED cannot be applied" in refused(xero, "void", row["InvoiceID"])[0]
    said(xero, "credit", row["InvoiceID"])
    after = shown(xero, row["InvoiceID"])
    assert (after["Status"], after["AmountDue"], "Payments" in after) == ("PAID", 0.0, False)
    assert "FullyPaidOnDate" in after
    said(xero, "uncredit", row["InvoiceID"])
    said(xero, "uncredit", row["InvoiceID"], credit="CN-0001")
    after = shown(xero, row["InvoiceID"])
    assert (after["Status"], after["AmountDue"], after["CreditNotes"]) == ("AUTHORISED", 110.0, [])
    said(xero, "apply_credit", row["InvoiceID"], credit="CN-0001", amount="4")
    assert shown(xero, row["InvoiceID"])["AmountDue"] == 106.0
    assert "VOIDED cannot be applied" in refused(xero, "void_credit", credit="CN-0001")[0]
    said(xero, "uncredit", row["InvoiceID"])
    said(xero, "void_credit", credit="CN-0001")
    said(xero, "void", row["InvoiceID"])


def test_credits_that_are_refused(xero: Xero) -> None:
    row, draft = xero.make(), xero.make(Status="DRAFT")
    assert refused(xero, "credit", row["InvoiceID"], amount="110.01")
    assert refused(xero, "credit", draft["InvoiceID"], amount="1")
    assert refused(xero, "uncredit", row["InvoiceID"]) == ["There is no such credit on this invoice."]
    assert xero.get("CreditNotes").json["CreditNotes"] == []


def test_an_overpayment_is_applied(xero: Xero) -> None:
    """X8.7: made by a person, allocated to an invoice of the same contact."""
    row = xero.make(InvoiceNumber="N-1")
    said(xero, "overpay", contact="Brightwater Dental", amount="30")
    (over,) = xero.get("Overpayments").json["Overpayments"]
    assert (over["Type"], over["RemainingCredit"]) == ("RECEIVE-OVERPAYMENT", 30.0)
    said(xero, "apply_credit", row["InvoiceID"], credit=over["OverpaymentID"])
    after = shown(xero, row["InvoiceID"])
    assert (after["AmountDue"], after["AmountCredited"]) == (80.0, 30.0)
    assert [one["AppliedAmount"] for one in after["Overpayments"]] == [30.0]
    assert xero.get(f"Overpayments/{over['OverpaymentID']}").json["Overpayments"][0]["Status"] == "PAID"


def test_closing_the_year_stops_the_adviser_too(xero: Xero) -> None:
    """X6.4: the period lock stops all but advisers, the year lock all."""
    row = xero.make(Date="2026-09-01")
    said(xero, "close", date="2026-09-30")
    said(xero, "edit", row["InvoiceID"], reference="still")
    said(xero, "close_year", date="2026-09-30")
    for action, more in (("edit", {"reference": "x"}), ("void", {}), ("credit", {"date": "2026-09-15"})):
        (found,) = refused(xero, action, row["InvoiceID"], **more)
        assert found.endswith("before the end of year lock date, currently set at 30-Sep-2026")
    assert "EndOfYearLockDate" in xero.get("Organisation").json["Organisations"][0]
    assert said(xero, "close_year") == "Year opened"


def test_contacts_by_hand(xero: Xero) -> None:
    """X7: archived, restored, renamed, merged; the documents follow the merged contact."""
    row = xero.make(Contact={"Name": "Corner Cafe"})
    kept = xero.write([{"Name": "Corner Café"}], name="Contacts")[0]
    said(xero, "archive_contact", contact="Corner Cafe")
    assert xero.refusal(Contact={"ContactID": row["Contact"]["ContactID"]})[0].startswith("The contact with the spec")
    said(xero, "restore_contact", contact="Corner Cafe")
    assert refused(xero, "rename_contact", contact="Corner Cafe", name="Corner CAFÉ")[0].startswith("The contact name")
    said(xero, "merge_contacts", **{"from": "Corner Cafe", "into": "Corner Café"})
    gone = xero.get(f"Contacts/{row['Contact']['ContactID']}").json["Contacts"][0]
    assert (gone["ContactStatus"], gone["MergedToContactID"]) == ("ARCHIVED", kept["ContactID"])
    assert shown(xero, row["InvoiceID"])["Contact"]["ContactID"] == kept["ContactID"]
    assert xero.get(f"Contacts/{kept['ContactID']}").json["Contacts"][0]["IsCustomer"] is True
    assert refused(xero, "restore_contact", contact="Corner Cafe") == ["A merged contact cannot be restored."]
    assert refused(xero, "merge_contacts", **{"from": "Corner Café", "into": "nobody"}) == ["There is no such contact."]


def test_ended_token_sets(xero: Xero) -> None:
    """Trouble to order: neither the access token nor the refresh token is good any more; a new consent is."""
    assert xero.get("Organisation").status_code == 200
    said(xero, "revoke")
    assert xero.get("Organisation").status_code == 401
    assert xero.refresh(xero.tokens["refresh_token"]).json == {"error": "invalid_grant"}
    xero.tokens = xero.sign_in(xero.person, [xero.org])
    assert xero.get("Organisation").status_code == 200
