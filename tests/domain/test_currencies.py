"""Is an invoice of any currency sent to its own smallest unit, or told why not?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.currencies import decimals
from server.domain.decide import Blocked
from tests.domain.kinds import Raw, amounts, entry, invoice, sent, tax
from tests.domain.records import BOOKS, SETTINGS, D, codes, created, decided, in_json

GST = tax(10)
UNITS = {"JPY": "1", "KWD": "0.001", "EUR": "0.01"}
HALF = replace(SETTINGS, rounding_limit=D("0.50"))


def of(currency: str, *rows: Raw, **fields: object) -> Raw:
    return invoice(*rows, unit=UNITS[currency], Currency=currency, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("currency", "count"), [("JPY", 0), ("ISK", 0), ("KWD", 3), ("CLF", 4), ("EUR", 2), ("???", 2)]
)
def test_the_decimals_of_a_currency(currency: str, count: int) -> None:
    """ISO 4217; what is not among its exceptions has two."""
    assert decimals(currency) == count


def test_the_currency_goes_along() -> None:
    """The invoice's own, else the CRM org's one; a record has none while the org keeps one currency (Z6)."""
    assert in_json(sent(of("EUR", entry(100, GST))).body)["CurrencyCode"] == "EUR"
    raw = invoice(entry(100, GST), Currency=None)
    assert in_json(created(raw, settings=replace(SETTINGS, home_currency="EUR")).body)["CurrencyCode"] == "EUR"


@pytest.mark.parametrize(("subscribed", "found"), [((), ["currency_not_in_xero"]), (("EUR",), [])])
def test_xero_must_have_the_currency(subscribed: tuple[str, ...], found: list[str]) -> None:
    """Its own it always has."""
    books = replace(BOOKS, currencies=frozenset(subscribed))
    assert codes(of("EUR", entry(100, GST)), books=books) == found
    assert codes(invoice(entry(100, GST)), books=books) == []


def test_a_currency_that_xero_lacks_is_named_with_the_organisation() -> None:
    found = decided(invoice(entry(100, GST), Currency="NOK"))
    assert isinstance(found, Blocked)
    assert [each.sentence for each in found.reasons] == ["Xero has no currency NOK"]
    assert found.reasons[0].detail == "Harbour & Pine Pty Ltd has not subscribed to it. Look at {field}."


def test_yen_are_counted_whole_by_crm() -> None:
    """1,005 at 10 % is 100.5 of tax: CRM makes it 101, Xero keeps the half, and the line says so."""
    assert amounts(sent(of("JPY", entry(1000, GST), entry(50, GST)))) == ["row 1000.00 OUTPUT", "row 50.00 OUTPUT"]
    raw = of("JPY", entry(1005, GST))
    assert raw["Grand_Total"] == D("1106")
    assert amounts(sent(raw, HALF))[1:] == ["rounding 0.50 EXEMPTOUTPUT"]


def test_half_a_yen_is_more_than_is_usually_allowed() -> None:
    found = decided(of("JPY", entry(1005, GST)))
    assert isinstance(found, Blocked)
    assert [each.sentence for each in found.reasons] == ["Rounding makes JPY 0.50, more than you allow"]


def test_a_price_of_yen_that_crm_rounded() -> None:
    """3 x 33.4 is 100 in CRM: it goes as one of its total, with what it was worked out from."""
    found = sent(of("JPY", entry("33.4", Quantity=D(3))))
    [line] = found.draft.lines
    assert (line.quantity, line.price, line.text.split("\n")[-1]) == (1, 100, "3 × 33.4")


def test_dinars_that_come_to_whole_hundredths_are_sent() -> None:
    """Three decimals in CRM, two in Xero (X6.5)."""
    found = sent(of("KWD", entry("10.250", GST), entry("5.5", GST), discount="1.1", adjustment="0.125"))
    assert (found.total, len(found.draft.lines)) == (found.draft.totals.total, 4)


@pytest.mark.parametrize(
    ("currency", "price", "most"), [("KWD", "10.255", "2 decimals"), ("EUR", "100.005", "2 decimals")]
)
def test_a_total_finer_than_xero_keeps_it(currency: str, price: str, most: str) -> None:
    """Nothing could be added that makes the two the same."""
    raw = of(currency, entry(price, Total=D(price)))
    found = decided(raw)
    assert isinstance(found, Blocked)
    told = {each.name: each for each in found.reasons}
    assert told["currency_precision"].detail == f"{currency} has {most} there. Change the lines until {{field}} fits."


def test_a_total_finer_than_the_currency_itself() -> None:
    """A yen has no cents, whatever a script wrote into CRM."""
    raw = of("JPY", entry("100.50", Total=D("100.50")))
    found = decided(raw)
    assert isinstance(found, Blocked)
    told = {each.name: each for each in found.reasons}
    assert told["currency_precision"].sentence == "The total JPY 100.50 is finer than Xero keeps it"
    assert told["currency_precision"].detail.startswith("JPY has no decimals there.")


def test_what_rounding_explains_is_counted_in_the_currencys_unit() -> None:
    """Of one row a yen more is rounding to CRM, and never allowed as a line; of dinars not even a hundredth is."""
    yen, dinars = of("JPY", entry(1000)), of("KWD", entry("10.00"))
    assert codes({**yen, "Grand_Total": D(1001)}, settings=HALF) == ["rounding_too_large"]
    assert codes({**yen, "Grand_Total": D(1002)}, settings=HALF) == ["crm_total_unexplained"]
    assert codes({**dinars, "Grand_Total": D("10.01")}, settings=HALF) == ["crm_total_unexplained"]
