"""Does docs/data.md say what the code does: is every field that is looked at listed, and every listed one looked at?"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.domain.crm_invoice import billed_to_contact, read_invoice, with_products
from server.domain.customer import NewContact, contact_body
from server.domain.customer_details import details_of
from server.domain.customer_facts import fields_to_read, read_customer
from server.domain.data_flows import FLOWS, leaving
from server.domain.data_page import page
from server.domain.draft import body_of, draft_of
from server.domain.values import (
    CONTACT,
    AccountRule,
    AmountsRule,
    CustomerRule,
    DueRule,
    NumberRule,
    RateRule,
    Settings,
    ThemeRule,
    TrackingRule,
)
from tests.domain.records import BOOKS, BRIGHTWATER, MARKER, SETTINGS, D, record, row

ROOT = Path(__file__).resolve().parents[2]
# Of the org and its users the domain reads nothing; tests of sign-ins look at those.
DOMAIN = {"Invoices", "Invoiced_Items", "Products", "Accounts", "Contacts"}
ALL_ON = replace(
    SETTINGS,
    number=NumberRule("field", "Invoice_Number"),
    reference_field="Purchase_Order",
    theme=ThemeRule("Theme_Of_Invoice", None),
    amounts=AmountsRule(False, "OUTPUT", "Prices_Include_Tax"),
    rate=RateRule("crm", "Exchange_Rate", "Home_Total"),
    tracking=(
        TrackingRule("Region", "invoice", "Region_Of_Invoice"),
        TrackingRule("Department", "line", "Department_Of_Line"),
        TrackingRule("Region", "product", "Region_Of_Product"),
    ),
    accounts=AccountRule("Sales_Account", {"Fitting": "220"}, "200", "260"),
    products="without",
    customers=CustomerRule(tax_number_field="ABN"),
)
OF_CONTACTS = replace(ALL_ON, customers=CustomerRule(CONTACT, tax_number_field="ABN"))
XERO_BY_TERMS = replace(SETTINGS, number=NumberRule("xero"), due=DueRule("terms"))
MINIMAL = replace(XERO_BY_TERMS, customers=CustomerRule(address=False, phone=False))
KINDS = {"all on": ALL_ON, "contacts": OF_CONTACTS, "usual": SETTINGS, "minimal": MINIMAL}


class Watched(dict[str, Any]):
    """A record that remembers which of its fields somebody looked at."""

    def __init__(self, values: Mapping[str, Any], module: str, seen: dict[str, set[str]]) -> None:
        super().__init__(values)
        self._module, self._seen = module, seen

    def get(self, key: str, default: Any = None) -> Any:
        if key:
            self._seen[self._module].add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self._seen[self._module].add(key)
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("who goes through all fields looks at more than is listed")


def looked_at(settings: Settings) -> dict[str, set[str]]:
    """Every field that a push with these settings looks at, by module."""
    seen: dict[str, set[str]] = defaultdict(set)
    for state in ("approved", None):
        _look(settings, {**record(Currency="EUR"), "Discount": D(5), "$approval_state": state}, seen)
    seen["Invoices"] -= {"Invoiced_Items"}  # its lines stand in the table as a module of their own
    return seen


def _look(settings: Settings, values: Mapping[str, Any], seen: dict[str, set[str]]) -> None:
    rows = [Watched(each, "Invoiced_Items", seen) for each in (row(id="7001"), row("Oak desk", id="7002"))]
    raw = Watched({**values, "Invoiced_Items": rows}, "Invoices", seen)
    contacts = settings.customers.source == CONTACT
    crm = billed_to_contact(read_invoice(raw)) if contacts else read_invoice(raw)
    crm = with_products(crm, {"8001": Watched({"id": "8001", "Product_Category": None}, "Products", seen)})
    draft_of(crm, BRIGHTWATER, settings, BOOKS)
    customer = Watched({}, "Contacts" if contacts else "Accounts", seen)
    read_customer("9001", "Brightwater Dental", customer, settings.customers)


def listed(settings: Settings) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in leaving(settings):
        found[each.module].add(each.field)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_is_looked_at_is_listed(kind: str) -> None:
    """Whoever reads a further field of CRM has to say so in the table."""
    settings = KINDS[kind]
    seen, told = looked_at(settings), listed(settings)
    assert seen["Invoices"] - told["Invoices"] - _in_hand(settings) == set()
    assert seen["Invoiced_Items"] - told["Invoiced_Items"] == set()
    assert seen["Products"] - told["Products"] == set()
    # Of customers CRM is asked for listed fields only, so that nothing else is there to be looked at.
    module = settings.customers.module
    assert set(fields_to_read(settings.customers)) == told[module]


def _in_hand(settings: Settings) -> set[str]:
    """Where contacts are billed, the account's name is read along with the invoice, and goes nowhere."""
    return {"Account_Name"} if settings.customers.source == CONTACT else set()


