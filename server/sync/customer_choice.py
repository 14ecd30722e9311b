"""Whom may a person choose as a customer's contact, and what becomes of the choice? It is remembered, and never undone
by a rule of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from server.clients.errors import Disconnected, Refused
from server.clients.xero import BooksRef
from server.clients.zoho import IDS_MAX
from server.domain.customer import is_active
from server.domain.customer_facts import Known
from server.domain.customer_similar import Candidate, longest_word, search_words, shown
from server.domain.fields import text
from server.store import customer_links
from server.store.customer_links import CREATE, UNTIED, Place
from server.store.engine import now
from server.sync.contact_index import MAX_AGE, candidates_of, refresh
from server.sync.customer_search import documents, told_of
from server.sync.footing import Footing
from server.sync.markers import contact_marker
from server.sync.services import Services

Doc = Mapping[str, Any]
NAME_FIELDS = {"Accounts": "Account_Name", "Contacts": "Full_Name"}


class NoSuchCustomer(Exception):
    """CRM shows no such record."""


@dataclass
class CannotChoose(Exception):
    """A person asked for what cannot be, or must be said again: `code` says which, `name` whom it is about."""

    code: str
    name: str = ""


@dataclass(frozen=True)
class Choice:
    """What is shown to whoever chooses. `holders`: CRM records by contact; `names`: CRM's names by record."""

    known: Known
    tie: Row[Any] | None
    candidates: Sequence[Candidate]
    holders: Mapping[str, Sequence[str]]
    names: Mapping[str, str]


def choice_for(s: Services, ground: Footing, record_id: str, search: str = "") -> Choice:
    """The contacts that may be this customer, names read now: those that fit, and those whose names are similar; with
    `search` those that Xero finds by these words instead. Raises the ladder of clients/errors.py."""
    books, known = _books(ground), known_customer(s, ground, record_id)
    with s.store.read() as c:
        tie = customer_links.standing_of(c, ground.tenant.id, books.organisation_id, [record_id]).get(record_id)
    docs = _sought(s, books, search) if search else _fitting(s, ground, known, tie)
    candidates = shown(known, docs, sought=bool(search))
    with s.store.read() as c:
        holders = customer_links.holders(c, books.organisation_id, [each.contact_id for each in candidates])
    others = {each for some in holders.values() for each in some}
    return Choice(known, tie, candidates, holders, crm_names(s, ground, others))


def _sought(s: Services, books: BooksRef, search: str) -> list[dict[str, Any]]:
    words = " ".join(search.split())
    return s.xero.contacts_like(books, words) if words else []


def _fitting(s: Services, ground: Footing, known: Known, tie: Row[Any] | None) -> list[dict[str, Any]]:
    books = _books(ground)
    with s.store.read() as c:
        present = now(c)
    refresh(s, books, lambda: True, present - MAX_AGE * s.times.scale)  # an index that is not full yet finds less
    ids = candidates_of(s, books, [known], by_email=ground.settings.customers.by_email)[known.record_id]
    docs = documents(s, ground, ids | ({tie.xero_id} if tie is not None and tie.xero_id else set()))
    docs |= {str(doc.get("ContactID")): doc for doc in _similar(s, ground, known.name) if doc.get("ContactID")}
    return [dict(doc) for doc in docs.values()]


def _similar(s: Services, ground: Footing, name: str) -> list[dict[str, Any]]:
    words = search_words(name)
    found = s.xero.contacts_like(_books(ground), words) if words else []
    again = longest_word(name)
    return found or (s.xero.contacts_like(_books(ground), again) if again not in ("", words) else [])


def known_customer(s: Services, ground: Footing, record_id: str) -> Known:
    """What CRM tells of it. Raises NoSuchCustomer where it shows nothing."""
    _books(ground)
    names = crm_names(s, ground, [record_id])
    if record_id not in names:
        raise NoSuchCustomer(record_id)
    return told_of(s, ground, names)[0]


def crm_names(s: Services, ground: Footing, record_ids: Iterable[str]) -> dict[str, str]:
    """CRM's names by record. Accounts and contacts both: a tenant may have changed whom it invoices."""
    if ground.crm is None:
        raise Disconnected("zoho", "not_connected")
    names: dict[str, str] = {}
    for module in sorted(NAME_FIELDS, key=lambda each: each != ground.settings.customers.module):
        lacking = [each for each in dict.fromkeys(record_ids) if each not in names]
        for start in range(0, len(lacking), IDS_MAX):
            some = lacking[start : start + IDS_MAX]
            names |= dict(_named(s, ground, module, some))
    return names


def _named(s: Services, ground: Footing, module: str, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    assert ground.crm is not None
    try:
        rows = s.zoho.listed(ground.crm, module, ids, [NAME_FIELDS[module]])
    except Refused:
        return
    for row in rows:
        yield str(row.get("id")), text(row.get(NAME_FIELDS[module])) or ""


def choose(
    s: Services, ground: Footing, person: str, record_id: str, contact_id: str | None, *, confirmed: bool
) -> None:
    """Tie a customer to this contact, or (None) to a new one at its next push. A contact of another customer's only
    once that was confirmed. Raises CannotChoose, NoSuchCustomer, the ladder."""
    books = _books(ground)
    known_customer(s, ground, record_id)
    if contact_id is None:
        _refuse_second(s, ground, record_id)
    stayed = None if contact_id is None else _usable(s, ground, contact_id)
    place = Place(ground.tenant.id, books.organisation_id, record_id)
    with s.store.begin() as c:
        customer_links.fence(c, books.organisation_id)
        if stayed is None:
            customer_links.choose(c, place, None, CREATE, person)
            return
        chosen = str(stayed["ContactID"])
        others = set(customer_links.holders(c, books.organisation_id, [chosen]).get(chosen, ())) - {record_id}
        if others and not confirmed:
            raise CannotChoose("contact_linked", str(stayed.get("Name") or ""))
        customer_links.choose(c, place, chosen, "chosen", person)


def _usable(s: Services, ground: Footing, contact_id: str) -> Doc:
    """The contact as Xero shows it now; the one that it was merged into, where it was."""
    docs = documents(s, ground, [contact_id])
    doc = docs.get(contact_id)
    while doc is not None and doc.get("MergedToContactID") in docs:
        doc = docs.pop(str(doc["MergedToContactID"]))
    if doc is None:
        raise CannotChoose("contact_not_found")
    if not is_active(doc):
        raise CannotChoose("contact_archived", str(doc.get("Name") or ""))
    return doc


def _refuse_second(s: Services, ground: Footing, record_id: str) -> None:
    """A second contact with our number cannot be made, so none is promised."""
    made = s.xero.contacts_numbered(_books(ground), contact_marker(record_id))
    if made:
        raise CannotChoose("contact_made", str(made[0].get("Name") or ""))


def untie(s: Services, ground: Footing, person: str, record_id: str) -> None:
    """The customer has no contact; its next push looks for one, but not for this one. Harmless where it has none."""
    books = _books(ground)
    with s.store.begin() as c:
        customer_links.fence(c, books.organisation_id)
        held = customer_links.standing_of(c, ground.tenant.id, books.organisation_id, [record_id]).get(record_id)
        if held is not None and (held.xero_id or held.matched_by == CREATE):
            place = Place(ground.tenant.id, books.organisation_id, record_id)
            customer_links.choose(c, place, None, UNTIED, person)


def _books(ground: Footing) -> BooksRef:
    if ground.books is None:
        raise Disconnected("xero", "not_connected")
    if ground.crm is None:
        raise Disconnected("zoho", "not_connected")
    return ground.books
