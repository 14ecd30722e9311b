"""How do decisions become dispatches? Bytes and rows for contacts and creates, batched, stored, then sent (4a.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from server.domain.customer import NewContact, UseContact, contact_body
from server.domain.decide import Create
from server.domain.encode import encode
from server.store import dispatches, leases, links, runs
from server.store.dispatches import NewRow
from server.store.engine import now
from server.store.links import ACCOUNTS
from server.sync.claims import Claim, lease_ms
from server.sync.dispatch import advance, store
from server.sync.footing import Footing
from server.sync.services import Services
from server.sync.verdicts import Verdicts

MOST_ROWS = 50
MOST_BYTES = 3_000_000
SOON = timedelta(seconds=2)

Sending = tuple[Row[Any], Create]


def send_new_customers(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> None:
    """Create the missing contacts in a dispatch of their own, each under the record lease of its account (4a.1, 4a.3).

    Afterwards every task whose customer is still not there waits for whoever is making it.
    """
    wanted = _lease_accounts(s, mine, verdicts.new_customers)
    first_task = {
        create.contact.account_id: task
        for task, create in reversed(verdicts.creates)
        if isinstance(create.contact, NewContact)
    }
    for batch in _chunks(list(wanted.values()), MOST_ROWS):
        rows = [_contact_row(first_task[contact.account_id], contact, verdicts) for contact in batch]
        stored = store(
            s, mine.go, ground, "contacts", encode({"Contacts": [contact_body(each) for each in batch]}), rows
        )
        if stored:
            advance(s, mine.go, stored)
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


def _wait_for_customers(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> None:
    """Those whose contact is linked now go on in this go; the others wait for the contact's dispatch."""
    assert ground.books is not None
    new = verdicts.new_customers
    waiting = [
        (task, create.contact.account_id) for task, create in verdicts.creates if isinstance(create.contact, NewContact)
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


def send_creates(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> None:
    """Store and send the invoices whose customer is known, fifty rows and three megabytes a dispatch at the most."""
    ready = [(task, create) for task, create in verdicts.creates if isinstance(create.contact, UseContact)]
    for batch in batches(ready):
        body = encode({"Invoices": [create.body for _, create in batch]})
        rows = [_invoice_row(task, create, verdicts) for task, create in batch]
        stored = store(s, mine.go, ground, "creates", body, rows)
        if stored:
            advance(s, mine.go, stored)
        else:
            _one_by_one(s, ground, mine, verdicts, batch)


def _one_by_one(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts, batch: Sequence[Sending]) -> None:
    """A record or number of the batch stands in another open dispatch: the others must not wait for it."""
    if len(batch) == 1:
        with s.store.begin() as c:
            runs.wait(c, runs.still_working(c, {batch[0][0].id}, mine.go.token), None, now(c) + SOON)
        return
    for task, create in batch:
        row = _invoice_row(task, create, verdicts)
        stored = store(s, mine.go, ground, "creates", encode({"Invoices": [create.body]}), [row])
        if stored:
            advance(s, mine.go, stored)
        else:
            _one_by_one(s, ground, mine, verdicts, [(task, create)])


def _invoice_row(task: Row[Any], create: Create, verdicts: Verdicts) -> NewRow:
    crm = verdicts.reading.crm[task.record_id]
    assert crm is not None
    return NewRow(
        task_id=task.id,
        module=task.module,
        record_id=task.record_id,
        marker=create.marker,
        number=create.number,
        xero_id=None,
        crm_modified_at=crm.modified_time,
        crm_read_at=verdicts.reading.at,
        xero_updated_at=None,
        intent={
            "digest": create.digest,
            "total": str(create.total),
            "crm_total": str(crm.grand_total),
            "account": create.contact.account_id,
        },
    )


def batches(ready: Sequence[Sending]) -> Iterator[list[Sending]]:
    """In order; a task that was in a refused request goes with fewer others each time (4a.11); no number twice."""
    batch: list[Sending] = []
    size = 0
    for task, create in ready:
        length = len(encode(create.body)) + 1
        most = min([MOST_ROWS, *(each.batch_rows for each, _ in [*batch, (task, create)] if each.batch_rows)])
        twice = create.number is not None and any(create.number == other.number for _, other in batch)
        if batch and (len(batch) >= most or size + length > MOST_BYTES or twice):
            yield batch
            batch, size = [], 0
        batch.append((task, create))
        size += length
    if batch:
        yield batch


def _chunks(contacts: list[NewContact], size: int) -> Iterator[list[NewContact]]:
    for start in range(0, len(contacts), size):
        yield contacts[start : start + size]
