"""What ties a CRM record to Xero, and what do we know of it? Queries on links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, func, or_, select, update

from server.store.engine import db_now_ms, insert_into, now
from server.store.ids import new_id
from server.store.tables import connection, link

INVOICES, ACCOUNTS = "Invoices", "Accounts"
_AHEAD: Mapping[str, Any] = {"version": link.c.version + 1, "crm_due_at": None}


def of_records(
    c: Connection, tenant_id: str, organisation_id: str, module: str, record_ids: Iterable[str]
) -> dict[str, Row[Any]]:
    """Links by record id; records without one are missing."""
    place = {"tenant": tenant_id, "organisation": organisation_id, "module": module}
    ids = list(record_ids)
    several = [ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS)]
    return {row.record_id: row for part in several for row in c.execute(_OF_RECORDS, {**place, "records": part})}


# Made once, because it is asked all the time. A database takes so many values in one question.
MOST_IDS = 5_000
_OF_RECORDS = select(link).where(
    link.c.tenant_id == bindparam("tenant"),
    link.c.organisation_id == bindparam("organisation"),
    link.c.module == bindparam("module"),
    link.c.record_id.in_(bindparam("records", expanding=True)),
)


def of_record(c: Connection, tenant_id: str, organisation_id: str, module: str, record_id: str) -> Row[Any] | None:
    return of_records(c, tenant_id, organisation_id, module, [record_id]).get(record_id)


def of_xero_id(c: Connection, organisation_id: str, xero_id: str) -> list[Row[Any]]:
    """Those in use: what a tenant has put aside, or left behind when it disconnected, ties nobody."""
    wanted = (link.c.organisation_id == organisation_id, link.c.xero_id == xero_id, link.c.archived_at.is_(None))
    return list(c.execute(select(link).where(*wanted, of_its_holder())))


def of_its_holder() -> ColumnElement[bool]:
    """Whether the link's tenant works with the link's organisation: it may be another's by now (promise 7)."""
    tied = (connection.c.tenant_id == link.c.tenant_id, connection.c.organisation_id == link.c.organisation_id)
    return exists(select(connection.c.id).where(*tied))


def any_of(c: Connection, tenant_id: str, organisation_id: str) -> bool:
    return (
        c.execute(
            select(link.c.id)
            .where(
                link.c.tenant_id == tenant_id, link.c.organisation_id == organisation_id, link.c.xero_id.is_not(None)
            )
            .limit(1)
        ).first()
        is not None
    )


def put(c: Connection, tenant_id: str, organisation_id: str, module: str, record_id: str, xero_id: str) -> Row[Any]:
    """The link of this record, tied to this Xero id; made where there was none. A former id is kept as former."""
    return put_all(c, tenant_id, organisation_id, module, {record_id: xero_id})[record_id]


def put_all(
    c: Connection, tenant_id: str, organisation_id: str, module: str, xero_ids: Mapping[str, str]
) -> dict[str, Row[Any]]:
    """As `put`, for many records of a module: their links by record id."""
    place = (tenant_id, organisation_id, module)
    found = of_records(c, *place, xero_ids)
    missing = {record_id: xero_id for record_id, xero_id in xero_ids.items() if record_id not in found}
    if missing:
        _make(c, *place, missing)
        found = of_records(c, *place, xero_ids)
    moved = [link for link in found.values() if link.xero_id != xero_ids[link.record_id]]
    if not moved:
        return found
    news = {"xero_updated_at": None, "fetched_at": None}
    for held in moved:
        former = [*held.former_ids, *([held.xero_id] if held.xero_id else [])]
        told = {"xero_id": xero_ids[held.record_id], "former_ids": former, **news}
        change(c, held.id, {**told, "version": link.c.version + 1}, dirty=False)
    return of_records(c, *place, xero_ids)


def untied(c: Connection, tenant_id: str, organisation_id: str, module: str, record_id: str) -> Row[Any]:
    """The link of a record that is tied to nothing, though its fields in CRM may say so; made where there was none."""
    _make(c, tenant_id, organisation_id, module, {record_id: None})
    found = of_record(c, tenant_id, organisation_id, module, record_id)
    assert found is not None
    return found


