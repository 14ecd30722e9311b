"""What do Xero's validation sentences mean in our words? One table, matched loosely (X10)."""

from __future__ import annotations

import re

from server.domain.fields import text
from server.domain.reasons import Code, Reason, reason

# A part of the sentence in lower case -> the reason. The first that fits counts.
MEANINGS: tuple[tuple[str, Code], ...] = (
    ("already assigned to another contact", Code.CUSTOMER_NAME_TAKEN),
    ("has this contact number", Code.CUSTOMER_NAME_TAKEN),
    ("must be unique", Code.NUMBER_TAKEN),
    ("contact must be un-archived", Code.CUSTOMER_ARCHIVED),
    ("matched an archived contact", Code.CUSTOMER_ARCHIVED),
    ("cannot be before the period lock date", Code.PERIOD_CLOSED),
    ("cannot be before the end of year lock date", Code.PERIOD_CLOSED),
    ("is not a valid code for this document", Code.ACCOUNT_UNUSABLE),
    ("must reference a valid account", Code.ACCOUNT_UNUSABLE),
    ("cannot be used with account code", Code.TAX_ACCOUNT_PAIR),
    ("does not have the correct permissions", Code.XERO_RIGHTS),
    ("limit of invoices you can approve", Code.XERO_PLAN_CAP),
    ("item code", Code.PRODUCT_REFUSED),
    ("is not subscribed to currency", Code.CURRENCY_NOT_IN_XERO),
    ("not of valid status for modification", Code.XERO_LOCKED),
    ("has a payment or credit note allocated", Code.XERO_LOCKED),
    ("has payments or credit notes allocated", Code.XERO_LOCKED),
    ("has payment or credit notes allocated", Code.XERO_LOCKED),
    ("does not match the expected line total", Code.XERO_COUNTS_OTHERWISE),
    ("existing invoice with the specified id could not be found", Code.GONE_FROM_XERO),
    ("with the supplied id was not found", Code.GONE_FROM_XERO),
)
_QUOTES = "['\"‘’“”]"
_ACCOUNT = re.compile(rf"account code {_QUOTES}([^'\"‘’“”]{{1,40}}){_QUOTES}", re.IGNORECASE)
_TAX_TYPE = re.compile(rf"taxtype code {_QUOTES}([^'\"‘’“”]{{1,40}}){_QUOTES}", re.IGNORECASE)
_PRODUCT = re.compile(rf"item code {_QUOTES}([^'\"‘’“”]{{1,40}}){_QUOTES}", re.IGNORECASE)
_CURRENCY = re.compile(r"subscribed to currency ([a-z]{3})\b", re.IGNORECASE)
_DATE = re.compile(r"set at (\d{1,2})[- ]([a-z]{3})[a-z]*[- ](\d{4})", re.IGNORECASE | re.ASCII)


def translate(sentence: str) -> Reason:
    """Our reason for a sentence of Xero's; values that only the record knows stay general. Never raises."""
    said = text(sentence) or ""
    low = said.lower()
    code = next((code for part, code in MEANINGS if part in low), Code.XERO_REFUSED)
    return reason(
        code,
        sentence=said or "nothing more",
        number="of this number",
        name="The contact",
        closed=_closed(said),
        dated="",
        account=_found(_ACCOUNT, said),
        tax_type=_found(_TAX_TYPE, said),
        product_code=_found(_PRODUCT, said) or "named on a line",
        currency=_found(_CURRENCY, said).upper() or "of this kind",
        organisation="The organisation",
    )


def _found(pattern: re.Pattern[str], sentence: str) -> str:
    found = pattern.search(sentence)
    return found[1] if found else ""


def _closed(sentence: str) -> str:
    """Xero ends its lock sentences with the date: "currently set at 30-Nov-2018"."""
    found = _DATE.search(sentence)
    return f"{int(found[1])} {found[2].capitalize()} {found[3]}" if found else "a later day"
