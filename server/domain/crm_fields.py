"""Which fields does InvoiceBridge add to a CRM invoice, and what stands in them? Display and hint, never a source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from server.domain.locks import payment_word

PAYMENT_WORDS = {
    "draft": "Draft",
    "awaiting_approval": "Awaiting Approval",
    "awaiting_payment": "Awaiting Payment",
    "overdue": "Overdue",
    "partially_paid": "Partially Paid",
    "paid": "Paid",
    "voided": "Voided",
    "deleted": "Deleted",
}
LOCK_WORDS = {
    "not_approved": "Editable",
    "approved": "Locked: approved",
    "has_payments": "Locked: has payments",
    "paid": "Locked: paid",
    "voided": "Locked: voided",
    "deleted": "Locked: deleted",
    "period_closed": "Locked: period closed",
}


class CrmField(NamedTuple):
    """One custom field as Zoho's fields API takes it (Z5.9): name is ours, label is what people see."""

    name: str
    label: str
    data_type: str
    length: int | None = None
    choices: tuple[str, ...] = ()


# In this order, because orgs run out of fields; the first five are the core (design 5).
CORE_FIELDS = (
    CrmField("xero_invoice_id", "Xero Invoice ID", "text", 50),
    CrmField("xero_invoice_number", "Xero Invoice Number", "text", 255),
    CrmField("payment_status", "Payment Status", "picklist", choices=tuple(PAYMENT_WORDS.values())),
    CrmField("lock_state", "Lock State", "picklist", choices=tuple(LOCK_WORDS.values())),
    CrmField("amount_due", "Amount Due", "currency", 16),
)


# Of a record that is tied to nothing.
NO_VALUES: Mapping[str, None] = {field.name: None for field in CORE_FIELDS}


class View(Protocol):
    """What of a link the fields show."""

    @property
    def xero_id(self) -> str | None: ...
    @property
    def number(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def paid(self) -> Decimal | None: ...
    @property
    def credited(self) -> Decimal | None: ...
    @property
    def due(self) -> Decimal | None: ...
    @property
    def due_date(self) -> date | None: ...
    @property
    def lock_reason(self) -> str | None: ...


def field_body(field: CrmField) -> dict[str, object]:
    """The field for POST settings/fields (Z5.9)."""
    body: dict[str, object] = {"field_label": field.label, "data_type": field.data_type}
    if field.length is not None:
        body["length"] = field.length
    if field.choices:
        body["pick_list_values"] = [{"display_value": each, "actual_value": each} for each in field.choices]
    return body


def crm_values(view: View, today: date) -> Mapping[str, str | Decimal | None]:
    """Value by our field name; an amount is a number, CRM takes no text there (Z5.9)."""
    if view.xero_id is None:
        return NO_VALUES
    word = payment_word(view.status or "DRAFT", view.paid, view.credited, view.due_date, today)
    return {
        "xero_invoice_id": view.xero_id,
        "xero_invoice_number": view.number,
        "payment_status": PAYMENT_WORDS[word],
        "lock_state": LOCK_WORDS.get(view.lock_reason or ""),
        "amount_due": view.due,
    }
