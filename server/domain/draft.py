"""What would be sent for one CRM invoice? Its lines, totals and body, worked out in spite of any problem."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from server.domain.checks import (
    MOST_LINES,
    about_record,
    about_settings,
    arrival_status,
    currency_of,
    invoice_number,
    smallest_unit,
)
from server.domain.crm_invoice import CrmInvoice
from server.domain.crm_total import unexplained, unnamed_tax
from server.domain.customer import Customer, NoCustomer
from server.domain.due import due_as_left, due_date
from server.domain.encode import encode
from server.domain.extra_lines import extra_lines
from server.domain.mapping import reference_of, theme_of
from server.domain.money import ROUNDING, Line, Totals, totals, trimmed
from server.domain.rates import rate_of
from server.domain.reasons import Code, Reason, reason
from server.domain.rounding import Counted, closed_gap
from server.domain.row_lines import RowLines, row_lines
from server.domain.taxes import HEADER_TAX, INCLUSIVE, NO_TAX, header_rule, way_of
from server.domain.values import Books, Settings
from server.domain.xero_invoice import XeroInvoice

NOT_COMPARED = ("BrandingThemeID", "CurrencyRate")  # they go along with a new invoice, and are Xero's from then on


@dataclass(frozen=True)
class Draft:
    """What would be sent, as far as it could be worked out; shown in previews also when something is wrong.

    complete: the lines are all of them, so that Xero's total is predicted. way: how CRM counts its tax. new_products:
    codes with their names that Xero is to have first. reference: None where the tenant has no field for it.
    """

    number: str | None
    status: str | None
    lines: tuple[Line, ...]
    totals: Totals
    customer: Customer | None
    currency: str
    complete: bool
    number_field: str = "Invoice_Number"
    due_date: date | None = None
    way: str = NO_TAX
    reference: str | None = None
    theme_id: str | None = None
    rate: Decimal | None = None
    new_products: tuple[tuple[str, str], ...] = ()
    due_is_worked_out: bool = False  # by terms or days, not CRM's word

    @property
    def rounding(self) -> Decimal | None:
        """What a rounding line adds; None without one."""
        return next((line.amount for line in self.lines if line.part == ROUNDING), None)

    @property
    def amount_types(self) -> str:
        return "Inclusive" if self.way == INCLUSIVE else "Exclusive"


def digest_of(body: Mapping[str, object], account_id: str) -> str:
    """What is sent, for comparing: without the host of our address, which may move (4a), and the same before and after
    the contact is made."""
    told = {name: value for name, value in body.items() if name not in NOT_COMPARED}
    return hashlib.sha256(encode({**told, "Url": None, "account": account_id})).hexdigest()


def draft_of(
    crm: CrmInvoice, customer: Customer | None, settings: Settings, books: Books, held: XeroInvoice | None = None
) -> tuple[list[Reason], Draft]:
    """Every problem, and what could be worked out in spite of them. `held`: what Xero has of it already."""
    due = due_as_left(crm, due_date(crm, customer, settings, books), settings, held)
    currency = currency_of(crm, settings, books)
    problems = [*about_settings(crm, settings, books), *about_record(crm, due, settings, books)]
    if isinstance(customer, NoCustomer):
        problems += customer.reasons
    way, found = way_of(crm, settings)
    problems += found
    goods, found = _goods(crm, way, settings, books)
    problems += found
    lines, complete, found = _all_lines(crm, goods, way, settings, books)
    problems += found
    reference, found = reference_of(crm, settings)
    problems += found
    theme_id, found = theme_of(crm, settings, books)
    problems += found
    rate, found = rate_of(crm, currency, settings, books)
    problems += found
    draft = Draft(
        number=invoice_number(crm, settings),
        status=arrival_status(crm, settings),
        lines=lines,
        totals=totals(lines),
        customer=customer,
        currency=currency,
        complete=complete,
        number_field=(settings.number.field if settings.number else None) or "Invoice_Number",
        due_date=due,
        way=way or NO_TAX,
        reference=reference,
        theme_id=theme_id,
        rate=rate,
        new_products=_new_products(lines, books),
        due_is_worked_out=settings.due.source != "crm",
    )
    if not complete and not problems:  # no rule of ours leads here; nothing is sent on half of its lines
        problems = [reason(Code.UNEXPECTED)]
    return _once(problems), draft


def _goods(crm: CrmInvoice, way: str | None, settings: Settings, books: Books) -> tuple[RowLines, list[Reason]]:
    """The rows' lines. Where the way of tax is not clear, each by its own taxes, to be shown."""
    rule, problems = header_rule(crm, way, settings, books) if way else (None, [])
    if way == HEADER_TAX and "Tax" not in crm.unreadable and not any(tax.rate for tax in crm.taxes):
        problems = [unnamed_tax(crm, currency_of(crm, settings, books))]
    goods = row_lines(crm, crm.rows[:MOST_LINES], way, rule, settings, books)
    return goods, [*problems, *goods.problems]


