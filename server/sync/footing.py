"""What does a tenant stand on: which CRM org, which organisation, which settings? Read anew for every claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from server.clients.xero import BooksRef
from server.clients.zoho import CrmRef
from server.domain.crm_limits import in_flight
from server.domain.values import Settings
from server.store.engine import db_now_ms, from_ms
from server.store.tables import connection, grant, organisation, tenant
from server.sync.services import Services
from server.sync.set_up import load_settings, missing

# Made once: they are asked by every panel every few seconds.
_TENANT = select(tenant, db_now_ms().label("read_ms")).where(tenant.c.id == bindparam("id"))
_ORGANISATION = select(organisation).where(organisation.c.id == bindparam("id"))
_TIES = (
    select(connection, grant.c.api_domain, grant.c.scopes)
    .join(grant, grant.c.id == connection.c.grant_id)
    .where(connection.c.tenant_id == bindparam("id"))
)


@dataclass(frozen=True)
class Footing:
    """A tenant with its two connections. `crm` and `books` are None where nothing was ever connected."""

    at: datetime  # when it was read: a connection may have been made anew since
    tenant: Row[Any]
    settings: Settings
    missing: tuple[str, ...]  # what a person must still set before anything is sent
    crm: CrmRef | None
    crm_down: str | None  # why the CRM connection is broken, if it is
    organisation: Row[Any] | None
    books: BooksRef | None
    books_down: str | None
    books_scopes: frozenset[str] = frozenset()  # what the Xero consent allows
    ties: Mapping[str, Row[Any]] = field(default_factory=dict)  # the connections by service, with their health

    @property
    def ready(self) -> bool:
        return not self.missing and self.crm is not None and self.books is not None


def footing(s: Services, tenant_id: str, *, click: bool) -> Footing:
    """Raises LookupError for an unknown tenant."""
    with s.store.read() as c:
        row = c.execute(_TENANT, {"id": tenant_id}).first()
        if row is None:
            raise LookupError(tenant_id)
        ties = {tie.service: tie for tie in c.execute(_TIES, {"id": tenant_id})}
        home = ties["xero"].organisation_id if "xero" in ties else None
        books_row = c.execute(_ORGANISATION, {"id": home}).first() if home else None
    crm, xero = ties.get("zoho"), ties.get("xero")
    return Footing(
        at=from_ms(row.read_ms),
        tenant=row,
        settings=load_settings(row),
        missing=tuple(missing(row, crm, xero)),
        crm=CrmRef(tenant_id, crm.grant_id, crm.api_domain, click, in_flight(row.edition)) if crm else None,
        crm_down=_down(crm),
        organisation=books_row,
        books=BooksRef(books_row.id, books_row.xero_id, xero.grant_id, click) if xero and books_row else None,
        books_down=_down(xero),
        books_scopes=frozenset(xero.scopes.split()) if xero else frozenset(),
        ties=ties,
    )


def _down(tie: Any) -> str | None:
    return (tie.trouble or "disconnected") if tie is not None and tie.state == "disconnected" else None
