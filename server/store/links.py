"""What ties a CRM record to Xero, and what do we know of it? Queries on links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from server.store.engine import db_now_ms, insert_into, now
from server.store.ids import new_id
from server.store.tables import link

INVOICES, ACCOUNTS = "Invoices", "Accounts"


def of_records(
    c: Connection, tenant_id: str, organisation_id: str, module: str, record_ids: Iterable[str]
) -> dict[str, Row[Any]]:
    """Links by record id; records without one are missing."""
    wanted = (
        link.c.tenant_id == tenant_id,
        link.c.organisation_id == organisation_id,
        link.c.module == module,
    )
    rows = c.execute(select(link).where(*wanted, link.c.record_id.in_(list(record_ids)))).all()
    return {row.record_id: row for row in rows}


def of_record(c: Connection, tenant_id: str, organisation_id: str, module: str, record_id: str) -> Row[Any] | None:
    return of_records(c, tenant_id, organisation_id, module, [record_id]).get(record_id)


def of_xero_id(c: Connection, organisation_id: str, xero_id: str) -> list[Row[Any]]:
    """Those in use: what a tenant has put aside ties nobody."""
    wanted = (link.c.organisation_id == organisation_id, link.c.xero_id == xero_id, link.c.archived_at.is_(None))
    return list(c.execute(select(link).where(*wanted)))


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


def any_put_aside(c: Connection, tenant_id: str) -> bool:
    """Whether the tenant came from another organisation."""
    asked = select(link.c.id).where(link.c.tenant_id == tenant_id, link.c.archived_at.is_not(None)).limit(1)
    return c.execute(asked).first() is not None


def put(c: Connection, tenant_id: str, organisation_id: str, module: str, record_id: str, xero_id: str) -> Row[Any]:
    """The link of this record, tied to this Xero id; made where there was none. A former id is kept as former."""
    found = of_record(c, tenant_id, organisation_id, module, record_id)
    if found is None:
        _make(c, tenant_id, organisation_id, module, record_id, xero_id)
        found = of_record(c, tenant_id, organisation_id, module, record_id)
        assert found is not None
    if found.xero_id != xero_id:
        former = [*found.former_ids, *([found.xero_id] if found.xero_id else [])]
        c.execute(
            update(link)
            .where(link.c.id == found.id)
            .values(
                xero_id=xero_id,
                former_ids=former,
                xero_updated_at=None,
                fetched_at=None,
                version=link.c.version + 1,
            )
        )
    return get(c, found.id)


def untied(c: Connection, tenant_id: str, organisation_id: str, module: str, record_id: str) -> Row[Any]:
    """The link of a record that is tied to nothing, though its fields in CRM may say so; made where there was none."""
    _make(c, tenant_id, organisation_id, module, record_id, None)
    found = of_record(c, tenant_id, organisation_id, module, record_id)
    assert found is not None
    return found


def _make(
    c: Connection, tenant_id: str, organisation_id: str, module: str, record_id: str, xero_id: str | None
) -> None:
    """A new link, unless somebody made it in this moment: a click and a bulk run may settle one customer at once."""
    values = {
        "tenant_id": tenant_id,
        "organisation_id": organisation_id,
        "module": module,
        "record_id": record_id,
        "xero_id": xero_id,
    }
    empty: dict[str, Any] = {"former_ids": [], "line_ids": {}, "payments": [], "crm_stamps": []}
    new = {"id": new_id(), "created_at": now(c), **values, **empty}
    c.execute(insert_into(c, link).values(new).on_conflict_do_nothing())


def get(c: Connection, link_id: str) -> Row[Any]:
    return c.execute(select(link).where(link.c.id == link_id)).one()


def change(c: Connection, link_id: str, values: Mapping[str, Any], *, dirty: bool) -> None:
    """Change a link; `dirty` raises its version, so that the crm turn writes CRM."""
    more = {"version": link.c.version + 1, "crm_due_at": None} if dirty else {}
    c.execute(update(link).where(link.c.id == link_id).values(**values, **more))


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


def clean(c: Connection, link_id: str, version: int, values: Mapping[str, Any]) -> None:
    """CRM was written as of `version`; a newer state that came meanwhile keeps the link dirty."""
    c.execute(update(link).where(link.c.id == link_id).values(crm_version=version, crm_due_at=None, **values))


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
