"""What is to be done with each record of a claim? The pure decision, and the end of every task that needs no write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, NewContact
from server.domain.decide import (
    Blocked,
    Create,
    Decision,
    Keep,
    Unchanged,
    Update,
    decide,
)
from server.domain.linking import Link
from server.domain.preview import preview_json
from server.domain.reasons import Code, reason
from server.domain.xero_invoice import XeroInvoice
from server.store import endings, links
from server.store.turns import CRM, Job, wake
from server.sync import settle
from server.sync.claims import Claim
from server.sync.customers import customers_of, linked_customers
from server.sync.footing import Footing
from server.sync.linking import numbered_already, tie
from server.sync.markers import marker
from server.sync.mended import as_asked_for, read_before
from server.sync.outcomes import Sending, crm_is_ahead, is_allowed, outcome_of
from server.sync.queues import enqueue
from server.sync.reading import Reading
from server.sync.remembered import as_agreed, linked_state
from server.sync.rights import as_allowed
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
    numbered: Mapping[str, XeroInvoice] = field(default_factory=dict)

    @property
    def sendings(self) -> list[tuple[Row[Any], Sending]]:
        """Pushes (not previews) that are to write to Xero: what was previewed is as it was, what must be asked was."""
        pushes = [(v.task, v.decision) for v in self.each if v.task.kind == "push"]
        return [(task, each) for task, each in pushes if isinstance(each, Sending) and is_allowed(task, each)]

    @property
    def for_customers(self) -> list[tuple[Row[Any], Create | Update]]:
        """Those of them that name a customer."""
        return [(task, each) for task, each in self.sendings if isinstance(each, Create | Update)]

    @property
    def new_customers(self) -> dict[str, NewContact]:
        """The contacts that must be made first, by CRM account id."""
        found = [each.contact for _, each in self.for_customers]
        return {contact.account_id: contact for contact in found if isinstance(contact, NewContact)}

    def needing_products(self, needing: bool) -> Verdicts:
        """Those that name a product which Xero lacks, or the others."""
        named = self.new_products
        return self.only(each.task.id for each in self.each if (each.task.id in named) is needing)

    def only(self, task_ids: Iterable[str]) -> Verdicts:
        kept = set(task_ids)
        return replace(self, each=tuple(each for each in self.each if each.task.id in kept))

    @property
    def new_products(self) -> dict[str, dict[str, str]]:
        """By task: the products that Xero must have first, as name by code."""
        drafts = [
            (task.id, each.draft if isinstance(each, Create) else each.both.draft) for task, each in self.for_customers
        ]
        return {task_id: dict(draft.new_products) for task_id, draft in drafts if draft.new_products}


def decide_each(s: Services, ground: Footing, mine: Claim, reading: Reading) -> Verdicts:
    """Decide what this go still works on and could read. Raises the clients' ladder: customers are looked for.

    A task whose record or customer there was no time for stays as it is: the next go takes it.
    """
    tasks = [task for task in still_open(s, mine) if reading.books is None or reading.has(task.record_id)]
    read = [crm for task in tasks if (crm := reading.crm.get(task.record_id))]
    customers = customers_of(s, ground, mine.go, read)
    known = [task for task in tasks if _has_customer(reading.crm.get(task.record_id), customers)]
    numbered = numbered_already(s, ground, mine, reading)
    return Verdicts(reading, _decide_all(s, ground, reading, customers, known, numbered), customers, numbered)


def decide_again(s: Services, ground: Footing, mine: Claim, before: Verdicts) -> Verdicts:
    """The same tasks once more, now with the links of the customers that were made; nothing else is read again."""
    ids = {task.id for task in still_open(s, mine)}
    tasks = [each.task for each in before.each if each.task.id in ids]
    made = {account_id: new.name for account_id, new in before.new_customers.items()}
    customers = {**before.customers, **linked_customers(s, ground, made)}
    decided = _decide_all(s, ground, before.reading, customers, tasks, before.numbered)
    return Verdicts(before.reading, decided, customers, before.numbered)


def still_open(s: Services, mine: Claim) -> list[Row[Any]]:
    with s.store.read() as c:
        ids = set(still_working(c, mine))
    return [task for task in mine.tasks if task.id in ids]


def _has_customer(crm: CrmInvoice | None, customers: Mapping[str, Customer]) -> bool:
    return crm is None or crm.account_id is None or crm.account_id in customers


def _decide_all(
    s: Services,
    ground: Footing,
    reading: Reading,
    customers: Mapping[str, Customer],
    tasks: Iterable[Row[Any]],
    numbered: Mapping[str, XeroInvoice],
) -> tuple[Verdict, ...]:
    several = list(tasks)
    before = read_before(s, several)
    found = []
    for task in several:
        decision = decide_record(s, ground, reading, customers, task, numbered.get(task.record_id))
        asked_for = as_asked_for(task, as_allowed(task, decision), reading.crm.get(task.record_id), before)
        found.append(Verdict(task, asked_for))
    return tuple(found)


def decide_record(
    s: Services,
    ground: Footing,
    reading: Reading,
    customers: Mapping[str, Customer],
    task: Row[Any],
    numbered: XeroInvoice | None = None,
) -> Decision:
    """The verdict on one record from what was read of it."""
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
        linked_state(s, link) if link is not None else None,
        reading.xero.get(link.xero_id) if link is not None else None,
        marker(s.config.public_base, ground.tenant, task.record_id),
        task.choice,
        numbered,
    )


def end_decided(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> None:
    """One transaction: previews end with what was found, pushes end unless something is to be sent.

    A process that was stopped ends nothing that another one has taken over since.
    """
    jobs: list[Job] = []
    with s.store.begin() as c:
        ours = set(still_working(c, mine))
        open_still = [verdict for verdict in verdicts.each if verdict.task.id in ours]
        _keep_states(c, verdicts)
        _remember(s, c, verdicts.reading, open_still)
        endings.end_all(c, _endings(verdicts.reading, open_still))
        for verdict in filter(_is_to_be_tied, open_still):
            crm = verdicts.reading.crm.get(verdict.task.record_id)
            whose = verdicts.customers.get(crm.account_id or "") if crm is not None else None
            tie(s, c, ground, mine, verdicts.reading, verdict.task, verdict.decision, whose)  # type: ignore[arg-type]
        if verdicts.reading.links or any(map(_is_to_be_tied, verdicts.each)):
            jobs = wake(c, ground.tenant.id, CRM)
    enqueue(s.redis, jobs, s.times.job_limit)


def _is_to_be_tied(verdict: Verdict) -> bool:
    decision = verdict.decision
    return verdict.task.kind == "push" and isinstance(decision, Link) and is_allowed(verdict.task, decision)


def _keep_states(c: Connection, verdicts: Verdicts) -> None:
    """What Xero said of linked invoices is news for the panel, whatever is decided."""
    reading = verdicts.reading
    seen = [reading.links[each.task.record_id] for each in verdicts.each if each.task.record_id in reading.links]
    held = {link.id: reading.xero[link.xero_id] for link in seen if link.xero_id in reading.xero}
    if held and reading.books is not None:
        settle.states(c, [(link, held[link.id]) for link in links.by_ids(c, held)], reading.books, reading.at)


def _remember(s: Services, c: Connection, reading: Reading, verdicts: Iterable[Verdict]) -> None:
    """What the look at both sides taught of the links."""
    tied = [(reading.links[each.task.record_id], each) for each in verdicts if each.task.record_id in reading.links]
    learned = {link.id: _learned(s, each) for link, each in tied}
    links.change_all(c, {link_id: values for link_id, values in learned.items() if values}, dirty=False)


def _learned(s: Services, verdict: Verdict) -> dict[str, Any]:
    """Whether CRM is ahead; of pushes also that both sides agree, or that Xero's version is to stay."""
    decision, task = verdict.decision, verdict.task
    ahead = crm_is_ahead(decision)
    values: dict[str, Any] = {} if ahead is None else {"crm_changed": ahead}
    if task.kind != "push":
        return values
    match decision:
        case Unchanged(agreed=True, both=both, digest=digest) if both and digest:
            values |= as_agreed(s, both, digest)
        case Keep() if is_allowed(task, decision):
            values |= {"kept_digest": s.keyed_hash(decision.digest), "crm_changed": False}
    return values


def _endings(reading: Reading, verdicts: Iterable[Verdict]) -> Iterator[endings.Ending]:
    """Of all that write nothing to Xero: the outcome, its reasons, and what a preview shows."""
    for verdict in verdicts:
        task, decision, crm = verdict.task, verdict.decision, reading.crm.get(verdict.task.record_id)
        outcome, reasons = outcome_of(task, decision, crm.status if crm else None)
        if outcome is None:
            continue
        both = crm is not None and reading.books is not None
        shown = preview_json(decision, crm, reading.books, reading.at) if both else None  # type: ignore[arg-type]
        yield endings.Ending(task.id, outcome, {"preview": shown, "reasons": reasons_json(reasons)})
