"""Do both sides' figures add up, and stay understandable, however CRM counts the tax of an invoice?"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from server.domain.preview import preview_json
from server.domain.values import AmountsRule, RateRule, Settings, TaxRule, TrackingRule
from tests.domain.records import AT, BOOKS, SETTINGS, D, decided, read, record, row

GST = [{"name": "GST 10%", "percentage": D(10)}]
HEADER = {"$line_tax": GST}
INCLUSIVE = replace(SETTINGS, amounts=AmountsRule(inclusive=True, tax_type="OUTPUT15"))


def shown(raw: dict[str, object], settings: Settings = SETTINGS) -> dict[str, Any]:
    found = preview_json(decided(raw, settings=settings), read(raw), BOOKS, AT)
    assert found["decision"] == "create", found
    copy: dict[str, Any] = json.loads(json.dumps(found))
    return copy


def plain(price: str, **more: object) -> dict[str, object]:
    """A row without a tax."""
    return row(List_Price=D(price), Line_Tax=[], **more)


def no_tax() -> dict[str, Any]:
    return shown(record(plain("100"), Discount=D(10), Adjustment=D("-2.50"), Grand_Total=D("87.50")))


def row_taxes() -> dict[str, Any]:
    return shown(record(row(), Discount=D(10), Adjustment=D(5), Grand_Total=D(105)))


def header_tax() -> dict[str, Any]:
    """Xero rounds the tax of each line: 0.03 + 0.03, where CRM counts 0.05 on the sum of 0.50."""
    sums = {"Sub_Total": D("0.50"), "Tax": D("0.05"), "Grand_Total": D("0.55")}
    return shown(record(plain("0.25"), plain("0.25"), **sums, **HEADER))


def header_tax_discount() -> dict[str, Any]:
    sums = {"Sub_Total": D(200), "Discount": D(50), "Tax": D(15), "Adjustment": D(1), "Grand_Total": D(166)}
    return shown(record(plain("100"), plain("100"), **sums, **HEADER))


def inclusive() -> dict[str, Any]:
    return shown(record(plain("541.25"), Discount=D(41), Grand_Total=D("500.25")), INCLUSIVE)


def column(found: dict[str, Any], side: str) -> Decimal:
    """What the figures of one side come to; where prices hold the tax, without it."""
    parts = [each[side] for each in found["totals"]["parts"]]
    taxes = [each[side] for each in found["totals"]["taxes"]] if found["amounts"] == "exclusive" else []
    return sum((D(each) for each in [*parts, *taxes] if each), D(0))


@pytest.mark.parametrize("way", [no_tax, row_taxes, header_tax, header_tax_discount, inclusive])
def test_each_column_adds_up_to_its_total(way: Any) -> None:
    """And both totals are the same, because it would be sent."""
    found = way()
    crm, xero = found["totals"]["crm"]["total"], found["totals"]["xero"]["total"]
    assert crm == xero
    assert (column(found, "crm"), column(found, "xero")) == (D(crm), D(xero))


def test_without_tax() -> None:
    found = no_tax()
    assert found["way"] == "no_tax"
    assert found["totals"]["parts"] == [
        {"part": "row", "crm": "100.00", "xero": "100.00"},
        {"part": "discount", "crm": "-10.00", "xero": "-10.00"},
        {"part": "adjustment", "crm": "-2.50", "xero": "-2.50"},
    ]
    assert [(line["part"], line["amount"]) for line in found["lines"]] == [
        ("row", "100.00"),
        ("discount", "-10.00"),
        ("adjustment", "-2.50"),
    ]


def test_taxes_of_lines_keep_crms_tax_where_xero_lowers_it() -> None:
    """CRM takes the discount off after the tax; in Xero its net share stands on a line."""
    found = row_taxes()
    assert found["way"] == "row_taxes"
    sums = found["totals"]
    assert sums["crm"] == {
        "subtotal": "100.00",
        "discount": "10.00",
        "tax": "10.00",
        "adjustment": "5.00",
        "total": "105.00",
    }
    assert sums["xero"] == {"subtotal": "95.91", "tax": "9.09", "total": "105.00"}
    assert sums["parts"][1] == {"part": "discount", "crm": "-10.00", "xero": "-9.09"}
    gst, free = sums["taxes"]
    assert (gst["crm"], gst["xero"], gst["net"], gst["ours"]) == ("10.00", "9.09", "90.91", False)
    assert (free["crm"], free["xero"], free["ours"]) == ("0.00", "0.00", True)


def test_a_tax_on_the_whole_belongs_to_its_one_type() -> None:
    found = header_tax()
    assert (found["way"], found["rounding"]) == ("header_tax", "-0.01")
    sums = found["totals"]
    assert [(each["name"], each["crm"], each["xero"], each["ours"]) for each in sums["taxes"]] == [
        ("GST on Income", "0.05", "0.06", False),
        ("GST Free Income", "0.00", "0.00", True),
    ]
    assert sums["parts"][-1] == {"part": "rounding", "crm": None, "xero": "-0.01"}
    assert found["lines"][-1]["part"] == "rounding"
    assert (found["lines"][-1]["account"], found["lines"][-1]["account_name"]) == ("860", "Rounding")


def test_prices_that_hold_the_tax() -> None:
    """CRM counts no tax; Xero takes it out of each amount. The net of its type is without it."""
    found = inclusive()
    assert (found["way"], found["amounts"]) == ("inclusive", "inclusive")
    sums = found["totals"]
    assert (sums["crm"]["subtotal"], sums["crm"]["tax"], sums["crm"]["total"]) == ("541.25", None, "500.25")
    assert sums["xero"] == {"subtotal": "435.00", "tax": "65.25", "total": "500.25"}
    assert sums["taxes"] == [
        {"name": "GST on Income 15", "rate": "15", "net": "435.00", "crm": None, "xero": "65.25", "ours": False}
    ]


def test_currencies_without_cents_and_with_three_decimals() -> None:
    """Two decimals are written at the least; the screen knows each currency's own."""
    yen = shown(record(plain("1000"), Currency="JPY", Grand_Total=D(1000)))
    dinar = shown(record(plain("6.175", Quantity=D(2)), Currency="KWD", Grand_Total=D("12.350")))
    assert (yen["currency"], yen["totals"]["xero"]["total"]) == ("JPY", "1000.00")
    assert (dinar["lines"][0]["price"], dinar["totals"]["crm"]["total"]) == ("6.175", "12.35")


