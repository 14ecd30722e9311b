"""Where is a line booked, and as which product, by the tenant's rules? Gaps are reasons, never exceptions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.domain.crm_invoice import with_products
from server.domain.decide import Blocked, Create, decide
from server.domain.values import AccountRule, Books, Settings
from tests.domain.kinds import Raw, entry, invoice, tax
from tests.domain.records import BOOKS, BRIGHTWATER, MARKER, SETTINGS, in_json, read

GST = tax(10)
BY_FIELD = replace(SETTINGS, accounts=AccountRule(product_field="Ledger"))
BY_CATEGORY = replace(SETTINGS, accounts=AccountRule(by_category={"Services": "220", "Old": "210"}))
BOTH = replace(SETTINGS, accounts=AccountRule("Ledger", {"Services": "220"}, discount="260", adjustment="260"))


def verdict(
    raw: Raw, settings: Settings, product: dict[str, Any] | None = None, books: Books = BOOKS
) -> Create | Blocked:
    crm = read(raw) if product is None else with_products(read(raw), {"8001": product})
    found = decide(crm, BRIGHTWATER, settings, books, None, None, MARKER)
    assert isinstance(found, Create | Blocked)
    return found


def accounts(settings: Settings, product: dict[str, Any]) -> list[str]:
    found = verdict(invoice(entry(100, GST)), settings, product)
    assert isinstance(found, Create), found.reasons
    return [line["AccountCode"] for line in in_json(found.body)["LineItems"]]


def sentences(found: Create | Blocked) -> list[str]:
    assert isinstance(found, Blocked)
    return [each.sentence for each in found.reasons]


@pytest.mark.parametrize(
    ("settings", "product", "account"),
    [
        (SETTINGS, {"Ledger": "220", "Product_Category": "Services"}, "200"),
        (BY_FIELD, {"Ledger": "220"}, "220"),
        (BY_FIELD, {"Ledger": 220}, "220"),
        (BY_FIELD, {"Ledger": {"name": "220", "id": "1"}}, "220"),
        (BY_FIELD, {"Ledger": ""}, "200"),
        (BY_FIELD, {}, "200"),
        (BY_CATEGORY, {"Product_Category": "Services"}, "220"),
        (BY_CATEGORY, {"Product_Category": "Other"}, "200"),
        (BY_CATEGORY, {"Product_Category": None}, "200"),
        (BOTH, {"Ledger": "260", "Product_Category": "Services"}, "260"),
        (BOTH, {"Ledger": None, "Product_Category": "Services"}, "220"),
        (BOTH, {"Ledger": None, "Product_Category": "Other"}, "200"),
    ],
)
def test_the_products_field_then_its_category_then_the_tenants_account(
    settings: Settings, product: dict[str, Any], account: str
) -> None:
    assert accounts(settings, product) == [account]


@pytest.mark.parametrize("code", ["210", "090", "610", "999", "860", "Sales"])
def test_an_account_that_takes_no_invoices_is_named_with_its_line(code: str) -> None:
    """Archived, a bank, the system's own, not there: by the line, because the tenant's own account is fine."""
    found = verdict(invoice(entry(100, GST)), BY_FIELD, {"Ledger": code})
    assert sentences(found) == [f"Line 1, Visitor chair: account {code} can't take invoices"]
    archived = verdict(invoice(entry(100, GST)), BY_CATEGORY, {"Product_Category": "Old"})
    assert sentences(archived) == ["Line 1, Visitor chair: account 210 can't take invoices"]


def test_a_product_that_crm_does_not_show_is_not_booked_anywhere() -> None:
    """Its account may be another than the usual one; without a rule for products nobody asks."""
    raw = invoice(entry(100, GST))
    assert sentences(verdict(raw, BY_FIELD)) == ["Line 1, Visitor chair: CRM does not show its product"]
    assert isinstance(verdict(raw, SETTINGS), Create)


def test_a_line_without_product_has_the_usual_account() -> None:
    raw = invoice(entry(100, GST, Product_Name=None, Description="Work"))
    assert isinstance(verdict(raw, BOTH), Create)


def test_which_fields_of_products_are_needed() -> None:
    """None, where they need not be read."""
    assert SETTINGS.product_fields == frozenset()
    assert BOTH.product_fields == {"Ledger", "Product_Category"}


def codes_of_products(settings: Settings, books: Books = BOOKS, code: object = "LAMP-9") -> list[str | None]:
    rows = [
        entry(100, GST, Product_Name={"name": each, "id": "8001", "Product_Code": each}) for each in ("DESK-OAK", code)
    ]
    found = verdict(invoice(*rows), settings, books=books)
    assert isinstance(found, Create), found.reasons
    return [line.get("ItemCode") for line in in_json(found.body)["LineItems"]]


def test_product_codes_are_sent_where_the_tenant_wants_them() -> None:
    """DESK-OAK is in Xero, LAMP-9 is not: off, without it, or created first."""
    off, without, create = (replace(SETTINGS, products=way) for way in ("off", "without", "create"))
    assert codes_of_products(off) == [None, None]
    assert codes_of_products(without) == ["DESK-OAK", None]
    assert codes_of_products(create) == ["DESK-OAK", "LAMP-9"]


def test_what_is_to_be_made_first_is_listed_once_with_its_name() -> None:
    create = replace(SETTINGS, products="create")
    product = {"name": "Lamp", "Product_Code": "LAMP-9"}
    rows = [entry(100, GST, Product_Name=product, Description=words) for words in ("One", "Two")]
    found = verdict(invoice(*rows, entry(5, GST, Product_Name={"name": "Desk", "Product_Code": "DESK-OAK"})), create)
    assert isinstance(found, Create)
    assert found.draft.new_products == (("LAMP-9", "Lamp"),)
    assert isinstance(verdict(invoice(entry(1, GST)), SETTINGS), Create)


def test_a_product_that_xero_lacks_may_hold_the_invoice_back() -> None:
    found = verdict(invoice(entry(100, GST)), replace(SETTINGS, products="block"))
    assert sentences(found) == ["Line 1, Visitor chair: Xero has no product “CHAIR-V”"]


def test_products_are_made_only_where_the_consent_allows_it() -> None:
    create, books = replace(SETTINGS, products="create"), replace(BOOKS, makes_products=False)
    found = verdict(invoice(entry(100, GST)), create, books=books)
    assert isinstance(found, Blocked)
    assert [each.name for each in found.reasons] == ["products_not_allowed"]
    known = replace(books, product_codes=frozenset({"CHAIR-V"}))
    assert isinstance(verdict(invoice(entry(100, GST)), create, books=known), Create)


@pytest.mark.parametrize(("length", "fits"), [(30, True), (31, False)])
def test_a_code_that_is_too_long_for_xero_can_not_be_made(length: int, fits: bool) -> None:
    """X8.1; without it the line may still go."""
    raw = invoice(entry(100, GST, Product_Name={"name": "Chair", "Product_Code": "9" * length}))
    assert isinstance(verdict(raw, replace(SETTINGS, products="create")), Create) is fits
    assert isinstance(verdict(raw, replace(SETTINGS, products="without")), Create)
