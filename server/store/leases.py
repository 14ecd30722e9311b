"""Who works on a record, and until when? Leases with fencing tokens; an old holder can write nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection, and_, delete, or_, select

from server.store.engine import db_now_ms, insert_into, now
from server.store.tables import record_lease

Record = tuple[str, str]  # module, record id


def take(c: Connection, tenant_id: str, records: Iterable[Record], token: str, lease_ms: int) -> set[Record]:
    """Lease every record that is free; returns those taken. Others are somebody else's for now."""
    if not (several := sorted(set(records))):
        return set()
    mine = {"tenant_id": tenant_id, "token": token, "until": now(c) + timedelta(milliseconds=lease_ms)}
    # In one order: two that want the same records wait for each other, and never both for the other.
    wanted = [{"module": module, "record_id": record_id, **mine} for module, record_id in several]
    lease = insert_into(c, record_lease)
    new = lease.excluded
    taken = c.execute(
        lease.on_conflict_do_update(
            index_elements=["tenant_id", "module", "record_id"],
            set_={"token": new.token, "until": new.until},
            where=or_(record_lease.c.until <= db_now_ms(), record_lease.c.token == new.token),
        )
        # Not by rowcount: PostgreSQL's driver does not tell it of an INSERT.
        .returning(record_lease.c.module, record_lease.c.record_id),
        wanted,
    )
    return {(row.module, row.record_id) for row in taken}


def still_held(c: Connection, tenant_id: str, token: str) -> set[Record]:
    """The records this token still holds. Rows are locked, so nobody takes one over before the commit."""
    held = and_(
        record_lease.c.tenant_id == tenant_id,
        record_lease.c.token == token,
        record_lease.c.until > db_now_ms(),
    )
    return {(row.module, row.record_id) for row in c.execute(select(record_lease).where(held).with_for_update())}


def drop(c: Connection, tenant_id: str, token: str) -> None:
    """Give all records of this token back."""
    c.execute(delete(record_lease).where(record_lease.c.tenant_id == tenant_id, record_lease.c.token == token))
