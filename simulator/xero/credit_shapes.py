"""Which fields of a credit note, an overpayment or an allocation does each kind of answer carry?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import contact_rules
from simulator.xero.batches import errors
from simulator.xero.contact_routes import row_of as contact_row
from simulator.xero.credit_input import SentCredit
from simulator.xero.credit_store import CREDIT_NOTE
from simulator.xero.invoice_shapes import View, line_row
from simulator.xero.wire import ZERO_ID, day_ms, day_text, instant_ms, instant_text, without_nulls

Doc = dict[str, Any]


def row_of(doc: Doc, contact: Doc | None, view: View, *, places: int = 2) -> Doc:
    """A credit as a write, a single GET, a list or a paged list shows it (X8.7)."""
    full = view in ("write", "single")
    shown = contact and (contact_row(contact) if full else contact_rules.short(contact))
    rows = [] if view == "list" else [line_row(line, view, places) for line in doc["Lines"]]
    note = doc["Kind"] == CREDIT_NOTE
    row: Doc = {
        f"{doc['Kind']}ID": doc["ID"],
        "CreditNoteNumber": (doc["Number"] or "") if note else None,
        "ID": doc["ID"],
        "CurrencyRate": Decimal(doc["CurrencyRate"]),
        "Type": doc["Type"],
        "Reference": doc.get("Reference") or "",
        "SentToContact": doc["SentToContact"] if note else None,
        "RemainingCredit": Decimal(doc["RemainingCredit"]),
        "Allocations": [_inner(one) for one in doc["Allocations"]],
        "Payments": [],
        "HasAttachments": None if view == "write" else False,
        "HasErrors": False if note else None,
        "Contact": shown,
        "DateString": day_text(doc["Date"]),
        "Date": day_ms(doc["Date"]),
        "Status": doc["Status"],
        "LineAmountTypes": doc["LineAmountTypes"],
        "LineItems": rows,
        "SubTotal": Decimal(doc["SubTotal"]),
        "TotalTax": Decimal(doc["TotalTax"]),
        "Total": Decimal(doc["Total"]),
        "UpdatedDateUTC": instant_ms(doc["Updated"]),
        "UpdatedDateUTCString": instant_text(doc["Updated"]),
        "CurrencyCode": doc["CurrencyCode"],
        "BrandingThemeID": doc["BrandingThemeID"] if note and view != "list" else None,
        "FullyPaidOnDate": day_ms(doc["FullyPaidOnDate"]) if doc.get("FullyPaidOnDate") else None,
    }
    return without_nulls(row)


def _bare(invoice: str) -> Doc:
    """The invoice inside an allocation (X8.7)."""
    empty: Doc = {name: [] for name in ("Payments", "CreditNotes", "Prepayments", "Overpayments", "LineItems")}
    return {"InvoiceID": invoice, **empty, "HasErrors": False, "IsDiscounted": False}


def _inner(one: Doc) -> Doc:
    return {
        "AllocationID": one["AllocationID"],
        "Amount": Decimal(one["Amount"]),
        "Date": day_ms(one["Date"]),
        "Invoice": _bare(one["InvoiceID"]),
    }


def allocation_row(credit: Doc, one: Doc) -> Doc:
    """An allocation as its own PUT answers it (X8.7)."""
    own = {f"{credit['Kind']}ID": credit["ID"], "ID": credit["ID"], "LineItems": []}
    return {**_inner(one), credit["Kind"]: own, "ValidationErrors": []}


def removed_row(one: Doc) -> Doc:
    """A deleted allocation (X8.7)."""
    return {**_inner(one), "IsDeleted": True}


def failed(sent: SentCredit, messages: list[str]) -> Doc:
    """A refused credit note comes back as it was sent (X5.5)."""
    days = {
        name: value for name in ("Date", "DueDate") if sent.fields.get(name) for value in (day_ms(sent.fields[name]),)
    }
    raw = without_nulls(sent.raw)
    refused = {"HasErrors": True, "ValidationErrors": errors(messages)}
    return {"CreditNoteID": ZERO_ID, **raw, **days, **refused}