def _all_lines(
    crm: CrmInvoice, goods: RowLines, way: str | None, settings: Settings, books: Books
) -> tuple[tuple[Line, ...], bool, list[Reason]]:
    """The rows' lines with ours behind them, whether they are complete, and what stands against that."""
    known = goods.complete and len(goods.sums) == len(crm.rows) and not (crm.unreadable or crm.more_rows)
    if way is None or not known:
        return goods.lines, False, []
    unit, currency = smallest_unit(currency_of(crm, settings, books)), currency_of(crm, settings, books)
    odd = unexplained(crm, goods.sums, way, unit, currency)
    if odd:
        return goods.lines, False, odd
    more, problems = extra_lines(crm, goods, way, settings, books)
    lines = placed([*goods.lines, *more])
    if problems:
        return lines, False, problems
    rounding, gap = closed_gap(Counted(crm, lines, goods.sums, way, unit, currency), settings, books)
    return placed([*lines, *([rounding] if rounding else [])]), True, gap


def placed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Rows keep their places; what we added follows them."""
    taken = {line.position for line in lines if line.position}
    free = max(taken, default=0)
    found = []
    for line in lines:
        if not line.position:
            free += 1
            line = replace(line, position=free)
        found.append(line)
    return tuple(found)


def _new_products(lines: Sequence[Line], books: Books) -> tuple[tuple[str, str], ...]:
    """Each once, by its code."""
    named = {line.product_code: line.text.split("\n", 1)[0] for line in lines if line.product_code}
    return tuple(sorted((code, name) for code, name in named.items() if not books.product_code(code)))


def _once(problems: Sequence[Reason]) -> list[Reason]:
    found: list[Reason] = []
    for each in problems:
        if each not in found:
            found.append(each)
    return found


def body_of(crm: CrmInvoice, draft: Draft, marker: str) -> dict[str, object]:
    """Xero's invoice without its contact (X6.1). Dates are calendar days; LineAmount makes Xero check our sums."""
    assert crm.date is not None and draft.status is not None
    body: dict[str, object] = {
        "Type": "ACCREC",
        "Status": draft.status,
        "Date": crm.date.isoformat(),
        "LineAmountTypes": draft.amount_types,
        "CurrencyCode": draft.currency,
        "Url": marker,
        "LineItems": [line_body(line) for line in draft.lines],
    }
    more = {
        "DueDate": draft.due_date.isoformat() if draft.due_date else None,
        "InvoiceNumber": draft.number,
        "Reference": draft.reference or None,
        "BrandingThemeID": draft.theme_id,
        "CurrencyRate": draft.rate,
    }
    return {**body, **{name: value for name, value in more.items() if value is not None}}


def line_body(line: Line) -> dict[str, object]:
    """One line; a discount is an amount, because Xero stores rates with two decimals only (X6.5)."""
    body: dict[str, object] = {
        "Description": line.text,
        "Quantity": trimmed(line.quantity),
        "UnitAmount": trimmed(line.price),
        "AccountCode": line.account,
        "TaxType": line.tax_type,
        "LineAmount": line.amount,
    }
    if line.discount:
        body["DiscountAmount"] = trimmed(line.discount)
    if line.product_code:
        body["ItemCode"] = line.product_code
    if line.tracking is not None:
        body["Tracking"] = [{"Name": name, "Option": option} for name, option in line.tracking if option]
    return body
