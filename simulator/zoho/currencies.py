"""How does the CRM name and count money: symbols, decimals, made-up exchange rates? (Z5.9)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Doc = dict[str, Any]
# name, symbol, decimals, units for one US dollar (made up, and always the same)
_KNOWN = {
    "AUD": ("Australian Dollar", "$", 2, "1.5"),
    "EUR": ("Euro", "€", 2, "0.9"),
    "GBP": ("British Pound", "£", 2, "0.75"),
    "JPY": ("Japanese Yen", "¥", 0, "150"),
    "KWD": ("Kuwaiti Dinar", "KD ", 3, "0.3"),
    "NZD": ("New Zealand Dollar", "$", 2, "1.7"),
    "USD": ("US Dollar", "$", 2, "1"),
}
CODES = tuple(_KNOWN)
CENT = Decimal("0.01")
_RATE_STEP = Decimal("0.000000001")


def name(code: str) -> str:
    """`Australian Dollar` for AUD."""
    return _KNOWN[code][0] if code in _KNOWN else code


def symbol(code: str) -> str:
    """`$` for AUD."""
    return _KNOWN[code][1] if code in _KNOWN else code


def decimals(code: str) -> int:
    """Places of its smallest unit."""
    return _KNOWN[code][2] if code in _KNOWN else 2


def of_record(org: Doc, record: Doc) -> str:
    """The currency of a record: its own where the org keeps several, else the org's (Z6)."""
    own = record["values"].get("Currency") if org["multi_currency"] else None
    return str(own or org["currency"])


def unit(org: Doc, record: Doc, way: str) -> Decimal:
    """What its amounts are rounded to; whether the currency's own decimals count is unverified, a switch (Z6)."""
    return Decimal(1).scaleb(-decimals(of_record(org, record))) if way == "own" else CENT


def rate(home: str, code: str, meaning: str) -> Decimal:
    """The org's exchange rate, nine decimals; which way it is meant is unverified, a switch (Z5.9)."""
    per_home = Decimal(_per_dollar(code)) / Decimal(_per_dollar(home))
    found = per_home if meaning == "foreign_per_home" else 1 / per_home
    return found.quantize(_RATE_STEP)


def _per_dollar(code: str) -> str:
    return _KNOWN[code][3] if code in _KNOWN else "1"
