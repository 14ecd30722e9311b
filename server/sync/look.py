"""Did it arrive? A look into Xero for what a dispatch may have written (4a.9), and for clashes of number or name.

Every function that reads may raise the clients' ladder: then nothing is changed and the look is taken again later.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from server.clients.errors import CallFailed
from server.clients.xero import BooksRef
from server.domain.differences import RANKS
from server.domain.reasons import Code, reason
from server.domain.values import Books
from server.domain.xero_invoice import XeroInvoice, read_xero_invoice
from server.store import dispatches, links
from server.store.turns import CRM, wake
from server.sync import contact_index, settle
from server.sync.answers import path_of
from server.sync.books import ANY_AGE, books_for
from server.sync.contact_index import LookedUp
from server.sync.footing import Footing
from server.sync.queues import enqueue
from server.sync.remembered import is_as_wanted
from server.sync.services import Services

BACK = timedelta(minutes=10)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Doc = Mapping[str, Any]


def look(s: Services, ground: Footing, dispatch_id: str) -> None:
    """Step 9: resolve every open row by what is in Xero; afterwards the dispatch is closed."""
    with s.store.read() as c:
        found = dispatches.get(c, dispatch_id)
        rows = dispatches.rows(c, dispatch_id)
        seen = len(dispatches.attempts(c, dispatch_id))
    if found.kind == "contacts":
        look_for_contacts(s, ground, found, rows, seen)
    elif found.kind == "changes":
        look_at_changes(s, ground, dispatch_id, rows, seen)
    else:
        # It was stored before it was first sent, also where a restored database does not know of the sending (4a.17).
        mine = mine_since(s, _books(ground), found.created_at - BACK)
        look_for_invoices(s, ground, dispatch_id, rows, mine, seen)


def at_refused(s: Services, ground: Footing, dispatch_id: str) -> None:
    """Step 10: a number or name was taken. Looked up at once; where that fails, step 9 does it later."""
    try:
        with s.store.read() as c:
            found = dispatches.get(c, dispatch_id)
            rows = dispatches.rows(c, dispatch_id)
            seen = len(dispatches.attempts(c, dispatch_id))
        if found.kind == "contacts":
            look_for_contacts(s, ground, found, rows, seen)
        elif found.kind == "changes":
            look_at_changes(s, ground, dispatch_id, rows, seen)
        elif all(row.number is not None for row in rows):
            look_for_invoices(s, ground, dispatch_id, rows, [], seen)
    except CallFailed:
        return


def mine_since(s: Services, books: BooksRef, since: datetime | None) -> list[Doc]:
    """All our app's invoices changed since then, of every status; by id, so that rows do not move between pages."""
    docs: list[Doc] = []
    page = 1
    while True:
        rows, more = s.xero.my_invoices(books, since, page)
        docs.extend(rows)
        if not more:
            return docs
        page += 1


def look_for_invoices(
    s: Services, ground: Footing, dispatch_id: str, rows: Sequence[Row[Any]], mine: Iterable[Doc], seen: int
) -> None:
    """`seen`: how many attempts were noted when the look began. One that came later may have arrived after it."""
    numbers = [row.number for row in rows if row.number is not None]
    numbered = s.xero.invoices_numbered(_books(ground), numbers) if numbers else []
    by_marker: dict[str | None, dict[str, Doc]] = defaultdict(dict)
    for doc in [*mine, *numbered]:
        by_marker[path_of(doc.get("Url"))][str(doc["InvoiceID"])] = doc
    # Xero's numbers are unique whatever their case.
    held = {str(doc.get("InvoiceNumber")).casefold(): doc for doc in numbered if doc.get("Type", "ACCREC") == "ACCREC"}
    books = books_for(s, ground, max_age_s=ANY_AGE)
    in_full = _in_full(s, ground, [doc for row in rows for doc in by_marker[path_of(row.marker)].values()])
    with s.store.begin() as c:
        if not dispatches.is_as_seen(c, dispatch_id, seen):
            return
        clashed = has_clashed(dispatches.attempts(c, dispatch_id))
        for row in rows:
            former = former_ids(c, ground, row)
            found = by_marker[path_of(row.marker)]
            ours = [in_full.get(xero_id, doc) for xero_id, doc in found.items() if xero_id not in former]
            taken = row.number is not None and (clashed or row.number.casefold() in held)
            resolve_invoice(s, c, ground, books, row, ours, taken=taken)
        dispatches.close(c, dispatch_id)
        jobs = wake(c, ground.tenant.id, CRM)
    enqueue(s.redis, jobs, s.times.job_limit)


