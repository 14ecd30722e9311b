"""How is the tax of an invoice counted: on its rows, on the whole, or inside its prices, and never two ways at once?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.decide import Blocked
from server.domain.values import AmountsRule, TaxRule
from tests.domain.kinds import Raw, amounts, entry, invoice, sent, tax
from tests.domain.records import BOOKS, SETTINGS, D, codes, created, decided, in_json

GST = tax(10)
INSIDE = replace(SETTINGS, amounts=AmountsRule(inclusive=True, tax_type="OUTPUT15"))
BY_FIELD = replace(SETTINGS, amounts=AmountsRule(tax_type="OUTPUT", field="Prices"))
BY_FIELD_TOO = replace(SETTINGS, amounts=AmountsRule(inclusive=True, tax_type="OUTPUT", field="Prices"))


def test_tax_on_rows_and_on_the_whole_is_told() -> None:
    """Both would be counted: nobody can say which of them is meant."""
    raw = invoice(entry(100, GST), entry(100), taxes=[GST])
    assert codes(raw) == ["tax_on_tax"]


def test_a_tax_on_the_whole_beside_rows_of_nothing_is_one_way() -> None:
    """Rows with a tax of 0 % bear none, so the total tax is on them."""
    raw = invoice(entry(100, tax(0, "GST free")), entry(50), taxes=[GST])
    assert amounts(sent(raw)) == ["row 100.00 OUTPUT", "row 50.00 OUTPUT"]


@pytest.mark.parametrize(
    ("total", "tax_in_it", "net"),
    [("541.25", "70.60", "470.65"), ("500.00", "65.22", "434.78"), ("24.15", "3.15", "21")],
)
def test_prices_that_hold_their_tax(total: str, tax_in_it: str, net: str) -> None:
    """As recorded of Xero at 15 % (X6.5): the amount stays CRM's, the tax is inside."""
    found = sent(invoice(entry(total)), INSIDE)
    assert in_json(found.body)["LineAmountTypes"] == "Inclusive"
    assert amounts(found) == [f"row {total} OUTPUT15"]
    assert (found.draft.totals.tax, found.draft.totals.subtotal) == (D(tax_in_it), D(net))


def test_discount_and_adjustment_of_prices_that_hold_their_tax() -> None:
    """The discount holds tax as the prices do, the adjustment none; the total is CRM's whatever the taxes."""
    found = sent(invoice(entry("19.99"), entry("0.01"), discount="3.33", adjustment="-0.07"), INSIDE)
    assert amounts(found)[2:] == ["discount -3.33 OUTPUT15", "adjustment -0.07 EXEMPTOUTPUT"]


@pytest.mark.parametrize("raw", [invoice(entry(100, GST)), invoice(entry(100), taxes=[GST])], ids=["rows", "whole"])
def test_prices_that_hold_a_tax_which_is_added_again(raw: Raw) -> None:
    assert codes(raw, settings=INSIDE) == ["tax_both_ways"]


@pytest.mark.parametrize(
    "value", [True, "true", "Yes", "1", 1, " Inclusive ", "TAX INCLUSIVE", {"name": "Tax inclusive"}]
)
def test_an_invoice_says_that_its_prices_hold_the_tax(value: object) -> None:
    """A checkbox, a pick list, a lookup: the invoice's own word counts before the tenant's."""
    raw = invoice(entry(110), Prices=value)
    assert amounts(sent(raw, BY_FIELD)) == ["row 110.00 OUTPUT"]
    assert created(raw, settings=BY_FIELD).draft.amount_types == "Inclusive"


@pytest.mark.parametrize("value", [False, "false", "No", "0", 0, "Exclusive", " tax exclusive"])
def test_an_invoice_says_that_its_prices_do_not_hold_the_tax(value: object) -> None:
    raw = invoice(entry(100, GST), Prices=value)
    for settings in (BY_FIELD, BY_FIELD_TOO):
        assert created(raw, settings=settings).draft.amount_types == "Exclusive"


@pytest.mark.parametrize("value", [None, "", "   ", [], {}])
def test_a_field_that_says_nothing_leaves_it_to_the_tenant(value: object) -> None:
    raw = invoice(entry(100), Prices=value)
    assert created(raw, settings=BY_FIELD).draft.amount_types == "Exclusive"
    assert created(raw, settings=BY_FIELD_TOO).draft.amount_types == "Inclusive"


