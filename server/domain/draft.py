"""What would be sent for one CRM invoice? Its lines, totals and body, worked out in spite of any problem."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from server.domain.checks import (
    MOST_LINES,
    about_record,
    about_row,
    about_settings,
    arrival_status,
    currency_of,
    invoice_number,
    line_of,
)
from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, NoCustomer
from server.domain.encode import encode
from server.domain.money import Line, Totals, totals, trimmed
from server.domain.reasons import Code, Reason, reason
from server.domain.values import Books, Settings
from server.domain.wording import apart_text, money_text


@dataclass(frozen=True)
class Draft:
    """What would be sent, as far as it could be worked out; shown in previews also when something is wrong.

    complete: the lines are all of them and nothing else makes up the total, so that Xero's total is predicted.
    """

    number: str | None
    status: str | None
    lines: tuple[Line, ...]
    totals: Totals
    customer: Customer | None
    currency: str
    complete: bool
    number_field: str = "Invoice_Number"


def digest_of(body: Mapping[str, object], account_id: str) -> str:
    """What is sent, for comparing: without the host of our address, which may move (4a), and the same before and after
    the contact is made."""
    return hashlib.sha256(encode({**body, "Url": None, "account": account_id})).hexdigest()


def draft_of(
    crm: CrmInvoice, customer: Customer | None, settings: Settings, books: Books
) -> tuple[list[Reason], Draft]:
    """Every problem, and what could be worked out in spite of them."""
    problems = [*about_settings(settings, books), *about_record(crm, settings, books)]
    if isinstance(customer, NoCustomer):
        problems += customer.reasons
    lines = []
    for row in crm.rows[:MOST_LINES]:
        found = list(about_row(row, settings, books))
        problems += [each for each in found if each not in problems]
        if not found and settings.taxes:
            lines.append(line_of(row, settings))
    draft = Draft(
        number=invoice_number(crm, settings),
        status=arrival_status(crm, settings),
        lines=tuple(lines),
        totals=totals(lines),
        customer=customer,
        currency=currency_of(crm, settings, books),
        complete=len(lines) == len(crm.rows) > 0 and is_lines_alone(crm),
        number_field=(settings.number.field if settings.number else None) or "Invoice_Number",
    )
    return problems + about_total(crm, draft), draft


def is_lines_alone(crm: CrmInvoice) -> bool:
    """Whether nothing but the rows that were read makes up CRM's total."""
    return not (crm.discount or crm.tax or crm.adjustment or crm.unreadable or crm.more_rows)


def about_total(crm: CrmInvoice, draft: Draft) -> list[Reason]:
    """To the cent, or it is not sent (promise 2)."""
    predicted = draft.totals.total
    if not draft.complete or crm.grand_total is None or crm.grand_total == predicted:
        return []
    return [totals_apart(draft.currency, crm.grand_total, predicted)]


def totals_apart(currency: str, crm: Decimal, xero: Decimal) -> Reason:
    """Both totals, and how far they are apart."""
    apart = apart_text(abs(crm - xero), currency)
    return reason(Code.TOTALS_DIFFER, apart=apart, crm=money_text(crm, currency), xero=money_text(xero, currency))


def body_of(crm: CrmInvoice, draft: Draft, books: Books, marker: str) -> dict[str, object]:
    """Xero's invoice without its contact (X6.1). Dates are calendar days; LineAmount makes Xero check our sums."""
    assert crm.date is not None and draft.status is not None
    body: dict[str, object] = {
        "Type": "ACCREC",
        "Status": draft.status,
        "Date": crm.date.isoformat(),
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": books.base_currency,
        "Url": marker,
        "LineItems": [line_body(line) for line in draft.lines],
    }
    if crm.due_date is not None:
        body["DueDate"] = crm.due_date.isoformat()
    if draft.number is not None:
        body["InvoiceNumber"] = draft.number
    return body


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
    return {**body, "DiscountAmount": trimmed(line.discount)} if line.discount else body