def _in_full(s: Services, ground: Footing, docs: Sequence[Doc]) -> dict[str, Doc]:
    """What was found, with its lines: a summary does not tell whether it is still as we sent it."""
    ids = [str(doc["InvoiceID"]) for doc in docs]
    return {str(doc["InvoiceID"]): doc for doc in s.xero.invoices_by_id(_books(ground), ids)} if ids else {}


@dataclass(frozen=True)
class Seen:
    """One row of a changes dispatch beside Xero's present state; as_seen: nobody has written since it was decided."""

    row: Row[Any]
    doc: Doc | None
    as_seen: bool
    as_wanted: bool


def states_of(s: Services, ground: Footing, rows: Sequence[Row[Any]]) -> list[Seen]:
    """Raises the ladder."""
    docs = s.xero.invoices_by_id(_books(ground), [row.xero_id for row in rows])
    by_id = {str(doc["InvoiceID"]): doc for doc in docs}
    return [_seen(s, row, by_id.get(row.xero_id)) for row in rows]


def _seen(s: Services, row: Row[Any], doc: Doc | None) -> Seen:
    if doc is None:
        return Seen(row, None, as_seen=False, as_wanted=False)
    held = read_xero_invoice(doc)
    return Seen(row, doc, held.updated_at == row.xero_updated_at, is_done(s, row.intent, held))


def is_done(s: Services, intent: Mapping[str, Any], held: XeroInvoice) -> bool:
    """Whether Xero holds what the change was to bring about."""
    if intent["outcome"] == "removed":
        return bool(held.status == intent["status"])
    if intent.get("beyond"):
        return False  # decided again from a fresh read, where both sides are compared in full
    numbered = intent.get("number") in (None, held.number)
    high_enough = RANKS.get(held.status, -1) >= RANKS.get(intent.get("status") or "DRAFT", 0)
    return numbered and high_enough and is_as_wanted(s, intent, held)


def look_at_changes(s: Services, ground: Footing, dispatch_id: str, rows: Sequence[Row[Any]], seen: int) -> None:
    """By id. Written since, and as we wanted: it arrived. Untouched: it did not, and goes again. Else somebody wrote
    meanwhile: decided again from a fresh read, which shows the conflict (4a.9)."""
    states = states_of(s, ground, rows)
    books = books_for(s, ground, max_age_s=ANY_AGE)
    with s.store.begin() as c:
        if not dispatches.is_as_seen(c, dispatch_id, seen):
            return
        clashed = has_clashed(dispatches.attempts(c, dispatch_id))
        for each in states:
            if each.doc is not None and each.as_wanted and not each.as_seen:
                settle.invoice(s, c, ground, books, each.row, each.doc, ours=False)
            elif each.as_seen and clashed:
                _refuse_clash(c, ground, each.row)
            else:
                settle.absent(s, c, each.row)
        dispatches.close(c, dispatch_id)
        jobs = settle.woken(c, ground, rows)
    enqueue(s.redis, jobs, s.times.job_limit)


def _refuse_clash(c: Connection, ground: Footing, row: Row[Any]) -> None:
    """Xero said that something is taken: the number that was sent, else we cannot tell what."""
    if row.number is not None:
        _refuse_number(c, ground, row)
    else:
        settle.refused(c, row, [reason(Code.XERO_REFUSED, sentence="Something of it must be unique.")])


