"""Does a digest change with everything that a person sees before saying yes, and with nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from server.domain.decide import Conflict, Decision, Update
from tests.domain.records import (
    BRIGHTWATER,
    CORNER_CAFE,
    LINE_ID,
    D,
    Pushed,
    pushed,
    with_row,
    with_rows,
)
from tests.domain.xero_rules import counted, edited, xero_day

CRM: list[Callable[[dict[str, Any]], dict[str, Any]]] = [
    lambda raw: {**raw, "Invoice_Number": "INV-2042"},
    lambda raw: {**raw, "Invoice_Date": "2026-10-27"},
    lambda raw: {**raw, "Due_Date": "2026-12-05"},
    lambda raw: {**raw, "Status": "Approved"},
    lambda raw: with_row(raw, 0, Description="Oiled"),
    lambda raw: with_row(raw, 0, Quantity=D(2)),
    lambda raw: with_row(raw, 0, List_Price=D(99)),
    lambda raw: with_row(raw, 0, Discount=D(1)),
    lambda raw: with_row(raw, 0, Line_Tax=[]),
    lambda raw: with_rows(raw, *raw["Invoiced_Items"][1:]),
    lambda raw: with_rows(raw, *reversed(raw["Invoiced_Items"])),
]
XERO: list[Callable[[dict[str, Any]], dict[str, Any]]] = [
    lambda doc: edited(doc, Status="SUBMITTED"),
    lambda doc: edited(doc, InvoiceNumber="BK-1"),
    lambda doc: edited(doc, Date=xero_day("2026-10-29")),
    lambda doc: edited(doc, DueDate=xero_day("2026-12-24")),
    lambda doc: edited(doc, Contact={"ContactID": CORNER_CAFE.contact_id, "Name": "Corner Café"}),
    lambda doc: edited(doc, CurrencyCode="NZD"),
    lambda doc: edited(doc, LineAmountTypes="Inclusive"),
    lambda doc: edited(doc, 0, Description="Oiled"),
    lambda doc: edited(doc, 0, Quantity=D(2)),
    lambda doc: edited(doc, 0, UnitAmount=D("100.0001")),
    lambda doc: edited(doc, 0, DiscountAmount=D(1)),
    lambda doc: edited(doc, 0, AccountCode="220"),
    lambda doc: edited(doc, 0, TaxType="EXEMPTOUTPUT"),
    lambda doc: edited(doc, 0, TaxAmount=D("9.51")),
    lambda doc: edited(doc, 0, ItemCode="DESK"),
    lambda doc: edited(doc, 0, Tracking=[{"Name": "Region", "Option": "North"}]),
    lambda doc: edited(doc, 0, Tracking=[{"Name": "Region", "Option": "South"}]),
    lambda doc: counted({**doc, "LineItems": doc["LineItems"][1:]}),
    lambda doc: counted(
        {**doc, "LineItems": [*doc["LineItems"], {**doc["LineItems"][0], "LineItemID": LINE_ID.format(9)}]}
    ),
    lambda doc: {**doc, "Total": doc["Total"] + D("0.10")},  # a rounding adjustment is no line (X6.5)
]


def digest(found: Decision) -> str:
    assert isinstance(found, Update | Conflict)
    return found.shown


def waiting() -> tuple[Pushed, dict[str, Any]]:
    """A change that waits for a yes."""
    sent = pushed()
    return sent, {**sent.raw, "Due_Date": "2026-12-04"}


def test_every_change_in_crm_is_shown_again() -> None:
    sent, raw = waiting()
    found = [digest(sent.now(change(raw))) for change in CRM]
    assert len({*found, digest(sent.now(raw))}) == len(CRM) + 1


def test_every_change_in_xero_is_shown_again() -> None:
    """Also what an update would leave alone: the person decides on the invoice as it is."""
    sent, raw = waiting()
    found = [digest(sent.now(raw, change(sent.doc))) for change in XERO]
    assert len({*found, digest(sent.now(raw))}) == len(XERO) + 1


def test_what_nobody_sees_asks_nobody() -> None:
    """Time stamps, references and how a number is written are no news; nor is the order of Xero's lines."""
    sent, raw = waiting()
    same = [
        {**sent.doc, "UpdatedDateUTC": "/Date(1793199999000+0000)/"},
        {**sent.doc, "Reference": "PO 12", "SentToContact": True},
        edited(sent.doc, 0, Quantity=D("1.0000"), UnitAmount=D("100.0000"), Description="Oak desk\r\n"),
        counted({**sent.doc, "LineItems": sent.doc["LineItems"][::-1]}),
    ]
    assert {digest(sent.now(raw, doc)) for doc in same} == {digest(sent.now(raw))}
    modified = {**raw, "Modified_Time": "2026-11-01T10:00:00+11:00", "Xero_Invoice_ID": "x"}
    assert digest(sent.now(modified)) == digest(sent.now(raw))


def test_it_does_not_depend_on_what_is_remembered() -> None:
    """Another push in between, which changed neither side, takes no yes away."""
    sent, raw = waiting()
    forgotten = replace(sent.link, sent_digest=None, sent_parts=None, answer_parts=None)
    assert digest(sent.now(raw, link=forgotten)) == digest(sent.now(raw))


def test_another_invoice_with_the_same_content_is_another() -> None:
    sent, raw = waiting()
    other = {**sent.doc, "InvoiceID": "60aa0000-0000-0000-0000-000000000002"}
    assert digest(sent.now(raw, other)) != digest(sent.now(raw))


def test_another_customer_of_the_account_is_shown_again() -> None:
    """Whoever saw one name must not bill another: CRM's account is now tied to another contact."""
    sent, raw = waiting()
    moved = replace(CORNER_CAFE, account_id=BRIGHTWATER.account_id)
    before, after = sent.now(raw), sent.now(raw, customer=moved)
    assert isinstance(before, Update) and isinstance(after, Update)
    assert "Contact" in after.body
    assert "Contact" not in before.body
    assert before.shown != after.shown
