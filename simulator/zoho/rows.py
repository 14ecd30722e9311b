"""How do the goods of an invoice change, and what do they add up to? (Z5.6, Z6)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.zoho import currencies
from simulator.zoho.answers import invalid_data, mandatory
from simulator.zoho.arithmetic import CENT, Row, invoice_totals, rounded, row_totals
from simulator.zoho.centre import Centre
from simulator.zoho.moments import now, stored
from simulator.zoho.people import new_id, tax_rows
from simulator.zoho.records import peek
from simulator.zoho.schema import ROWS, standard_fields
from simulator.zoho.values import amount, kept, percentage

Doc = dict[str, Any]
MOST = 100


def merged(centre: Centre, org: Doc, record: Doc, wish: Any, path: str) -> list[Doc]:
    """The rows after an update: without id appended, with id changed, `_delete` removed, [] empties."""
    if not isinstance(wish, list):
        raise invalid_data({"expected_data_type": "jsonarray", "api_name": ROWS, "json_path": path})
    if not wish:
        return []
    by_id = {row["id"]: row for row in record["rows"]}
    unit = unit_of(centre, org, record)
    named = {str(one.get("id")) for one in wish if isinstance(one, dict)}
    if not centre.switches["omitted_rows_survive"]:
        by_id = {key: row for key, row in by_id.items() if key in named}
    for number, one in enumerate(wish):
        _apply(centre, org, by_id, one, f"{path}[{number}]", unit)
    if len(by_id) > MOST:
        raise invalid_data({"maximum_length": MOST, "api_name": ROWS, "json_path": path})
    return list(by_id.values())


def _apply(centre: Centre, org: Doc, by_id: dict[str, Doc], wish: Any, path: str, unit: Decimal) -> None:
    if not isinstance(wish, dict):
        raise invalid_data({"expected_data_type": "jsonobject", "api_name": ROWS, "json_path": path})
    key = wish.get("id")
    if key is not None and key not in by_id:
        raise invalid_data({"api_name": "id", "json_path": f"{path}.id"}, "the id given seems to be invalid")
    if key is not None and "_delete" in wish:
        del by_id[key]
        return
    if key is None:
        if wish.get("Product_Name") is None:
            raise mandatory("Product_Name", f"{path}.Product_Name")
        key = new_id(centre, org["zgid"])
        by_id[key] = {"id": key, "created": stored(now())}
    by_id[key] = _changed(centre, org, by_id[key], wish, path, unit)


def _changed(centre: Centre, org: Doc, row: Doc, wish: Doc, path: str, unit: Decimal) -> Doc:
    row = {**row, "modified": stored(now())}
    for name, field in standard_fields(ROWS).items():
        if name in wish and not field["read_only"] and name not in ("Line_Tax", "Discount"):
            row[name] = kept(field, wish[name], f"{path}.{name}")
    product = peek(centre, org["zgid"], "Products", row["Product_Name"] or "")
    if product is None:
        where = {"api_name": "Product_Name", "json_path": f"{path}.Product_Name.id"}
        raise invalid_data(where, "the id given seems to be invalid")
    if row.get("List_Price") is None:
        row["List_Price"] = product["values"].get("Unit_Price") or "0"
    if "Line_Tax" in wish:
        row["Line_Tax"] = _taxes(org, wish["Line_Tax"], f"{path}.Line_Tax")
    if "Discount" in wish:
        row["Discount"] = _discount(centre, row, wish["Discount"], f"{path}.Discount", unit)
    return row


def _discount(centre: Centre, row: Doc, value: Any, path: str, unit: Decimal) -> str:
    total = Decimal(row.get("Quantity") or "1") * Decimal(row["List_Price"])
    where = {"api_name": "Discount", "json_path": path}
    return str(rounded(amount(value or 0, total, where), centre.switches["rounding"], unit))


def _taxes(org: Doc, wish: Any, path: str) -> list[Doc]:
    """Tax entries as kept; names must exist in the org's taxes (Z6), zero per cent removes (Z7.2)."""
    if not isinstance(wish, list):
        raise invalid_data({"expected_data_type": "jsonarray", "api_name": "Line_Tax", "json_path": path})
    known = {tax["name"]: tax for tax in tax_rows(org)}
    taxes = []
    for number, one in enumerate(wish):
        tax = known.get(one.get("name")) if isinstance(one, dict) else None
        if tax is None:
            raise invalid_data({"api_name": "name", "json_path": f"{path}[{number}].name"})
        where = {"api_name": "percentage", "json_path": f"{path}[{number}].percentage"}
        given = one.get("percentage")
        part = tax["percentage"] if given is None else percentage(given, where)
        taxes.append({"id": tax["id"], "name": tax["name"], "percentage": part})
    return taxes


def header_taxes(org: Doc, wish: Any, path: str) -> list[Doc]:
    """The record's own taxes (`$line_tax`), same rules as a row's."""
    return _taxes(org, wish, path)


def unit_of(centre: Centre, org: Doc, record: Doc) -> Decimal:
    """The smallest unit of a record's currency, by the switch."""
    return currencies.unit(org, record, centre.switches["currency_decimals"])


def compute(record: Doc, way: str, unit: Decimal = CENT) -> None:
    """Fill in every number the CRM computes, rows first."""
    for number, row in enumerate(record["rows"], 1):
        _compute_row(row, number, way, unit)
    values = record["values"]
    percentages = [Decimal(tax["percentage"]) for tax in record["taxes"]]
    totals = invoice_totals(
        [Decimal(row["Net_Total"]) for row in record["rows"]],
        Decimal(values.get("Discount") or 0),
        percentages,
        Decimal(values.get("Adjustment") or 0),
        way,
        unit,
    )
    for tax, value in zip(record["taxes"], totals.tax_values, strict=True):
        tax["value"] = str(value)
    values["Discount"] = values.get("Discount") or "0"
    values["Adjustment"] = values.get("Adjustment") or "0"
    values["Sub_Total"] = str(totals.sub_total)
    values["Tax"] = str(totals.tax)
    values["Grand_Total"] = str(totals.grand_total)
    values |= record["forced"]


def _compute_row(row: Doc, number: int, way: str, unit: Decimal) -> None:
    row["Quantity"] = row.get("Quantity") or "1"
    row["Discount"] = row.get("Discount") or "0"
    taxes = row.setdefault("Line_Tax", [])
    entered = Row(
        Decimal(row["Quantity"]),
        Decimal(row["List_Price"]),
        Decimal(row["Discount"]),
        tuple(Decimal(tax["percentage"]) for tax in taxes),
    )
    totals = row_totals(entered, way, unit)
    for tax, value in zip(taxes, totals.tax_values, strict=True):
        tax["value"] = str(value)
    row["Total"], row["Tax"] = str(totals.total), str(totals.tax)
    row["Net_Total"], row["Sequence_Number"] = str(totals.net_total), str(number)
