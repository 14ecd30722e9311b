"""Which contact is each customer that has no link yet? Looked up in the index, judged by what Xero shows now.

Whoever is pushed is tied at once, so that nobody else takes the same contact meanwhile; a preview ties nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from server.clients.errors import Refused
from server.clients.zoho import IDS_MAX
from server.domain.customer import LONGEST_CHAIN, Customer, NewContact, Standing, UseContact, blocked, choose
from server.domain.customer_facts import Known, fields_to_read, read_customer
from server.domain.customer_twins import apart
from server.store import customer_links
from server.store.customer_links import CREATE, Place
from server.store.engine import now
from server.sync.contact_index import MAX_AGE, candidates_of, refresh
from server.sync.footing import Footing
from server.sync.go import Go
from server.sync.services import Services

Doc = Mapping[str, Any]


def look_for(
    s: Services, ground: Footing, go: Go, names: Mapping[str, str], pushed: Collection[str]
) -> dict[str, Customer]:
    """The customers of these records (CRM's name by id), as far as the index could be read in time; `pushed` are those
    that something is to be sent to. Raises the clients' ladder."""
    assert ground.books is not None
    with s.store.read() as c:
        begun = now(c)
    knowns = {each.record_id: each for each in told_of(s, ground, names)}
    if not refresh(s, ground.books, go.may_read_more, begun - MAX_AGE * s.times.scale):
        return {}
    found = judged(s, ground, list(knowns.values()))
    new = [each for each, customer in found.items() if isinstance(customer, NewContact) and each in pushed]
    if new:  # nobody there, by an index that is some minutes old: before somebody is made, by one of now
        again = refresh(s, ground.books, go.may_read_more, begun)
        fresh = judged(s, ground, [knowns[each] for each in new]) if again else {}
        found = {each: customer for each, customer in found.items() if each not in new} | fresh
    return _tied(s, ground, knowns, apart(knowns, found), pushed)


def told_of(s: Services, ground: Footing, names: Mapping[str, str]) -> list[Known]:
    """What CRM tells of its customers; of one that it does not show the name alone."""
    assert ground.crm is not None
    rule = ground.settings.customers
    records: dict[str, Doc] = {}
    ids = list(names)
    for start in range(0, len(ids), IDS_MAX):
        try:
            rows = s.zoho.listed(ground.crm, rule.module, ids[start : start + IDS_MAX], fields_to_read(rule))
        except Refused:
            rows = []
        records |= {str(row.get("id")): row for row in rows}
    return [read_customer(each, name, records.get(each, {}), rule) for each, name in names.items()]


def judged(s: Services, ground: Footing, knowns: Sequence[Known]) -> dict[str, Customer]:
    """Each by itself, upon the documents of its candidates as Xero shows them now."""
    assert ground.books is not None
    home, rule = ground.books.organisation_id, ground.settings.customers
    ids = candidates_of(s, ground.books, knowns, by_email=rule.by_email)
    docs = documents(s, ground, {each for some in ids.values() for each in some})
    with s.store.read() as c:
        ties = customer_links.standing_of(c, ground.tenant.id, home, list(ids))
        holders = customer_links.holders(c, home, docs)
    found = {}
    for known in knowns:
        tie, others = ties.get(known.record_id), {each for each, by in holders.items() if set(by) - {known.record_id}}
        standing = Standing(
            taken=frozenset(others),
            untied=frozenset(customer_links.untied_from(tie)) if tie is not None else frozenset(),
            create=tie is not None and tie.matched_by == CREATE,
            by_email=rule.by_email,
        )
        found[known.record_id] = choose(known, None, _reached(docs, ids[known.record_id]), standing)
    return found


def documents(s: Services, ground: Footing, ids: Iterable[str]) -> dict[str, Doc]:
    """Contacts by id, with those that they were merged into."""
    assert ground.books is not None
    docs: dict[str, Doc] = {}
    wanted = set(ids)
    for _ in range(LONGEST_CHAIN):
        if not wanted:
            break
        docs |= {str(doc.get("ContactID")): doc for doc in s.xero.contacts_by_id(ground.books, sorted(wanted))}
        wanted = {str(doc["MergedToContactID"]) for doc in docs.values() if doc.get("MergedToContactID")} - set(docs)
    return docs


def _reached(docs: Mapping[str, Doc], ids: Iterable[str]) -> list[Doc]:
    """The documents of these ids, and of what they were merged into."""
    found: dict[str, Doc] = {}
    wanted = list(ids)
    while wanted:
        each = wanted.pop()
        if each in docs and each not in found:
            found[each] = docs[each]
            wanted.append(str(docs[each].get("MergedToContactID")))
    return list(found.values())


def _tied(
    s: Services, ground: Footing, knowns: Mapping[str, Known], found: Mapping[str, Customer], pushed: Collection[str]
) -> dict[str, Customer]:
    """One transaction. Of two that come to one contact at the same moment the second is told so."""
    assert ground.books is not None
    kept = dict(found)
    with s.store.begin() as c:
        for record_id in sorted(set(found) & set(pushed)):
            customer = found[record_id]
            place = Place(ground.tenant.id, ground.books.organisation_id, record_id)
            if isinstance(customer, UseContact) and not customer_links.tie_if_free(
                c, place, customer.contact_id, customer.matched_by
            ):
                kept[record_id] = blocked(knowns[record_id], "linked")
    return kept
