"""How do decisions become dispatches? Bytes and rows for contacts and creates, batched, stored, then sent (4a.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from server.domain.customer import NewContact, UseContact, contact_body
from server.domain.decide import Create, Remove
from server.domain.encode import encode
from server.store import dispatches, endings, leases, links, runs
from server.store.dispatches import NewRow
from server.store.engine import now
from server.store.links import ACCOUNTS
from server.sync.claims import Claim, lease_ms
from server.sync.dispatch import advance, store
from server.sync.footing import Footing
from server.sync.outcomes import Sending
from server.sync.remembered import intent_of
from server.sync.services import Services
from server.sync.verdicts import Verdicts

MOST_ROWS = 50
MOST_BYTES = 3_000_000
SOON = timedelta(seconds=2)


def send_new_customers(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> None:
    """Create the missing contacts in a dispatch of their own, each under the record lease of its account (4a.1, 4a.3).

    Afterwards every task whose customer is still not there waits for whoever is making it.
    """
    wanted = _lease_accounts(s, mine, verdicts.new_customers)
    first_task = {
        each.contact.account_id: task
        for task, each in reversed(verdicts.for_customers)
        if isinstance(each.contact, NewContact)
    }
    sent: list[str] = []
    for batch in _chunks(list(wanted.values()), MOST_ROWS):
        rows = [_contact_row(first_task[contact.account_id], contact, verdicts) for contact in batch]
        stored = store(
            s, mine.go, ground, "contacts", encode({"Contacts": [contact_body(each) for each in batch]}), rows
        )
        if stored:
            advance(s, mine.go, stored)
            sent.append(stored)
    _end_with_their_customer(s, mine, verdicts, sent)
    _wait_for_customers(s, ground, mine, verdicts)


def _lease_accounts(s: Services, mine: Claim, new: dict[str, NewContact]) -> dict[str, NewContact]:
    with s.store.begin() as c:
        taken = leases.take(c, mine.go.tenant_id, [(ACCOUNTS, each) for each in new], mine.go.token, lease_ms(s))
    return {account_id: contact for account_id, contact in new.items() if (ACCOUNTS, account_id) in taken}


def _contact_row(task: Row[Any], contact: NewContact, verdicts: Verdicts) -> NewRow:
    return NewRow(
        task_id=task.id,
        module=ACCOUNTS,
        record_id=contact.account_id,
        marker=contact.number,
        number=None,
        xero_id=None,
        crm_modified_at=None,
        crm_read_at=verdicts.reading.at,
        xero_updated_at=None,
        intent={},
    )


def _end_with_their_customer(s: Services, mine: Claim, verdicts: Verdicts, sent: Sequence[str]) -> None:
    """A customer whom Xero did not take is asked for once, not once for each invoice: what Xero said of it ends all the
    invoices of this claim that name it."""
    with s.store.begin() as c:
        rows = [row for each in sent for row in dispatches.rows(c, each, only_open=False)]
        why = {row.record_id: runs.reasons_of(c, row.task_id) for row in rows if row.outcome == "refused"}
        theirs = {
            task.id: why[each.contact.account_id]
            for task, each in verdicts.for_customers
            if isinstance(each.contact, NewContact) and why.get(each.contact.account_id)
        }
        open_still = runs.still_working(c, theirs, mine.go.token)
        endings.end_all(c, [endings.Ending(each, "blocked", {"reasons": theirs[each]}) for each in open_still])


def _wait_for_customers(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> None:
    """Those whose contact is linked now go on in this go; the others wait for the contact's dispatch."""
    assert ground.books is not None
    new = verdicts.new_customers
    waiting = [
        (task, each.contact.account_id) for task, each in verdicts.for_customers if isinstance(each.contact, NewContact)
    ]
    with s.store.begin() as c:
        settled = links.of_records(c, ground.tenant.id, ground.books.organisation_id, ACCOUNTS, new)
        held = leases.still_held(c, mine.go.tenant_id, mine.go.token)
        ours = [(task, account_id) for task, account_id in waiting if (task.module, task.record_id) in held]
        ready = [task.id for task, account_id in ours if account_id in settled]
        runs.change(c, ready, state="working", lease=mine.go.token, step="customer", cause=None)
        working = {task.id for task, account_id in waiting if account_id not in settled}
        still = runs.still_working(c, working, mine.go.token)
        due = dispatches.next_due(c, mine.go.tenant_id, mine.go.work_class) or now(c) + SOON
        runs.wait(c, still, "customer", max(due, now(c) + SOON * s.times.scale))


@dataclass(frozen=True)
class Outgoing:
    """One row of a dispatch to be: its task, what was decided, and its bytes."""

    task: Row[Any]
    decision: Sending
    body: bytes


def send_invoices(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts, kind: str) -> None:
    """Store and send what is to be written of this kind (creates or changes); what waits for a new customer waits."""
    ready = [
        Outgoing(task, each, encode(each.body))
        for task, each in verdicts.sendings
        if kind_of(each) == kind and (isinstance(each, Remove) or isinstance(each.contact, UseContact))
    ]
    for batch in batches(ready):
        _send(s, ground, mine, verdicts, kind, batch)


def kind_of(decision: Sending) -> str:
    return "creates" if isinstance(decision, Create) else "changes"


def _send(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts, kind: str, batch: Sequence[Outgoing]) -> None:
    """Fifty rows and three megabytes at the most. Where a record or number of the batch stands in another open
    dispatch, the others go one by one: they must not wait for it."""
    body = b'{"Invoices":[' + b",".join(each.body for each in batch) + b"]}"
    rows = [_invoice_row(s, each.task, each.decision, verdicts) for each in batch]
    stored = store(s, mine.go, ground, kind, body, rows)
    if stored:
        advance(s, mine.go, stored)
    elif len(batch) == 1:
        with s.store.begin() as c:
            runs.wait(c, runs.still_working(c, {batch[0].task.id}, mine.go.token), None, now(c) + SOON)
    else:
        for one in batch:
            _send(s, ground, mine, verdicts, kind, [one])


def _invoice_row(s: Services, task: Row[Any], decision: Sending, verdicts: Verdicts) -> NewRow:
    """What proves the row: the marker of a new invoice, the InvoiceID of one that is changed (4a.5)."""
    crm = verdicts.reading.crm[task.record_id]
    assert crm is not None
    held = None if isinstance(decision, Create) else decision.held
    return NewRow(
        task_id=task.id,
        module=task.module,
        record_id=task.record_id,
        marker=decision.marker if isinstance(decision, Create) else decision.held.xero_id,
        number=decision.number,
        xero_id=held.xero_id if held else None,
        crm_modified_at=crm.modified_time,
        crm_read_at=verdicts.reading.at,
        xero_updated_at=held.updated_at if held else None,
        intent=intent_of(s, decision, crm),
    )


def batches(ready: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    """In order; a task that was in a refused request goes with fewer others each time (4a.11); no number twice."""
    batch: list[Outgoing] = []
    size = 0
    for each in ready:
        length = len(each.body) + 1
        most = min([MOST_ROWS, *(one.task.batch_rows for one in [*batch, each] if one.task.batch_rows)])
        number = each.decision.number
        twice = number is not None and any(number == other.decision.number for other in batch)
        if batch and (len(batch) >= most or size + length > MOST_BYTES or twice):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length
    if batch:
        yield batch


def _chunks(contacts: list[NewContact], size: int) -> Iterator[list[NewContact]]:
    for start in range(0, len(contacts), size):
        yield contacts[start : start + size]
