"""Which Xero contact is each CRM account? By link, then by our number, then by name; nothing is created here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, UseContact, choose, clean_name
from server.domain.customer_facts import Known
from server.domain.terms import sales_terms
from server.store import links
from server.store.links import ACCOUNTS
from server.sync.footing import Footing
from server.sync.go import Go
from server.sync.markers import contact_marker
from server.sync.merges import merged_into
from server.sync.services import Services

# Two reads each. A claim that looked for more could use up Xero's minute before it sends anything, and begin again.
MOST_LOOKED_FOR = 10


def customers_of(s: Services, ground: Footing, go: Go, invoices: Iterable[CrmInvoice]) -> dict[str, Customer]:
    """The customers of the accounts that these invoices name; of accounts without a link only the first few, as time
    allows. Raises the ladder."""
    names = {invoice.account_id: invoice.account_name or "" for invoice in invoices if invoice.account_id}
    if not names or ground.books is None:
        return {}
    found = _with_terms(s, ground, linked_customers(s, ground, names))
    for account_id in [each for each in names if each not in found][:MOST_LOOKED_FOR]:
        found[account_id] = _looked_for(s, ground, account_id, names[account_id])
        if not go.may_read_more():
            break
    return found


def _with_terms(s: Services, ground: Footing, known: Mapping[str, Customer]) -> dict[str, Customer]:
    """Beside the terms of their contacts, where due dates come from them: a link says nothing of terms."""
    if ground.settings.due.source != "terms" or ground.books is None:
        return dict(known)
    ids = [each.contact_id for each in known.values() if isinstance(each, UseContact)]
    terms = {str(doc.get("ContactID")): sales_terms(doc) for doc in s.xero.contacts_by_id(ground.books, ids)}
    return {
        account_id: replace(each, terms=terms.get(each.contact_id)) if isinstance(each, UseContact) else each
        for account_id, each in known.items()
    }


def linked_customers(s: Services, ground: Footing, names: Mapping[str, str]) -> dict[str, Customer]:
    """Those of these accounts (CRM's name by id) that have a link; Xero is asked about those only that it refused."""
    assert ground.books is not None
    with s.store.read() as c:
        known = links.of_records(c, ground.tenant.id, ground.books.organisation_id, ACCOUNTS, names)
    return {each: _linked(s, ground, each, names[each], link) for each, link in known.items() if link.xero_id}


def _linked(s: Services, ground: Footing, account_id: str, name: str, link: Row[Any]) -> Customer:
    """A link is believed until Xero refuses its contact; then the contact is asked for, and one that was merged is
    followed."""
    held: Mapping[str, Any] = {"ContactID": link.xero_id, "Name": name, "ContactStatus": "ACTIVE"}
    if link.trouble:
        assert ground.books is not None and ground.organisation is not None
        held = s.xero.contact(ground.books, merged_into(s, ground.books, link.xero_id))
        if held.get("ContactStatus") == "ACTIVE":
            with s.store.begin() as c:
                home = ground.organisation.id
                links.put(c, ground.tenant.id, home, ACCOUNTS, account_id, str(held["ContactID"]))
                links.change(c, link.id, {"trouble": None}, dirty=False)
    return choose(Known(account_id, name), held, [])


def _looked_for(s: Services, ground: Footing, account_id: str, name: str) -> Customer:
    assert ground.books is not None
    numbered = s.xero.contacts_numbered(ground.books, contact_marker(account_id))
    named = s.xero.contacts_named(ground.books, clean_name(name)) if clean_name(name) else []
    seen = {str(doc.get("ContactID")): doc for doc in [*numbered, *named]}
    return choose(Known(account_id, name), None, list(seen.values()))