def _refuse_number(c: Connection, ground: Footing, row: Row[Any]) -> None:
    settle.refused(c, row, [reason(Code.NUMBER_TAKEN, number=row.number, number_field=_number_field(ground))])


def resolve_invoice(
    s: Services, c: Connection, ground: Footing, books: Books, row: Row[Any], ours: Sequence[Doc], *, taken: bool
) -> None:
    """Ours: adopt. Ours twice: say so. Another's number: say so. Nothing: it did not arrive, decide again."""
    if len(ours) > 1:
        settle.refused(
            c, row, [reason(Code.TWO_IN_XERO, numbers=", ".join(str(doc.get("InvoiceNumber")) for doc in ours))]
        )
    elif ours:
        settle.invoice(s, c, ground, books, row, ours[0], ours=False)
    elif taken:
        _refuse_number(c, ground, row)
    else:
        settle.absent(s, c, row)


def has_clashed(attempts: Sequence[Row[Any]]) -> bool:
    """Whether Xero's last word was that a number or name is taken: rows still open then must not simply go again."""
    return bool(attempts) and bool(attempts[-1].look_first) and attempts[-1].http_status == 200


def former_ids(c: Connection, ground: Footing, row: Row[Any]) -> set[str]:
    assert ground.organisation is not None
    link = links.of_record(c, row.tenant_id, ground.organisation.id, row.module, row.record_id)
    replaced = row.intent.get("replaces")  # unlinked by a person, though the link still names it
    return {*(link.former_ids if link else ()), *([replaced] if replaced else ())}


def look_for_contacts(s: Services, ground: Footing, found: Row[Any], rows: Sequence[Row[Any]], attempts: int) -> None:
    """By our ContactNumber, archived included; merged contacts are followed. Then by name, where a name clashed."""
    names = names_in(found.body)
    seen = contact_index.looked_up(s, _books(ground), [row.marker for row in rows], names.values())
    with s.store.begin() as c:
        if not dispatches.is_as_seen(c, found.id, attempts):
            return
        clashed = has_clashed(dispatches.attempts(c, found.id))
        for row in rows:
            resolve_contact(s, c, ground, row, seen, name=names.get(row.marker, ""), clashed=clashed)
        dispatches.close(c, found.id)
        jobs = wake(c, ground.tenant.id, CRM)
    enqueue(s.redis, jobs, s.times.job_limit)


def resolve_contact(
    s: Services,
    c: Connection,
    ground: Footing,
    row: Row[Any],
    seen: LookedUp,
    *,
    name: str,
    clashed: bool,
) -> None:
    """Ours: adopt. Its name is held by several, or by one that cannot be used: say so. Else it is decided again, also
    where two have our number: a person chooses then."""
    numbered, named = seen.numbered.get(row.marker, ()), seen.named.get(name, 0)
    if len(numbered) == 1:
        settle.customer(c, ground, row, next(iter(numbered)))
    elif not numbered and named > 1:
        settle.refused(c, row, [reason(Code.CHOOSE_CUSTOMER, name=name, count=named, customer=row.record_id)])
    elif not numbered and clashed and not named:
        settle.refused(c, row, [reason(Code.CUSTOMER_NAME_TAKEN, name=name)])
    else:
        settle.absent(s, c, row)


def names_in(body: bytes) -> dict[str, str]:
    """Contact number -> name, out of the stored bytes; names are kept nowhere else and go with them."""
    return {each["ContactNumber"]: each["Name"] for each in json.loads(body)["Contacts"]}


def _number_field(ground: Footing) -> str:
    """The CRM field that a person changes to give another number."""
    rule = ground.settings.number
    return (rule.field if rule else None) or "Invoice_Number"


def _books(ground: Footing) -> BooksRef:
    assert ground.books is not None
    return ground.books
