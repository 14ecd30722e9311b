"""Which line does a row become, so that Xero's sum of it is CRM's?"""

from __future__ import annotations

import pytest

from server.domain.decide import Blocked
from tests.domain.kinds import Raw, amounts, entry, invoice, sent, tax
from tests.domain.records import D, codes, decided

GST, MORE = tax(10), tax(15)


def only(row: Raw) -> tuple[str, str, str, str]:
    """Quantity, price and discount of the one line, and what its text says below the product."""
    found = sent(invoice(row, entry(1000)))
    line = found.draft.lines[0]
    below = line.text.removeprefix("Visitor chair").strip()
    return f"{line.quantity:f}", f"{line.price:f}", f"{line.discount:f}", below


@pytest.mark.parametrize(
    "row",
    [
        entry("0.3333", GST, Quantity=D("2.5")),
        entry("99999.9999", GST, Quantity=D("0.0001")),
        entry("20.05", GST, Quantity=D(3), Discount=D("60.15")),
        entry(0, GST),
        entry(12, GST, Quantity=D(0)),
        entry("-20.00", GST),
        entry("20.00", GST, Quantity=D(-2)),
    ],
)
def test_what_xero_counts_alike_goes_as_it_is(row: Raw) -> None:
    assert only(row) == (f"{row['Quantity']:f}", f"{row['List_Price']:f}", f"{row['Discount']:f}", "")


@pytest.mark.parametrize(
    ("row", "price", "below"),
    [
        (entry("1.23456", GST, Quantity=D(100)), "123.46", "100 × 1.23456"),
        (entry("10", GST, Quantity=D("0.33333")), "3.33", "0.33333 × 10"),
        (entry("0.0001", GST, Quantity=D("1234567890.1234")), "123456.79", "1234567890.1234 × 0.0001"),
        (entry("100", GST, Quantity=D(2), Total=D("150.00")), "150.00", "2 × 100"),
        (entry("0", GST, Total=D("75.00")), "75.00", "1 × 0"),
        (entry("-0.125", GST, Quantity=D("0.1")), "-0.01", "0.1 × -0.125"),
    ],
)
def test_what_xero_counts_otherwise_goes_whole(row: Raw, price: str, below: str) -> None:
    """1 x CRM's own total, with what it was worked out from in its text."""
    assert only(row) == ("1", price, "0", below)


def test_a_row_that_goes_whole_keeps_its_discount_apart() -> None:
    """Whoever reads the invoice sees what was taken off."""
    assert only(entry("1.23456", GST, Quantity=D(100), Discount=D("3.46"))) == ("1", "123.46", "3.46", "100 × 1.23456")


@pytest.mark.parametrize(
    ("discount", "price", "below"),
    [
        ("120.00", "-20.00", "1 × 100 − 120"),
        ("-5.00", "105.00", "1 × 100 − -5"),
        ("0.0050", "100.00", "1 × 100 − 0.005"),
    ],
)
def test_a_discount_that_xero_could_not_take_off_is_taken_off_before(discount: str, price: str, below: str) -> None:
    """More than there is, below zero, or finer than a cent."""
    rows = [entry(100, Discount=D(discount)), entry(1000, Discount=D(discount) % D("0.01"))]
    found = sent(invoice(*rows))
    assert amounts(found)[0] == f"row {price} EXEMPTOUTPUT"
    first = found.draft.lines[0]
    assert (first.quantity, first.discount, first.text.split("\n")[1]) == (1, 0, below)


@pytest.mark.parametrize(("price", "parts"), [("-0.05", ["0.01", "-0.06"]), ("-100.15", ["-100.09", "-0.06"])])
def test_a_row_below_zero_whose_tax_is_half_a_cent_goes_as_two(price: str, parts: list[str]) -> None:
    """Nobody knows which way Xero rounds below zero (X6.5): neither of the two has a half, and both together have CRM's
    tax, so that no rounding line is needed. Both say where they come from; the second one stands behind all rows."""
    found = sent(invoice(entry(price, GST), entry(500, GST)))
    lines = found.draft.lines
    assert [str(lines[0].amount), str(lines[2].amount)] == parts
    assert [line.position for line in lines] == [1, 2, 3]
    assert lines[0].text == lines[2].text == f"Visitor chair\n1 × {price}"
    assert (lines[0].row_id, lines[2].row_id) == ("7001", "7001/rest")


def test_the_same_row_above_zero_is_one_line() -> None:
    """Halves go up there, as CRM's do."""
    assert amounts(sent(invoice(entry("0.05", GST), entry("100.15", GST)))) == ["row 0.05 OUTPUT", "row 100.15 OUTPUT"]


def test_two_parts_of_a_long_text_do_not_outgrow_it() -> None:
    """What would not fit any more is left out; the row is sent."""
    row = entry("-0.05", GST, Product_Name=None, Description="x" * 4000)
    found = sent(invoice(row, entry(500, GST)))
    assert {len(line.text) for line in found.draft.lines if line.row_id != "7002"} == {4000}


def test_a_text_that_grows_too_long_by_its_own_sum_is_told() -> None:
    """A row that goes whole must say what it was worked out from."""
    row = entry("1.23456", GST, Product_Name=None, Description="x" * 3990)
    found = decided(invoice(row))
    assert isinstance(found, Blocked)
    assert [each.name for each in found.reasons] == ["line_text_long"]


def test_a_line_of_free_text_needs_no_product() -> None:
    found = sent(invoice(entry(100, GST, Product_Name=None, Description="Two days of work\non site")))
    assert (found.draft.lines[0].text, found.draft.lines[0].code) == ("Two days of work\non site", None)


def test_two_hundred_lines_are_an_invoice() -> None:
    """With a discount, an adjustment and a rounding line beside them."""
    rows = [entry("9.99", GST if place % 2 else MORE, Quantity=D(place % 7)) for place in range(200)]
    found = sent(invoice(*rows, discount="50.05", adjustment="-0.33"))
    assert [line.part for line in found.draft.lines].count("row") == 200


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (entry("10000000000", GST), "line_large"),
        (entry("100000", GST, Quantity=D(100_000)), "line_large"),
        (entry("-10000000000", GST), "line_large"),
        (entry(1, GST, Discount=D("10000000000")), "line_large"),
        (entry(1, GST, Total=D("10000000000")), "line_large"),
    ],
)
def test_figures_that_xero_has_no_room_for(row: Raw, what: str) -> None:
    assert what in codes(invoice(row))


def test_more_of_a_row_than_one_reason_is_told_at_once() -> None:
    raw = invoice(entry(100))
    raw["Invoiced_Items"] = [{"Quantity": "two", "Discount": "5%", "Line_Tax": [{"name": "GST"}]}]
    found = decided(raw)
    assert isinstance(found, Blocked)
    assert [each.sentence for each in found.reasons] == [
        "Line 1: the price is missing",
        "Line 1: the quantity is not a number",
        "Line 1: the discount is not a number",
        "Line 1: the tax can't be read",
        "Line 1: a text is missing",
    ]
