"""Which Xero organisations do we know, what reference data did we last read, and which must be scanned first?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select, update

from server.store.engine import db_now_ms, from_ms, insert_into
from server.store.ids import new_id
from server.store.tables import link, organisation

FROM_THE_BEGINNING = from_ms(0)


def by_id(c: Connection, organisation_id: str) -> Row[Any] | None:
    return c.execute(select(organisation).where(organisation.c.id == organisation_id)).first()


def by_xero_id(c: Connection, xero_id: str) -> Row[Any] | None:
    return c.execute(select(organisation).where(organisation.c.xero_id == xero_id)).first()


def upsert(c: Connection, xero_id: str, name: str) -> Row[Any]:
    """The organisation with this id at Xero, under its name of today."""
    c.execute(
        insert_into(c, organisation)
        .values(id=new_id(), xero_id=xero_id, name=name, created_at=db_now_ms())
        .on_conflict_do_update(index_elements=["xero_id"], set_={"name": name})
    )
    return c.execute(select(organisation).where(organisation.c.xero_id == xero_id)).one()


def save_books(c: Connection, organisation_id: str, books: Mapping[str, Any]) -> None:
    """Reference data as Xero gave it just now; its `organisation` is Xero's own document (X8.5)."""
    told = books.get("organisation", {})
    c.execute(
        update(organisation)
        .where(organisation.c.id == organisation_id)
        .values(
            books=dict(books),
            books_at=db_now_ms(),
            short_code=told.get("ShortCode"),
            base_currency=told.get("BaseCurrency"),
        )
    )


def save_more(c: Connection, organisation_id: str, books: Mapping[str, Any]) -> None:
    """The same reference data with more of it; it is as old as before."""
    c.execute(update(organisation).where(organisation.c.id == organisation_id).values(books=dict(books)))


def books_age_ms(c: Connection, organisation_id: str) -> int | None:
    """How old the kept reference data is, by the database's clock; None when there is none."""
    asked = select(db_now_ms() - organisation.c.books_at).where(
        organisation.c.id == organisation_id, organisation.c.books.is_not(None)
    )
    age = c.execute(asked).scalar()
    return None if age is None else int(age)


def scan_when_new(c: Connection, tenant_id: str, organisation_id: str) -> None:
    """A tenant without links there, but those from before it left: all of it is scanned for our markers before the
    first create (4a.16)."""
    mine = (link.c.tenant_id == tenant_id, link.c.organisation_id == organisation_id, link.c.archived_at.is_(None))
    linked = exists(select(link.c.id).where(*mine))
    c.execute(
        update(organisation).where(organisation.c.id == organisation_id, ~linked).values(scan_since=FROM_THE_BEGINNING)
    )


def scan_all_since(c: Connection, since: datetime) -> None:
    """After a long stop: every organisation is scanned from then on, or from earlier where that was due (4a.17)."""
    later = or_(organisation.c.scan_since.is_(None), organisation.c.scan_since > since)
    c.execute(update(organisation).where(later).values(scan_since=since))


def scan_due(c: Connection, organisation_id: str) -> bool:
    """Whether nothing may be created there before a scan. It cannot become due before the commit."""
    wanted = select(organisation.c.scan_since).where(organisation.c.id == organisation_id)
    return c.execute(wanted.with_for_update()).scalar() is not None


def scanned(c: Connection, organisation_id: str, since: datetime) -> bool:
    """The scan from `since` is done. False when an older one was asked for meanwhile."""
    same = or_(organisation.c.scan_since.is_(None), organisation.c.scan_since == since)
    done = c.execute(
        update(organisation)
        .where(organisation.c.id == organisation_id, same)
        .values(scan_since=None, scanned_at=db_now_ms())
    )
    return bool(done.rowcount)
