"""Which tenant is tied to which Zoho org and organisation, through which grant, and is the tie in health?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from server.store.engine import db_now_ms, insert_into
from server.store.ids import new_id
from server.store.tables import connection, grant, organisation, tenant

# A last good call is noted at most this often: it is for people, and every note is a write.
NOTED_EVERY_MS = 15_000


def of_tenant(c: Connection, tenant_id: str, service: str) -> Row[Any] | None:
    """The connection row with the grant's `api_domain`, `broken_why`, `broken_at` and `scopes`, or None."""
    joined = select(connection, grant.c.api_domain, grant.c.broken_why, grant.c.broken_at, grant.c.scopes)
    which = (connection.c.tenant_id == tenant_id, connection.c.service == service)
    return c.execute(joined.join(grant, grant.c.id == connection.c.grant_id).where(*which)).first()


def connect(c: Connection, tenant_id: str, service: str, grant_id: str, user_id: str) -> str:
    """Tie a tenant to a grant, or mend the tie. Organisation and remote id stay as they are. Returns its id."""
    fresh = {"grant_id": grant_id, "state": "ok", "trouble": None, "since": db_now_ms(), "connected_by": user_id}
    c.execute(
        insert_into(c, connection)
        .values(id=new_id(), tenant_id=tenant_id, service=service, last_good_at=db_now_ms(), **fresh)
        .on_conflict_do_update(index_elements=["tenant_id", "service"], set_={**fresh, "last_good_at": db_now_ms()})
    )
    which = (connection.c.tenant_id == tenant_id, connection.c.service == service)
    return str(c.execute(select(connection.c.id).where(*which)).scalar_one())


def set_organisation(c: Connection, connection_id: str, organisation_id: str, remote_id: str | None) -> None:
    """The organisation of a Xero connection. One that another tenant has breaks a unique constraint."""
    values = {"organisation_id": organisation_id, "remote_id": remote_id}
    c.execute(update(connection).where(connection.c.id == connection_id).values(values))


def held_organisation(c: Connection, tenant_id: str) -> str | None:
    """The organisation that a tenant works with; it cannot be changed before the commit."""
    which = (connection.c.tenant_id == tenant_id, connection.c.service == "xero")
    return c.execute(select(connection.c.organisation_id).where(*which).with_for_update()).scalar()


def holder_of(c: Connection, organisation_id: str) -> Row[Any] | None:
    """The tenant that an organisation belongs to, or None."""
    joined = select(tenant).join(connection, connection.c.tenant_id == tenant.c.id)
    return c.execute(joined.where(connection.c.organisation_id == organisation_id)).first()


def taken_ids(c: Connection, but_by: str) -> set[str]:
    """Xero ids of the organisations that belong to other tenants than `but_by`."""
    joined = select(organisation.c.xero_id).join(connection, connection.c.organisation_id == organisation.c.id)
    return set(c.execute(joined.where(connection.c.tenant_id != but_by)).scalars())


def mark_disconnected(c: Connection, tenant_id: str, service: str, why: str, asked_at: datetime) -> bool:
    """Nothing works until a person reconnects. `since` is when it broke, not when it was seen again.

    False, and nothing is marked, where a person has connected anew since `asked_at`: the old consent was refused.
    """
    mine = (connection.c.tenant_id == tenant_id, connection.c.service == service, connection.c.state == "ok")
    c.execute(
        update(connection)
        .where(*mine, connection.c.since <= asked_at)
        .values(state="disconnected", trouble=why, since=db_now_ms())
    )
    return c.execute(select(connection.c.id).where(*mine)).first() is None


def mark_good(c: Connection, tenant_id: str, service: str) -> None:
    """A call just worked; noted at most every few seconds."""
    stale = func.coalesce(connection.c.last_good_at, 0) < db_now_ms() - NOTED_EVERY_MS
    which = (connection.c.tenant_id == tenant_id, connection.c.service == service)
    c.execute(update(connection).where(*which, stale).values(last_good_at=db_now_ms()))


def mend_grant(c: Connection, grant_id: str, reached: Collection[str]) -> list[str]:
    """A person consented again: connections through this grant to organisations that it reaches work again.

    `reached` are ids at Xero. Returns the tenants whose connections were mended.
    """
    values = {"state": "ok", "trouble": None, "since": db_now_ms(), "last_good_at": db_now_ms()}
    alive = select(organisation.c.id).where(organisation.c.xero_id.in_(reached))
    works = or_(connection.c.organisation_id.is_(None), connection.c.organisation_id.in_(alive))
    broken = (connection.c.grant_id == grant_id, connection.c.state != "ok", works)
    mended = c.execute(update(connection).where(*broken).values(values).returning(connection.c.tenant_id))
    return list(mended.scalars())


def mend(c: Connection, tenant_id: str, service: str) -> bool:
    """A call worked though the connection was thought to be broken; whether it was."""
    which = (connection.c.tenant_id == tenant_id, connection.c.service == service, connection.c.state != "ok")
    values = {"state": "ok", "trouble": None, "since": db_now_ms(), "last_good_at": db_now_ms()}
    return bool(c.execute(update(connection).where(*which).values(**values)).rowcount)


def set_trouble(c: Connection, tenant_id: str, service: str, trouble: str | None) -> None:
    """Something an administrator should see though the connection works."""
    which = (connection.c.tenant_id == tenant_id, connection.c.service == service, connection.c.state == "ok")
    c.execute(update(connection).where(*which).values(trouble=trouble))


def remove(c: Connection, connection_id: str) -> None:
    c.execute(delete(connection).where(connection.c.id == connection_id))


def users_of_grant(c: Connection, grant_id: str) -> int:
    """How many connections go through a grant; it is revoked only when nobody uses it."""
    counted = select(func.count()).select_from(connection).where(connection.c.grant_id == grant_id)
    return int(c.execute(counted).scalar_one())
