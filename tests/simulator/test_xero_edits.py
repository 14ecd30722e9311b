"""Which edits of invoices does the pretend Xero let through (X6.1 to X6.3, X6.6, X6.7)?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, invoice, line, messages

HAS_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it."
NOT_CHANGEABLE = "Invoice not of valid status for modification"
NO_SUCH_LINE = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def paid(xero: Xero, amount: str, **more: Any) -> dict[str, Any]:
    row = xero.make(**more)
    xero.bookkeeper("pay", row["InvoiceID"], amount=amount)
    return row


def test_a_part_paid_sales_invoice(xero: Xero) -> None:
    """X6.3: the list of what may change, one by one."""
    theme = xero.get("BrandingThemes").json["BrandingThemes"][1]["BrandingThemeID"]
    row = paid(xero, "10")
    found = {"LineItemID": row["LineItems"][0]["LineItemID"]}
    free: list[dict[str, Any]] = [
        {"Reference": "x"},
        {"DueDate": "2026-12-24"},
        {"InvoiceNumber": "N-9"},
        {"BrandingThemeID": theme},
        {"Contact": {"Name": "Another"}},
        {"Url": "https://crm.example/go/2"},
        {"Status": "AUTHORISED"},
        {"SentToContact": True},
        {"LineItems": [{**found, "Description": "Other", "AccountCode": "210"}]},
        {"LineItems": None, "LineAmountTypes": "Exclusive"},
    ]
    for edit in free:
        assert xero.change(row["InvoiceID"], **edit)["StatusAttributeString"] == "OK", edit
    fixed: list[dict[str, Any]] = [
        {"LineItems": [{**found, "Quantity": 2}]},
        {"LineItems": [{**found, "TaxType": "EXEMPTOUTPUT"}]},
        {"LineItems": [line(Description="Other", AccountCode="210")]},
        {"LineItems": [{**found}, line(UnitAmount=0)]},
        {"LineAmountTypes": "Inclusive"},
        {"ExpectedPaymentDate": "2026-12-01"},
    ]
    for edit in fixed:
        assert messages(xero.change(row["InvoiceID"], **edit)) == [HAS_PAYMENT], edit


def test_a_fully_paid_one_adds_the_sentence_on_its_status(xero: Xero) -> None:
    """X6.3: the two often come together; a switch leaves the second out. X6.7: likewise by its number."""
    row = paid(xero, "110", InvoiceNumber="A")
    assert xero.change(row["InvoiceID"], Reference="x")["Status"] == "PAID"
    dearer = {"LineItems": [line(UnitAmount=120)]}
    assert messages(xero.change(row["InvoiceID"], **dearer)) == [HAS_PAYMENT, NOT_CHANGEABLE]
    raw = invoice(InvoiceNumber="A", Status=None, **dearer)
    assert NOT_CHANGEABLE in messages(xero.write([raw], "POST")[0])
    xero.switch(paid_edit_adds_status=False)
    assert messages(xero.change(row["InvoiceID"], **dearer)) == [HAS_PAYMENT]
    for status in ("DRAFT", "SUBMITTED", "AUTHORISED", "VOIDED", "DELETED"):
        text = f"The status {status} cannot be applied to the invoice because it has payments or credit notes"
        assert messages(xero.change(row["InvoiceID"], Status=status))[0].startswith(text)


def test_paid_bills(xero: Xero) -> None:
    """X6.3: like sales invoices, and PlannedPaymentDate, since March 2026; before that nothing."""
    row = paid(xero, "10", Type="ACCPAY", LineItems=[line(AccountCode="310")])
    found = {"LineItemID": row["LineItems"][0]["LineItemID"]}
    edits: list[dict[str, Any]] = [
        {"DueDate": "2026-12-24"},
        {"PlannedPaymentDate": "2026-12-24"},
        {"LineItems": [{**found, "Description": "Other"}]},
    ]
    for edit in edits:
        assert xero.change(row["InvoiceID"], **edit)["StatusAttributeString"] == "OK", edit
    xero.switch(paid_bills_editable=False)
    for edit in ({"DueDate": "2026-12-25"}, {"LineItems": [{**found, "Description": "Again"}]}):
        assert messages(xero.change(row["InvoiceID"], **edit)) == [HAS_PAYMENT]


def test_fields_of_the_other_kind_count_as_not_sent(xero: Xero) -> None:
    """X6.1: Reference and ExpectedPaymentDate are for sales, PlannedPaymentDate for bills."""
    dates = {"ExpectedPaymentDate": "2026-12-01", "PlannedPaymentDate": "2026-12-02", "Reference": "x"}
    sale, bill = xero.make(**dates), xero.make(Type="ACCPAY", **dates)
    assert ("ExpectedPaymentDate" in sale, "PlannedPaymentDate" in sale, sale["Reference"]) == (True, False, "x")
    assert ("ExpectedPaymentDate" in bill, "PlannedPaymentDate" in bill, bill["Reference"]) == (False, True, "")


def test_bill_numbers_are_not_unique(xero: Xero) -> None:
    """X6.1, X6.7: neither on PUT nor on POST, and no automatic number."""
    bill = invoice(Type="ACCPAY", InvoiceNumber="B-1")
    for method in ("PUT", "POST", "POST"):
        assert xero.write([bill], method)[0]["StatusAttributeString"] == "OK"
    assert len(xero.get("Invoices?InvoiceNumbers=B-1").json["Invoices"]) == 3
    assert "InvoiceNumber" not in xero.make(Type="ACCPAY")


def test_discounts_on_bills(xero: Xero) -> None:
    """X11.14: refused, or ignored."""
    lines = [line(AccountCode="310", DiscountRate=10)]
    assert len(xero.refusal(Type="ACCPAY", LineItems=lines)) == 1
    xero.switch(bill_discounts="ignored")
    row = xero.make(Type="ACCPAY", LineItems=lines)
    assert (row["SubTotal"], "DiscountRate" in row["LineItems"][0]) == (100.0, False)


def test_line_ids_that_are_unknown_or_sent_twice(xero: Xero) -> None:
    """X6.6, unverified: an id of no line of this invoice makes a new line, or is refused."""
    row = xero.make(Status="DRAFT")
    known = row["LineItems"][0]["LineItemID"]
    lines = [line(LineItemID=NO_SUCH_LINE), line(LineItemID=known), line(LineItemID=known)]
    rows = xero.change(row["InvoiceID"], LineItems=lines)["LineItems"]
    ids = [found["LineItemID"] for found in rows]
    assert (len(set(ids)), ids[1], NO_SUCH_LINE in ids) == (3, known, False)
    assert xero.make(LineItems=[line(LineItemID=known)])["LineItems"][0]["LineItemID"] != known
    xero.switch(unknown_line_id="refused")
    assert len(messages(xero.change(row["InvoiceID"], LineItems=[line(LineItemID=NO_SUCH_LINE)]))) == 1


def test_a_tax_that_was_sent_stands_until_its_line_changes(xero: Xero) -> None:
    """X6.1: an edit of the text keeps it; a new quantity works it out anew."""
    row = xero.make(LineItems=[line(TaxAmount="10.01")])
    found = {"LineItemID": row["LineItems"][0]["LineItemID"]}
    assert xero.change(row["InvoiceID"], LineItems=[{**found, "Description": "x"}])["TotalTax"] == 10.01
    assert xero.change(row["InvoiceID"], LineAmountTypes="Exclusive")["TotalTax"] == 10.01
    assert xero.change(row["InvoiceID"], LineItems=[{**found, "Quantity": 2}])["TotalTax"] == 20.0


def test_post_by_id_in_the_path_or_by_number(xero: Xero) -> None:
    """X6.7: both name one invoice; an empty number is none; PUT with a number in use is refused."""
    row = xero.make(InvoiceNumber="A 1")
    for name in (row["InvoiceID"], "A%201", "a%201"):
        answer = xero.call("POST", f"Invoices/{name}", {"Reference": name, "InvoiceNumber": ""})
        found = answer.json["Invoices"][0]
        assert (found["InvoiceID"], found["InvoiceNumber"]) == (row["InvoiceID"], "A 1")
    assert xero.call("POST", "Invoices/none", {"Reference": "x"}).status_code == 404
    assert xero.refusal(InvoiceNumber="A 1") == ["Invoice # must be unique."]
    assert xero.make(InvoiceNumber="")["InvoiceNumber"] == "INV-0001"


def test_post_by_a_number_that_was_used_again_means_the_living_one(xero: Xero) -> None:
    """X6.7."""
    old = xero.make(InvoiceNumber="A")
    xero.change(old["InvoiceID"], Status="VOIDED")
    xero.switch(voided_number_free=True)
    new = xero.make(InvoiceNumber="A")
    row = xero.write([{"InvoiceNumber": "A", "Reference": "x"}], "POST")[0]
    assert row["InvoiceID"] == new["InvoiceID"]
    assert xero.write([{"InvoiceNumber": "A", "Status": "VOIDED"}], "POST")[0]["Status"] == "VOIDED"


def test_a_batch_with_an_approved_number_overwrites_but_does_not_leave_its_status(xero: Xero) -> None:
    """X6.3, X6.7: a client's default DRAFT is refused on an approved invoice; without Status it goes through."""
    xero.make(InvoiceNumber="A")
    batch = [invoice(InvoiceNumber="A", Status="DRAFT"), invoice(InvoiceNumber="A", Status=None, Reference="x")]
    first, second = xero.write(batch, "POST")
    assert messages(first) == [NOT_CHANGEABLE]
    assert (second["StatusAttributeString"], second["Status"], second["Reference"]) == ("OK", "AUTHORISED", "x")


