"""What does Xero say of one invoice? A document of its JSON as a typed value; missing lists are empty (X6.8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from server.domain.fields import day, instant, mapping, number, rows, text

ZERO = Decimal(0)


@dataclass(frozen=True)
class Payment:
    """Money that came in ("payment") or was credited ("credit"); no reference, it may hold a name."""

    date: dt.date | None
    kind: str
    amount: Decimal


@dataclass(frozen=True)
class XeroInvoice:
    xero_id: str
    number: str | None
    status: str
    url: str | None
    contact_id: str | None
    date: dt.date | None
    due_date: dt.date | None
    currency: str | None
    total: Decimal | None
    total_tax: Decimal | None
    paid: Decimal
    credited: Decimal
    due: Decimal | None
    paid_on: dt.date | None
    updated_at: dt.datetime | None
    payments: tuple[Payment, ...]


def read_xero_invoice(doc: Mapping[str, object]) -> XeroInvoice:
    """Read any answer's shape: write, list, single or summary."""
    status = text(doc.get("Status")) or "DRAFT"
    return XeroInvoice(
        xero_id=text(doc.get("InvoiceID")) or "",
        number=text(doc.get("InvoiceNumber")),
        status=status,
        url=text(doc.get("Url")),
        contact_id=text(mapping(doc.get("Contact")).get("ContactID")),
        date=day(doc.get("Date")),
        due_date=day(doc.get("DueDate")),
        currency=text(doc.get("CurrencyCode")),
        total=number(doc.get("Total")),
        total_tax=number(doc.get("TotalTax")),
        paid=number(doc.get("AmountPaid")) or ZERO,
        credited=number(doc.get("AmountCredited")) or ZERO,
        # A voided invoice may still show its total as due (X6.2): nothing is.
        due=ZERO if status in ("VOIDED", "DELETED") else number(doc.get("AmountDue")),
        paid_on=day(doc.get("FullyPaidOnDate")),
        updated_at=instant(doc.get("UpdatedDateUTC")),
        payments=_payments(doc),
    )


def _payments(doc: Mapping[str, object]) -> tuple[Payment, ...]:
    paid = [
        Payment(day(each.get("Date")), "payment", number(each.get("Amount")) or ZERO)
        for each in rows(doc.get("Payments"))
        if each
    ]
    credited = [
        Payment(day(each.get("Date")), "credit", number(each.get("AppliedAmount")) or ZERO)
        for kind in ("CreditNotes", "Prepayments", "Overpayments")
        for each in rows(doc.get(kind))
        if each
    ]
    return tuple(sorted([*paid, *credited], key=lambda each: (each.date or dt.date.min, each.kind, each.amount)))
