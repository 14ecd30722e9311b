"""What does a proof change in our store? The one door for push, pull, look and webhook (4a.6, 4a.14).

An older state never replaces a newer one. Every function runs inside the caller's transaction and calls nothing
outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from server.store import dispatches, links, runs, shown
from server.store.engine import now
from server.store.requested import Request
from server.store.turns import CRM, INTERACTIVE, Job, wake
from server.sync import contact_index
from server.sync.answers import Doubtful, RowRefused, RowVerdict, Saved
from server.sync.footing import Footing
from server.sync.remembered import after_write
from server.sync.services import Services
from server.sync.told import reasons_json
from server.sync.waiting import in_time

DOUBTED = "doubted"  # of a customer's link: its contact may have been merged or archived


def answered(
    s: Services, c: Connection, ground: Footing, books: Books, rows: Sequence[Row[Any]], verdicts: Sequence[RowVerdict]
) -> list[Job]:
    """Settle every open row that the answer decides; doubtful rows stay open. Returns jobs to enqueue."""
    for row, verdict in zip(rows, verdicts, strict=True):
        if not row.open or isinstance(verdict, Doubtful):
            continue
        if isinstance(verdict, RowRefused):
            why = [translate(sentence) for sentence in verdict.sentences]
            if not doubts_customer(s, c, row, why):
                refused(c, row, why)
        else:
            saved(s, c, ground, books, row, verdict)
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


def saved(s: Services, c: Connection, ground: Footing, books: Books, row: Row[Any], verdict: Saved) -> None:
    """A contact or an invoice is in Xero, proved by its marker."""
    if row.module == links.ACCOUNTS:
        customer(c, ground, row, verdict.xero_id)
        contact_index.keep(s, c, row.organisation_id, verdict.doc)
    else:
        invoice(s, c, ground, books, row, verdict.doc, ours=True)


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
    """The record's invoice is in Xero as it was to be: link it, keep its state, end its task. `ours`: this is the
    answer to our write; else the invoice was found by a look."""
    assert ground.organisation is not None
    held = read_xero_invoice(doc)
    present = now(c)
    link = links.put(c, row.tenant_id, ground.organisation.id, row.module, row.record_id, held.xero_id)
    sender = shown.asked_by(c, row.task_id) if row.task_id else None
    told = {
        "sent_at": present,
        "sent_by": sender,
        "crm_modified_at": row.crm_modified_at,
        "follow_read_at": row.crm_read_at,
        "trouble": None,
        "crm_changed": False,
        **after_write(s, row.intent, held, ours=ours),
        **_totals(row.intent),
    }
    links.change(c, link.id, told, dirty=True)
    state(c, links.get(c, link.id), held, books, present)
    keep_customer(c, ground, row, held.contact_id)
    outcome = row.intent["outcome"]
    dispatches.close_row(c, row.id, outcome)
    if row.task_id:
        warnings = total_warnings(held, row.intent.get("total"))
        runs.end(c, row.task_id, outcome, warnings=reasons_json(warnings), crm_written="waiting", step="updating_crm")


def _totals(intent: Mapping[str, Any]) -> dict[str, Decimal]:
    """What the totals were to be; a removal says nothing of them."""
    named = {"predicted_total": "total", "crm_total": "crm_total"}
    return {name: Decimal(intent[key]) for name, key in named.items() if key in intent}


def keep_customer(c: Connection, ground: Footing, row: Row[Any], contact_id: str | None) -> None:
    """A contact has taken an invoice of a customer whose link was lost: from now on it is known by link again. One from
    which a person untied it, or that is another customer's, stays so."""
    account_id = row.intent.get("account")
    if ground.organisation is None or not account_id or not contact_id:
        return
    home = ground.organisation.id
    unknown = links.of_record(c, row.tenant_id, home, links.ACCOUNTS, account_id) is None
    if unknown and not any(each.module == links.ACCOUNTS for each in links.of_xero_id(c, home, contact_id)):
        links.put(c, row.tenant_id, home, links.ACCOUNTS, account_id, contact_id)


def total_warnings(held: XeroInvoice, total: str | None) -> list[Reason]:
    """Xero's total is compared again with what was predicted; a difference is shown, never retried (4a.12)."""
    predicted = Decimal(total) if total is not None else held.total
    if held.total is None or predicted is None or held.total == predicted:
        return []
    shown = {"crm": money_text(predicted, held.currency), "xero": money_text(held.total, held.currency)}
    return [Reason(Code.TOTAL_DIFFERS, values=shown)]


def state(c: Connection, link: Row[Any], held: XeroInvoice, books: Books, fetched_at: datetime) -> bool:
    """Keep what Xero said of a linked invoice; True when that is news. An older state changes nothing (4a.14), nor does
    that of an invoice the record was unlinked from."""
    if held.xero_id != link.xero_id or is_older(link, held, fetched_at):
        return False
    values = state_values(held, books)
    changed = any(getattr(link, name) != value for name, value in values.items())
    links.change(c, link.id, {**values, "xero_updated_at": held.updated_at, "fetched_at": fetched_at}, dirty=changed)
    return changed


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
        runs.end(c, row.task_id, "blocked", reasons=reasons_json(reasons or [reason(Code.XERO_REFUSED, sentence="")]))


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