def test_sent_to_contact_is_for_approved_ones(xero: Xero) -> None:
    """X6.1."""
    assert xero.make(Status="DRAFT", SentToContact=True)["SentToContact"] is False
    row = xero.make(SentToContact=True)
    assert row["SentToContact"] is True
    assert xero.change(row["InvoiceID"], SentToContact=False)["SentToContact"] is False


def test_the_early_plan(xero: Xero) -> None:
    """X6.2: 20 approved sales invoices and 5 bills a month; drafts are not counted."""
    xero.switch(early_plan=True)
    full = ["You have reached the limit of invoices you can approve"]
    rows = xero.write([invoice() for _ in range(21)])
    assert [row["StatusAttributeString"] for row in rows] == ["OK"] * 20 + ["ERROR"]
    assert messages(rows[-1]) == full
    draft = xero.make(Status="DRAFT")
    assert messages(xero.change(draft["InvoiceID"], Status="AUTHORISED")) == full
    assert xero.change(rows[0]["InvoiceID"], Reference="x")["StatusAttributeString"] == "OK"
    bills = xero.write([invoice(Type="ACCPAY") for _ in range(6)])
    assert [row["StatusAttributeString"] for row in bills] == ["OK"] * 5 + ["ERROR"]


def test_a_total_discount_is_money(xero: Xero) -> None:
    """X6.5: two decimals, whatever the quantity."""
    row = xero.make(LineItems=[line(Quantity="1.2345", UnitAmount="10.01", DiscountRate=10)])
    assert (row["SubTotal"], row["TotalDiscount"]) == (11.12, 1.24)


def test_the_contact_stays_once_a_credit_note_paid(xero: Xero) -> None:
    """X6.3: a part-paid sales invoice may change its contact, a credited one not."""
    row = xero.make()
    kind = f"xero_invoice:{xero.org}"
    stored = xero.state.get(kind, row["InvoiceID"])
    assert stored is not None
    xero.state.put(kind, row["InvoiceID"], {**stored, "AmountCredited": "10", "AmountDue": "100"})
    assert messages(xero.change(row["InvoiceID"], Contact={"Name": "Another"})) == [HAS_PAYMENT]
    assert xero.change(row["InvoiceID"], Reference="x")["StatusAttributeString"] == "OK"