def _make(c: Connection, tenant_id: str, organisation_id: str, module: str, xero_ids: Mapping[str, str | None]) -> None:
    """New links, unless somebody made one in this moment: a click and a bulk run may settle one customer at once."""
    place = {"tenant_id": tenant_id, "organisation_id": organisation_id, "module": module}
    empty: dict[str, Any] = {"former_ids": [], "line_ids": {}, "payments": [], "crm_stamps": []}
    common = {"created_at": now(c), **place, **empty}
    # In one order, so that two that make the same links wait for each other and never both for the other.
    new = [{"id": new_id(), "record_id": record, "xero_id": xero_ids[record], **common} for record in sorted(xero_ids)]
    c.execute(insert_into(c, link).on_conflict_do_nothing(), new)


def get(c: Connection, link_id: str) -> Row[Any]:
    return c.execute(select(link).where(link.c.id == link_id)).one()


def by_ids(c: Connection, link_ids: Iterable[str]) -> list[Row[Any]]:
    return list(c.execute(select(link).where(link.c.id.in_(list(link_ids)))))


def change(c: Connection, link_id: str, values: Mapping[str, Any], *, dirty: bool) -> None:
    """Change a link; `dirty` raises its version, so that the crm turn writes CRM."""
    more = _AHEAD if dirty else {}
    c.execute(update(link).where(link.c.id == link_id).values(**values, **more))


def change_all(c: Connection, changes: Mapping[str, Mapping[str, Any]], *, dirty: bool) -> None:
    """Change many links, each by its id and to its own plain values; `dirty` as in `change`."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for link_id in sorted(changes):
        values = changes[link_id]
        alike.setdefault(tuple(sorted(values)), []).append({"which": link_id, **values})
    one = update(link).where(link.c.id == bindparam("which")).values(**_AHEAD if dirty else {})
    for several in alike.values():
        c.execute(one, several)


def dirty(c: Connection, tenant_id: str, limit: int) -> list[Row[Any]]:
    """Links whose CRM fields are out of date and may be written now."""
    due = or_(link.c.crm_due_at.is_(None), link.c.crm_due_at <= db_now_ms())
    wanted = (*_dirty(tenant_id), due)
    return list(c.execute(select(link).where(*wanted).order_by(link.c.fetched_at).limit(limit)))


def _dirty(tenant_id: str) -> tuple[ColumnElement[bool], ...]:
    """What is gone from CRM is written when it is back. A customer's link has nothing to write."""
    ahead = (link.c.version > link.c.crm_version, link.c.gone_from_crm.is_(False), link.c.module != ACCOUNTS)
    return (link.c.tenant_id == tenant_id, *ahead)


def next_dirty(c: Connection, tenant_id: str) -> datetime | None:
    """When the next dirty link may be written; None where all is clean."""
    rows = c.execute(select(link.c.crm_due_at).where(*_dirty(tenant_id))).all()
    present = now(c)
    return min((row.crm_due_at or present for row in rows), default=None)


def write_all(c: Connection, tenant_id: str) -> None:
    """CRM is to be written for every invoice of the tenant's: something else of it is shown from now on."""
    tied = (link.c.tenant_id == tenant_id, link.c.module == INVOICES, link.c.xero_id.is_not(None))
    c.execute(update(link).where(*tied, link.c.archived_at.is_(None)).values(**_AHEAD))


def clean(c: Connection, link_id: str, version: int, values: Mapping[str, Any]) -> None:
    """CRM was written as of `version`; a newer state that came meanwhile keeps the link dirty."""
    clean_all(c, {link_id: {"crm_version": version, **values}})


def clean_all(c: Connection, written: Mapping[str, Mapping[str, Any]]) -> None:
    """As `clean`, for many links; each brings its `crm_version` among its values."""
    change_all(c, {link_id: {**values, "crm_due_at": None} for link_id, values in written.items()}, dirty=False)


def to_clear(c: Connection, tenant_id: str) -> int:
    """How many CRM invoices may still show an organisation that the tenant has left."""
    wanted = (*_dirty(tenant_id), link.c.archived_at.is_not(None))
    return int(c.execute(select(func.count()).select_from(link).where(*wanted)).scalar_one())


def count(c: Connection, tenant_id: str) -> int:
    return int(c.execute(select(func.count()).select_from(link).where(link.c.tenant_id == tenant_id)).scalar_one())


def unpark(c: Connection, tenant_id: str) -> None:
    """After a reconnect CRM may be written again."""
    wanted = (link.c.tenant_id == tenant_id, link.c.version > link.c.crm_version)
    c.execute(update(link).where(*wanted).values(crm_due_at=None))
