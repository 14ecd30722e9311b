"""Which currencies are there, and what is a day's rate?"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.xero.money import Rounding

Doc = dict[str, Any]
# Made-up rates for one US dollar: Xero takes XE.com's of the day (X6.1), the simulator always the same.
_KNOWN = {
    "AUD": ("Australian Dollar", "1.5"),
    "CAD": ("Canadian Dollar", "1.4"),
    "CHF": ("Swiss Franc", "0.8"),
    "EUR": ("Euro", "0.9"),
    "GBP": ("British Pound", "0.75"),
    "HKD": ("Hong Kong Dollar", "7.8"),
    "JPY": ("Japanese Yen", "150"),
    "KWD": ("Kuwaiti Dinar", "0.3"),
    "NZD": ("New Zealand Dollar", "1.7"),
    "SGD": ("Singapore Dollar", "1.3"),
    "USD": ("United States Dollar", "1"),
    "ZAR": ("South African Rand", "18"),
}
_MOST = Decimal(10) ** 18
_ODD_FACTOR = 2


def known(code: str) -> bool:
    """Whether the simulator has heard of a currency."""
    return code in _KNOWN


def row_of(code: str) -> Doc:
    """A currency as answers show it (X8.4)."""
    return {"Code": code, "Description": _KNOWN[code][0] if code in _KNOWN else code}


def day_rate(org_currency: str, code: str) -> Decimal:
    """Units of a currency for one of the organisation's, six decimals (X6.1)."""
    return Rounding().round(Decimal(_KNOWN[code][1]) / Decimal(_KNOWN[org_currency][1]), 6)


def apply(org: Doc, old: Doc, doc: Doc, sent_rate: str | None) -> list[str]:
    """Set the rate of a document: 1 for the organisation's own currency, else as sent, as it was, or the
    day's (X6.1, X8.4)."""
    code = doc["CurrencyCode"]
    if code not in org["Currencies"]:
        return [f"Organisation is not subscribed to currency {code}"]
    if code == org["BaseCurrency"]:
        doc["CurrencyRate"] = "1"
    elif sent_rate is not None:
        return _as_sent(doc, sent_rate)
    elif old["CurrencyCode"] != code:
        doc["CurrencyRate"] = str(day_rate(org["BaseCurrency"], code))
    return []


def _as_sent(doc: Doc, sent: str) -> list[str]:
    """Up to 18 digits and 6 decimals (X6.1); the words are ours."""
    try:
        rate = Rounding().round(Decimal(sent), 6)
    except InvalidOperation:
        rate = Decimal(0)
    if not 0 < rate < _MOST:
        return ["The currency rate must be greater than zero, with at most 18 digits before the point."]
    doc["CurrencyRate"] = str(rate)
    return []


def rate_warnings(org: Doc, doc: Doc) -> list[str]:
    """Warnings for an odd CurrencyRate (X5.4); which rates are odd and the words are ours."""
    code, rate = doc["CurrencyCode"], Decimal(doc["CurrencyRate"])
    if code == org["BaseCurrency"] or code not in _KNOWN:
        return []
    day = day_rate(org["BaseCurrency"], code)
    odd = rate > day * _ODD_FACTOR or rate * _ODD_FACTOR < day
    return [f"The currency rate {rate} differs widely from the day's rate {day}."] if odd else []
