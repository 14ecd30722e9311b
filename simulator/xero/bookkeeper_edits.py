"""Which change does a bookkeeper's wish to edit an invoice come to?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import contact_lives
from simulator.xero.bookkeeper_words import day, number
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.writer import Writer

Doc = dict[str, Any]
_TEXTS = {"description": "Description", "account": "AccountCode", "tax_type": "TaxType", "item": "ItemCode"}
_NUMBERS = {"quantity": "Quantity", "price": "UnitAmount", "discount": "DiscountRate"}


def change_of(writer: Writer, invoice: Doc, wish: Doc) -> Doc:
    """The element to POST (X6.6): what the wish does not name stays as it is."""
    raw: Doc = {"InvoiceID": invoice["InvoiceID"]}
    for name, field in (("date", "Date"), ("due_date", "DueDate")):
        if wish.get(name):
            raw[field] = day(wish[name])
    if wish.get("reference") is not None:
        raw["Reference"] = str(wish["reference"])
    if wish.get("contact"):
        contact = contact_lives.named(writer, wish["contact"])["ContactID"]
        if contact != invoice["ContactID"]:
            raw["Contact"] = {"ContactID": contact}
    if wish.get("lines"):
        raw["LineItems"] = _lines(invoice, wish["lines"])
    if len(raw) == 1:
        raise ElementRefusalError("Nothing was said that could be changed.")
    return raw


def _lines(invoice: Doc, wishes: object) -> list[Doc]:
    """Every stored line with its changes, without the removed ones, and the new ones last (X6.6)."""
    if not isinstance(wishes, list) or not all(isinstance(one, dict) for one in wishes):
        raise ElementRefusalError("Lines must be a list of objects.")
    named = {str(one["line_id"]).lower(): one for one in wishes if one.get("line_id")}
    if set(named) - {line["LineItemID"] for line in invoice["Lines"]}:
        raise ElementRefusalError("There is no such line.")
    kept = [
        {"LineItemID": line["LineItemID"], **_line(named.get(line["LineItemID"], {}), line)}
        for line in invoice["Lines"]
        if not named.get(line["LineItemID"], {}).get("remove")
    ]
    return kept + [_line(one, {}) for one in wishes if not one.get("line_id") and not one.get("remove")]


def _line(wish: Doc, old: Doc) -> Doc:
    """The fields of a line that are said, and are not what they were."""
    raw: Doc = {field: str(wish[name]) for name, field in _TEXTS.items() if wish.get(name) not in (None, "")}
    raw = {field: value for field, value in raw.items() if value != old.get(field)}
    for name, field in _NUMBERS.items():
        if wish.get(name) not in (None, ""):
            wanted = number(wish[name], name)
            if old.get(field) is None or wanted != Decimal(old[field]):
                raw[field] = str(wanted)
    if wish.get("tracking") is not None:
        raw["Tracking"] = wish["tracking"]
    return raw
