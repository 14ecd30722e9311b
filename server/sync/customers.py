"""Which Xero contact is each CRM account? By link, then by our number, then by name; nothing is created here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row

from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, choose, clean_name
from server.store import links
from server.store.links import ACCOUNTS
from server.sync.footing import Footing
from server.sync.markers import contact_marker
from server.sync.services import Services


def customers_of(s: Services, ground: Footing, invoices: Iterable[CrmInvoice]) -> dict[str, Customer]:
    """The customer of every account that these invoices name. Two reads an unknown account; raises the ladder."""
    names = {invoice.account_id: invoice.account_name or "" for invoice in invoices if invoice.account_id}
    if not names or ground.books is None:
        return {}
    with s.store.read() as c:
        known = links.of_records(c, ground.tenant.id, ground.books.organisation_id, ACCOUNTS, names)
    return {account_id: _customer(s, ground, account_id, name, known) for account_id, name in names.items()}


def _customer(s: Services, ground: Footing, account_id: str, name: str, known: Mapping[str, Row[Any]]) -> Customer:
    link = known.get(account_id)
    if link is not None and link.xero_id:
        return choose(
            account_id, name, linked={"ContactID": link.xero_id, "Name": name, "ContactStatus": "ACTIVE"}, candidates=[]
        )
    assert ground.books is not None
    numbered = s.xero.contacts_numbered(ground.books, contact_marker(account_id))
    named = s.xero.contacts_named(ground.books, clean_name(name)) if clean_name(name) else []
    seen = {str(doc.get("ContactID")): doc for doc in [*numbered, *named]}
    return choose(account_id, name, linked=None, candidates=list(seen.values()))
