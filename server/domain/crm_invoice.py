"""What does CRM say of one invoice? A record of its JSON as a typed value; what cannot be read is None (Z6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from server.domain.fields import day, instant, mapping, number, rows, text


@dataclass(frozen=True)
class CrmTax:
    name: str
    rate: Decimal  # percent


@dataclass(frozen=True)
class CrmRow:
    """One row of Invoiced_Items. total = price x quantity, net_total = after discount, with tax (Z6)."""

    row_id: str | None
    position: int
    product: str | None
    code: str | None
    text: str | None
    quantity: Decimal | None
    price: Decimal | None
    discount: Decimal
    total: Decimal | None
    tax: Decimal
    net_total: Decimal | None
    taxes: tuple[CrmTax, ...]


@dataclass(frozen=True)
class CrmInvoice:
    """`record` is the raw record, for fields that a tenant chose by name."""

    record_id: str
    record: Mapping[str, object]
    account_id: str | None
    account_name: str | None
    status: str | None
    date: dt.date | None
    due_date: dt.date | None
    currency: str | None
    rows: tuple[CrmRow, ...]
    sub_total: Decimal | None
    discount: Decimal
    tax: Decimal
    adjustment: Decimal
    grand_total: Decimal | None
    modified_time: dt.datetime | None
    approval_state: str | None
    under_review: bool

    def value_of(self, field_name: str) -> str | None:
        return text(self.record.get(field_name))


def read_invoice(record: Mapping[str, object]) -> CrmInvoice:
    """Read a single-record answer; lists carry no rows (Z5.5). Never raises."""
    account = mapping(record.get("Account_Name"))
    return CrmInvoice(
        record_id=text(record.get("id")) or "",
        record=record,
        account_id=text(account.get("id")),
        account_name=text(account.get("name")),
        status=text(record.get("Status")),
        date=day(record.get("Invoice_Date")),
        due_date=day(record.get("Due_Date")),
        currency=text(record.get("Currency")),
        rows=tuple(_row(place, row) for place, row in enumerate(rows(record.get("Invoiced_Items")), 1)),
        sub_total=number(record.get("Sub_Total")),
        discount=number(record.get("Discount")) or Decimal(0),
        tax=number(record.get("Tax")) or Decimal(0),
        adjustment=number(record.get("Adjustment")) or Decimal(0),
        grand_total=number(record.get("Grand_Total")),
        modified_time=instant(record.get("Modified_Time")),
        approval_state=text(record.get("$approval_state")),
        under_review=record.get("$in_merge") is True or bool(record.get("$review_process") and _waits(record)),
    )


def _waits(record: Mapping[str, object]) -> bool:
    """A review process that still offers a decision is not over."""
    return any(value is True for value in mapping(record.get("$review_process")).values())


def _row(place: int, row: Mapping[str, object]) -> CrmRow:
    product = mapping(row.get("Product_Name"))
    return CrmRow(
        row_id=text(row.get("id")),
        position=place,
        product=text(product.get("name")),
        code=text(product.get("Product_Code")),
        text=text(row.get("Description")),
        quantity=number(row.get("Quantity")),
        price=number(row.get("List_Price")),
        discount=number(row.get("Discount")) or Decimal(0),
        total=number(row.get("Total")),
        tax=number(row.get("Tax")) or Decimal(0),
        net_total=number(row.get("Net_Total")),
        taxes=tuple(tax for each in rows(row.get("Line_Tax")) if (tax := _tax(each)) is not None),
    )


def _tax(entry: Mapping[str, object]) -> CrmTax | None:
    """A tax entry; one that cannot be read counts as an unnamed one, so that it is never taken for no tax."""
    rate = number(entry.get("percentage"))
    return CrmTax(text(entry.get("name")) or "unnamed", Decimal(-1) if rate is None else rate)
