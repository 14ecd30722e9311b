"""Are lines of Xero's read as they are meant, in each of its answers' shapes (X6.8, X6.9)?"""

from __future__ import annotations

from typing import Any

import pytest

from server.domain.content import answer_parts, discount_of
from server.domain.decide import Unchanged
from server.domain.xero_invoice import XeroLine, read_xero_invoice
from tests.domain.records import D, keyed, pushed, with_row
from tests.domain.xero_rules import edited


def read_line(**fields: Any) -> XeroLine:
    doc = {"LineItems": [{"LineItemID": "1", "Description": "Desk", **fields}]}
    [line] = read_xero_invoice(doc).lines or ()
    return line


@pytest.mark.parametrize(
    ("doc", "known"),
    [
        ({"Total": D("110.00")}, False),
        ({"Total": D("110.00"), "LineItems": []}, False),
        ({"Total": D("110.00"), "LineItems": None}, False),
        ({"Total": D("0.00"), "LineItems": []}, True),
        ({"LineItems": [{}]}, True),
    ],
)
def test_a_summary_says_nothing_of_lines(doc: dict[str, Any], known: bool) -> None:
    """Lines that were left out are not lines that are gone."""
    held = read_xero_invoice(doc)
    assert (held.lines is not None) is known
    assert (answer_parts(held, keyed) is not None) is known


@pytest.mark.parametrize(
    ("fields", "off"),
    [
        ({}, "0.00"),
        ({"DiscountAmount": D("5.0000")}, "5.00"),
        ({"DiscountAmount": D(0), "DiscountRate": D(0)}, "0.00"),
        ({"DiscountRate": D(10), "LineAmount": D("90.00")}, "10.00"),
        ({"DiscountRate": D(10), "DiscountAmount": D("0.00"), "LineAmount": D("90.00")}, "10.00"),
        ({"DiscountRate": D("0.00"), "DiscountAmount": D("7.50"), "LineAmount": D("92.50")}, "7.50"),
    ],
)
def test_a_discount_is_the_amount_that_is_taken_off(fields: dict[str, Any], off: str) -> None:
    """However Xero says it; a zero beside the other way is no discount of its own."""
    line = read_line(Quantity=D(1), UnitAmount=D(100), **{"LineAmount": D(100), **fields})
    assert discount_of(line) == D(off)


def test_a_line_of_text_alone_counts_as_nothing() -> None:
    line = read_line()
    assert (line.quantity, line.price, line.amount, line.tax, line.account) == (0, 0, 0, 0, None)


def test_tracking_is_read_in_both_shapes() -> None:
    """A single answer has the ids, a list has not (X6.8)."""
    single = read_line(Tracking=[{"Name": "Region", "Option": "North", "TrackingCategoryID": "a"}])
    listed = read_line(Tracking=[{"Name": "Region", "Option": "North", "Options": []}])
    assert single.tracking == listed.tracking
    assert read_line(Tracking=None).tracking == ()


def test_a_line_that_is_somewhere_else_is_the_same_line() -> None:
    """The order in which Xero lists lines is no content."""
    sent = pushed()
    turned = {**sent.doc, "LineItems": sent.doc["LineItems"][::-1]}
    assert answer_parts(read_xero_invoice(turned), keyed) == answer_parts(read_xero_invoice(sent.doc), keyed)


def test_money_that_comes_in_is_no_change_of_content() -> None:
    """Else every payment would be a conflict."""
    sent = pushed()
    paid = edited(sent.doc, AmountPaid=D(10), UpdatedDateUTC="/Date(1793199999000+0000)/", SentToContact=True)
    assert answer_parts(read_xero_invoice(paid), keyed) == answer_parts(read_xero_invoice(sent.doc), keyed)


def test_who_does_not_know_the_lines_agrees_with_nothing() -> None:
    """CRM changed a line, and Xero's answer holds none: that must not pass for the same on both sides."""
    sent = pushed()
    found = sent.now(with_row(sent.raw, 0, Quantity=D(2)), {**sent.doc, "LineItems": []})
    assert not (isinstance(found, Unchanged) and found.agreed)
