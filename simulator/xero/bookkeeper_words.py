"""How does a bookkeeper's page say amounts and days, and how does it read them?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.xero.refusals import ElementRefusalError

Doc = dict[str, Any]
SYMBOLS = {"AUD": "$", "NZD": "$", "GBP": "£"}


def label(invoice: Doc) -> str:
    """What to call an invoice; bills may have no number."""
    return str(invoice["InvoiceNumber"] or "the document")


def credit_label(credit: Doc) -> str:
    """What to call a credit."""
    return str(credit["Number"] or ("the credit note" if credit["Kind"] == "CreditNote" else "the overpayment"))


def money(amount: Decimal | str, currency: str) -> str:
    """An amount as the pages show it."""
    return f"{SYMBOLS.get(currency, currency + ' ')}{Decimal(amount):,.2f}"


def number(text: object, what: str) -> Decimal:
    """A number as a person types it."""
    try:
        found = Decimal(str(text).replace(",", "").lstrip("$£ "))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ElementRefusalError(f"The {what} is not a number.")
    return found


def amount(text: object, default: Decimal | str) -> Decimal:
    """An amount; nothing typed means the default."""
    return Decimal(default) if text in (None, "") else number(text, "amount")


def day(text: object) -> str | None:
    """A day, or None where nothing was typed."""
    if text in (None, ""):
        return None
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError as error:
        raise ElementRefusalError("The date must look like 2026-11-20.") from error
