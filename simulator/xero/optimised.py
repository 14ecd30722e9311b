"""Is a list's filter or order one that Xero answers over any number of invoices?"""

from __future__ import annotations

from simulator.xero.where import tokens_of

# X6.9: these fields by equality, three of them by ranges too; OR for ids only; three orders.
_EQUAL = frozenset(
    {
        *("status", "contact.contactid", "contact.name", "contact.contactnumber", "reference"),
        *("invoicenumber", "invoiceid", "type", "amountpaid", "date", "duedate", "amountdue"),
    }
)
_RANGES = frozenset({"date", "duedate", "amountdue"})
_ORDERS = frozenset({"invoiceid", "updateddateutc", "date"})
_VALUES = frozenset({"guid", "datetime", "true", "false", "null"})
_JOINS = frozenset({"and", "or"})


def is_quick(where: str | None, order: str | None) -> bool:
    """Whether both are optimised; what is not sent is."""
    fields = [part.split()[0].lower() for part in (order or "").split(",") if part.split()]
    return set(fields) <= _ORDERS and (not where or _quick_where(where))


def _quick_where(where: str) -> bool:
    tokens = [text.lower() for _, text in tokens_of(where)]
    words = {text for kind, text in tokens_of(where.lower()) if kind == "word"} - _VALUES - _JOINS
    if {"or", "||"} & set(tokens) and words != {"invoiceid"}:
        return False
    pairs = [(word, after) for word, after in zip(tokens, [*tokens[1:], ""], strict=True) if word in words]
    return all(word in _EQUAL and (after in ("==", "=") or word in _RANGES) for word, after in pairs)
