"""What would an administrator most likely choose? Suggestions for what is not set yet, from both sides' own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from server.domain.fields import number as decimal_of
from server.domain.values import Account, Books, TaxRate

# Zoho's own statuses of an invoice and what they come to (design 5); others are for a person to say.
STATUSES = {
    "created": "DRAFT",
    "submitted": "SUBMITTED",
    "approved": "AUTHORISED",
    "delivered": "AUTHORISED",
    "cancelled": "REMOVED",
    "canceled": "REMOVED",
}
SALES_TYPES = ("SALES", "REVENUE")
LONG_NUMBER = 12  # digits of a number that a machine made for itself, not for a customer
NO_TAX_WORDS = ("free", "exempt", "zero", "no vat", "no tax", "no gst")
Part = dict[str, Any]


def suggestions(kept: Mapping[str, Any], offer: Mapping[str, Any] | None, books: Books | None) -> Part:
    """Parts of the settings in the form in which they are saved; nothing that is set already, nothing that is not
    likely. Never raises on what CRM or Xero may say."""
    found: Part = {}
    if books is not None and not kept.get("account"):
        found |= _account(books)
    if books is not None and offer is not None:
        found |= _taxes(kept.get("taxes") or (), offer.get("tax_sets") or (), books)
    if offer is not None and not kept.get("statuses"):
        found |= _statuses(offer.get("statuses") or ())
    if offer is not None and not kept.get("number"):
        found["number"] = _number(_invoice_fields(offer))
    return found


def _account(books: Books) -> Part:
    """Sales, as the books call it; else the first account for sales."""
    usable = [each for each in books.accounts if each.usable and each.type in SALES_TYPES]
    best = min(usable, key=_unlike_sales, default=None)
    return {"account": best.code} if best is not None else {}


def _unlike_sales(account: Account) -> tuple[bool, bool, str]:
    name = account.name.casefold()
    return name != "sales", "sales" not in name, account.code


def _taxes(kept: Sequence[Mapping[str, Any]], sets: Iterable[Mapping[str, Any]], books: Books) -> Part:
    """A rule for every set of taxes on CRM's invoices that has none, and always one for nothing: our own lines, as a
    rounding or an adjustment, need it."""
    rules = [dict(rule) for rule in kept]
    rates = {str(rule.get("rate")) for rule in kept if not rule.get("taxes")}
    for each in [*sets, {"taxes": [], "rates": []}]:
        rate = f"{sum(map(Decimal, each.get('rates') or ()), Decimal(0)).normalize():f}"
        best = _tax_rate(Decimal(rate), each.get("taxes") or (), books)
        if rate in rates or best is None:
            continue
        rates.add(rate)
        rules.append({"rate": rate, "tax_type": best.tax_type})
    return {"taxes": rules} if len(rules) > len(kept) else {}


def _tax_rate(rate: Decimal, names: Sequence[str], books: Books) -> TaxRate | None:
    """A rate of Xero's for sales with the same percentage: the one of the likest name."""
    usable = [each for each in books.tax_rates if each.status == "ACTIVE" and each.revenue and each.rate == rate]
    return min(usable, key=lambda each: _unlike(each, names), default=None)


def _unlike(rate: TaxRate, names: Sequence[str]) -> tuple[int, bool, bool, str]:
    words = {word for name in names for word in _words(name)}
    plain = rate.name.casefold()
    no_tax = not names and not any(word in plain for word in NO_TAX_WORDS)
    return -len(words & set(_words(rate.name))), no_tax, "OUTPUT" not in rate.tax_type, rate.tax_type


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z]+", name.casefold()) if len(word) > 1]


def _statuses(choices: Iterable[Mapping[str, Any]]) -> Part:
    values = [str(each.get("value")) for each in choices]
    likely = {value: STATUSES[value.casefold()] for value in values if value.casefold() in STATUSES}
    return {"statuses": likely} if likely else {}


def _invoice_fields(offer: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return (offer.get("fields") or {}).get("Invoices") or ()


def _number(fields: Sequence[Mapping[str, Any]]) -> Part:
    """The field whose values look like invoice numbers for customers; else Xero numbers."""
    likely = [each for each in fields if _is_a_number_for_customers(each)]
    best = min(likely, key=_unlike_a_number, default=None)
    return {"from": "xero"} if best is None else {"from": "field", "field": str(best["api_name"])}


def _unlike_a_number(field: Mapping[str, Any]) -> tuple[bool, int]:
    return field.get("data_type") != "autonumber", len(str(field["api_name"]))


def _is_a_number_for_customers(field: Mapping[str, Any]) -> bool:
    name = f"{field.get('label')} {field.get('api_name')}".casefold()
    examples = [str(each) for each in field.get("examples") or ()]
    fits = all(0 < len(each) <= 30 and any(sign.isdigit() for sign in each) for each in examples)
    made = any(decimal_of(each) is not None and len(each) > LONG_NUMBER for each in examples)
    asked = "invoice" in name and ("number" in name or "no" in name.split())
    return bool(examples) and asked and "xero" not in name and fits and not made and len(set(examples)) == len(examples)
