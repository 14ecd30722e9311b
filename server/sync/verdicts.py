"""What is to be done with each record of a claim? The pure decision, and the end of every task that needs no write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, NewContact
from server.domain.decide import Blocked, Create, Decision, LinkedState, Locked, Unchanged, decide
from server.domain.preview import preview_json
from server.domain.reasons import Code, reason
from server.store import links, runs
from server.store.turns import CRM, Job, wake
from server.sync import settle
from server.sync.claims import Claim
from server.sync.customers import customers_of, linked_customers
from server.sync.footing import Footing
from server.sync.markers import marker
from server.sync.queues import enqueue
from server.sync.reading import Reading
from server.sync.services import Services
from server.sync.told import reasons_json
from server.sync.waiting import refusal, still_working


@dataclass(frozen=True)
class Verdict:
    task: Row[Any]
    decision: Decision


@dataclass(frozen=True)
class Verdicts:
    """The decisions on the tasks of a claim that were still open, with what they were taken from."""

    reading: Reading
    each: tuple[Verdict, ...]
    customers: Mapping[str, Customer]

    @property
    def creates(self) -> list[tuple[Row[Any], Create]]:
        """Pushes (not previews) that are to create an invoice, and were previewed as they are now."""
        wanted = [(v.task, v.decision) for v in self.each if v.task.kind == "push" and isinstance(v.decision, Create)]
        return [(task, create) for task, create in wanted if not is_stale(task, create)]

    @property
    def new_customers(self) -> dict[str, NewContact]:
        """The contacts that must be made first, by CRM account id."""
        found = [create.contact for _, create in self.creates]
        return {contact.account_id: contact for contact in found if isinstance(contact, NewContact)}


def is_stale(task: Row[Any], create: Create) -> bool:
    """Whether a person was shown something else than what would be sent now."""
    return task.previewed is not None and task.previewed != create.shown


def decide_each(s: Services, ground: Footing, mine: Claim, reading: Reading) -> Verdicts:
    """Decide what this go still works on and could read. Raises the clients' ladder: customers are looked for.

    A task whose record or customer there was no time for stays as it is: the next go takes it.
    """
    tasks = [task for task in still_open(s, mine) if reading.books is None or reading.has(task.record_id)]
    read = [crm for task in tasks if (crm := reading.crm.get(task.record_id))]
    customers = customers_of(s, ground, mine.go, read)
    known = [task for task in tasks if _has_customer(reading.crm.get(task.record_id), customers)]
    return Verdicts(reading, _decide_all(s, ground, reading, customers, known), customers)


def decide_again(s: Services, ground: Footing, mine: Claim, before: Verdicts) -> Verdicts:
    """The same tasks once more, now with the links of the customers that were made; nothing else is read again."""
    ids = {task.id for task in still_open(s, mine)}
    tasks = [each.task for each in before.each if each.task.id in ids]
    made = {account_id: new.name for account_id, new in before.new_customers.items()}
    customers = {**before.customers, **linked_customers(s, ground, made)}
    return Verdicts(before.reading, _decide_all(s, ground, before.reading, customers, tasks), customers)


def still_open(s: Services, mine: Claim) -> list[Row[Any]]:
    with s.store.read() as c:
        ids = set(still_working(c, mine))
    return [task for task in mine.tasks if task.id in ids]


def _has_customer(crm: CrmInvoice | None, customers: Mapping[str, Customer]) -> bool:
    return crm is None or crm.account_id is None or crm.account_id in customers


def _decide_all(
    s: Services, ground: Footing, reading: Reading, customers: Mapping[str, Customer], tasks: Iterable[Row[Any]]
) -> tuple[Verdict, ...]:
    return tuple(Verdict(task, _decide(s, ground, reading, customers, task)) for task in tasks)


def _decide(
    s: Services, ground: Footing, reading: Reading, customers: Mapping[str, Customer], task: Row[Any]
) -> Decision:
    if not ground.ready or reading.books is None:
        return Blocked((reason(Code.NOT_SET_UP),))
    crm, refused = reading.crm.get(task.record_id), reading.refused.get(task.record_id)
    if crm is None:
        return Blocked((refusal(refused) if refused else reason(Code.CRM_GONE),))
    link = reading.links.get(task.record_id)
    if link is not None and link.trouble:
        return Blocked((reason(Code.TWO_IN_XERO, numbers=link.number or ""),))
    return decide(
        crm,
        customers.get(crm.account_id or ""),
        ground.settings,
        reading.books,
        LinkedState(sent_digest=link.sent_digest, hashed=s.keyed_hash) if link is not None else None,
        reading.xero.get(link.xero_id) if link is not None else None,
        marker(s.config.public_base, ground.tenant, task.record_id),
    )


def end_decided(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> None:
    """One transaction: previews end with what was found, pushes end unless something is to be sent.

    A process that was stopped ends nothing that another one has taken over since.
    """
    jobs: list[Job] = []
    with s.store.begin() as c:
        ours = set(still_working(c, mine))
        for verdict in verdicts.each:
            _keep_state(c, verdicts.reading, verdict.task)
            if verdict.task.id in ours:
                _end(c, verdicts.reading, verdict)
        if verdicts.reading.links:
            jobs = wake(c, ground.tenant.id, CRM)
    enqueue(s.redis, jobs, s.times.job_limit)


def _keep_state(c: Connection, reading: Reading, task: Row[Any]) -> None:
    """What Xero said of a linked invoice is news for the panel, whatever is decided."""
    link = reading.links.get(task.record_id)
    held = reading.xero.get(link.xero_id) if link is not None and link.xero_id else None
    if link is not None and held is not None and reading.books is not None:
        settle.state(c, links.get(c, link.id), held, reading.books, reading.at)


def _end(c: Connection, reading: Reading, verdict: Verdict) -> None:
    task, decision = verdict.task, verdict.decision
    crm = reading.crm.get(task.record_id)
    shown = (
        preview_json(decision, crm, reading.books, reading.at)
        if crm is not None and reading.books is not None
        else None
    )
    reasons = reasons_json(decision.reasons) if isinstance(decision, Blocked) else []
    if task.kind == "preview":
        runs.end(c, task.id, "previewed", preview=shown, reasons=reasons)
    elif isinstance(decision, Blocked):
        runs.end(c, task.id, "blocked", preview=shown, reasons=reasons)
    elif isinstance(decision, Locked | Unchanged):
        runs.end(c, task.id, "locked" if isinstance(decision, Locked) else "unchanged", preview=shown)
    elif is_stale(task, decision):
        runs.end(c, task.id, "blocked", preview=shown, reasons=reasons_json([reason(Code.CHANGED_SINCE_PREVIEW)]))
