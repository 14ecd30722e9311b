"""Which fields of an invoice does each kind of answer carry?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from simulator.xero import contact_rules
from simulator.xero.batches import errors
from simulator.xero.contact_routes import row_of as contact_row
from simulator.xero.invoice_input import Sent
from simulator.xero.money import ZERO, Rounding
from simulator.xero.wire import (
    ZERO_ID,
    day_ms,
    day_text,
    instant_ms,
    instant_text,
    without_nulls,
)

Doc = dict[str, Any]
View = Literal["write", "single", "list", "lines", "summary"]


def row_of(doc: Doc, contact: Doc | None, view: View, *, places: int = 2) -> Doc:
    """An invoice as a write, a single GET, a list, a paged list or a summary shows it (X6.8, X6.9)."""
    row: Doc = {
        "Type": doc["Type"],
        "InvoiceID": doc["InvoiceID"],
        "InvoiceNumber": doc["InvoiceNumber"],
        "Reference": doc.get("Reference") or "",
        "Url": doc.get("Url"),
        **_settlements(doc, view),
        "Prepayments": [],
        "Overpayments": [_credit(one) for one in doc.get("Credits", []) if one["Kind"] == "Overpayment"],
        "AmountDue": Decimal(doc["AmountDue"]),
        "AmountPaid": Decimal(doc["AmountPaid"]),
        "SentToContact": doc["SentToContact"],
        "CurrencyRate": Decimal(doc["CurrencyRate"]),
        "TotalDiscount": Decimal(doc["TotalDiscount"]) if doc.get("TotalDiscount") else None,
        "IsDiscounted": bool(doc.get("TotalDiscount")),
        "HasErrors": False,
        "InvoicePaymentServices": [],
        "Contact": _contact(contact, view),
        **_days(doc),
        "BrandingThemeID": doc["BrandingThemeID"],
        "Status": doc["Status"],
        "LineAmountTypes": doc["LineAmountTypes"],
        **_lines(doc, view, places),
        "SubTotal": Decimal(doc["SubTotal"]),
        "TotalTax": Decimal(doc["TotalTax"]),
        "Total": Decimal(doc["Total"]),
        "UpdatedDateUTC": instant_ms(doc["Updated"]),
        "UpdatedDateUTCString": instant_text(doc["Updated"]),
        "CurrencyCode": doc["CurrencyCode"],
    }
    return without_nulls(row)


def _settlements(doc: Doc, view: View) -> Doc:
    """Writes leave payments out, a single GET only when there are none, lists never (X6.8)."""
    if view == "write":
        return {}
    notes = [_credit(one) for one in doc.get("Credits", []) if one["Kind"] == "CreditNote"]
    rest: Doc = {"CreditNotes": notes, "AmountCredited": Decimal(doc["AmountCredited"])}
    if view == "summary":
        # X6.9: summaryOnly drops Payments, HasAttachments, LineItems.
        return rest
    payments = [_payment(payment) for payment in doc["Payments"]]
    rest["HasAttachments"] = False
    if view != "single":
        rest["InvoiceAddresses"] = []
    return {**({"Payments": payments} if payments or view != "single" else {}), **rest}


def _payment(payment: Doc) -> Doc:
    """The short payment inside an invoice: no status and no account (X6.8)."""
    return without_nulls(
        {
            "PaymentID": payment["PaymentID"],
            "Date": day_ms(payment["Date"]),
            "Amount": Decimal(payment["Amount"]),
            "Reference": payment.get("Reference") or "",
            "CurrencyRate": Decimal(payment.get("CurrencyRate", 1)),
            "HasAccount": False,
            "HasValidationErrors": False,
        }
    )


def _credit(one: Doc) -> Doc:
    """An applied credit note (recorded), or an overpayment likewise (X6.8)."""
    number = {"CreditNoteNumber": one["Number"] or ""} if one["Kind"] == "CreditNote" else {}
    return {
        f"{one['Kind']}ID": one["ID"],
        **number,
        "ID": one["ID"],
        "AppliedAmount": Decimal(one["Amount"]),
        "DateString": day_text(one["Date"]),
        "Date": day_ms(one["Date"]),
        "Total": Decimal(one["Total"]),
        "LineItems": [],
    }


def _contact(contact: Doc | None, view: View) -> Doc | None:
    if contact is None:
        return None
    return contact_row(contact) if view in ("write", "single") else contact_rules.short(contact)


def _days(doc: Doc) -> Doc:
    row: Doc = {}
    for name in ("Date", "DueDate"):
        if doc.get(name):
            row |= {f"{name}String": day_text(doc[name]), name: day_ms(doc[name])}
    for name in ("ExpectedPaymentDate", "PlannedPaymentDate", "FullyPaidOnDate"):
        if doc.get(name):
            row[name] = day_ms(doc[name])
    return row


def _lines(doc: Doc, view: View, places: int) -> Doc:
    if view == "summary":
        return {}
    return {"LineItems": [] if view == "list" else [line_row(line, view, places) for line in doc["Lines"]]}


def line_row(line: Doc, view: View, places: int) -> Doc:
    """A line of an invoice or credit note (X6.8)."""
    numbers = {
        name: Decimal(line[name])
        for name in ("DiscountRate", "DiscountAmount", "TaxAmount", "LineAmount", "Quantity")
        if line.get(name) is not None
    }
    if line.get("UnitAmount") is not None:
        # X6.5: without unitdp=4 unit prices come back rounded to 2 decimals.
        numbers["UnitAmount"] = Rounding().round(Decimal(line["UnitAmount"]), places)
    texts = {name: line.get(name) for name in ("Description", "ItemCode", "TaxType", "AccountCode", "AccountID")}
    more: Doc = {"ValidationErrors": []} if view == "write" else {}
    tracking = [_tracking(one, view) for one in line.get("Tracking", [])]
    row = {**texts, **numbers, "Tracking": tracking, "LineItemID": line["LineItemID"], **more}
    return without_nulls({**row, "Item": line.get("Item")})


def _tracking(one: Doc, view: View) -> Doc:
    """Lists leave the option's id out and add an empty list (X6.8)."""
    if view != "lines":
        return one
    return {**{k: v for k, v in one.items() if k != "TrackingOptionID"}, "Options": []}


def failed(sent: Sent, messages: list[str], found: Doc | None, contact: Doc | None) -> Doc:
    """A refused invoice: the echo shows what was asked for, without a number; a new one has the zero id
    (X5.5, X6.2). `found` is the invoice a change was meant for."""
    fields = sent.fields
    row: Doc = {
        "Type": fields.get("Type") or (found["Type"] if found else None),
        "InvoiceID": found["InvoiceID"] if found else sent.invoice or ZERO_ID,
        "Reference": fields.get("Reference"),
        "Url": fields.get("Url"),
        "AmountDue": ZERO,
        "AmountPaid": ZERO,
        "HasErrors": True,
        "Contact": _contact(contact, "list") or sent.raw.get("Contact"),
        **_days(fields),
        "Status": fields.get("Status") or (found["Status"] if found else "DRAFT"),
        "LineAmountTypes": fields.get("LineAmountTypes", "Exclusive"),
        "LineItems": [_echoed(line) for line in sent.raw.get("LineItems") or []],
        "ValidationErrors": errors(messages),
    }
    return without_nulls(row)


def _echoed(line: Doc) -> Doc:
    return {**without_nulls(line), "ValidationErrors": []}
