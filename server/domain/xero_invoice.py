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
class Tracking:
    """Whose department, region or project a line is counted to; the bookkeeper's own."""

    name: str
    option: str


@dataclass(frozen=True)
class XeroLine:
    """One line as Xero holds it. A line of text alone has no quantity and no price: they count as nothing."""

    line_id: str
    text: str
    quantity: Decimal
    price: Decimal
    discount: Decimal | None
    discount_rate: Decimal | None
    account: str | None
    tax_type: str | None
    tax: Decimal
    amount: Decimal
    product_code: str | None
    tracking: tuple[Tracking, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(category, option) of its tracking."""
        return tuple((each.name, each.option) for each in self.tracking)


@dataclass(frozen=True)
class XeroInvoice:
    """`lines` is None where the answer was a summary, which says nothing of them (X6.9)."""

    xero_id: str
    number: str | None
    status: str
    url: str | None
    contact_id: str | None
    contact_name: str | None
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
    amount_types: str = "Exclusive"
    reference: str = ""
    rate: Decimal | None = None
    lines: tuple[XeroLine, ...] | None = None


def read_xero_invoice(doc: Mapping[str, object]) -> XeroInvoice:
    """Read any answer's shape: write, list, single or summary."""
    status = text(doc.get("Status")) or "DRAFT"
    return XeroInvoice(
        xero_id=text(doc.get("InvoiceID")) or "",
        number=text(doc.get("InvoiceNumber")),
        status=status,
        url=text(doc.get("Url")),
        contact_id=text(mapping(doc.get("Contact")).get("ContactID")),
        contact_name=text(mapping(doc.get("Contact")).get("Name")),
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
        amount_types=text(doc.get("LineAmountTypes")) or "Exclusive",
        reference=text(doc.get("Reference")) or "",
        rate=_rate(doc),
        lines=_lines(doc),
    )


def _rate(doc: Mapping[str, object]) -> Decimal | None:
    """CurrencyRate may be missing (X6.8)."""
    found = number(doc.get("CurrencyRate"))
    return found.normalize() if found else None


def _lines(doc: Mapping[str, object]) -> tuple[XeroLine, ...] | None:
    """An empty list beside a total says that the lines were left out, not that there are none (X6.9)."""
    found = doc.get("LineItems")
    if not isinstance(found, list) or (not found and number(doc.get("Total"))):
        return None
    return tuple(map(_line, rows(found)))


def _line(line: Mapping[str, object]) -> XeroLine:
    return XeroLine(
        line_id=text(line.get("LineItemID")) or "",
        text=text(line.get("Description")) or "",
        quantity=number(line.get("Quantity")) or ZERO,
        price=number(line.get("UnitAmount")) or ZERO,
        discount=number(line.get("DiscountAmount")),
        discount_rate=number(line.get("DiscountRate")),
        account=text(line.get("AccountCode")),
        tax_type=text(line.get("TaxType")),
        tax=number(line.get("TaxAmount")) or ZERO,
        amount=number(line.get("LineAmount")) or ZERO,
        product_code=text(line.get("ItemCode")),
        tracking=tuple(
            Tracking(text(each.get("Name")) or "", text(each.get("Option")) or "")
            for each in rows(line.get("Tracking"))
            if each
        ),
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
