"""What does a proof change in our store? The one door for push, pull, look and webhook (4a.6, 4a.14).

An older state never replaces a newer one. Every function runs inside the caller's transaction and calls nothing
outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.locks import lock
from server.domain.reasons import Code, Reason, reason
from server.domain.values import Books
from server.domain.wording import money_text
from server.domain.xero_invoice import XeroInvoice, read_xero_invoice
from server.domain.xero_sentences import translate
from server.store import dispatches, endings, links, runs, shown
from server.store.engine import now
from server.store.requested import Request
from server.store.turns import CRM, INTERACTIVE, Job, wake
from server.sync import contact_index
from server.sync.answers import Doubtful, RowRefused, RowVerdict
from server.sync.footing import Footing
from server.sync.remembered import after_write
from server.sync.services import Services
from server.sync.told import reasons_json
from server.sync.waiting import in_time

WHEN = ("xero_updated_at", "fetched_at")  # of a state; a later look at the same state is no news
DOUBTED = "doubted"  # of a customer's link: its contact may have been merged or archived


def answered(
    s: Services, c: Connection, ground: Footing, books: Books, rows: Sequence[Row[Any]], verdicts: Sequence[RowVerdict]
) -> list[Job]:
    """Settle every open row that the answer decides; doubtful rows stay open. Returns jobs to enqueue."""
    made: list[tuple[Row[Any], Mapping[str, Any]]] = []
    for row, verdict in zip(rows, verdicts, strict=True):
        if not row.open or isinstance(verdict, Doubtful):
            continue
        if isinstance(verdict, RowRefused):
            why = [translate(sentence) for sentence in verdict.sentences]
            if not doubts_customer(s, c, row, why):
                refused(c, row, why)
        elif row.module == links.ACCOUNTS:
            customer(c, ground, row, verdict.xero_id)
            contact_index.keep(s, c, row.organisation_id, verdict.doc)
        else:
            made.append((row, verdict.doc))
    invoices(s, c, ground, books, made, ours=True)
    return woken(c, ground, rows)


def woken(c: Connection, ground: Footing, rows: Sequence[Row[Any]]) -> list[Job]:
    """CRM is to be written; and what Xero says of an invoice that it refused to change is to be read."""
    reads = wake(c, ground.tenant.id, INTERACTIVE) if any(row.xero_id for row in rows) else []
    return [*wake(c, ground.tenant.id, CRM), *reads]


def doubts_customer(s: Services, c: Connection, row: Row[Any], why: Sequence[Reason]) -> bool:
    """Xero has archived the contact that the customer's link names: perhaps it was merged into another (X7). Asked
    once: the link is doubted, and the task is decided again, which looks the contact up."""
    account_id = row.intent.get("account")
    if not account_id or not any(each.code is Code.CUSTOMER_ARCHIVED for each in why):
        return False
    link = links.of_record(c, row.tenant_id, row.organisation_id, links.ACCOUNTS, account_id)
    if link is None or link.trouble:
        return False
    links.change(c, link.id, {"trouble": DOUBTED}, dirty=False)
    again(s, c, row)
    return True


def customer(c: Connection, ground: Footing, row: Row[Any], contact_id: str) -> None:
    """The customer's contact is known: its tasks are decided again, now with it."""
    assert ground.organisation is not None
    home = ground.organisation.id
    held = links.of_record(c, row.tenant_id, home, links.ACCOUNTS, row.record_id)
    if held is None or not held.xero_id or not held.chosen_by:  # what a person chose meanwhile stays
        made = links.put(c, row.tenant_id, home, links.ACCOUNTS, row.record_id, contact_id)
        links.change(c, made.id, {"matched_by": "created", "trouble": None}, dirty=False)
    dispatches.close_row(c, row.id, "created")
    if row.task_id:
        runs.wait(c, [row.task_id], None, now(c), step="customer")


def invoice(
    s: Services, c: Connection, ground: Footing, books: Books, row: Row[Any], doc: Mapping[str, Any], *, ours: bool
) -> None:
    invoices(s, c, ground, books, [(row, doc)], ours=ours)


