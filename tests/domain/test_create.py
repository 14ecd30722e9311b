"""What exactly is sent for an invoice without problems?"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from server.domain.customer import NewContact, UseContact
from server.domain.decide import Create
from server.domain.encode import encode
from server.domain.values import NumberRule
from tests.domain.records import MARKER, SETTINGS, D, created, decided, inv_2041, record, row

BY_XERO = replace(SETTINGS, number=NumberRule("xero"))


def test_the_body_is_complete() -> None:
    """Every field that Xero needs, and no other (X6.1)."""
    body = json.loads(encode(created(inv_2041()).body), parse_float=D)
    lines = body.pop("LineItems")
    assert body == {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": "c0ffee00-0000-0000-0000-000000000001"},
        "Date": "2026-10-28",
        "DueDate": "2026-11-27",
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": "AUD",
        "Url": MARKER,
        "InvoiceNumber": "INV-2041",
    }
    assert lines[0] == {
        "Description": "Oak reception desk",
        "Quantity": 1,
        "UnitAmount": 1850,
        "DiscountAmount": D("92.5"),
        "LineAmount": D("1757.50"),
        "AccountCode": "200",
        "TaxType": "OUTPUT",
    }
    assert [each["TaxType"] for each in lines] == ["OUTPUT", "OUTPUT", "OUTPUT", "EXEMPTOUTPUT"]
    assert "DiscountAmount" not in lines[1]


@pytest.mark.parametrize(
    ("status", "arrives"),
    [
        ("Created", "DRAFT"),
        ("Submitted", "SUBMITTED"),
        ("Approved", "AUTHORISED"),
        ("Delivered", "AUTHORISED"),
        (" Created ", "DRAFT"),
    ],
)
def test_it_arrives_as_the_tenants_map_says(status: str, arrives: str) -> None:
    assert created(record(Status=status)).body["Status"] == arrives


def test_a_draft_needs_no_due_date() -> None:
    assert "DueDate" not in created(record(Status="Created", Due_Date=None)).body


def test_no_number_is_sent_when_xero_numbers() -> None:
    """Also where CRM has one: it would stand in the way of Xero's series."""
    found = created(inv_2041(), settings=BY_XERO)
    assert found.number is None
    assert "InvoiceNumber" not in found.body


def test_the_number_may_come_from_any_field() -> None:
    own = replace(SETTINGS, number=NumberRule("field", "Ledger_No"))
    assert created(record(Ledger_No=20410001), settings=own).number == "20410001"


def test_a_new_customer_is_not_in_the_body_yet() -> None:
    """The contact is made first; the digest is the same before and after, so a preview stays true."""
    new = NewContact("9001", "Brightwater Dental Pty Ltd", "Z9001")
    before = created(inv_2041(), customer=new)
    assert before.contact == new
    assert "Contact" not in before.body
    after = created(inv_2041())
    assert (before.digest, before.shown) == (after.digest, after.shown)


def test_another_customer_of_the_account_is_shown_again() -> None:
    """Whoever saw one name must not bill another. What was sent is the same: the link stays true."""
    moved = UseContact("9001", "c0ffee00-0000-0000-0000-000000000003", "Brightwater Holdings", "number")
    spelled = UseContact("9001", "c0ffee00-0000-0000-0000-000000000001", " BRIGHTWATER dental Pty  Ltd", "link")
    seen, other, same = (created(inv_2041(), **how) for how in ({}, {"customer": moved}, {"customer": spelled}))
    assert (seen.shown == same.shown, seen.shown == other.shown) == (True, False)
    assert seen.digest == other.digest == same.digest


def test_another_account_is_another_digest() -> None:
    other = UseContact("9002", "c0ffee00-0000-0000-0000-000000000002", "Corner Café Pty Ltd", "link")
    assert created(inv_2041(), customer=other).digest != created(inv_2041()).digest


@pytest.mark.parametrize(
    "change",
    [
        {"Invoice_Number": "INV-2042"},
        {"Status": "Created"},
        {"Invoice_Date": "2026-10-29"},
        {"Due_Date": "2026-11-28"},
    ],
)
def test_whatever_would_be_sent_otherwise_has_another_digest(change: dict[str, object]) -> None:
    """A person was shown something else: it must not be sent under the old consent."""
    assert created(record(**change)).digest != created(record()).digest


def test_the_same_amounts_written_otherwise_have_the_same_digest() -> None:
    """2, 2.0 and "2.00" are the same quantity; a longer writing is no change."""
    written: tuple[object, ...] = (D(2), D("2.0"), "2.00", 2, 2.0)
    total = D("220.00")
    found = {created(record(row(), Invoiced_Items=[row(Quantity=each)], Grand_Total=total)).digest for each in written}
    assert len(found) == 1


def test_product_and_text_stand_on_the_line_once() -> None:
    raw = record(
        row("Desk", Description="Desk"), row("Desk", Description="Oak, 2 m\r\nwith drawers\x0b"), row("Délivery ☃")
    )
    lines = created(raw).body["LineItems"]
    assert isinstance(lines, list)
    assert [each["Description"] for each in lines] == ["Desk", "Desk\nOak, 2 m\r\nwith drawers", "Délivery ☃"]


def test_a_line_without_tax_takes_the_rate_of_zero_percent() -> None:
    found = decided(record(row(Line_Tax=[])))
    assert isinstance(found, Create)
    assert found.draft.lines[0].tax_type == "EXEMPTOUTPUT"


def test_a_tax_that_was_set_to_zero_does_not_count() -> None:
    """CRM removes a tax from a row by sending it with 0 percent (Z7.2)."""
    taxes = [{"name": "Old", "percentage": 0}, {"name": "GST 10%", "percentage": D(10)}]
    assert created(record(row(Line_Tax=taxes))).draft.lines[0].tax_type == "OUTPUT"
