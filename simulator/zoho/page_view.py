"""What stands on the invoice pages, in words and figures for people?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from simulator.zoho import currencies
from simulator.zoho.centre import Centre
from simulator.zoho.fields import custom_fields, fields_of
from simulator.zoho.moments import zone_of
from simulator.zoho.people import user_of
from simulator.zoho.profiles import hidden
from simulator.zoho.records import peek
from simulator.zoho.schema import ROWS
from simulator.zoho.views import name_of

Doc = dict[str, Any]
_LEFT = ("Invoice_Number", "Account_Name", "Invoice_Date", "Due_Date", "Status", "Purchase_Order")
_LISTED = ("Payment_Status", "Xero_Invoice_Number", "Amount_Due")


def invoice_page(centre: Centre, org: Doc, user: Doc, record: Doc) -> Doc:
    """The record view: heading, fields, goods, totals."""
    values = record["values"]
    return {
        "record": record,
        "heading": values.get("Subject") or "",
        "customer": name_of(_account(centre, record)),
        "fields": shown_fields(centre, org, user, record),
        "rows": []
        if hidden(centre, user, "Invoices", ROWS)
        else [_row(centre, org, record, r) for r in record["rows"]],
        "totals": _totals(org, record),
    }


def shown_fields(centre: Centre, org: Doc, user: Doc, record: Doc) -> list[Doc]:
    """Name, label, text and column of every field on the page; the page's script asks again and again."""
    fields = fields_of(centre, org, "Invoices")
    seen = [name for name in fields if not hidden(centre, user, "Invoices", name)]
    left = [_shown(centre, org, user, record, fields[name], "left") for name in _LEFT if name in seen]
    custom = [one for one in custom_fields(centre, org, "Invoices") if one["api_name"] in seen]
    right = [_shown(centre, org, user, record, one, "right") for one in custom]
    owner = user_of(centre, record["owner"])
    mine = {"name": "Owner", "label": "Invoice Owner", "text": owner["full_name"] if owner else "", "column": "left"}
    return [*left, mine, *right]


def list_page(centre: Centre, org: Doc, user: Doc, records: list[Doc]) -> Doc:
    """The list view; columns of ours appear once the fields exist."""
    known = fields_of(centre, org, "Invoices")
    extra = [known[n] for n in _LISTED if n in known and not hidden(centre, user, "Invoices", n)]
    rows = [
        {
            "id": record["id"],
            "number": record["values"].get("Invoice_Number"),
            "subject": record["values"].get("Subject"),
            "customer": name_of(_account(centre, record)),
            "date": day(record["values"].get("Invoice_Date")),
            "status": record["values"].get("Status"),
            "total": money(org, record, record["values"].get("Grand_Total")),
            "extra": [_text(centre, org, user, record, field) for field in extra],
        }
        for record in records
    ]
    return {"rows": rows, "extra": [field["label"] for field in extra]}


def bin_page(centre: Centre, org: Doc, user: Doc, records: list[Doc]) -> Doc:
    """The recycle bin."""
    rows = []
    for record in records:
        by = user_of(centre, record["deleted_by"])
        values = record["values"]
        rows.append(
            {
                "id": record["id"],
                "number": values.get("Invoice_Number"),
                "subject": values.get("Subject"),
                "customer": name_of(_account(centre, record)),
                "total": money(org, record, values.get("Grand_Total")),
                "deleted": moment(record["deleted"], user),
                "by": by["full_name"] if by else "",
            }
        )
    return {"rows": rows}


def money(org: Doc, record: Doc, amount: str | None) -> str:
    """`$1,504.25`, with a minus sign in front; with the currency's decimals, or more where a price has more."""
    if amount is None:
        return ""
    value, code = Decimal(amount), currencies.of_record(org, record)
    places = max(currencies.decimals(code), -int(value.normalize().as_tuple().exponent))
    return f"{'−' if value < 0 else ''}{currencies.symbol(code)}{abs(value):,.{places}f}"


def day(text: str | None) -> str:
    """`28 Oct 2026`."""
    return _day(date.fromisoformat(text)) if text else ""


def moment(text: str, user: Doc) -> str:
    """`28 Oct 2026, 14:05`, where the user is."""
    when = datetime.fromisoformat(text).astimezone(zone_of(user["time_zone"]))
    return f"{_day(when)}, {when:%H:%M}"


def _day(when: date) -> str:
    return f"{when.day} {when:%b %Y}"


def _account(centre: Centre, record: Doc) -> Doc | None:
    return peek(centre, record["zgid"], "Accounts", record["values"].get("Account_Name") or "")


def _shown(centre: Centre, org: Doc, user: Doc, record: Doc, field: Doc, column: str) -> Doc:
    text = _text(centre, org, user, record, field)
    return {"name": field["api_name"], "label": field["label"], "text": text, "column": column}


def _text(centre: Centre, org: Doc, user: Doc, record: Doc, field: Doc) -> str:
    value = record["values"].get(field["api_name"])
    if value is None or value == "":
        return ""
    if field["lookup"]:
        return name_of(peek(centre, record["zgid"], field["lookup"], value))
    if field["type"] == "currency":
        return money(org, record, value)
    if field["type"] == "date":
        return day(value)
    if field["type"] == "datetime":
        return moment(value, user)
    return "Yes" if value is True else "No" if value is False else str(value)


def _row(centre: Centre, org: Doc, record: Doc, row: Doc) -> Doc:
    discount = Decimal(row["Discount"])
    return {
        "product": name_of(peek(centre, record["zgid"], "Products", row["Product_Name"])),
        "description": row.get("Description"),
        "quantity": f"{Decimal(row['Quantity']).normalize():f}",
        "price": money(org, record, row["List_Price"]),
        "discount": money(org, record, row["Discount"]) if discount else "",
        "tax_names": ", ".join(tax["name"] for tax in row["Line_Tax"]),
        "tax": money(org, record, row["Tax"]),
        "net": money(org, record, row["Net_Total"]),
    }


def _totals(org: Doc, record: Doc) -> list[tuple[str, str]]:
    values = record["values"]
    taxes = ", ".join(tax["name"] for tax in record["taxes"])
    tax = f"Tax, {taxes}" if taxes else "Tax"
    names = [("Sub Total", "Sub_Total"), ("Discount", "Discount"), (tax, "Tax"), ("Adjustment", "Adjustment")]
    odd = [(label, name) for label, name in names[1:] if Decimal(values.get(name) or 0)]
    rows = ([names[0]] if odd else []) + odd + [("Grand Total", "Grand_Total")]
    return [(label, money(org, record, values.get(name) or "0")) for label, name in rows]
