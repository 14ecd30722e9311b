"""What is to be done with each record of a claim? The pure decision, and the end of every task that needs no write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.customer import Customer, NewContact
from server.domain.decide import Blocked, Create, Decision, LinkedState, Locked, Unchanged, decide
from server.domain.preview import preview_json
from server.domain.reasons import Code, reason
from server.store import links, runs
from server.store.turns import CRM, Job, wake
from server.sync import settle
from server.sync.claims import Claim
from server.sync.customers import customers_of
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
    return task.previewed is not None and task.previewed != create.digest


def decide_each(s: Services, ground: Footing, mine: Claim, reading: Reading) -> Verdicts:
    """Decide every task that this go still works on. Raises the clients' ladder, because customers are looked up."""
    with s.store.read() as c:
        open_ids = set(still_working(c, mine))
    open_tasks = [task for task in mine.tasks if task.id in open_ids]
    customers = customers_of(s, ground, [crm for task in open_tasks if (crm := reading.crm.get(task.record_id))])
    return Verdicts(reading, tuple(Verdict(task, _decide(s, ground, reading, customers, task)) for task in open_tasks))


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


def end_decided(s: Services, ground: Footing, verdicts: Verdicts) -> None:
    """One transaction: previews end with what was found, pushes end unless something is to be sent."""
    jobs: list[Job] = []
    with s.store.begin() as c:
        for verdict in verdicts.each:
            _keep_state(c, verdicts.reading, verdict.task)
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
