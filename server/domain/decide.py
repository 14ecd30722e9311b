"""What is to be done with one CRM invoice? The pure verdict, with all its problems at once.

Whatever is not handled is Blocked with a reason, never sent wrong. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from server.domain.changes import total_left, update_body
from server.domain.checks import about_start, wants_removal
from server.domain.conflicts import agree, approved_apart, in_conflict
from server.domain.content import LinkedState, answer_parts
from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, NewContact, UseContact, clean_name
from server.domain.differences import Both, Comparison, Difference, compare
from server.domain.draft import Draft, body_of, digest_of, draft_of
from server.domain.encode import encode
from server.domain.linking import Link, Offer, apart
from server.domain.locks import OPEN, Lock, lock
from server.domain.reasons import Code, Reason, reason
from server.domain.values import Books, Settings
from server.domain.xero_invoice import XeroInvoice

# What a person may choose, having seen both sides.
KEEP_XERO, SEND_CRM, REMOVE, SEND_AS_NEW, LINK = "keep_xero", "send_crm", "remove", "send_as_new", "link"
CHOICES = (KEEP_XERO, SEND_CRM, REMOVE, SEND_AS_NEW, LINK)
GONE = ("VOIDED", "DELETED")


@dataclass(frozen=True)
class Create:
    """A new invoice. `body` is complete once the contact is known. `digest` stands for what is sent and goes with the
    link; `shown` for what a person sees before: the customer's name too, by which they know who will be billed.
    `replaces`: the voided or deleted invoice that the record was unlinked from."""

    draft: Draft
    body: Mapping[str, object]
    marker: str
    contact: UseContact | NewContact
    digest: str
    replaces: str | None = None

    @property
    def number(self) -> str | None:
        return self.draft.number

    @property
    def shown(self) -> str:
        name = clean_name(self.contact.name).lower()  # a link may know the same name in other letters
        return _stands_for(self.digest, name, *([self.replaces] if self.replaces else []))

    @property
    def total(self) -> Decimal:
        return self.draft.totals.total


@dataclass(frozen=True)
class Update:
    """Changes to the linked invoice; `body` holds nothing else."""

    both: Both
    seen: Comparison
    body: Mapping[str, object]
    digest: str
    shown: str

    @property
    def held(self) -> XeroInvoice:
        return self.both.held

    @property
    def contact(self) -> UseContact | NewContact:
        return self.both.customer

    @property
    def number(self) -> str | None:
        """The new number, where it is given one."""
        return self.both.draft.number if self.seen.differs_in("number") else None

    @property
    def total(self) -> Decimal:
        """What Xero's total will be."""
        return total_left(self.both, self.seen)


@dataclass(frozen=True)
class Conflict:
    """The bookkeeper changed it since: nothing is sent over it unless a permitted person says so (promise 3)."""

    both: Both
    seen: Comparison
    digest: str
    shown: str


@dataclass(frozen=True)
class Keep:
    """A person chose Xero's version: recorded, and quiet until CRM changes again."""

    held: XeroInvoice
    digest: str
    shown: str


@dataclass(frozen=True)
class Remove:
    """CRM's status says that it is cancelled: a draft is deleted, an approved one voided. Asked for by a click only."""

    held: XeroInvoice
    status: str
    shown: str

    number = None  # nothing is given a number

    @property
    def body(self) -> Mapping[str, object]:
        return {"InvoiceID": self.held.xero_id, "Status": self.status}


@dataclass(frozen=True)
class Unchanged:
    """In Xero already, and nothing is to be sent. `both`: the two sides, where they were compared. `agreed`: this is
    how both can be said to have left it. `kept`: a person chose Xero's version."""

    held: XeroInvoice
    digest: str | None
    both: Both | None = None
    kept: bool = False
    agreed: bool = False


@dataclass(frozen=True)
class Locked:
    """In Xero already, and CRM may not change it. `unlink`: the verdict on sending it as a new one, where the old one
    is gone for good."""

    held: XeroInvoice
    lock: Lock
    differences: tuple[Difference, ...] = ()
    draft: Draft | None = None
    unlink: Create | Blocked | None = None

    @property
    def shown(self) -> str | None:
        return self.unlink.shown if isinstance(self.unlink, Create) else None


@dataclass(frozen=True)
class Blocked:
    """`offer`: an invoice that Xero has already under this number."""

    reasons: tuple[Reason, ...]
    draft: Draft | None = None
    held: XeroInvoice | None = None
    offer: Offer | None = None

    @property
    def shown(self) -> str | None:
        return self.offer.shown if self.offer is not None else None


Decision = Create | Update | Conflict | Keep | Remove | Unchanged | Locked | Link | Blocked


