"""Which contacts does an organisation have, and how much of them has been read? Hashes only; no names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from server.store.engine import insert_into, now
from server.store.ids import new_id
from server.store.tables import contact, organisation

KEYS = ("number", "account_number", "name", "email", "tax_number", "country")
_A_STATEMENT = 100  # rows: SQLite takes a limited number of values


@dataclass(frozen=True)
class Reading:
    """How far the reading of an organisation's contacts is. `next`: where an interrupted one goes on."""

    since: datetime | None
    next: Mapping[str, Any] | None
    begun_at: datetime | None  # when the last whole one began: what changed later may be missing
    present: datetime


def reading(c: Connection, organisation_id: str) -> Reading:
    """Raises LookupError for an unknown organisation."""
    row = c.execute(select(organisation).where(organisation.c.id == organisation_id)).first()
    if row is None:
        raise LookupError(organisation_id)
    return Reading(row.contacts_since, row.contacts_next, row.contacts_read_at, now(c))


def keep(c: Connection, organisation_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Contacts as Xero showed them just now, each by its `xero_id`."""
    for start in range(0, len(rows), _A_STATEMENT):
        some = [
            {"id": new_id(), "organisation_id": organisation_id, **row} for row in rows[start : start + _A_STATEMENT]
        ]
        statement = insert_into(c, contact).values(some)
        fresh = {name: statement.excluded[name] for name in (*KEYS, "status", "merged_to", "updated_at")}
        c.execute(statement.on_conflict_do_update(index_elements=["organisation_id", "xero_id"], set_=fresh))


def go_on_at(c: Connection, organisation_id: str, place: Mapping[str, Any]) -> None:
    c.execute(update(organisation).where(organisation.c.id == organisation_id).values(contacts_next=dict(place)))


def all_read(c: Connection, organisation_id: str, since: datetime, begun_at: datetime) -> None:
    """A whole reading is kept. Of an older one that ends late, beside a younger, only that it has ended."""
    mine = organisation.c.id == organisation_id
    c.execute(update(organisation).where(mine).values(contacts_next=None))
    older = or_(organisation.c.contacts_read_at.is_(None), organisation.c.contacts_read_at <= begun_at)
    c.execute(update(organisation).where(mine, older).values(contacts_since=since, contacts_read_at=begun_at))


def found(c: Connection, organisation_id: str, keys: Mapping[str, Iterable[str]]) -> list[Row[Any]]:
    """The contacts that have one of these hashes, by the name of the column."""
    wanted = [contact.c[name].in_(list(hashes)) for name, hashes in keys.items() if hashes]
    if not wanted:
        return []
    return list(c.execute(select(contact).where(contact.c.organisation_id == organisation_id, or_(*wanted))))
