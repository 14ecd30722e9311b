"""Which invoices of ours are in Xero though we forgot them? One list read rebuilds links from markers (4a.16, 17).

Due for an organisation whose `scan_since` is set: after a first connect, a lost database, a restored backup, a long
stop of the clock. While it is set nothing is created there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.values import Books
from server.domain.xero_invoice import read_xero_invoice
from server.store import left_organisation, links, organisations, runs
from server.store.engine import now
from server.store.links import INVOICES
from server.store.requested import Request
from server.store.turns import BULK, Job, wake
from server.sync import settle
from server.sync.answers import path_of
from server.sync.books import books_for
from server.sync.footing import Footing
from server.sync.look import BEGINNING, mine_since
from server.sync.markers import record_of
from server.sync.queues import enqueue
from server.sync.services import Services

GONE = ("VOIDED", "DELETED")
# What was remembered of another invoice than the one that the record is tied to now.
FORGOTTEN: Mapping[str, Any] = {
    "sent_digest": None,
    "sent_parts": None,
    "answer_parts": None,
    "kept_digest": None,
    "line_ids": {},
}
Doc = Mapping[str, Any]


def scan_if_due(s: Services, ground: Footing) -> None:
    """Raises the clients' ladder; half a scan changes nothing."""
    since = due_since(s, ground)
    if since is None:
        return
    assert ground.books is not None and ground.organisation is not None
    docs = list(mine_since(s, ground.books, None if since <= BEGINNING else since))
    books = books_for(s, ground)
    with s.store.begin() as c:
        jobs = take_up(c, ground, books, docs)
        rebuild(c, ground, books, docs)
        if ground.organisation.scan_since is not None:
            organisations.scanned(c, ground.organisation.id, since)
    enqueue(s.redis, jobs, s.times.job_limit)


def due_since(s: Services, ground: Footing) -> datetime | None:
    """From when on; None where no scan is due. A tenant without any link may have lost them all (4a.16)."""
    if not ground.ready or ground.organisation is None or ground.books_down:
        return None
    if ground.organisation.scan_since is not None:
        return ground.organisation.scan_since  # type: ignore[no-any-return]
    with s.store.read() as c:
        return None if links.any_of(c, ground.tenant.id, ground.organisation.id) else BEGINNING


def take_up(c: Connection, ground: Footing, books: Books, docs: Iterable[Doc]) -> list[Job]:
    """The tenant has come back to an organisation: the links that were put aside count again, by Xero's state of now.
    What we did not write ourselves stands in no scan and is pulled."""
    assert ground.organisation is not None
    held = {str(doc["InvoiceID"]): doc for doc in docs}
    unseen = []
    for link in left_organisation.archived_in(c, ground.tenant.id, ground.organisation.id):
        links.change(c, link.id, {"archived_at": None, "crm_status_written": {}}, dirty=True)
        if link.xero_id in held:
            settle.state(c, links.get(c, link.id), read_xero_invoice(held[link.xero_id]), books, now(c))
        elif link.module == INVOICES and link.xero_id:
            unseen.append(link.record_id)
    if not unseen:
        return []
    runs.start(c, ground.tenant.id, Request("pull", "follow_up", INVOICES, tuple(unseen), None, BULK, {}))
    return wake(c, ground.tenant.id, BULK)


def rebuild(c: Connection, ground: Footing, books: Books, docs: Iterable[Doc]) -> None:
    """Link every marked invoice of this tenant whose record has no link yet."""
    assert ground.organisation is not None
    by_record: dict[str, list[Doc]] = defaultdict(list)
    for doc in docs:
        record_id = record_of(ground.tenant, path_of(doc.get("Url")))
        if record_id is not None:
            by_record[record_id].append(doc)
    linked = links.of_records(c, ground.tenant.id, ground.organisation.id, INVOICES, by_record)
    tied = {record_id: link for record_id, link in linked.items() if link.xero_id}
    present = now(c)
    _link(
        c, ground, books, {record_id: found for record_id, found in by_record.items() if record_id not in tied}, present
    )
    for record_id, link in tied.items():
        _relink(c, ground, books, link, by_record[record_id], present)


def _relink(
    c: Connection, ground: Footing, books: Books, link: Row[Any], found: Sequence[Doc], present: datetime
) -> None:
    """A living invoice of the record that its link does not know of: after a restored backup the record may have been
    unlinked and sent as new since. Where the known one lives too, that is told, not guessed."""
    assert ground.organisation is not None
    known = {link.xero_id, *link.former_ids}
    living = [doc for doc in found if doc.get("Status") not in GONE and doc["InvoiceID"] not in known]
    if not living:
        return
    status = next((doc.get("Status") for doc in found if doc["InvoiceID"] == link.xero_id), link.status)
    if status not in GONE or len(living) > 1:
        links.change(c, link.id, {"trouble": "two_in_xero"}, dirty=True)
        return
    chosen = read_xero_invoice(living[0])
    moved = links.put(c, ground.tenant.id, ground.organisation.id, INVOICES, link.record_id, chosen.xero_id)
    links.change(c, moved.id, FORGOTTEN, dirty=True)
    settle.state(c, links.get(c, moved.id), chosen, books, present)


def _link(c: Connection, ground: Footing, books: Books, found: Mapping[str, Sequence[Doc]], present: datetime) -> None:
    """The living invoice of each record; of several dead ones the youngest. Two living ones are told, not guessed. A
    few statements for all: there may be tens of thousands."""
    assert ground.organisation is not None
    living = {record_id: [doc for doc in docs if doc.get("Status") not in GONE] for record_id, docs in found.items()}
    chosen = {
        record_id: read_xero_invoice((living[record_id] or sorted(docs, key=_age))[-1])
        for record_id, docs in found.items()
    }
    wanted = {record_id: held.xero_id for record_id, held in chosen.items()}
    changes: dict[str, dict[str, Any]] = {}
    for record_id, link in links.put_all(c, ground.tenant.id, ground.organisation.id, INVOICES, wanted).items():
        told = {
            "former_ids": _former(found[record_id], wanted[record_id]),
            "trouble": "two_in_xero" if len(living[record_id]) > 1 else None,
        }
        changes[link.id] = {**told, **(settle.news(link, chosen[record_id], books, present) or {})}
    links.change_all(c, changes, dirty=True)


def _former(docs: Iterable[Doc], xero_id: str) -> list[str]:
    """The dead ones, but for the one that the record is tied to."""
    return [str(doc["InvoiceID"]) for doc in docs if doc.get("Status") in GONE and doc["InvoiceID"] != xero_id]


def _age(doc: Doc) -> datetime:
    return read_xero_invoice(doc).updated_at or BEGINNING