@pytest.mark.parametrize("value", ["maybe", "inclusive of freight", "2", "ja"])
def test_an_unclear_word_is_never_guessed(value: str) -> None:
    found = decided(invoice(entry(100), Prices=value), settings=BY_FIELD)
    assert isinstance(found, Blocked)
    [told] = found.reasons
    assert (told.name, told.field_name, told.values["value"]) == ("amounts_unclear", "Prices", value)


@pytest.mark.parametrize("tax_type", [None, "", "GONE", "OLD", "INPUT"])
def test_the_rate_inside_the_prices_must_be_one_that_xero_has(tax_type: str | None) -> None:
    """Not set, not there, deleted, or not for sales."""
    settings = replace(SETTINGS, amounts=AmountsRule(inclusive=True, tax_type=tax_type))
    assert codes(invoice(entry(100)), settings=settings) == ["inclusive_unmapped"]


def test_prices_may_hold_a_tax_of_nothing() -> None:
    settings = replace(SETTINGS, amounts=AmountsRule(inclusive=True, tax_type="EXEMPTOUTPUT"))
    assert sent(invoice(entry(100), discount="0.05"), settings).draft.totals.tax == 0


def test_the_rate_inside_the_prices_is_xeros_own() -> None:
    """CRM says none, so the one that counts is what Xero has now."""
    moved = tuple(replace(each, rate=D("12.5")) if each.tax_type == "OUTPUT15" else each for each in BOOKS.tax_rates)
    found = created(invoice(entry("112.50")), settings=INSIDE, books=replace(BOOKS, tax_rates=moved))
    assert (found.draft.totals.tax, found.total) == (D("12.50"), D("112.50"))


@pytest.mark.parametrize(("price", "tax_of_all"), [("0.05", "0.01"), ("100", "10.00"), ("33.33", "3.33")])
def test_a_tax_on_the_whole_goes_to_every_line(price: str, tax_of_all: str) -> None:
    """One type for all of them; the discount is a net amount there, and lowers the tax as it does in CRM."""
    raw = invoice(entry(price), taxes=[GST])
    assert raw["Tax"] == D(tax_of_all)
    assert amounts(sent(raw)) == [f"row {D(price):.2f} OUTPUT"]


def test_several_taxes_on_the_whole_are_one_set() -> None:
    """Matched by their names, or by what they add up to; unmapped ones are named."""
    raw = invoice(entry(1000), discount="100", taxes=[tax(10, "GST"), tax(2, "Levy")])
    assert raw["Tax"] == D("108.00")
    named = replace(SETTINGS, taxes=(*SETTINGS.taxes, TaxRule(D(12), "TAX001", frozenset({"Levy", "GST"}))))
    by_rate = replace(SETTINGS, taxes=(*SETTINGS.taxes, TaxRule(D(12), "TAX001")))
    for settings in (named, by_rate):
        assert amounts(sent(raw, settings)) == ["row 1000.00 TAX001", "discount -100.00 TAX001"]
    found = decided(raw)
    assert isinstance(found, Blocked)
    assert [each.sentence for each in found.reasons] == ["The invoice's tax “GST + Levy” is not matched"]


def test_a_discount_whose_tax_is_half_a_cent_goes_as_two_lines() -> None:
    """Nobody knows which way Xero rounds below zero (X6.5): neither of the two has a half."""
    raw = invoice(entry(100), discount="0.05", taxes=[GST])
    found = sent(raw)
    assert amounts(found) == ["row 100.00 OUTPUT", "discount -0.04 OUTPUT", "discount -0.01 OUTPUT"]


def test_a_discount_below_zero_is_added() -> None:
    found = sent(invoice(entry(100), discount="-20", taxes=[GST]))
    assert amounts(found) == ["row 100.00 OUTPUT", "discount 20.00 OUTPUT"]
    assert found.total == D("132.00")


def test_the_rate_of_a_total_tax_must_still_be_xeros() -> None:
    assert codes(invoice(entry(100), taxes=[GST]), settings=replace(SETTINGS, taxes=(TaxRule(D(10), "OUTPUT15"),))) == [
        "tax_rate_moved"
    ]
