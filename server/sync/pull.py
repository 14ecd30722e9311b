"""What does Xero say now of given records? *Refresh*: status, due, paid and lock, through the one door (4a.14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.reasons import Code, reason
from server.domain.values import Books
from server.domain.xero_invoice import XeroInvoice, read_xero_invoice
from server.store import endings, links, runs
from server.store.engine import now
from server.store.turns import CRM, wake
from server.sync import settle
from server.sync.books import books_for
from server.sync.claims import Claim, claim
from server.sync.footing import Footing, footing
from server.sync.go import Go
from server.sync.merges import follow_merges
from server.sync.queues import enqueue
from server.sync.reading import links_of, refuse_broken, tied
from server.sync.services import Services
from server.sync.told import reasons_json
from server.sync.waiting import put_back_on_trouble

# Who starts these sees the record in CRM: it is there, perhaps again.
SEEN_BY = ("click", "mass_action")


def pull(s: Services, go: Go) -> bool:
    """Work on one claim of pulls; whether there was any."""
    mine = claim(s, go, ("pull",))
    if not mine.tasks:
        return False
    with put_back_on_trouble(s, mine):
        ground = footing(s, go.tenant_id, click=go.click)
        if not ground.ready:
            end_all(s, mine, "blocked", reasons=reasons_json([reason(Code.NOT_SET_UP)]))
        else:
            refuse_broken(ground)
            refresh(s, ground, mine)
    return True


def end_all(s: Services, mine: Claim, outcome: str, **values: Any) -> None:
    with s.store.begin() as c:
        for task in mine.tasks:
            endings.end(c, task.id, outcome, **values)


def refresh(s: Services, ground: Footing, mine: Claim) -> None:
    """Read fifty invoices a call, keep what they say, wake the crm turn where something changed."""
    assert ground.books is not None
    with s.store.begin() as c:
        runs.change(c, mine.task_ids, read_at=now(c))
        linked = links_of(c, ground, mine)
    ids = [link.xero_id for link in linked.values() if link.xero_id]
    docs = s.xero.invoices_by_id(ground.books, ids) if ids else []
    held = {invoice.xero_id: invoice for invoice in map(read_xero_invoice, docs)}
    if follow_merges(s, ground, tied(linked, held)):
        with s.store.read() as c:
            linked = links_of(c, ground, mine)
    books = books_for(s, ground)
    with s.store.begin() as c:
        for task in mine.tasks:
            _end(c, task, linked.get(task.record_id), held, books)
        jobs = wake(c, ground.tenant.id, CRM)
    enqueue(s.redis, jobs, s.times.job_limit)


def _end(c: Connection, task: Row[Any], link: Row[Any] | None, held: Mapping[str, XeroInvoice], books: Books) -> None:
    if link is None:
        endings.end(c, task.id, "unchanged")
        return
    invoice = held.get(link.xero_id or "")
    if invoice is None:
        endings.end(c, task.id, "blocked", reasons=reasons_json([reason(Code.GONE_FROM_XERO)]))
        return
    if link.gone_from_crm and task.trigger in SEEN_BY:
        links.change(c, link.id, {"gone_from_crm": False, "crm_status_written": {}}, dirty=True)
    elif link.version > link.crm_version:
        links.change(c, link.id, {"crm_due_at": None}, dirty=False)  # what CRM refused before is tried again at once
    changed = settle.state(c, links.get(c, link.id), invoice, books, now(c))
    endings.end(c, task.id, "updated" if changed else "unchanged", crm_written="waiting" if changed else None)
