"""May CRM still change it, and has the customer paid? Lock and payment status by design section 5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.domain.values import Books
from server.domain.xero_invoice import XeroInvoice

OPEN = ("DRAFT", "SUBMITTED")


@dataclass(frozen=True)
class Lock:
    """state: locked or editable. reason: approved, has_payments, paid, voided, deleted, period_closed, not_approved."""

    state: str
    reason: str
    closed_up_to: date | None = None


def lock(held: XeroInvoice, books: Books) -> Lock:
    """Drafts stay editable in a closed period, only their approval fails (X6.4); what is approved is locked."""
    if held.status in OPEN:
        return Lock("editable", "not_approved")
    if held.status in ("VOIDED", "DELETED"):
        return Lock("locked", held.status.lower())
    if books.is_closed(held.date):
        return Lock("locked", "period_closed", books.closed_up_to())
    if held.status == "PAID":
        return Lock("locked", "paid")
    return Lock("locked", "has_payments" if held.paid or held.credited else "approved")


def payment_word(
    status: str, paid: Decimal | None, credited: Decimal | None, due_date: date | None, today: date
) -> str:
    """One word of the API: draft, awaiting_approval, awaiting_payment, overdue, partially_paid, paid, voided, deleted.

    Overdue is past the due date by the organisation's own day.
    """
    fixed = {
        "DRAFT": "draft",
        "SUBMITTED": "awaiting_approval",
        "PAID": "paid",
        "VOIDED": "voided",
        "DELETED": "deleted",
    }
    if status in fixed:
        return fixed[status]
    if paid or credited:
        return "partially_paid"
    return "overdue" if due_date is not None and due_date < today else "awaiting_payment"
