"""What does a record look like in an answer? (Z5.4, Z5.5, Z6)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.zoho import currencies
from simulator.zoho.centre import Centre
from simulator.zoho.fields import fields_of
from simulator.zoho.moments import shown
from simulator.zoho.people import minified, user_of
from simulator.zoho.profiles import hidden
from simulator.zoho.records import peek
from simulator.zoho.schema import MODULES, ROWS
from simulator.zoho.values import display

Doc = dict[str, Any]
_ROW_MONEY = ("List_Price", "Total", "Discount", "Tax", "Net_Total")


def full_view(centre: Centre, org: Doc, user: Doc, record: Doc) -> Doc:
    """A record as the read of one shows it: every field, the goods, and the `$` keys."""
    names = list(fields_of(centre, org, record["module"]))
    return list_view(centre, org, user, record, names, rows=True) | _dollar_keys(org, record) | {"Tag": []}


def list_view(centre: Centre, org: Doc, user: Doc, record: Doc, names: list[str], *, rows: bool = False) -> Doc:
    """A record with the named fields; subforms only when asked for, as lists never hold them (Z5.5)."""
    fields = fields_of(centre, org, record["module"])
    shown_fields: Doc = {"id": record["id"]}
    for name in names:
        if hidden(centre, user, record["module"], name):
            continue
        if name == ROWS:
            if rows:
                shown_fields[ROWS] = [_row(centre, org, user, record, row) for row in record["rows"]]
        elif name in fields:
            shown_fields[name] = _value(centre, record, fields[name], user["time_zone"])
    return shown_fields


def name_of(record: Doc | None) -> str:
    """What a lookup shows of a record."""
    return "" if record is None else str(record["values"].get(MODULES[record["module"]][3]) or "")


def lookup(centre: Centre, zgid: str, module: str, record_id: str | None) -> Doc | None:
    """A lookup as it is shown: name and id (Z5.4)."""
    found = peek(centre, zgid, module, record_id) if record_id else None
    if record_id is None or (found is None and centre.switches["deleted_lookup"] == "nothing"):
        return None
    return {"name": name_of(found), "id": record_id}


def _value(centre: Centre, record: Doc, field: Doc, zone: str) -> Any:
    name = field["api_name"]
    if name == "Owner":
        return minified(user_of(centre, record["owner"]), email=True)
    if name in ("Created_By", "Modified_By"):
        return minified(user_of(centre, record[name.lower()]), email=True)
    if name in ("Created_Time", "Modified_Time"):
        return shown(record[name.removesuffix("_Time").lower()], zone)
    if name == "Locked__s":
        return record["locked"]
    value = record["values"].get(name)
    if field["lookup"]:
        return lookup(centre, record["zgid"], field["lookup"], value)
    return display(field, value, zone)


def _row(centre: Centre, org: Doc, user: Doc, record: Doc, row: Doc) -> Doc:
    product = peek(centre, org["zgid"], "Products", row["Product_Name"])
    code = product["values"].get("Product_Code") if product else None
    named = lookup(centre, org["zgid"], "Products", row["Product_Name"]) or {}
    money = {name: Decimal(row[name]) for name in _ROW_MONEY}
    return {
        "id": row["id"],
        "Product_Name": named | {"Product_Code": code},
        "Quantity": Decimal(row["Quantity"]),
        **money,
        "Line_Tax": [_tax(tax) for tax in row["Line_Tax"]],
        "Description": row.get("Description"),
        "Sequence_Number": int(row["Sequence_Number"]),
        "Price_Book_Name": None,
        "Parent_Id": {"name": name_of(record), "id": record["id"]},
        "Created_Time": shown(row["created"], user["time_zone"]),
        "Modified_Time": shown(row["modified"], user["time_zone"]),
        "$in_merge": False,
    }


def _tax(tax: Doc) -> Doc:
    return {
        "id": tax["id"],
        "name": tax["name"],
        "display_name": tax["name"],
        "percentage": Decimal(tax["percentage"]),
        "value": Decimal(tax["value"]),
    }


def _dollar_keys(org: Doc, record: Doc) -> Doc:
    """The `$` keys a single read adds; `$locked_for_me` is about the caller (Z7.25)."""
    keys: Doc = {
        "$currency_symbol": currencies.symbol(currencies.of_record(org, record)),
        "$editable": not record["locked"],
        "$approved": True,
        "$approval_state": "approved",
        "$approval": {
            "delegate": False,
            "takeover": False,
            "approve": False,
            "reject": False,
            "resubmit": False,
        },
        "$review_process": {"approve": False, "reject": False, "resubmit": False},
        "$locked_for_me": record["locked"],
        "$in_merge": False,
        "$layout_id": {"name": "Standard", "id": f"{org['zgid']}0000000091"},
        "$sharing_permission": "full_access",
        "$field_states": None,
        "$orchestration": None,
        "$process_flow": False,
        "$state": "save",
    }
    if record["module"] == "Invoices":
        keys["$line_tax"] = [_tax(tax) for tax in record["taxes"]]
        keys["$has_more"] = {ROWS: False}
    return keys