def invoices(
    s: Services,
    c: Connection,
    ground: Footing,
    books: Books,
    made: Sequence[tuple[Row[Any], Mapping[str, Any]]],
    *,
    ours: bool,
) -> None:
    """Records' invoices are in Xero as they were to be, proved by their markers: link them, keep their states, end
    their tasks; a handful of statements, however many they are. `ours`: this is the answer to our write; else the
    invoices were found by a look."""
    if not made:
        return
    arrived = [Arrived(row, read_xero_invoice(doc)) for row, doc in made]
    _tie(s, c, ground, books, arrived, ours=ours)
    keep_customers(c, ground, arrived)
    for outcome in sorted({each.row.intent["outcome"] for each in arrived}):
        dispatches.close_rows(c, [each.row.id for each in arrived if each.row.intent["outcome"] == outcome], outcome)
    endings.end_all(c, [_ending(each) for each in arrived if each.row.task_id])


@dataclass(frozen=True)
class Arrived:
    """A row of a dispatch, and its invoice as Xero holds it now."""

    row: Row[Any]
    held: XeroInvoice


def _tie(s: Services, c: Connection, ground: Footing, books: Books, arrived: Sequence[Arrived], *, ours: bool) -> None:
    """Each record's link: what it is tied to, what we wrote, and what Xero says of it now."""
    assert ground.organisation is not None
    present = now(c)
    senders = shown.askers(c, [each.row.task_id for each in arrived if each.row.task_id])
    changes: dict[str, dict[str, Any]] = {}
    for module in sorted({each.row.module for each in arrived}):
        several = {each.row.record_id: each for each in arrived if each.row.module == module}
        xero_ids = {record_id: each.held.xero_id for record_id, each in several.items()}
        for record_id, link in links.put_all(c, ground.tenant.id, ground.organisation.id, module, xero_ids).items():
            row, held = several[record_id].row, several[record_id].held
            told = {"sent_at": present, "sent_by": senders.get(row.task_id), **_told(s, row, held, ours=ours)}
            changes[link.id] = {**told, **(news(link, held, books, present) or {})}
    links.change_all(c, changes, dirty=True)


def _told(s: Services, row: Row[Any], held: XeroInvoice, *, ours: bool) -> dict[str, Any]:
    """What a link keeps of a write."""
    return {
        "crm_modified_at": row.crm_modified_at,
        "follow_read_at": row.crm_read_at,
        "trouble": None,
        "crm_changed": False,
        **after_write(s, row.intent, held, ours=ours),
        **_totals(row.intent),
    }


def _ending(each: Arrived) -> endings.Ending:
    warnings = reasons_json(total_warnings(each.held, each.row.intent.get("total")))
    after = {"warnings": warnings, "crm_written": "waiting", "step": "updating_crm"}
    return endings.Ending(each.row.task_id, each.row.intent["outcome"], after)


def _totals(intent: Mapping[str, Any]) -> dict[str, Decimal]:
    """What the totals were to be; a removal says nothing of them."""
    named = {"predicted_total": "total", "crm_total": "crm_total"}
    return {name: Decimal(intent[key]) for name, key in named.items() if key in intent}


def keep_customers(c: Connection, ground: Footing, arrived: Iterable[Arrived]) -> None:
    """Contacts have taken invoices of customers whose links were lost: from now on they are known by link again. One
    from which a person untied it, or that is another customer's, stays so."""
    assert ground.organisation is not None
    home = ground.organisation.id
    pairs = [(each.row.intent.get("account"), each.held.contact_id) for each in arrived]
    named = {account: contact for account, contact in pairs if account and contact}
    known = links.of_records(c, ground.tenant.id, home, links.ACCOUNTS, named) if named else {}
    for account, contact in named.items():
        taken = account in known or any(each.module == links.ACCOUNTS for each in links.of_xero_id(c, home, contact))
        if not taken:
            links.put(c, ground.tenant.id, home, links.ACCOUNTS, account, contact)


def total_warnings(held: XeroInvoice, total: str | None) -> list[Reason]:
    """Xero's total is compared again with what was predicted; a difference is shown, never retried (4a.12)."""
    predicted = Decimal(total) if total is not None else held.total
    if held.total is None or predicted is None or held.total == predicted:
        return []
    shown = {"crm": money_text(predicted, held.currency), "xero": money_text(held.total, held.currency)}
    return [Reason(Code.TOTAL_DIFFERS, values=shown)]


