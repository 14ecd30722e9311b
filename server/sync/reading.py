"""What do CRM and Xero say now about the records of a claim? All reading of a push, nothing written, nothing open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from server.clients.errors import Disconnected, Refused, TryLater
from server.clients.zoho import IDS_MAX, NOT_ALLOWED, CrmRef
from server.domain.checks import currency_of
from server.domain.crm_invoice import CrmInvoice, billed_to_contact, read_invoice, with_products
from server.domain.crm_limits import UNKNOWN
from server.domain.values import CONTACT, Books
from server.domain.xero_invoice import XeroInvoice, read_xero_invoice
from server.store import links, runs
from server.store.engine import now
from server.sync.books import books_for
from server.sync.claims import Claim
from server.sync.footing import Footing
from server.sync.merges import follow_merges
from server.sync.reference_data import CURRENCIES
from server.sync.services import Services
from server.sync.side_by_side import side_by_side

PRODUCTS = "Products"
TIES = {"zoho", "xero", "organisation"}


@dataclass(frozen=True)
class Reading:
    """CRM's records by id (None: not there any more), Xero's state of those that are linked, and when CRM was read.

    A record that is in neither `crm` nor `refused` was not read: its time had come to an end.
    """

    at: datetime
    crm: Mapping[str, CrmInvoice | None]
    refused: Mapping[str, Refused]  # what CRM did not hand over, by record id
    links: Mapping[str, Row[Any]]
    xero: Mapping[str, XeroInvoice]
    books: Books | None

    def has(self, record_id: str) -> bool:
        return record_id in self.crm or record_id in self.refused


def read(s: Services, ground: Footing, mine: Claim) -> Reading:
    """Raises the clients' ladder; a tenant that is not set up is read no further than its settings."""
    at = _note_reading(s, mine)
    if not ground.ready:
        refuse_untied(ground, mine)
        return Reading(at, {}, {}, {}, {}, None)
    refuse_broken(ground)
    records, refused = _crm_invoices(s, ground, mine)
    records = _with_products(s, ground, records)
    with s.store.read() as c:
        linked = links_of(c, ground, mine)
    states = _xero_states(s, ground, linked)
    if follow_merges(s, ground, tied(linked, states)):
        with s.store.read() as c:
            linked = links_of(c, ground, mine)
    books = books_for(s, ground)
    if any(crm is not None and not books.keeps(currency_of(crm, ground.settings, books)) for crm in records.values()):
        books = books_for(s, ground, needs={CURRENCIES})
    return Reading(at, records, refused, linked, states, books)


def tied(linked: Mapping[str, Row[Any]], states: Mapping[str, XeroInvoice]) -> Iterator[tuple[Row[Any], XeroInvoice]]:
    """Each link beside what Xero says of its invoice now."""
    for link in linked.values():
        held = states.get(link.xero_id)
        if held is not None:
            yield link, held


def _note_reading(s: Services, mine: Claim) -> datetime:
    """The moment before CRM is read; what is edited after it is looked at again (4a.12)."""
    with s.store.begin() as c:
        at = now(c)
        runs.change(c, mine.task_ids, read_at=at)
    return at


def refuse_untied(ground: Footing, mine: Claim) -> None:
    """Pushes of a company that was set up and has disconnected wait for its return, as those of a broken connection do:
    whoever changes the person behind it disconnects first."""
    lacking = set(ground.missing)
    was_set_up = bool(lacking) and lacking <= TIES and bool((ground.tenant.settings or {}).get("organisation"))
    if was_set_up and any(task.kind == "push" for task in mine.tasks):
        raise Disconnected("zoho" if "zoho" in lacking else "xero", "disconnected")


def refuse_broken(ground: Footing) -> None:
    """Work for a broken connection waits for the reconnect without asking in vain."""
    if ground.crm_down:
        raise Disconnected("zoho", ground.crm_down)
    if ground.books_down:
        raise Disconnected("xero", ground.books_down)


