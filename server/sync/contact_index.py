"""Who is there in Xero? The local index of an organisation's contacts, filled page by page and kept young.

The first reading takes all of them; later ones what changed since. A reading that is cut short goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from server.clients.errors import TryLater
from server.clients.xero import BooksRef
from server.domain.customer_facts import Known, index_keys, name_key, searched_keys
from server.domain.fields import instant, text
from server.store import contacts
from server.store.contacts import Reading
from server.store.engine import now
from server.sync.services import Services

MOST_PAGES = 10  # a go: a large organisation must not use up Xero's minute before anything is sent
MAX_AGE = timedelta(minutes=2)
# Xero's clock is not ours, and its list is accurate to the second: what changed shortly before is read twice.
OVERLAP = timedelta(minutes=5)
Doc = Mapping[str, Any]


@dataclass(frozen=True)
class _Place:
    """Where a reading is: which page comes next of what changed since when, and when it began."""

    page: int
    since: datetime | None
    begun: datetime

    def as_kept(self) -> dict[str, Any]:
        since = self.since.isoformat() if self.since else None
        return {"page": self.page, "since": since, "begun": self.begun.isoformat()}


@dataclass(frozen=True)
class LookedUp:
    """By number the contacts that have it, or that these were merged into; by name how many active ones have it."""

    numbered: Mapping[str, Collection[str]]
    named: Mapping[str, int]


def refresh(s: Services, books: BooksRef, go_on: Callable[[], bool], not_before: datetime) -> bool:
    """Read what is missing. Whether all that was in Xero at `not_before` is in the index now: False means that there is
    more to read, by whoever comes next. Raises the clients' ladder; every page that was read is kept."""
    with s.store.read() as c:
        at = contacts.reading(c, books.organisation_id)
    for _ in range(MOST_PAGES):
        if _is_young(at, not_before):
            return True
        at = _read_page(s, books, _place(at))
        if not go_on():
            break
    return _is_young(at, not_before)


def _is_young(at: Reading, not_before: datetime) -> bool:
    return at.next is None and at.begun_at is not None and at.begun_at >= not_before


def _place(at: Reading) -> _Place:
    if at.next is None:
        return _Place(1, at.since, at.present)
    since, begun = instant(at.next["since"]), instant(at.next["begun"])
    return _Place(int(at.next["page"]), since, begun or at.present)


def _read_page(s: Services, books: BooksRef, place: _Place) -> Reading:
    rows, more = s.xero.contacts_page(books, place.since, place.page)
    kept = [_entry(s, books.organisation_id, doc) for doc in rows if text(doc.get("ContactID"))]
    with s.store.begin() as c:
        contacts.keep(c, books.organisation_id, kept)
        if more:
            contacts.go_on_at(c, books.organisation_id, _Place(place.page + 1, place.since, place.begun).as_kept())
        else:
            contacts.all_read(c, books.organisation_id, place.begun - OVERLAP, place.begun)
        return contacts.reading(c, books.organisation_id)


def keep(s: Services, c: Connection, organisation_id: str, doc: Doc) -> None:
    """One that we have just made: whoever looks for its name in the next minutes must know of it."""
    contacts.keep(c, organisation_id, [_entry(s, organisation_id, doc)])


def _entry(s: Services, home: str, doc: Doc) -> dict[str, Any]:
    """A contact as the index keeps it."""
    keys = index_keys(doc)
    return {
        "xero_id": text(doc.get("ContactID")),
        **{name: _hashed(s, home, name, key) if key else None for name, key in keys.items()},
        "status": (text(doc.get("ContactStatus")) or "ACTIVE")[:16],
        "merged_to": text(doc.get("MergedToContactID")),
        "updated_at": instant(doc.get("UpdatedDateUTC")),
    }


def candidates_of(s: Services, books: BooksRef, knowns: Iterable[Known], *, by_email: bool) -> dict[str, set[str]]:
    """By CRM record the ids of the contacts that may be it, those into which they were merged too."""
    wanted = {known.record_id: _hashes(s, books, known, by_email=by_email) for known in knowns}
    columns: dict[str, set[str]] = {}
    for hashes in wanted.values():
        for name, hashed in hashes.items():
            columns.setdefault(name, set()).add(hashed)
    with s.store.read() as c:
        rows = contacts.found(c, books.organisation_id, columns)
    return {
        record_id: {
            each
            for row in rows
            if any(getattr(row, name) == hashed for name, hashed in hashes.items())
            for each in (row.xero_id, row.merged_to)
            if each
        }
        for record_id, hashes in wanted.items()
    }


def looked_up(s: Services, books: BooksRef, numbers: Collection[str], names: Collection[str]) -> LookedUp:
    """Who has these numbers and names now, of hundreds for the price of what changed since the last reading: a look for
    each would use up Xero's minute. Raises the clients' ladder, also where there is more to read than fits into a go;
    what was read is kept for the next."""
    with s.store.read() as c:
        begun = now(c)
    if not refresh(s, books, lambda: True, begun):
        raise TryLater("xero", "limit", 1.0, "more contacts to read")
    number_of = {_hashed(s, books.organisation_id, "number", each): each for each in numbers}
    keys = {each: key for each in names if (key := name_key(each))}
    names_of: dict[str, list[str]] = {}
    for each, key in keys.items():
        names_of.setdefault(_hashed(s, books.organisation_id, "name", key), []).append(each)
    with s.store.read() as c:
        rows = contacts.found(c, books.organisation_id, {"number": number_of, "name": names_of})
    numbered: dict[str, set[str]] = {}
    named: Counter[str] = Counter()
    for row in rows:
        if row.number in number_of:
            numbered.setdefault(number_of[row.number], set()).add(row.merged_to or row.xero_id)
        if row.status == "ACTIVE":
            named.update(names_of.get(row.name, ()))
    return LookedUp(numbered, named)


def _hashes(s: Services, books: BooksRef, known: Known, *, by_email: bool) -> dict[str, str]:
    keys = searched_keys(known, by_email=by_email)
    return {name: _hashed(s, books.organisation_id, name, key) for name, key in keys.items()}


def _hashed(s: Services, home: str, name: str, key: str) -> str:
    """Nobody can tell by it that two organisations have the same customer."""
    return s.keyed_hash(f"contact {home} {name} {key}")
