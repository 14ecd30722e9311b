"""Which tracking, branding theme and reference does an invoice bear by the tenant's rules?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.domain.crm_invoice import with_products
from server.domain.decide import Blocked, Create, decide
from server.domain.values import Settings, ThemeRule, TrackingRule
from tests.domain.kinds import Raw, entry, invoice, tax
from tests.domain.records import BOOKS, BRIGHTWATER, MARKER, SETTINGS, in_json, read

GST = tax(10)
STANDARD = "78890000-0000-0000-0000-000000000001"
NORTH, RETAIL = {"Name": "Region", "Option": "North"}, {"Name": "Department", "Option": "Retail"}


def ruled(*rules: TrackingRule) -> Settings:
    return replace(SETTINGS, tracking=rules)


def body(raw: Raw, settings: Settings, product: dict[str, Any] | None = None) -> Any:
    crm = with_products(read(raw), {"8001": product or {}})
    found = decide(crm, BRIGHTWATER, settings, BOOKS, None, None, MARKER)
    assert isinstance(found, Create), [each.sentence for each in found.reasons]  # type: ignore[union-attr]
    return in_json(found.body)


def tracking(raw: Raw, settings: Settings, product: dict[str, Any] | None = None) -> list[object]:
    return [line.get("Tracking") for line in body(raw, settings, product)["LineItems"]]


def sentences(raw: Raw, settings: Settings, product: dict[str, Any] | None = None) -> list[str]:
    crm = with_products(read(raw), {"8001": product or {}})
    found = decide(crm, BRIGHTWATER, settings, BOOKS, None, None, MARKER)
    assert isinstance(found, Blocked)
    return [each.sentence for each in found.reasons]


def test_without_a_rule_crm_says_nothing_of_it() -> None:
    """Not even that there is none: what Xero has by itself stays."""
    assert tracking(invoice(entry(100, GST)), SETTINGS) == [None]


@pytest.mark.parametrize(
    ("rule", "raw", "product"),
    [
        (TrackingRule("Region", "fixed", option="North"), {}, {}),
        (TrackingRule("Region", "invoice", "Area"), {"Area": "North"}, {}),
        (TrackingRule("Region", "invoice", "Area"), {"Area": {"name": "north", "id": "1"}}, {}),
        (TrackingRule("Region", "line", "Place"), {}, {}),
        (TrackingRule("Region", "product", "Home"), {}, {"Home": " NORTH "}),
    ],
    ids=["fixed", "invoice", "a lookup", "line", "product"],
)
def test_an_option_comes_from_where_the_rule_says(rule: TrackingRule, raw: Raw, product: dict[str, Any]) -> None:
    """In Xero's own spelling, whatever CRM's letters."""
    made = invoice(entry(100, GST, Place="nORTH"), **raw)
    assert tracking(made, ruled(rule), product) == [[NORTH]]


def test_two_categories_go_along_in_the_order_of_the_rules() -> None:
    rules = (TrackingRule("Department", "fixed", option="retail"), TrackingRule("Region", "line", "Place"))
    raw = invoice(entry(100, GST, Place="North"), entry(50, GST))
    assert tracking(raw, ruled(*rules)) == [[RETAIL, NORTH], [RETAIL]]


def test_lines_of_ours_bear_what_the_whole_invoice_has() -> None:
    """A discount has no product and no line of CRM's: a line's or a product's option is none of its."""
    rules = (TrackingRule("Department", "invoice", "Team"), TrackingRule("Region", "line", "Place"))
    raw = invoice(entry(100, GST, Place="North"), discount="11", adjustment="1", Team="Retail")
    assert tracking(raw, ruled(*rules)) == [[RETAIL, NORTH], [RETAIL], [RETAIL]]


def test_an_empty_field_is_no_option() -> None:
    assert tracking(invoice(entry(100, GST)), ruled(TrackingRule("Region", "invoice", "Area"))) == [[]]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (TrackingRule("Region", "invoice", "Area"), "“East” is no option of Xero's Region"),
        (TrackingRule("Region", "fixed", option="East"), "“East” is no option of Xero's Region"),
        (TrackingRule("Region", "line", "Place"), "Line 1, Visitor chair: “East” is not in Xero's Region"),
        (TrackingRule("Region", "product", "Home"), "Line 1, Visitor chair: “East” is not in Xero's Region"),
        (TrackingRule("Colour", "invoice", "Area"), "Xero has no tracking category “Colour”"),
    ],
)
def test_an_option_that_xero_lacks_is_told_once(rule: TrackingRule, sentence: str) -> None:
    """By the line where it is the line's; once for the whole invoice, however many lines it has."""
    rows = [entry(100, GST, Place="East"), entry(100, GST, Place="North", Product_Name={"name": "Lamp"})]
    raw = invoice(*rows, discount="5", Area="East")
    assert sentences(raw, ruled(rule), {"Home": "East"}) == [sentence]


def test_a_line_of_ours_alone_cannot_hide_a_gap() -> None:
    """Of a rule for the invoice every line tells the same; it is said once."""
    rules = (TrackingRule("Region", "invoice", "Area"), TrackingRule("Colour", "fixed", option="Red"))
    raw = invoice(entry(100, GST), adjustment="5", Area="East")
    assert sentences(raw, ruled(*rules)) == [
        "“East” is no option of Xero's Region",
        "Xero has no tracking category “Colour”",
    ]


@pytest.mark.parametrize(
    ("rule", "fields", "theme"),
    [
        (None, {"Layout": "Standard"}, None),
        (ThemeRule(name="Standard"), {}, STANDARD),
        (ThemeRule(field="Layout", name="Standard"), {}, STANDARD),
        (ThemeRule(field="Layout", name="Gone"), {"Layout": "STANDARD"}, STANDARD),
        (ThemeRule(field="Layout"), {}, None),
    ],
)
def test_the_branding_theme_by_the_invoices_field_else_the_tenants(
    rule: ThemeRule | None, fields: Raw, theme: str | None
) -> None:
    assert body(invoice(entry(100, GST), **fields), replace(SETTINGS, theme=rule)).get("BrandingThemeID") == theme


def test_a_theme_that_xero_lacks_is_named() -> None:
    raw = invoice(entry(100, GST), Layout="Festive")
    settings = replace(SETTINGS, theme=ThemeRule(field="Layout", name="Standard"))
    assert sentences(raw, settings) == ["Xero has no branding theme “Festive”"]


def test_the_reference_is_a_field_of_crms() -> None:
    """Nothing is sent where it is empty, or where the tenant has no field for it."""
    settings = replace(SETTINGS, reference_field="Purchase_Order")
    raw = invoice(entry(100, GST), Purchase_Order=" PO 4711 ")
    assert body(raw, settings)["Reference"] == "PO 4711"
    assert "Reference" not in body(raw, SETTINGS)
    assert "Reference" not in body(invoice(entry(100, GST), Purchase_Order=None), settings)


def test_a_reference_may_have_255_signs() -> None:
    settings = replace(SETTINGS, reference_field="Subject")
    assert body(invoice(entry(100, GST), Subject="x" * 255), settings)["Reference"] == "x" * 255
    assert sentences(invoice(entry(100, GST), Subject="x" * 256), settings) == ["The reference is too long for Xero"]
