"""Can these rules of the mapping be used? Each is held against Xero's books and CRM's fields as they are now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from server.domain.values import Books
from server.sync.reference_data import THEMES, TRACKING

Problem = tuple[str, str]
Wanted = Mapping[str, Any]
# A CRM module -> its fields by API name, as settings/fields gives them.
Fields = Mapping[str, Mapping[str, Mapping[str, Any]]]
INVOICES, ROWS, PRODUCTS = "Invoices", "Invoiced_Items", "Products"
_MODULES = {"invoice": INVOICES, "line": ROWS, "product": PRODUCTS}
_CUSTOMERS = {"account": "Accounts", "contact": "Contacts"}
_WORDS = {
    "Accounts": "CRM's accounts have",
    "Contacts": "CRM's contacts have",
    INVOICES: "CRM's invoices have",
    ROWS: "CRM's invoice lines have",
    PRODUCTS: "CRM's products have",
}
_TEXTS = {"text", "picklist", "autonumber", "integer", "bigint", "formula", "lookup"}
_NUMBERS = {"double", "currency", "formula", "bigint", "integer", "decimal"}
_WRITTEN = "is a field that InvoiceBridge writes itself"
BOOKS_PARTS = ("amounts", "accounts", "tracking", "theme")


def books_needs(wanted: Wanted) -> set[str]:
    """What of the organisation must be read to judge them."""
    return {name for name, part in ((TRACKING, "tracking"), (THEMES, "theme")) if wanted.get(part)}


def books_problems(books: Books, wanted: Wanted) -> Iterator[Problem]:
    """What Xero lacks of what the rules name."""
    amounts, accounts = wanted.get("amounts") or {}, wanted.get("accounts") or {}
    tax_type = amounts.get("tax_type")
    usable_types = {each.tax_type for each in books.tax_rates if each.status == "ACTIVE" and each.revenue}
    if tax_type and tax_type not in usable_types:
        yield "amounts.tax_type", f"{books.name} has no such tax rate for sales"
    named = {"discount": accounts.get("discount"), "adjustment": accounts.get("adjustment")}
    named |= {f"by_category.{category}": code for category, code in (accounts.get("by_category") or {}).items()}
    for place, code in named.items():
        account = books.account(code)
        if code and (account is None or not account.usable):
            yield f"accounts.{place}", f"{code} is no account of {books.name} that invoices can use"
    for position, rule in enumerate(wanted.get("tracking") or ()):
        yield from _tracking(books, f"tracking.{position}", rule)
    theme = (wanted.get("theme") or {}).get("name")
    if theme and theme.casefold() not in {name.casefold() for name in books.themes}:
        yield "theme.name", f"{books.name} has no such branding theme"


def _tracking(books: Books, place: str, rule: Wanted) -> Iterator[Problem]:
    options = books.tracking.get(rule["category"])
    if options is None:
        yield f"{place}.category", f"{books.name} has no such tracking category"
    elif rule.get("option") and rule["option"].casefold() not in {each.casefold() for each in options}:
        yield f"{place}.option", f"{rule['category']} has no such option"


def modules_of(wanted: Wanted) -> set[str]:
    """Of which CRM modules the fields must be known."""
    return {module for _, module, name, _ in _named_fields(wanted) if name}


def field_problems(fields: Fields, wanted: Wanted, ours: Collection[str] = ()) -> Iterator[Problem]:
    """What CRM lacks of what the rules name, or has in a form that cannot serve. `ours`: fields of an invoice that
    show what Xero said; read as a source, each payment would be a change of the invoice."""
    for place, module, name, types in _named_fields(wanted):
        if not name:
            continue
        if module == INVOICES and name in ours:
            yield place, _WRITTEN
            continue
        found = fields.get(module, {}).get(name)
        if found is None:
            yield place, f"{_WORDS[module]} no such field"
        elif found.get("data_type") not in types:
            yield place, "is a field of another kind"


def written_problems(kept: Wanted, wanted: Wanted) -> Iterator[Problem]:
    """Rules, in what is given or together with what is kept, that read the field that Xero's number is written to."""
    rules = {**kept, **wanted}
    written = (rules.get("number") or {}).get("write_to")
    for place, module, name, _ in _named_fields(rules):
        if written and module == INVOICES and name == written:
            if place.split(".")[0] in wanted:
                yield place, _WRITTEN
            elif "number" in wanted:
                yield "number.write_to", "is read by another setting; what is written there would change the invoice"


def _named_fields(wanted: Wanted) -> Iterator[tuple[str, str, str | None, set[str]]]:
    """(setting, module, field, kinds of field that can serve) of every rule that names a CRM field."""
    part = {name: wanted.get(name) or {} for name in ("amounts", "accounts", "rate", "theme")}
    yield "amounts.field", INVOICES, part["amounts"].get("field"), {"boolean", *_TEXTS}
    yield "accounts.product_field", PRODUCTS, part["accounts"].get("product_field"), _TEXTS
    yield "rate.field", INVOICES, part["rate"].get("field"), _NUMBERS
    yield "rate.home_total", INVOICES, part["rate"].get("home_total"), _NUMBERS
    rule = wanted.get("customers") or {}
    module = _CUSTOMERS[rule.get("from", "account")]
    yield "customers.tax_number_field", module, rule.get("tax_number_field"), _TEXTS
    yield "theme.field", INVOICES, part["theme"].get("field"), _TEXTS
    yield "reference_field", INVOICES, wanted.get("reference_field"), _TEXTS
    for position, rule in enumerate(wanted.get("tracking") or ()):
        if rule["from"] in _MODULES:
            yield f"tracking.{position}.field", _MODULES[rule["from"]], rule.get("field"), _TEXTS
