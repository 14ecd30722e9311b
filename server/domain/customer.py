"""Which Xero contact is a CRM customer? By link, our number, account number, exact name; similar is never the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from server.domain.customer_details import details_of
from server.domain.customer_facts import (
    LONGEST_NAME,
    Known,
    account_key,
    agreements,
    clean_name,
    contradictions,
    email_key,
    emails_of,
    goes_with,
    same_name,
)
from server.domain.fields import text
from server.domain.reasons import Code, Reason, reason
from server.domain.terms import Terms, sales_terms

__all__ = ["NewContact", "NoCustomer", "UseContact", "choose", "clean_name", "contact_body", "same_name"]
Doc = Mapping[str, object]
LONGEST_CHAIN = 3  # of merges into what was merged itself
OURS = 12  # digits at the least of a CRM id: a short number after a Z is the bookkeeper's own
# Why nobody but a person can tell, for the end of the reason's detail.
WHY = {
    "several": "{count} contacts there fit.",
    "linked": "The one that fits belongs to another CRM record.",
    "namesake": "Two customers in CRM have this name.",
    "email": "The one of this name has another e-mail address.",
    "tax_number": "The one of this name has another tax number.",
    "country": "The one of this name is in another country.",
    "another_name": "One has its e-mail address, and another name.",
    "untied": "Somebody untied the one that fits.",
}


@dataclass(frozen=True)
class UseContact:
    """matched_by: link, number, account_number, name or email. terms: the contact's own for sales, where its document
    was read."""

    account_id: str
    contact_id: str
    name: str
    matched_by: str
    terms: Terms | None = None


@dataclass(frozen=True)
class NewContact:
    """To be created. `number` is our ContactNumber, by which it is found again; `details`: what else it is told."""

    account_id: str
    name: str
    number: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class NoCustomer:
    reasons: tuple[Reason, ...]


Customer = UseContact | NewContact | NoCustomer


@dataclass(frozen=True)
class Standing:
    """What we know besides both sides' words. taken: contacts of other customers of CRM; untied: those from which a
    person untied this one; create: a person said that it gets a new one; by_email: customers are persons."""

    taken: frozenset[str] = frozenset()
    untied: frozenset[str] = frozenset()
    create: bool = False
    by_email: bool = False


@dataclass(frozen=True)
class Hit:
    """A contact that may be the customer, and the strongest that speaks for it."""

    doc: Doc
    by: str

    @property
    def contact_id(self) -> str:
        """That of the contact which an invoice would name."""
        return _merged_into(self.doc) or _id(self.doc)


def choose(known: Known, linked: Doc | None, candidates: Sequence[Doc], standing: Standing = Standing()) -> Customer:
    """The one contact of this customer, a new one, or why a person must choose. Never raises.

    `candidates`: contacts as Xero shows them now, those into which others were merged too.
    """
    name = clean_name(known.name)
    if linked is not None and _id(linked):
        return _use(known, linked, "link")
    if not name:
        return NoCustomer((reason(Code.CUSTOMER_NAMELESS),))
    docs = {_id(doc): doc for doc in candidates if _id(doc)}
    ours = _under_our_number(known, docs, standing)
    if ours:
        return _by_our_number(known, ours, standing)
    if standing.create:
        return _new(known, _free_name(known, docs.values()))
    return _by_what_is_told(known, docs, standing)


def _under_our_number(known: Known, docs: Mapping[str, Doc], standing: Standing) -> list[Hit]:
    """Xero keeps the number unique (X7); should it ever show several, no order of its answer decides between them."""
    hits = [Hit(_stayed(doc, docs), "number") for doc in docs.values() if doc.get("ContactNumber") == _number(known)]
    return list({hit.contact_id: hit for hit in hits if hit.contact_id not in standing.untied}.values())


def _by_our_number(known: Known, ours: Sequence[Hit], standing: Standing) -> Customer:
    if len(ours) > 1:
        return blocked(known, "several", count=len(ours))
    taken = ours[0].contact_id in standing.taken
    return blocked(known, "linked") if taken else _use(known, ours[0].doc, "number")


def _by_what_is_told(known: Known, docs: Mapping[str, Doc], standing: Standing) -> Customer:
    found = _hits(known, docs, standing)
    hits = [hit for hit in found if is_active(hit.doc)]
    if not hits:
        closed = [hit for hit in found if hit.by == "account_number" and _is_free(known, hit, standing)]
        return _archived(text(closed[0].doc.get("Name")) or known.name) if closed else _new(known)
    one = hits[0] if len(hits) == 1 else _surest(known, hits, standing)
    if one is None:
        return blocked(known, "several", count=len(hits))
    against = next(contradictions(known, one.doc), None)
    if against is not None:
        return blocked(known, against)
    if not _is_free(known, one, standing):
        return blocked(known, "linked")
    if one.contact_id in standing.untied:
        return blocked(known, "untied")
    if one.by == "email" and not goes_with(known.name, text(one.doc.get("Name")) or ""):
        return blocked(known, "another_name")
    return _use(known, one.doc, one.by)


def _hits(known: Known, docs: Mapping[str, Doc], standing: Standing) -> list[Hit]:
    """Whatever fits by account number or name; by e-mail only persons, and only where nothing else fits."""
    found: dict[str, Hit] = {}
    for doc in docs.values():
        by = _fits(known, doc, by_email=standing.by_email)
        hit = Hit(_stayed(doc, docs), by) if by else None
        # Of an archived name nothing follows: Xero gives it away again (X11.10).
        if hit and (is_active(hit.doc) or by == "account_number"):
            before = found.get(hit.contact_id)
            found[hit.contact_id] = hit if before is None or _RANK[hit.by] < _RANK[before.by] else before
    strong = [hit for hit in found.values() if hit.by != "email"]
    return strong or list(found.values())


_RANK = {"account_number": 0, "name": 1, "email": 2}


def _fits(known: Known, doc: Doc, *, by_email: bool) -> str | None:
    number = account_key(known.account_number)
    if number and number == account_key(doc.get("AccountNumber")):
        return "account_number"
    if same_name(text(doc.get("Name")) or "", known.name):
        return "name"
    return "email" if by_email and email_key(known.email) in emails_of(doc) else None


def _surest(known: Known, hits: Sequence[Hit], standing: Standing) -> Hit | None:
    """Of several the one that the tax number names, of persons the e-mail too; else the only one that nothing speaks
    against, if it is in the customer's country."""
    proofs = {"tax_number", "email"} if standing.by_email else {"tax_number"}
    agreed = {hit.contact_id: proofs & set(agreements(known, hit.doc)) for hit in hits}
    named = [hit for hit in hits if agreed[hit.contact_id]]
    if len(named) == 1:
        return Hit(named[0].doc, "email" if "email" in agreed[named[0].contact_id] else named[0].by)
    left = [hit for hit in hits if next(contradictions(known, hit.doc), None) is None]
    alone = len(left) == 1 and not named and "country" in agreements(known, left[0].doc)
    return left[0] if alone else None


