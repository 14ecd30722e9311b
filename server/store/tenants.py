"""Which CRM orgs are ours, and what did their administrators set? Settings are kept as JSON, with a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update

from server.store.engine import db_now_ms, insert_into
from server.store.ids import new_id
from server.store.tables import tenant


def by_id(c: Connection, tenant_id: str) -> Row[Any]:
    """Raises NoResultFound for an unknown id: ids come from our own rows only."""
    return c.execute(select(tenant).where(tenant.c.id == tenant_id)).one()


class OrgKey(NamedTuple):
    """What makes a CRM org one org: Zoho's data centres and test orgs count their zgid apart."""

    data_centre: str
    environment: str
    zgid: str


def by_key(c: Connection, key: OrgKey) -> Row[Any] | None:
    """The tenant of a CRM org, or None when no administrator of it ever signed in."""
    which = (
        tenant.c.data_centre == key.data_centre,
        tenant.c.environment == key.environment,
        tenant.c.zgid == key.zgid,
    )
    return c.execute(select(tenant).where(*which)).first()


def create(
    c: Connection, key: OrgKey, name: str, domain_name: str | None, currency: str | None, edition: str | None = None
) -> Row[Any]:
    """The tenant of a CRM org, made when it is not there; two at once make one."""
    values: dict[str, object] = {
        "id": new_id(),
        "name": name,
        "domain_name": domain_name,
        "currency": currency,
        "edition": edition,
        "settings": {},
        "crm_fields": {},
    }
    c.execute(
        insert_into(c, tenant)
        .values(**key._asdict(), **values, created_at=db_now_ms())
        .on_conflict_do_nothing(index_elements=["data_centre", "environment", "zgid"])
    )
    row = by_key(c, key)
    assert row is not None
    return row


def rename(
    c: Connection, tenant_id: str, name: str, domain_name: str | None, currency: str | None, edition: str | None
) -> None:
    """What CRM says of the org today."""
    told = {"name": name, "domain_name": domain_name, "currency": currency, "edition": edition}
    c.execute(update(tenant).where(tenant.c.id == tenant_id).values(**told))


def save_settings(c: Connection, tenant_id: str, settings: Mapping[str, Any], seen_version: int, user_id: str) -> bool:
    """Keep settings if nobody saved since `seen_version` was read; False otherwise, and nothing is kept."""
    saved = c.execute(
        update(tenant)
        .where(tenant.c.id == tenant_id, tenant.c.settings_version == seen_version)
        .values(
            settings=dict(settings),
            settings_version=tenant.c.settings_version + 1,
            settings_by=user_id,
            settings_at=db_now_ms(),
        )
    )
    return bool(saved.rowcount)


def set_live(c: Connection, tenant_id: str, seen_version: int, user_id: str, *, live: bool) -> bool:
    """Since when, and by whose word; False when the settings were saved since, and nothing is kept. Going live again
    keeps the first day."""
    since = func.coalesce(tenant.c.live_at, db_now_ms()) if live else None
    by = func.coalesce(tenant.c.live_by, user_id) if live else None
    done = c.execute(
        update(tenant)
        .where(tenant.c.id == tenant_id, tenant.c.settings_version == seen_version)
        .values(live_at=since, live_by=by, settings_version=tenant.c.settings_version + 1)
    )
    return bool(done.rowcount)


def set_crm_fields(c: Connection, tenant_id: str, crm_fields: Mapping[str, str]) -> None:
    """The API names of our fields in this org: core name -> API name (Z5.9: made by CRM from the label)."""
    c.execute(update(tenant).where(tenant.c.id == tenant_id).values(crm_fields=dict(crm_fields)))