def _crm_invoices(s: Services, ground: Footing, mine: Claim) -> tuple[dict[str, CrmInvoice | None], dict[str, Refused]]:
    """Each by itself, a few side by side: a record that CRM refuses to show is told, and stops no other.

    Some at the least, and no more than leave time to send them: a slow CRM must not keep a claim from ever ending.
    Where CRM's limit stands in the way of further ones, what was read goes on, and the others are the next go's.
    """
    assert ground.crm is not None
    crm = ground.crm
    held_up: list[TryLater] = []

    def one(lane: CrmRef, task: Row[Any]) -> CrmInvoice | Refused | TryLater | None:
        try:
            return _crm_invoice(s, ground, lane, task)
        except TryLater as later:
            if later.cause != "limit":
                raise
            held_up.append(later)
            return later

    def may_read_more() -> bool:
        return not held_up and mine.go.may_read_more()

    lanes = (crm.in_flight or UNKNOWN) - 1  # one is kept for clicks
    came = side_by_side(lambda: s.zoho.in_a_lane(crm), one, mine.tasks, may_read_more, lanes)
    found = [(task, each) for task, each in came if not isinstance(each, TryLater)]
    if held_up and not found:
        raise held_up[0]
    refused = {task.record_id: each for task, each in found if isinstance(each, Refused)}
    if any(each.code == NOT_ALLOWED for each in refused.values()):
        s.zoho.org(
            crm
        )  # refused as well, it is no record's own problem but that of the connection: raises Disconnected
    return {task.record_id: each for task, each in found if not isinstance(each, Refused)}, refused


def _with_products(
    s: Services, ground: Footing, records: Mapping[str, CrmInvoice | None]
) -> dict[str, CrmInvoice | None]:
    """Beside the fields of their products that the tenant's rules name, where there are such; a hundred a call."""
    fields = sorted(ground.settings.product_fields)
    rows = [row for crm in records.values() if crm is not None for row in crm.rows]
    wanted = list(dict.fromkeys(row.product_id for row in rows if row.product_id))
    if not fields or not wanted:
        return dict(records)
    assert ground.crm is not None
    found: dict[str, Mapping[str, object]] = {}
    for start in range(0, len(wanted), IDS_MAX):
        found |= {str(product.get("id")): product for product in _listed(s, ground.crm, wanted[start:], fields)}
    return {record_id: with_products(crm, found) if crm else None for record_id, crm in records.items()}


def _listed(s: Services, crm: CrmRef, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
    """What CRM refuses to list is told of the invoices whose rows name it, and stops no other."""
    try:
        return s.zoho.listed(crm, PRODUCTS, ids[:IDS_MAX], fields)
    except Refused:
        return []


def _crm_invoice(s: Services, ground: Footing, lane: CrmRef, task: Row[Any]) -> CrmInvoice | Refused | None:
    try:
        record = s.zoho.record(lane, task.module, task.record_id)
    except Refused as no:
        return no
    if record is None:
        return None
    crm = read_invoice(record)
    return billed_to_contact(crm) if ground.settings.customers.source == CONTACT else crm


def links_of(c: Connection, ground: Footing, mine: Claim) -> dict[str, Row[Any]]:
    """The links of a claim's records, by record id."""
    assert ground.books is not None
    home = ground.books.organisation_id
    return {
        record_id: link
        for module in {task.module for task in mine.tasks}
        for record_id, link in links.of_records(c, ground.tenant.id, home, module, mine.record_ids).items()
        if link.xero_id
    }


def _xero_states(s: Services, ground: Footing, linked: Mapping[str, Row[Any]]) -> dict[str, XeroInvoice]:
    """By InvoiceID, fifty a call (4a.2)."""
    assert ground.books is not None
    ids = [link.xero_id for link in linked.values() if link.xero_id]
    docs = s.xero.invoices_by_id(ground.books, ids) if ids else []
    return {invoice.xero_id: invoice for invoice in map(read_xero_invoice, docs)}
