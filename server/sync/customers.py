"""Which Xero contact is each CRM account? By link, else as the index of contacts tells; nothing is created here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, UseContact, choose
from server.domain.customer_facts import Known
from server.domain.fields import text
from server.domain.terms import sales_terms
from server.store import links
from server.store.links import ACCOUNTS
from server.store.tables import task
from server.sync.customer_search import look_for
from server.sync.footing import Footing
from server.sync.go import Go
from server.sync.merges import merged_into
from server.sync.services import Services

# How a customer came to a contact of another name than CRM's: Xero says which, no name is kept here.
_BY_NO_NAME = ("number", "account_number", "email", "chosen")


def customers_of(s: Services, ground: Footing, go: Go, invoices: Iterable[CrmInvoice]) -> dict[str, Customer]:
    """The customers of the accounts that these invoices name; of accounts without a link as far as time allows. Raises
    the ladder."""
    named = [invoice for invoice in invoices if invoice.account_id]
    names = {str(invoice.account_id): invoice.account_name or "" for invoice in named}
    if not names or ground.books is None:
        return {}
    ties = _ties(s, ground, names)
    found = _as_shown(s, ground, ties, _linked_each(s, ground, names, ties))
    lacking = {each: name for each, name in names.items() if each not in found}
    if not lacking:
        return found
    sent = _sent_records(s, go)
    pushed = {str(invoice.account_id) for invoice in named if invoice.record_id in sent}
    return {**found, **look_for(s, ground, go, lacking, pushed)}


def _sent_records(s: Services, go: Go) -> set[str]:
    """The records that this go pushes; the others are only shown."""
    wanted = (task.c.tenant_id == go.tenant_id, task.c.lease == go.token, task.c.kind == "push")
    with s.store.read() as c:
        return set(c.execute(select(task.c.record_id).where(*wanted)).scalars())


def linked_customers(s: Services, ground: Footing, names: Mapping[str, str]) -> dict[str, Customer]:
    """Those of these accounts (CRM's name by id) that have a link; Xero is asked about those only that it refused."""
    return _linked_each(s, ground, names, _ties(s, ground, names))


def _ties(s: Services, ground: Footing, names: Mapping[str, str]) -> dict[str, Row[Any]]:
    assert ground.books is not None
    with s.store.read() as c:
        known = links.of_records(c, ground.tenant.id, ground.books.organisation_id, ACCOUNTS, names)
    return {each: link for each, link in known.items() if link.xero_id}


def _linked_each(
    s: Services, ground: Footing, names: Mapping[str, str], ties: Mapping[str, Row[Any]]
) -> dict[str, Customer]:
    return {each: _linked(s, ground, each, names[each], link) for each, link in ties.items()}


def _as_shown(
    s: Services, ground: Footing, ties: Mapping[str, Row[Any]], known: Mapping[str, Customer]
) -> dict[str, Customer]:
    """With the terms of their contacts, where due dates come from them, and with Xero's name, where it need not be
    CRM's: a link says nothing of either."""
    assert ground.books is not None
    by_terms = ground.settings.due.source == "terms"
    asked = {
        each.contact_id
        for record_id, each in known.items()
        if isinstance(each, UseContact) and (by_terms or _may_differ(ties[record_id]))
    }
    docs = {str(doc.get("ContactID")): doc for doc in s.xero.contacts_by_id(ground.books, sorted(asked))}
    return {
        record_id: _told(each, docs[each.contact_id])
        if isinstance(each, UseContact) and each.contact_id in docs
        else each
        for record_id, each in known.items()
    }


def _may_differ(link: Row[Any]) -> bool:
    return link.matched_by in _BY_NO_NAME or link.chosen_by is not None


def _told(customer: UseContact, doc: Mapping[str, Any]) -> UseContact:
    return replace(customer, name=text(doc.get("Name")) or customer.name, terms=sales_terms(doc))


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