def test_what_goes_along_is_said() -> None:
    """Reference, computed due date, exchange rate, products that Xero gets, tracking."""
    settings = replace(
        SETTINGS,
        reference_field="Subject",
        products="create",
        rate=RateRule("crm", home_total="Home_Total"),
        tracking=(TrackingRule("Region", "invoice", "Area"),),
        taxes=(*SETTINGS.taxes, TaxRule(D(0), "EXEMPTOUTPUT")),
    )
    more = {"Currency": "EUR", "Exchange_Rate": D("0.625"), "Home_Total": D(160), "Grand_Total": D(100)}
    found = shown(record(plain("100"), Subject="PO 12", Area="north", **more), settings)
    assert (found["reference"], found["rate"], found["base_currency"]) == ("PO 12", "0.625", "AUD")
    assert found["new_products"] == [{"code": "CHAIR-V", "name": "Visitor chair"}]
    (line,) = found["lines"]
    assert line["tracking"] == [{"category": "Region", "option": "North"}]
    assert (line["code"], line["product_code"]) == ("CHAIR-V", "CHAIR-V")


def test_the_due_date_is_the_one_that_is_sent() -> None:
    settings = replace(SETTINGS, due=replace(SETTINGS.due, source="days", days=14))
    assert shown(record(plain("100")), settings)["due_date"] == "2026-11-11"


def test_a_line_of_one_total_says_what_it_was_worked_out_from() -> None:
    (line,) = shown(record(plain("1.23456", Quantity=D(3), Total=D("3.70")), Grand_Total=D("3.70")))["lines"]
    assert (line["text"], line["quantity"], line["price"]) == ("Visitor chair\n3 × 1.23456", "1", "3.70")
