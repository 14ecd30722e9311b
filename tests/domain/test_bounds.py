"""Is the last value that fits taken, and only the next one refused?"""

from __future__ import annotations

import pytest

from server.domain.fields import MOST_DIGITS, number
from tests.domain.records import D, codes, created, record, row

FREE = {"name": "GST free", "percentage": D(0)}


def test_several_taxes_of_zero_percent_are_no_tax() -> None:
    """CRM takes a tax off a line by setting it to 0 % (Z7.2), so they pile up."""
    assert created(record(row(Line_Tax=[FREE, {**FREE, "name": "City"}]))).total == D("100.00")


def test_a_tax_that_was_taken_off_does_not_count_beside_another() -> None:
    gst = {"name": "GST 10%", "percentage": D(10)}
    assert created(record(row(Line_Tax=[FREE, gst]))).total == D("110.00")


@pytest.mark.parametrize(("length", "found"), [(255, []), (256, ["number_unfit"])])
def test_a_number_may_have_255_signs(length: int, found: list[str]) -> None:
    """X6.1"""
    assert codes(record(Invoice_Number="9" * length)) == found


@pytest.mark.parametrize(("price", "found"), [("9999999999.99", []), ("10000000000.00", ["line_large"])])
def test_a_line_may_reach_xeros_largest_amount(price: str, found: list[str]) -> None:
    """X6.1"""
    assert codes(record(row(List_Price=D(price), Line_Tax=[FREE]))) == found


@pytest.mark.parametrize(("length", "found"), [(4000, []), (4001, ["line_text_long"])])
def test_a_text_may_have_4000_signs(length: int, found: list[str]) -> None:
    """X6.1"""
    assert codes(record(row(Product_Name=None, Description="x" * length))) == found


@pytest.mark.parametrize(("rows", "found"), [(200, []), (201, ["too_many_lines"])])
def test_an_invoice_may_have_200_lines(rows: int, found: list[str]) -> None:
    assert codes(record(*[row() for _ in range(rows)])) == found


def test_an_amount_may_be_of_any_sane_size() -> None:
    longest = D("9" * MOST_DIGITS)
    assert number(longest) == longest
    assert number(D(f"1E+{MOST_DIGITS}")) == D(f"1E+{MOST_DIGITS}")
    assert number(D(f"1E+{MOST_DIGITS + 1}")) is None
    assert number(D("9" * (MOST_DIGITS + 1))) is None
