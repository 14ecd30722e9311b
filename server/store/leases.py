"""Who works on a record, and until when? Leases with fencing tokens; an old holder can write nothing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, and_, delete, or_, select

from server.store.engine import db_now_ms, insert_into
from server.store.tables import record_lease

Record = tuple[str, str]  # module, record id


def take(c: Connection, tenant_id: str, records: Iterable[Record], token: str, lease_ms: int) -> set[Record]:
    """Lease every record that is free; returns those taken. Others are somebody else's for now."""
    return {record for record in records if _take_one(c, tenant_id, record, token, lease_ms)}


def _take_one(c: Connection, tenant_id: str, record: Record, token: str, lease_ms: int) -> bool:
    until = db_now_ms() + lease_ms
    taken = c.execute(
        insert_into(c, record_lease)
        .values(tenant_id=tenant_id, module=record[0], record_id=record[1], token=token, until=until)
        .on_conflict_do_update(
            index_elements=["tenant_id", "module", "record_id"],
            set_={"token": token, "until": until},
            where=or_(record_lease.c.until <= db_now_ms(), record_lease.c.token == token),
        )
        # Not by rowcount: PostgreSQL's driver does not tell it of an INSERT.
        .returning(record_lease.c.token)
    )
    return taken.first() is not None


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
