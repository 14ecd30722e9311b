"""Has the bookkeeper merged a customer into another? Then their invoices moved along, and nobody edited them (X7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from server.clients.errors import NotFound
from server.clients.xero import BooksRef
from server.domain.content import answer_parts
from server.domain.xero_invoice import XeroInvoice
from server.store import links
from server.store.links import ACCOUNTS
from server.sync.footing import Footing
from server.sync.services import Services

MOST = 5  # reads a claim; the others are followed next time
LONGEST_CHAIN = 3


def follow_merges(s: Services, ground: Footing, ties: Iterable[tuple[Row[Any], XeroInvoice]]) -> bool:
    """Whether any was followed: the customer's link names the contact that stayed, and the invoice counts as we left
    it. Raises the clients' ladder."""
    assert ground.books is not None
    moved = [(link, held) for link, held in ties if link.contact_id and held.contact_id not in (None, link.contact_id)]
    stayed: dict[str, str] = {}
    for old in dict.fromkeys([link.contact_id for link, _ in moved][:MOST]):
        stayed[old] = merged_into(s, ground.books, old)
    merged = [(link, held) for link, held in moved if stayed.get(link.contact_id) == held.contact_id]
    for link, held in merged:
        _follow(s, ground, link, held)
    return bool(merged)


def merged_into(s: Services, books: BooksRef, contact_id: str) -> str:
    """The contact that this one ended in; itself where it was not merged."""
    for _ in range(LONGEST_CHAIN):
        try:
            found = s.xero.contact(books, contact_id).get("MergedToContactID")
        except NotFound:
            return contact_id
        if not found:
            return contact_id
        contact_id = str(found)
    return contact_id


def _follow(s: Services, ground: Footing, link: Row[Any], held: XeroInvoice) -> None:
    assert ground.organisation is not None and held.contact_id is not None
    present = answer_parts(held, s.keyed_hash)
    with s.store.begin() as c:
        for customer in links.of_xero_id(c, ground.organisation.id, link.contact_id):
            if customer.module == ACCOUNTS:
                links.put(c, customer.tenant_id, ground.organisation.id, ACCOUNTS, customer.record_id, held.contact_id)
        if link.answer_parts is not None and present is not None:
            parts = {**link.answer_parts, "customer": present["customer"]}
            links.change(c, link.id, {"answer_parts": parts}, dirty=False)