def _is_free(known: Known, hit: Hit, standing: Standing) -> bool:
    """Neither linked to another customer, nor made by us for one."""
    return hit.contact_id not in standing.taken and made_for(hit.doc) in (None, known.record_id)


def made_for(doc: Doc) -> str | None:
    """The CRM record for which we made this contact (design 4a); None for everybody else's."""
    number = text(doc.get("ContactNumber")) or ""
    return number[1:] if number[:1] == "Z" and number[1:].isdigit() and len(number) > OURS else None


def blocked(known: Known, why: str, *, count: int = 1) -> NoCustomer:
    """A person must choose, and why."""
    told = WHY[why].format(count=count)
    name = clean_name(known.name)
    return NoCustomer((reason(Code.CHOOSE_CUSTOMER, name=name, count=count, customer=known.record_id, why=told),))


def _archived(name: str) -> NoCustomer:
    return NoCustomer((reason(Code.CUSTOMER_ARCHIVED, name=name),))


def _stayed(doc: Doc, docs: Mapping[str, Doc]) -> Doc:
    """The contact that this one ended in; one that was not read stands for itself."""
    for _ in range(LONGEST_CHAIN):
        merged = _merged_into(doc)
        if merged is None or merged not in docs:
            return doc
        doc = docs[merged]
    return doc


def _merged_into(doc: Doc) -> str | None:
    """Where a merged contact went (X7); whoever is active has been merged into nobody."""
    return None if is_active(doc) else text(doc.get("MergedToContactID"))


def _use(known: Known, doc: Doc, matched_by: str) -> Customer:
    """A contact that was merged is followed (X7); one that was archived is the bookkeeper's word."""
    name = text(doc.get("Name")) or clean_name(known.name)
    merged = _merged_into(doc)
    if merged is None and not is_active(doc):
        return _archived(name)
    return UseContact(known.record_id, merged or _id(doc), name, matched_by, sales_terms(doc))


def is_active(doc: Doc) -> bool:
    return doc.get("ContactStatus", "ACTIVE") == "ACTIVE"


def _new(known: Known, name: str | None = None) -> NewContact:
    return NewContact(known.record_id, name or clean_name(known.name), _number(known), details_of(known.told))


def _free_name(known: Known, docs: Iterable[Doc]) -> str:
    """Names are unique among active contacts (X7): a second one of the same name is told apart by its number."""
    name = clean_name(known.name)
    if not any(is_active(doc) and same_name(text(doc.get("Name")) or "", name) for doc in docs):
        return name
    mark = f" ({account_key(known.account_number) or known.record_id[-6:]})"
    return clean_name(name[: LONGEST_NAME - len(mark)] + mark)


def _number(known: Known) -> str:
    return f"Z{known.record_id}"


def _id(doc: Doc) -> str:
    return text(doc.get("ContactID")) or ""


def contact_body(new: NewContact) -> dict[str, object]:
    return {"Name": new.name, "ContactNumber": new.number, **new.details}
