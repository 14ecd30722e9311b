"""Did it arrive? A look into Xero for what a dispatch may have written (4a.9), and for clashes of number or name.

Every function that reads may raise the clients' ladder: then nothing is changed and the look is taken again later.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from server.clients.errors import CallFailed
from server.clients.xero import BooksRef
from server.domain.customer import same_name
from server.domain.reasons import Code, reason
from server.domain.values import Books
from server.store import dispatches, links
from server.store.turns import CRM, wake
from server.sync import settle
from server.sync.answers import path_of
from server.sync.books import ANY_AGE, books_for
from server.sync.footing import Footing
from server.sync.queues import enqueue
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
    with s.store.begin() as c:
        if not dispatches.is_as_seen(c, dispatch_id, seen):
            return
        clashed = has_clashed(dispatches.attempts(c, dispatch_id))
        for row in rows:
            former = former_ids(c, ground, row)
            ours = [doc for xero_id, doc in by_marker[path_of(row.marker)].items() if xero_id not in former]
            taken = row.number is not None and (clashed or row.number.casefold() in held)
            resolve_invoice(s, c, ground, books, row, ours, taken=taken)
        dispatches.close(c, dispatch_id)
        jobs = wake(c, ground.tenant.id, CRM)
    enqueue(s.redis, jobs, s.times.job_limit)


def resolve_invoice(
    s: Services, c: Connection, ground: Footing, books: Books, row: Row[Any], ours: Sequence[Doc], *, taken: bool
) -> None:
    """Ours: adopt. Ours twice: say so. Another's number: say so. Nothing: it did not arrive, decide again."""
    if len(ours) > 1:
        settle.refused(
            c, row, [reason(Code.TWO_IN_XERO, numbers=", ".join(str(doc.get("InvoiceNumber")) for doc in ours))]
        )
    elif ours:
        settle.invoice(s, c, ground, books, row, ours[0], "created")
    elif taken:
        settle.refused(c, row, [reason(Code.NUMBER_TAKEN, number=row.number, number_field=_number_field(ground))])
    else:
        settle.absent(s, c, row)


def has_clashed(attempts: Sequence[Row[Any]]) -> bool:
    """Whether Xero's last word was that a number or name is taken: rows still open then must not simply go again."""
    return bool(attempts) and bool(attempts[-1].look_first) and attempts[-1].http_status == 200


def former_ids(c: Connection, ground: Footing, row: Row[Any]) -> set[str]:
    assert ground.organisation is not None
    link = links.of_record(c, row.tenant_id, ground.organisation.id, row.module, row.record_id)
    return set(link.former_ids) if link else set()


def look_for_contacts(s: Services, ground: Footing, found: Row[Any], rows: Sequence[Row[Any]], attempts: int) -> None:
    """By our ContactNumber, archived included; merged contacts are followed. Then by name, where a name clashed."""
    names = names_in(found.body)
    seen = {row.id: (_by_number(s, ground, row.marker), _by_name(s, ground, names.get(row.marker))) for row in rows}
    with s.store.begin() as c:
        if not dispatches.is_as_seen(c, found.id, attempts):
            return
        clashed = has_clashed(dispatches.attempts(c, found.id))
        for row in rows:
            numbered, named = seen[row.id]
            resolve_contact(s, c, ground, row, numbered, named, name=names.get(row.marker, ""), clashed=clashed)
        dispatches.close(c, found.id)
        jobs = wake(c, ground.tenant.id, CRM)
    enqueue(s.redis, jobs, s.times.job_limit)


def resolve_contact(
    s: Services,
    c: Connection,
    ground: Footing,
    row: Row[Any],
    numbered: str | None,
    named: Sequence[Doc],
    *,
    name: str,
    clashed: bool,
) -> None:
    """Ours: adopt. Its name is held by several, or by one that cannot be used: say so. Else it is decided again."""
    if numbered is not None:
        settle.customer(c, ground, row, numbered)
    elif len(named) > 1:
        settle.refused(c, row, [reason(Code.CHOOSE_CUSTOMER, name=name, count=len(named))])
    elif clashed and not any(same_name(str(doc.get("Name") or ""), name) for doc in named):
        settle.refused(c, row, [reason(Code.CUSTOMER_NAME_TAKEN, name=name)])
    else:
        settle.absent(s, c, row)


def _by_number(s: Services, ground: Footing, number: str) -> str | None:
    """The id of the contact with our number; of the one it was merged into, if it was (X7)."""
    docs = s.xero.contacts_numbered(_books(ground), number)
    if not docs:
        return None
    return str(docs[0].get("MergedToContactID") or docs[0]["ContactID"])


def _by_name(s: Services, ground: Footing, name: str | None) -> list[Doc]:
    docs = s.xero.contacts_named(_books(ground), name) if name else []
    return [doc for doc in docs if doc.get("ContactStatus", "ACTIVE") == "ACTIVE"]


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