def decide(
    crm: CrmInvoice,
    customer: Customer | None,
    settings: Settings,
    books: Books,
    link: LinkedState | None,
    xero: XeroInvoice | None,
    marker: str,
    choice: str | None = None,
    numbered: XeroInvoice | None = None,
) -> Decision:
    """The one verdict. Never raises, whatever the record holds. `numbered`: an invoice of Xero's that bears the number
    of a record without a link, and is tied to none."""
    if link is not None and xero is None:
        return Blocked((reason(Code.GONE_FROM_XERO),))
    problems, draft = draft_of(crm, customer, settings, books, xero)
    if xero is None:
        problems = [*about_start(crm, settings), *problems]
        # Where Xero numbers, another invoice under CRM's number stands in nobody's way.
        if numbered is not None and (draft.number is not None or not any(apart(crm, draft, numbered))):
            return _of_numbered(crm, problems, draft, numbered, choice)
        return _create(crm, customer, problems, draft, books, marker)
    link = link or LinkedState(None)  # what is in Xero is never created again, whatever we forgot
    if xero.status in GONE:
        anew = [*about_start(crm, settings), *problems]
        return _of_gone(crm, customer, anew, draft, books, marker, xero, choice, wants_removal(crm, settings))
    if wants_removal(crm, settings):
        return _removal(crm, xero, books)
    if problems or not isinstance(customer, UseContact | NewContact):
        held_back = lock(xero, books)
        if held_back.state == "locked":
            return Locked(xero, held_back, draft=draft)
        return Blocked(tuple(problems) or (reason(Code.CUSTOMER_MISSING),), draft, xero)
    return _of_linked(Both(crm, draft, customer, xero, books, link), marker, choice)


def _create(
    crm: CrmInvoice, customer: Customer | None, problems: list[Reason], draft: Draft, books: Books, marker: str
) -> Create | Blocked:
    if problems or not isinstance(customer, UseContact | NewContact):
        return Blocked(tuple(problems) or (reason(Code.CUSTOMER_MISSING),), draft)
    body = body_of(crm, draft, marker)
    contact = {"Contact": {"ContactID": customer.contact_id}} if isinstance(customer, UseContact) else {}
    return Create(draft, {**body, **contact}, marker, customer, digest_of(body, customer.account_id))


def _of_numbered(
    crm: CrmInvoice, problems: list[Reason], draft: Draft, held: XeroInvoice, choice: str | None
) -> Link | Blocked:
    """Its number is taken: by the same invoice, which may be linked whatever stands against sending it, or another."""
    name = clean_name(crm.account_name or "").lower()
    offer = Offer(held, tuple(apart(crm, draft, held)), _stands_for(name, held.xero_id, _state_of(held)))
    if choice == LINK and not offer.apart:
        return Link(held, offer.shown)
    code = Code.NUMBER_TAKEN if offer.apart else Code.IN_XERO_ALREADY
    taken = reason(code, number=held.number or "", number_field=draft.number_field)
    return Blocked((taken, *problems), draft, offer=offer)


def _of_gone(
    crm: CrmInvoice,
    customer: Customer | None,
    problems: list[Reason],
    draft: Draft,
    books: Books,
    marker: str,
    held: XeroInvoice,
    choice: str | None,
    removal: bool,
) -> Decision:
    """Voided or deleted is final (X6.2). A person may unlink it and send a new one, under a number never used."""
    if removal:
        return Unchanged(held, None)
    if draft.number is not None and draft.number.casefold() == (held.number or "").casefold():
        where = reason(
            Code.NUMBER_USED, number=draft.number, status=held.status.lower(), number_field=draft.number_field
        )
        problems = [where, *problems]
    fresh = _create(crm, customer, problems, draft, books, marker)
    if isinstance(fresh, Create):
        fresh = replace(fresh, replaces=held.xero_id)
    if choice == SEND_AS_NEW:
        return fresh
    return Locked(held, lock(held, books), draft=draft, unlink=fresh)


def _removal(crm: CrmInvoice, held: XeroInvoice, books: Books) -> Remove | Locked:
    """Drafts are deleted, approved and unpaid ones voided, none in a closed period (design 5)."""
    held_back = lock(held, books)
    if held.status not in OPEN and held_back.reason != "approved":
        differs = Difference("status", "status", crm.status, held.status, "crm")
        return Locked(held, held_back, (differs,))
    status = "DELETED" if held.status in OPEN else "VOIDED"
    return Remove(held, status, _stands_for(status, held.xero_id, _state_of(held)))


def _of_linked(both: Both, marker: str, choice: str | None) -> Decision:
    """Compared with a fresh read: nothing differs, locked, the bookkeeper's, or ours to change."""
    digest = digest_of(body_of(both.crm, both.draft, marker), both.customer.account_id)
    seen, held_back = compare(both), lock(both.held, both.books)
    hashed = both.link.hashed(digest)
    quiet = both.link.sent_digest == hashed and not seen.touched  # nobody changed anything since the last push
    if quiet or not seen.differences:
        return Unchanged(both.held, digest, both, agreed=agree(both, seen))
    if held_back.state == "locked":
        return Locked(both.held, held_back, (*seen.differences, *seen.only_in_xero), both.draft)
    apart = approved_apart(both, seen)
    if apart is not None:
        return Blocked((apart,), both.draft, both.held)
    name = clean_name(both.customer.name).lower()
    shown = _stands_for(
        digest, name, both.held.xero_id, _state_of(both.held, referred=both.draft.reference is not None)
    )
    update = Update(both, seen, update_body(both, seen), digest, shown)
    if not in_conflict(both, seen) or choice == SEND_CRM:
        return update
    if choice == KEEP_XERO:
        return Keep(both.held, digest, shown)
    if both.link.kept_digest == hashed:
        return Unchanged(both.held, digest, kept=True)
    return Conflict(both, seen, digest, shown)


def _state_of(held: XeroInvoice, *, referred: bool = False) -> str:
    """Stands for what a person sees of Xero's side; of its reference only where CRM has a say in it."""
    parts = answer_parts(held, lambda text: text) or {}
    seen = {name: value for name, value in parts.items() if referred or name != "reference"}
    return encode([held.status, str(held.total), seen]).decode()


def _stands_for(*seen: str) -> str:
    return hashlib.sha256(encode(list(seen))).hexdigest()
