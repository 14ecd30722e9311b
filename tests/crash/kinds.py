"""Which pushes of an invoice that is in Xero already are tried, and what must be in Xero after each?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.flow.changes import held, reprice, rows_of
from tests.tenants import Tenant

Doc = dict[str, Any]
NEW_DAY = "2030-01-31"
# What makes up an invoice in the simulator's store: all that a push or a bookkeeper may change.
TOLD = ("InvoiceID", "InvoiceNumber", "Status", "Date", "DueDate", "ContactID", "Url", "Reference", "LineAmountTypes")
OF_LINES = ("LineItemID", "Description", "Quantity", "UnitAmount", "DiscountRate", "DiscountAmount", "AccountCode")


@dataclass(frozen=True)
class Kind:
    """`edits`: what people do to the draft before it is pushed again. `wanted`: the invoice as it was then, as it must
    be afterwards; the same one for what writes nothing. `choice`: what the person who pushes says."""

    outcome: str
    edits: Callable[[Tenant, str], None]
    wanted: Callable[[Doc], Doc]
    choice: str | None = None
    sent_again: bool = False  # as a second invoice

    @property
    def writes(self) -> int:
        """How many writes to Xero the whole push needs."""
        return int(self.outcome in ("updated", "removed", "created"))


# --- what people do ---


def change_crm(tenant: Tenant, record: str) -> None:
    """Five of the first line, and another due date; the second line stays."""
    rows = rows_of(tenant, record, {"Quantity": 5}, {})
    tenant.change("Invoices", record, {"Invoiced_Items": rows, "Due_Date": NEW_DAY})


def change_and_approve(tenant: Tenant, record: str) -> None:
    change_crm(tenant, record)
    tenant.change("Invoices", record, {"Status": "Approved"})


def change_both(tenant: Tenant, record: str) -> None:
    """The bookkeeper corrects a price, the salesperson the number of pieces of the same line."""
    reprice(tenant, record, 90)
    change_crm(tenant, record)


def cancel(tenant: Tenant, record: str) -> None:
    tenant.change("Invoices", record, {"Status": "Cancelled"})


def void(tenant: Tenant, record: str) -> None:
    """Approved and voided in Xero; CRM gives it another number."""
    for deed in ("approve", "void"):
        tenant.bookkeeper(deed, invoice=held(tenant, record)["InvoiceID"])
    number = f"{tenant.record(record)['Invoice_Number']}-AGAIN"
    tenant.change("Invoices", record, {"Invoice_Number": number, "Status": "Approved"})


def nothing(_tenant: Tenant, _record: str) -> None:
    pass


# --- what must be there ---


def as_it_was(before: Doc) -> Doc:
    return before


def as_crm_has_it(before: Doc) -> Doc:
    """CRM's change, at CRM's price; every line keeps its id."""
    first, *others = before["Lines"]
    changed = {**first, "Quantity": 5.0, "UnitAmount": 100.0}
    return {**before, "DueDate": NEW_DAY, "Lines": [changed, *others]}


def approved_as_crm_has_it(before: Doc) -> Doc:
    return {**as_crm_has_it(before), "Status": "AUTHORISED"}


def deleted(before: Doc) -> Doc:
    return {**before, "Status": "DELETED"}


KINDS = {
    "update": Kind("updated", change_crm, as_crm_has_it),
    "approval": Kind("updated", change_and_approve, approved_as_crm_has_it),
    "unchanged": Kind("unchanged", nothing, as_it_was),
    "removal": Kind("removed", cancel, deleted, "remove"),
    "conflict": Kind("conflict", change_both, as_it_was),
    "keep Xero's": Kind("unchanged", change_both, as_it_was, "keep_xero"),
    "send CRM's": Kind("updated", change_both, as_crm_has_it, "send_crm"),
    "send as new": Kind("created", void, as_it_was, "send_as_new", sent_again=True),
}


# --- what is there ---


def content(doc: Doc) -> Doc:
    """The part of a stored invoice that counts, its numbers comparable."""
    lines = [{name: _plain(line.get(name)) for name in OF_LINES} for line in doc["Lines"]]
    return {**{name: doc.get(name) for name in TOLD}, "DueDate": str(doc["DueDate"])[:10], "Lines": lines}


def _plain(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def wrongs(kind: Kind, before: Doc, docs: list[Doc]) -> list[str]:
    """What is not in Xero as it must be."""
    old = [doc for doc in docs if doc["InvoiceID"] == before["InvoiceID"]]
    new = [doc for doc in docs if doc["InvoiceID"] != before["InvoiceID"]]
    if (len(old), len(new)) != (1, int(kind.sent_again)):
        return [f"{len(old)} of the old one and {len(new)} new ones"]
    wanted, present = kind.wanted(content(before)), content(old[0])
    found = [f"{name}: {present[name]} and not {wanted[name]}" for name in wanted if present[name] != wanted[name]]
    if not kind.writes and old[0] != before:
        found.append("the stored invoice is not what the bookkeeper left")
    if new and (new[0]["Status"], float(new[0]["Lines"][0]["Quantity"])) != ("AUTHORISED", 2.0):
        found.append(f"the new one is {content(new[0])}")
    return found
