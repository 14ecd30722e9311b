"""How are days, amounts and other people's words written inside a sentence? Screens format tables by themselves."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from server.domain.money import cents

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CENT_CURRENCIES = ("AUD", "CAD", "EUR", "HKD", "NZD", "SGD", "USD", "ZAR")
# Signs that turn the direction of what follows them; in a name they could turn our own words round.
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKS = re.compile(r"\{(field|setting)\}")
_RIGHT_TO_LEFT = ("R", "AL")
ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def day_text(day: date) -> str:
    """3 Nov 2026, whatever the locale of the process."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def money_text(amount: Decimal, currency: str | None) -> str:
    """AUD 3,274.25: always with its currency; more than two decimals only where there are more."""
    places = ",.2f" if amount == cents(amount) else ",f"
    return f"{currency or ''} {amount:{places}}".strip().replace("-", "−")


def apart_text(amount: Decimal, currency: str | None) -> str:
    """A difference: 1 cent, 63 cents, AUD 1.20."""
    if currency not in CENT_CURRENCIES or amount >= 1 or amount != cents(amount):
        return money_text(amount, currency)
    count = int(amount * 100)
    return f"{count} cent" if count == 1 else f"{count} cents"


def quoted(words: str, longest: int) -> str:
    """Somebody else's words on one line, too long ones with an ellipsis.

    They neither turn the direction of the sentence around them nor hold a mark that a screen would fill.
    """
    plain = " ".join(_MARKS.sub(r"{ \1}", _TURNS.sub("", words)).split())
    short = plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"
    turned = any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in short)
    return f"{ISOLATE}{short}{END_ISOLATE}" if turned else short
