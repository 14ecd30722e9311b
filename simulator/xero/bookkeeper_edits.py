"""Which change does a bookkeeper's wish to edit an invoice come to?"""

from __future__ import annotations

from typing import Any

from simulator.xero import contact_lives
from simulator.xero.bookkeeper_words import day, number
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.writer import Writer

Doc = dict[str, Any]
_TEXTS = {"description": "Description", "account": "AccountCode", "tax_type": "TaxType", "item": "ItemCode"}
_NUMBERS = {"quantity": "Quantity", "price": "UnitAmount"}


def change_of(writer: Writer, invoice: Doc, wish: Doc) -> Doc:
    """The element to POST (X6.6): what the wish does not name stays as it is."""
    raw: Doc = {"InvoiceID": invoice["InvoiceID"]}
    for name, field in (("date", "Date"), ("due_date", "DueDate")):
        if wish.get(name):
            raw[field] = day(wish[name])
    if wish.get("reference") is not None:
        raw["Reference"] = str(wish["reference"])
    if wish.get("contact"):
        raw["Contact"] = {"ContactID": contact_lives.named(writer, wish["contact"])["ContactID"]}
    if wish.get("lines") is not None:
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
        {"LineItemID": line["LineItemID"], **_line(named.get(line["LineItemID"], {}))}
        for line in invoice["Lines"]
        if not named.get(line["LineItemID"], {}).get("remove")
    ]
    return kept + [_line(one) for one in wishes if not one.get("line_id") and not one.get("remove")]


def _line(wish: Doc) -> Doc:
    raw: Doc = {field: str(wish[name]) for name, field in _TEXTS.items() if wish.get(name) not in (None, "")}
    for name, field in _NUMBERS.items():
        if wish.get(name) not in (None, ""):
            raw[field] = str(number(wish[name], name))
    if wish.get("discount") not in (None, ""):
        raw["DiscountRate"] = str(number(wish["discount"], "discount"))
    if wish.get("tracking") is not None:
        raw["Tracking"] = wish["tracking"]
    return raw
