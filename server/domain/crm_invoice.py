"""What does CRM say of one invoice? A record of its JSON as a typed value; what cannot be read is None (Z6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from server.domain.fields import day, instant, is_blank, mapping, number, rows, text

NO_RATE = Decimal(-1)
AMOUNTS = ("Discount", "Tax", "Adjustment", "Grand_Total")
DAYS = ("Invoice_Date", "Due_Date")


@dataclass(frozen=True)
class CrmTax:
    name: str
    rate: Decimal  # percent; NO_RATE where it cannot be read, so that it is never taken for no tax


@dataclass(frozen=True)
class CrmRow:
    """One row of Invoiced_Items. total = price x quantity, net_total = after discount, with tax (Z6).

    `unreadable` names what holds something that is no amount, like a discount of "5%". `fields`: the raw row.
    """

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
    unreadable: tuple[str, ...] = ()
    product_id: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CrmInvoice:
    """`record` is the raw record, for fields that a tenant chose by name. `unreadable`: amounts that are no numbers;
    `misread`: other fields that hold something, only not what belongs there. `taxes`: those on the whole invoice.
    `products`: the records of its products by id, as far as they were read."""

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
    more_rows: bool = False
    unreadable: tuple[str, ...] = ()
    misread: tuple[str, ...] = ()
    taxes: tuple[CrmTax, ...] = ()
    products: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def value_of(self, field_name: str) -> str | None:
        return chosen(self.record.get(field_name))

    def value_of_row(self, row: CrmRow, field_name: str) -> str | None:
        return chosen(row.fields.get(field_name))

    def value_of_product(self, row: CrmRow, field_name: str) -> str | None:
        """None also for a line without a product, and for a product that may not be seen."""
        return chosen(self.products.get(row.product_id or "", {}).get(field_name))


def chosen(value: object) -> str | None:
    """A field's value as text; of a lookup its name."""
    return text(value.get("name") if isinstance(value, Mapping) else value)


def billed_to_contact(crm: CrmInvoice) -> CrmInvoice:
    """The same invoice where CRM's contacts are the customers, and accounts say nothing."""
    person = mapping(crm.record.get("Contact_Name"))
    return replace(crm, account_id=text(person.get("id")), account_name=text(person.get("name")))


def with_products(crm: CrmInvoice, products: Mapping[str, Mapping[str, object]]) -> CrmInvoice:
    """The invoice beside the records of its products, by id."""
    return replace(crm, products=products)


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
        approval_state=_approval_state(record),
        under_review=_under_review(record),
        more_rows=mapping(record.get("$has_more")).get("Invoiced_Items") is True,
        unreadable=tuple(dict.fromkeys([*_unreadable(record, AMOUNTS), *_header_tax(record)])),
        misread=_misread(record),
        taxes=tuple(_tax(each) for each in rows(record.get("$line_tax"))),
    )


def _approval_state(record: Mapping[str, object]) -> str | None:
    """One of CRM's states, "approved" where nothing is to be approved; `$approved` stands in where there is none."""
    state = text(record.get("$approval_state"))
    return "not_approved" if state is None and record.get("$approved") is False else state


def _under_review(record: Mapping[str, object]) -> bool:
    """Being merged, or in a review process that still offers somebody a decision."""
    offered = mapping(record.get("$review_process")).values()
    return record.get("$in_merge") is True or any(value is True for value in offered)


def _misread(record: Mapping[str, object]) -> tuple[str, ...]:
    """What must not pass for an empty field: a due date that was left out, or a currency taken for the books' own."""
    days = [name for name in DAYS if not is_blank(record.get(name)) and day(record.get(name)) is None]
    currency = record.get("Currency")
    return (*days, *(["Currency"] if not is_blank(currency) and text(currency) is None else []))


def _unreadable(fields: Mapping[str, object], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if not is_blank(fields.get(name)) and number(fields.get(name)) is None)


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
        taxes=tuple(_tax(each) for each in rows(row.get("Line_Tax"))),
        unreadable=(*_unreadable(row, ("Quantity", "List_Price", "Discount", "Total")), *_tax_list(row, "Line_Tax")),
        product_id=text(product.get("id")),
        fields=row,
    )


def _tax_list(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A tax that is not a list of taxes must not pass for no tax."""
    taxes = fields.get(name)
    return () if is_blank(taxes) or isinstance(taxes, list) else (name,)


def _header_tax(record: Mapping[str, object]) -> tuple[str, ...]:
    """The same of the whole invoice, which has one field for it on CRM's page; nor must a tax without a percentage."""
    taxes = [_tax(each) for each in rows(record.get("$line_tax"))]
    unclear = _tax_list(record, "$line_tax") or any(tax.rate == NO_RATE for tax in taxes)
    return ("Tax",) if unclear else ()


def _tax(entry: Mapping[str, object]) -> CrmTax:
    rate = number(entry.get("percentage"))
    return CrmTax(text(entry.get("name")) or "unnamed", NO_RATE if rate is None else rate)
