"""Which tax rates does a person add to the books, what do their parts come to, and when are they taken away? (X8.3)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import inputs
from simulator.xero.books import Books
from simulator.xero.money import HUNDRED, ZERO
from simulator.xero.refusals import ElementRefusalError

Doc = dict[str, Any]
REPORTS = ("OUTPUT", "INPUT")
NO_PARTS = "A tax rate needs a Name and at least one of TaxComponents."
NOT_OURS = "Only tax rates that were added can be taken away."
NAME_TAKEN = "There is a tax rate of that name."


def effective(parts: list[Doc]) -> Decimal:
    """What the parts of a rate come to: IsCompound ones are taken of the price with the others (X6.5)."""
    plain = sum((Decimal(part["Rate"]) for part in parts if not part["IsCompound"]), ZERO)
    compound = sum((Decimal(part["Rate"]) for part in parts if part["IsCompound"]), ZERO)
    return (plain + compound * (HUNDRED + plain) / HUNDRED).normalize() + ZERO


def component(sent: Doc) -> Doc:
    """A part as it is kept."""
    return {
        "Name": inputs.text(sent, "Name") or "",
        "Rate": str(inputs.number(sent, "Rate") or 0),
        "IsCompound": bool(inputs.boolean(sent, "IsCompound")),
        "IsNonRecoverable": bool(inputs.boolean(sent, "IsNonRecoverable")),
    }


def add(books: Books, org: Doc, name: str, report: str, parts: list[Doc]) -> Doc:
    """X8.3: rates that people or programs made are TAX001, TAX002 and so on; a number is not given twice."""
    if not name or not parts:
        raise ElementRefusalError(NO_PARTS)
    own = org.get("TaxRates", [])
    rate = {
        "TaxType": f"TAX{len(own) + 1:03d}",
        "Name": name,
        "Rate": str(effective(parts)),
        "Revenue": report != "INPUT",
        "Expenses": report != "OUTPUT",
        "Status": "ACTIVE",
        "Report": report,
        "Components": parts,
    }
    books.change(org["id"], TaxRates=[*own, rate])
    return rate


def end(books: Books, org: Doc, tax_type: str, status: str) -> Doc:
    """ARCHIVED or DELETED; it stays in the list (X8.3), and no line can take it any more (X10)."""
    own = org.get("TaxRates", [])
    found = next((rate for rate in own if rate["TaxType"] == tax_type and rate["Status"] == "ACTIVE"), None)
    if found is None:
        raise ElementRefusalError(NOT_OURS)
    books.change(org["id"], TaxRates=[{**rate, "Status": status} if rate is found else rate for rate in own])
    return dict(found)