def test_every_listed_field_is_looked_at_by_some_setting() -> None:
    """A row for what nobody reads any more would frighten for nothing."""
    seen: dict[str, set[str]] = defaultdict(set)
    told: dict[str, set[str]] = defaultdict(set)
    for settings in KINDS.values():
        for module, fields in looked_at(settings).items():
            seen[module] |= fields
        for module, fields in listed(settings).items():
            told[module] |= fields
    for module in DOMAIN:
        assert told[module] - seen[module] == set(), module


def test_what_is_switched_off_does_not_leave() -> None:
    """Of customers the least, of products nothing, no chosen field."""
    told = listed(MINIMAL)
    assert told["Products"] == set()
    assert told["Accounts"] == {"Account_Number", "Billing_Country"}
    assert "Invoice_Number" not in told["Invoices"] and "Exchange_Rate" not in told["Invoices"]
    assert {"Billing_Street", "Phone", "ABN"} <= listed(ALL_ON)["Accounts"]
    assert listed(OF_CONTACTS)["Accounts"] == set() and "Email" in listed(OF_CONTACTS)["Contacts"]


def keys_in(body: object) -> Iterator[str]:
    if isinstance(body, Mapping):
        for key, value in body.items():
            yield str(key)
            yield from keys_in(value)
    if isinstance(body, list):
        for each in body:
            yield from keys_in(each)


def test_every_field_of_a_body_for_xero_is_named_as_somewhere_to() -> None:
    """What we write to Xero comes from a listed field, is ours, or is a word of Xero's own."""
    settings = replace(ALL_ON, tracking=(TrackingRule("Region", "fixed", None, "North"),), rate=RateRule())
    desk = row("Oak reception desk", Discount=D(10))
    desk["Product_Name"] = {"name": "Oak reception desk", "id": "8001", "Product_Code": "DESK-OAK"}
    raw = record(desk, Purchase_Order="PO-77", Theme_Of_Invoice="Standard")
    problems, draft = draft_of(read_invoice(raw), BRIGHTWATER, settings, BOOKS)
    assert [each.name for each in problems] == ["product_hidden"]
    crm = with_products(read_invoice(raw), {"8001": {"id": "8001"}})
    problems, draft = draft_of(crm, BRIGHTWATER, settings, BOOKS)
    assert problems == []
    told = {
        "street": "1 Quay St", "city": "Sydney", "region": "NSW", "post_code": "2000", "country": "Australia",
        "phone": "02 5550 0100", "tax_number": "51824753556",
    }  # fmt: skip
    contact = contact_body(NewContact("9001", "Z9001", "Brightwater Dental", details_of(told)))
    places = {part for flow in FLOWS for part in flow.xero.replace(":", " ").replace(",", " ").split()}
    ours = {"Type", "LineAmount", "Name", "Option", "ContactNumber"}
    inside_an_address = {"AddressType", "AddressLine1", "City", "Region", "PostalCode", "Country"}
    inside_a_phone = {"PhoneType", "PhoneNumber"}
    sent = {*keys_in(body_of(crm, draft, MARKER)), *keys_in(contact)}
    assert sent - places - ours - inside_an_address - inside_a_phone == set()
    named = {"Date", "DueDate", "InvoiceNumber", "Reference", "BrandingThemeID", "Addresses", "TaxNumber", "Tracking"}
    assert named <= sent & places


def test_the_page_is_current() -> None:
    """Written by `python -m server.domain.data_page > docs/data.md`."""
    assert (ROOT / "docs" / "data.md").read_text(encoding="utf-8") == page()


def test_every_row_says_where_to_and_how_long() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(FLOWS)
    assert all(len([cell for cell in line.split("|") if cell.strip()]) == 4 for line in rows)


def test_the_command_prints_it() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "server.domain.data_page"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout == page()
