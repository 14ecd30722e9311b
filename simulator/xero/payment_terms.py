"""When are bills and invoices to be paid: which terms may a contact or an organisation have, and how are they said?"""

from __future__ import annotations

from typing import Any

from simulator.facts import Switches
from simulator.xero import inputs

Doc = dict[str, Any]
SIDES = ("Bills", "Sales")
BY_DATE = "DAYSAFTERBILLDATE"
KINDS = (BY_DATE, "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")
_WORDS = {
    BY_DATE: "{} days after the invoice date",
    "DAYSAFTERBILLMONTH": "{} days after the end of the invoice's month",
    "OFCURRENTMONTH": "day {} of the invoice's month",
    "OFFOLLOWINGMONTH": "day {} of the following month",
}
CHOICES = (
    (BY_DATE, "days after the invoice date"),
    ("DAYSAFTERBILLMONTH", "days after the end of the invoice's month"),
    ("OFCURRENTMONTH", "day of the invoice's month"),
    ("OFFOLLOWINGMONTH", "day of the following month"),
)
_LAST_DAY = 31
_MOST_DAYS = 365
BAD_DAY = "The day of the payment terms is not valid."
NO_TYPE = "Payment terms need a day and a type."


def parse(sent: Any) -> Doc:
    """`{Bills: {Day, Type}, Sales: {Day, Type}}`, type-checked; an unknown Type is a body that cannot be read (X11.15).

    A side that is sent empty is None: it takes the terms back.
    """
    if not isinstance(sent, dict):
        inputs.bad_data("PaymentTerms must be an object")
    return {side: _side(sent[side]) for side in SIDES if sent.get(side) is not None}


def _side(sent: Any) -> Doc | None:
    if not isinstance(sent, dict):
        inputs.bad_data("Bills and Sales of PaymentTerms must be objects")
    day = inputs.number(sent, "Day")
    if day is not None and day != int(day):
        inputs.bad_data(f"Error converting value {day} to type 'System.Nullable`1[System.Int32]'")
    kind = inputs.choice(sent, "Type", KINDS, "PaymentTermType")
    return {"Day": None if day is None else int(day), "Type": kind} if sent else None


def wrong(terms: Doc, switches: Switches) -> list[str]:
    """What stands against them (X7, 0 to 31 in the official description); the words are ours."""
    return [message for side in terms.values() if side for message in _wrong_side(side, switches)]


def _wrong_side(side: Doc, switches: Switches) -> list[str]:
    if side["Day"] is None or side["Type"] is None:
        return [NO_TYPE]
    long = side["Type"] == BY_DATE and switches["terms_over_31_days"]
    return [] if 0 <= side["Day"] <= (_MOST_DAYS if long else _LAST_DAY) else [BAD_DAY]


def merged(old: Doc, sent: Doc, switches: Switches) -> Doc:
    """Both sides after a write; whether the side that is not sent stays is a switch."""
    base = old if switches["terms_side_kept"] else {}
    return {side: terms for side, terms in {**base, **sent}.items() if terms}


def words(terms: Doc | None) -> str:
    """How a person reads one side of them."""
    return _WORDS[terms["Type"]].format(terms["Day"]) if terms else ""
