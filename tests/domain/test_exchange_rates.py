"""Which exchange rate goes along, and is CRM's never sent the wrong way round (Z5.9)?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.decide import Blocked
from server.domain.values import RateRule
from tests.domain.kinds import Raw, entry, invoice, sent
from tests.domain.records import BOOKS, SETTINGS, D, codes, created, decided, in_json

BY_CRM = replace(SETTINGS, rate=RateRule("crm", "Exchange_Rate", "Total_Home"))


def euros(**fields: object) -> Raw:
    return invoice(entry("1000"), Currency="EUR", **fields)  # type: ignore[arg-type]


def rate(raw: Raw, settings: object = BY_CRM) -> object:
    return in_json(created(raw, settings=settings).body).get("CurrencyRate")  # type: ignore[arg-type]


def told(raw: Raw, settings: object = BY_CRM) -> list[tuple[str, str | None]]:
    found = decided(raw, settings=settings)  # type: ignore[arg-type]
    assert isinstance(found, Blocked)
    return [(each.name, each.field_name) for each in found.reasons]


def test_it_is_xeros_unless_the_tenant_says_otherwise() -> None:
    """Also where CRM has one."""
    raw = euros(Exchange_Rate=D("0.61"), Total_Home=D("1639.34"))
    assert rate(raw, SETTINGS) is None
    assert rate(raw) == D("0.610000")


@pytest.mark.parametrize(
    ("given", "home", "sent_as"),
    [
        ("0.61", "1639.34", "0.61"),
        ("1.63934", "1639.34", "0.610002"),
        ("0.5", "2000", "0.5"),
        ("2", "2000", "0.5"),
        ("1", "1000", "1"),
        ("156.789", "6.38", "156.789"),
        ("0.006378", "6.38", "156.789"),
    ],
)
def test_its_direction_is_proved_by_crms_own_total(given: str, home: str, sent_as: str) -> None:
    """Xero takes units of the invoice's currency for one of the books' own; CRM may mean it either way."""
    found = rate(euros(Exchange_Rate=D(given), Total_Home=D(home)))
    assert isinstance(found, D)
    assert abs(found - D(sent_as)) <= D("0.005") * D(sent_as)
    assert -found.as_tuple().exponent <= 6


@pytest.mark.parametrize("home", [None, 0, "0.00", "a lot", D("1650.00"), D("-1639.34"), [], D("610.01") * 2])
def test_a_rate_that_nothing_proves_is_not_sent(home: object) -> None:
    """No total in the home currency, or one that neither way of the rate comes to."""
    assert told(euros(Exchange_Rate=D("0.61"), Total_Home=home)) == [("rate_unproved", "Total_Home")]


def test_without_a_field_for_the_total_nothing_proves_it() -> None:
    settings = replace(SETTINGS, rate=RateRule("crm"))
    assert told(euros(Exchange_Rate=D("0.61")), settings) == [("rate_unproved", "Exchange_Rate")]


def test_another_home_currency_proves_nothing() -> None:
    """The two totals would be of other currencies than the books and the invoice."""
    settings = replace(BY_CRM, home_currency="EUR")
    raw = invoice(entry("1000"), Currency="JPY", Exchange_Rate=D("0.61"), Total_Home=D("1639.34"), unit="1")
    assert told(raw, settings) == [("rate_unproved", "Total_Home")]


@pytest.mark.parametrize("given", [None, "", 0, D("-0.61"), "n/a", {}, True])
def test_a_missing_rate_is_asked_for(given: object) -> None:
    assert told(euros(Exchange_Rate=given, Total_Home=D("1639.34"))) == [("rate_missing", "Exchange_Rate")]


def test_the_tenants_own_field_is_named() -> None:
    settings = replace(SETTINGS, rate=RateRule("crm", "Our_Rate", "Total_Home"))
    assert told(euros(), settings) == [("rate_missing", "Our_Rate")]


def test_a_rate_too_small_for_xero_is_none() -> None:
    """Six decimals at the most (X6.1): it would arrive as nothing."""
    found = euros(Exchange_Rate=D("0.0000004"), Total_Home=D("2500000000"))
    assert told(found) == [("rate_missing", "Exchange_Rate")]


def test_the_books_own_currency_needs_no_rate() -> None:
    """Whatever stands in the fields."""
    raw = invoice(entry("1000"), Exchange_Rate="nonsense")
    assert "CurrencyRate" not in in_json(sent(raw, BY_CRM).body)


def test_of_an_invoice_without_a_total_a_rate_says_nothing() -> None:
    assert "rate_unproved" in codes({**euros(Exchange_Rate=1), "Grand_Total": None}, settings=BY_CRM)
    assert codes(euros(), books=replace(BOOKS, base_currency="EUR"), settings=BY_CRM) == []
