"""Does the pretend Xero's arithmetic follow X6.5?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulator.xero.money import Rounding, add_up, line_amount, line_tax
from tests.simulator.xero_stage import Xero, invoice, line

D = Decimal


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def totals(row: dict[str, Any]) -> tuple[float, float, float]:
    return row["SubTotal"], row["TotalTax"], row["Total"]


def test_tax_is_rounded_per_line_and_then_summed() -> None:
    """X6.5: 25.06, 25.61 and 25.63 at 15 % make 11.44."""
    amounts = [D("25.06"), D("25.61"), D("25.63")]
    pairs = [(amount, line_tax(Rounding(), "Exclusive", amount, D(15))) for amount in amounts]
    assert add_up("Exclusive", pairs).tax == D("11.44")


@pytest.mark.parametrize(("gross", "tax", "net"), [("541.25", "70.60", "470.65"), ("500.00", "65.22", "434.78")])
def test_inclusive_amounts_hold_their_tax(gross: str, tax: str, net: str) -> None:
    """X6.5, recorded."""
    found = line_tax(Rounding(), "Inclusive", D(gross), D(15))
    assert (found, add_up("Inclusive", [(D(gross), found)]).net) == (D(tax), D(net))


def test_halves_go_up_and_negative_ones_by_the_switch() -> None:
    """X6.5."""
    assert Rounding().round(D("2.165")) == D("2.17")
    assert Rounding().round(D("-2.165")) == D("-2.17")
    assert Rounding(negative_half="up").round(D("-2.165")) == D("-2.16")


def test_discounted_lines_may_be_a_cent_off() -> None:
    """X6.5: 10 % off 2,120.44 came back as 1,908.39 once; which rule is a switch."""
    args = (D(1), D("2120.44"), D(10), None)
    assert line_amount(Rounding(), *args) == D("1908.40")
    assert line_amount(Rounding(discounted="down"), *args) == D("1908.39")


def test_the_documented_kinds(xero: Xero) -> None:
    """X6.5: exclusive, inclusive, no tax; NoTax lines answer NONE."""
    lines = [line(UnitAmount="541.25")]
    assert totals(xero.make(LineItems=lines)) == (541.25, 54.13, 595.38)
    inclusive = xero.make(LineItems=lines, LineAmountTypes="Inclusive")
    assert totals(inclusive) == (492.05, 49.2, 541.25)
    assert inclusive["LineItems"][0]["LineAmount"] == 541.25
    none = xero.make(LineItems=lines, LineAmountTypes="NoTax")
    assert (totals(none), none["LineItems"][0]["TaxType"]) == ((541.25, 0.0, 541.25), "NONE")


def test_unit_prices_have_two_decimals_or_four(xero: Xero) -> None:
    """X6.5: unitdp=4 on writes and reads; without it on a GET they come back rounded."""
    assert xero.make(LineItems=[line(UnitAmount="1.2345", Quantity=100)])["SubTotal"] == 123.0
    row = xero.write([_raw("1.2345")], query="&unitdp=4")[0]
    assert (row["SubTotal"], row["LineItems"][0]["UnitAmount"]) == (123.45, 1.2345)
    path = f"Invoices/{row['InvoiceID']}"
    assert xero.get(path).json["Invoices"][0]["LineItems"][0]["UnitAmount"] == 1.23
    assert xero.get(path + "?unitdp=4").json["Invoices"][0]["LineItems"][0]["UnitAmount"] == 1.2345


def _raw(price: str) -> dict[str, Any]:
    return invoice(LineItems=[line(UnitAmount=price, Quantity=100)])


def test_a_line_amount_that_disagrees_is_refused(xero: Xero) -> None:
    """X6.5, X10: the price is rounded first."""
    lines = [line(UnitAmount="1.2345", Quantity=100, LineAmount="123.45")]
    assert xero.refusal(LineItems=lines) == ["The line total 123.45 does not match the expected line total 123.00"]


def test_discounts_by_amount_and_by_rate(xero: Xero) -> None:
    """X6.1, X6.5: amount per line; a rate is kept with two decimals and LineAmount must fit the kept one."""
    row = xero.make(LineItems=[line(Quantity=3, DiscountAmount="12.50", LineAmount="287.50")])
    assert (row["SubTotal"], row["TotalDiscount"], row["IsDiscounted"]) == (287.5, 12.5, True)
    rate = [line(UnitAmount="1000", DiscountRate="3.333", LineAmount="966.67")]
    assert xero.refusal(LineItems=rate) == ["The line total 966.67 does not match the expected line total 966.70"]
    assert len(xero.refusal(LineItems=[line(DiscountRate=5, DiscountAmount=5)])) == 1


def test_a_line_amount_instead_of_a_price_or_a_quantity(xero: Xero) -> None:
    """X6.1."""
    row = xero.make(LineItems=[line(UnitAmount=None, Quantity=4, LineAmount=100)])
    assert row["LineItems"][0]["UnitAmount"] == 25.0
    row = xero.make(LineItems=[line(UnitAmount=25, Quantity=None, LineAmount=100)])
    assert row["LineItems"][0]["Quantity"] == 4.0


def test_a_line_may_be_text_only(xero: Xero) -> None:
    """X6.1: no account needed, amount nothing."""
    row = xero.make(LineItems=[{"Description": "With thanks"}, line()])
    assert (row["Total"], row["LineItems"][0]["LineAmount"]) == (110.0, 0.0)


def test_tax_amounts_may_be_overridden_within_the_line(xero: Xero) -> None:
    """X6.1."""
    assert xero.make(LineItems=[line(TaxAmount="10.01")])["TotalTax"] == 10.01
    found = xero.refusal(LineItems=[line(TaxAmount="100.01")])
    assert found == ["The tax amount cannot be greater than the line amount"]


def test_too_many_decimals_give_the_misleading_pair(xero: Xero) -> None:
    """X10."""
    found = xero.refusal(LineItems=[line(UnitAmount="1.23456")])
    assert found == ["Account must be valid.", "Tax rate must be valid."]


def test_lengths_of_lines(xero: Xero) -> None:
    """X6.1: 13 characters of quantity, 4 decimals kept; 4,000 of text; ten digits of line amount."""
    assert xero.make(LineItems=[line(Quantity="12345678.1234", UnitAmount=1)])["SubTotal"] == 12345678.12
    assert xero.make(LineItems=[line(Quantity="1.00005")])["LineItems"][0]["Quantity"] == 1.0001
    assert xero.make(LineItems=[line(Description="x" * 4000)])["Total"] == 110.0
    for wrong in (
        line(Quantity="123456789.1234", UnitAmount=1),
        line(Description="x" * 4001),
        line(Description=""),
        line(UnitAmount="10000000000"),
    ):
        assert len(xero.refusal(LineItems=[wrong])) == 1, wrong


def test_an_inclusive_line_of_a_rate_with_parts(xero: Xero) -> None:
    """X6.5: the tax inside is worked out with the effective rate, a discount before that."""
    parts = [{"Name": "State", "Rate": 5}, {"Name": "City", "Rate": 8, "IsCompound": True}]
    xero.call("PUT", "TaxRates", {"Name": "Both", "TaxComponents": parts})
    lines = [line(UnitAmount="113.40", TaxType="TAX001"), line(UnitAmount=100, DiscountAmount="50", TaxType="TAX001")]
    row = xero.make(LineItems=lines, LineAmountTypes="Inclusive")
    assert [found["TaxAmount"] for found in row["LineItems"]] == [13.4, 5.91]
    assert totals(row) == (144.09, 19.31, 163.4)


def test_sent_totals_are_ignored_and_negative_ones_refused(xero: Xero) -> None:
    """X6.5: negative lines are fine, a negative invoice is not."""
    assert xero.make(Total=5, SubTotal=1, TotalTax=2)["Total"] == 110.0
    assert xero.make(LineItems=[line(), line(UnitAmount=-50)])["Total"] == 55.0
    assert len(xero.refusal(LineItems=[line(UnitAmount=-50)])) == 1


def test_an_approved_invoice_over_nothing(xero: Xero) -> None:
    """X6.5, unverified: PAID at once, or not."""
    assert xero.make(LineItems=[line(UnitAmount=0)])["Status"] == "PAID"
    xero.switch(zero_total_paid=False)
    assert xero.make(LineItems=[line(UnitAmount=0)])["Status"] == "AUTHORISED"


def test_money_on_the_wire_is_exact(xero: Xero) -> None:
    """X5.1: numbers, never 0.1 + 0.2."""
    answer = xero.call("PUT", "Invoices", {"Invoices": [_raw("0.07")]})
    assert b'"Total": 7.7,' in answer.data
    big = xero.make(LineItems=[line(UnitAmount="123456789.99")])
    assert big["LineItems"][0]["LineAmount"] == 123456789.99