def state(c: Connection, link: Row[Any], held: XeroInvoice, books: Books, fetched_at: datetime) -> bool:
    """Keep what Xero said of a linked invoice; True when that is news."""
    return bool(states(c, [(link, held)], books, fetched_at))


def states(
    c: Connection, pairs: Iterable[tuple[Row[Any], XeroInvoice]], books: Books, fetched_at: datetime
) -> set[str]:
    """As `state`, for many: each link as it is kept now, with what Xero said of it. The ids of those that had news."""
    told = {link.id: (link, news(link, held, books, fetched_at)) for link, held in pairs}
    kept = {link_id: values for link_id, (_, values) in told.items() if values is not None}
    moved = {link_id for link_id, values in kept.items() if _differs(told[link_id][0], values)}
    links.change_all(c, {link_id: values for link_id, values in kept.items() if link_id in moved}, dirty=True)
    links.change_all(c, {link_id: values for link_id, values in kept.items() if link_id not in moved}, dirty=False)
    return moved


def _differs(link: Row[Any], values: Mapping[str, Any]) -> bool:
    return any(getattr(link, name) != value for name, value in values.items() if name not in WHEN)


def news(link: Row[Any], held: XeroInvoice, books: Books, fetched_at: datetime) -> dict[str, Any] | None:
    """What a link keeps of this state of its invoice. None, and nothing changes, where it is older than what is kept
    (4a.14), or that of an invoice the record was unlinked from."""
    if held.xero_id != link.xero_id or is_older(link, held, fetched_at):
        return None
    return {**state_values(held, books), "xero_updated_at": held.updated_at, "fetched_at": fetched_at}


def is_older(link: Row[Any], held: XeroInvoice, fetched_at: datetime) -> bool:
    if link.xero_updated_at is None or held.updated_at is None:
        return False
    return (held.updated_at, fetched_at) < (link.xero_updated_at, link.fetched_at or fetched_at)


def state_values(held: XeroInvoice, books: Books) -> dict[str, Any]:
    locked = lock(held, books)
    return {
        "number": held.number,
        "contact_id": held.contact_id,
        "status": held.status,
        "currency": held.currency,
        "currency_rate": None if held.rate is None else f"{held.rate:f}",
        "total": held.total,
        "paid": held.paid,
        "credited": held.credited,
        "due": held.due,
        "invoice_date": held.date,
        "due_date": held.due_date,
        "paid_on": held.paid_on,
        "lock_state": locked.state,
        "lock_reason": locked.reason,
        "payments": [
            {"date": each.date.isoformat() if each.date else None, "kind": each.kind, "amount": f"{each.amount:.2f}"}
            for each in held.payments
        ],
    }


def refused(c: Connection, row: Row[Any], reasons: Sequence[Reason]) -> None:
    """Xero kept nothing of this row: its task ends with Xero's reason in our words. An invoice that was to be
    changed is read next, for the panel (4a.6)."""
    dispatches.close_row(c, row.id, "refused")
    if row.xero_id:
        read_again(c, row)
    if row.task_id:
        endings.end(
            c, row.task_id, "blocked", reasons=reasons_json(reasons or [reason(Code.XERO_REFUSED, sentence="")])
        )


def read_again(c: Connection, row: Row[Any]) -> None:
    runs.start(c, row.tenant_id, Request("pull", "follow_up", row.module, (row.record_id,), None, INTERACTIVE, {}))


def again(s: Services, c: Connection, row: Row[Any]) -> None:
    """This row did not run: its task is decided again from fresh data under a new key (4a.7), within its 24 h."""
    dispatches.close_row(c, row.id, "void")
    if row.task_id:
        present = now(c)
        runs.wait(c, in_time(s, c, [row.task_id], present), None, present, step="checking")


def absent(s: Services, c: Connection, row: Row[Any]) -> None:
    """A look found nothing of this row. Where Xero had refused the request as a whole, the rows go again in halves
    until the bad one stands alone, and that one ends with Xero's sentence (4a.11)."""
    held = dispatches.get(c, row.dispatch_id)
    size = len(dispatches.rows(c, row.dispatch_id, only_open=False))
    if held.refused is None or row.task_id is None:
        again(s, c, row)
    elif size == 1:
        refused(c, row, [translate(held.refused)])
    else:
        again(s, c, row)
        runs.change(c, [row.task_id], batch_rows=(size + 1) // 2)
