"""How does the edit form of an invoice look: its sections, fields, choices and rows?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from simulator.zoho.centre import Centre
from simulator.zoho.edit_form import Form
from simulator.zoho.fields import custom_fields, fields_of
from simulator.zoho.people import tax_rows
from simulator.zoho.profiles import hidden, read_only
from simulator.zoho.records import view
from simulator.zoho.schema import ROWS
from simulator.zoho.views import name_of

Doc = dict[str, Any]
_MAIN = (
    *("Subject", "Invoice_Number", "Account_Name", "Contact_Name", "Invoice_Date", "Due_Date"),
    *("Status", "Purchase_Order", "Currency", "Exchange_Rate"),
)
_MONEY = ("Discount", "Adjustment")
_ADDRESS = ("Billing_Street", "Billing_City", "Billing_State", "Billing_Code", "Billing_Country")
_WORDS = ("Description", "Terms_and_Conditions")
_NOT_HERE = ("multiselectpicklist", "subform")


def edited_fields(centre: Centre, org: Doc, user: Doc) -> list[Doc]:
    """The fields of the form, without what the user's profile hides."""
    known = fields_of(centre, org, "Invoices")
    names = [name for name in (*_MAIN, *_MONEY, *_ADDRESS, *_WORDS) if name in known]
    custom = [field for field in custom_fields(centre, org, "Invoices") if field["type"] not in _NOT_HERE]
    found = [known[name] for name in names] + custom
    return [field for field in found if not hidden(centre, user, "Invoices", field["api_name"])]


def open_fields(centre: Centre, user: Doc, fields: list[Doc]) -> list[Doc]:
    """Those of the fields that the user's profile may write."""
    return [field for field in fields if not read_only(centre, user, "Invoices", field["api_name"])]


def edit_page(centre: Centre, org: Doc, user: Doc, record: Doc, form: Form) -> Doc:
    """The form in sections, its rows, and what can be chosen."""
    shown = {f["api_name"]: _shown(centre, org, user, f, form) for f in edited_fields(centre, org, user)}
    taxes = [tax["name"] for tax in tax_rows(org)]
    return {
        "record": record,
        "main": _those(shown, _MAIN),
        "money": _those(shown, _MONEY),
        "address": _those(shown, _ADDRESS),
        "words": _those(shown, _WORDS),
        "custom": [one for one in shown.values() if one["custom"]],
        "lines": [asdict(line) for line in form.lines],
        "rows_closed": read_only(centre, user, "Invoices", ROWS),
        "rows_hidden": hidden(centre, user, "Invoices", ROWS),
        "products": _products(centre, org),
        "taxes": taxes,
        "header_taxes": form.taxes,
    }


def _those(shown: dict[str, Doc], names: tuple[str, ...]) -> list[Doc]:
    return [shown[name] for name in names if name in shown]


def _products(centre: Centre, org: Doc) -> list[Doc]:
    return [
        {"id": one["id"], "name": name_of(one), "price": one["values"].get("Unit_Price") or ""}
        for one in view(centre, org["zgid"], "Products")
    ]


def _shown(centre: Centre, org: Doc, user: Doc, field: Doc, form: Form) -> Doc:
    name = field["api_name"]
    return {
        "name": name,
        "label": field["label"],
        "kind": {"date": "date", "textarea": "area"}.get(field["type"], "text"),
        "figure": field["type"] in ("currency", "double", "percent", "integer"),
        "value": form.fields[name],
        "choices": _choices(centre, org, field, form.fields[name]),
        "closed": read_only(centre, user, "Invoices", name),
        "needed": field["mandatory"],
        "custom": field["custom"],
    }


def _choices(centre: Centre, org: Doc, field: Doc, value: str) -> list[tuple[str, str]] | None:
    if field["lookup"]:
        return [(one["id"], name_of(one)) for one in view(centre, org["zgid"], field["lookup"])]
    if field["type"] == "boolean":
        return [("yes", "Yes"), ("no", "No")]
    words = tuple(org["currencies"] if field["api_name"] == "Currency" else field["values"])
    if not words:
        return None
    # A value that is on no list (Z6 lets the API write any) must not get lost by opening the form.
    return [(one, one) for one in dict.fromkeys([*words, *([value] if value else [])])]
