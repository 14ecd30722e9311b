"""Is an invoice that Xero has already under this record's number the same one? Then it is linked instead of sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import UseContact, same_name
from server.domain.differences import Difference
from server.domain.draft import Draft
from server.domain.xero_invoice import XeroInvoice

GONE = ("VOIDED", "DELETED")


@dataclass(frozen=True)
class Offer:
    """An invoice of Xero's that bears the record's number and is tied to no record. apart: in what it is another one;
    none means that it may be linked. shown: stands for it, as a person saw it."""

    held: XeroInvoice
    apart: tuple[Difference, ...]
    shown: str


@dataclass(frozen=True)
class Link:
    """A person says that this invoice of Xero's is the record's: they are tied, and nothing is written to Xero."""

    held: XeroInvoice
    shown: str


def apart(crm: CrmInvoice, draft: Draft, held: XeroInvoice) -> Iterator[Difference]:
    """Customer, currency and total must agree; what is voided or deleted stands for nothing."""
    if held.status in GONE:
        yield Difference("status", "status", crm.status, held.status)
    if not _same_customer(crm, draft, held):
        yield Difference("customer", "text", crm.account_name, held.contact_name)
    if draft.currency != held.currency:
        yield Difference("currency", "text", draft.currency, held.currency)
    if crm.grand_total is None or crm.grand_total != held.total:
        yield Difference("total", "money", crm.grand_total, held.total)


def _same_customer(crm: CrmInvoice, draft: Draft, held: XeroInvoice) -> bool:
    """By its link, else by its name."""
    if isinstance(draft.customer, UseContact):
        return draft.customer.contact_id == held.contact_id
    return bool(crm.account_name and held.contact_name) and same_name(crm.account_name or "", held.contact_name or "")
