"""Which customer of CRM is tied to which contact, by whom, and what was it before? Links of accounts; ids only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from server.store import links
from server.store.engine import now
from server.store.links import ACCOUNTS
from server.store.tables import link, organisation

CREATE = "create"  # a person said that this customer gets a new contact; until it is there
UNTIED = "untied"
MOST_HISTORY = 50


@dataclass(frozen=True)
class Place:
    """Whose customer it is: a record of a tenant's CRM, beside an organisation."""

    tenant_id: str
    organisation_id: str
    record_id: str


def holders(c: Connection, organisation_id: str, contact_ids: Iterable[str]) -> dict[str, list[str]]:
    """The CRM records that are tied to these contacts; not those of a tenant that went to another organisation, or
    that has disconnected from this one."""
    wanted = (link.c.organisation_id == organisation_id, link.c.module == ACCOUNTS, link.c.archived_at.is_(None))
    tied = (*wanted, link.c.xero_id.in_(list(contact_ids)), links.of_its_holder())
    rows = c.execute(select(link.c.xero_id, link.c.record_id).where(*tied))
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.xero_id, []).append(row.record_id)
    return found


def tie_if_free(c: Connection, place: Place, contact_id: str, matched_by: str) -> bool:
    """Tie a customer to the contact that was found for it. False where meanwhile somebody else has the contact, or a
    person decided otherwise; of two that come at once the second waits here for the first."""
    fence(c, place.organisation_id)
    held = links.of_record(c, place.tenant_id, place.organisation_id, ACCOUNTS, place.record_id)
    if held is not None and held.xero_id:
        return bool(held.xero_id == contact_id)
    others = set(holders(c, place.organisation_id, [contact_id]).get(contact_id, ())) - {place.record_id}
    if others or (held is not None and contact_id in untied_from(held)):
        return False
    made = links.put(c, place.tenant_id, place.organisation_id, ACCOUNTS, place.record_id, contact_id)
    found = {"matched_by": matched_by, "trouble": None, "chosen_by": None, "chosen_at": None}
    links.change(c, made.id, found, dirty=False)
    return True


def choose(c: Connection, place: Place, contact_id: str | None, matched_by: str, person: str) -> Row[Any]:
    """A person ties a customer to a contact, to a new one (None), or to none; what it was before is kept."""
    before = links.of_record(c, place.tenant_id, place.organisation_id, ACCOUNTS, place.record_id)
    if contact_id is not None:
        made = links.put(c, place.tenant_id, place.organisation_id, ACCOUNTS, place.record_id, contact_id)
    else:
        made = links.untied(c, place.tenant_id, place.organisation_id, ACCOUNTS, place.record_id)
    at = now(c)
    change = {
        "at": at.isoformat(),
        "by": person,
        "from": before.xero_id if before is not None else None,
        "from_matched_by": before.matched_by if before is not None else None,
        "to": contact_id,
        "matched_by": matched_by,
    }
    kept = {
        "xero_id": contact_id,
        "matched_by": matched_by,
        "chosen_by": person,
        "chosen_at": at,
        "trouble": None,
        "history": [*(made.history or []), change][-MOST_HISTORY:],
    }
    links.change(c, made.id, kept, dirty=False)
    return links.get(c, made.id)


def untied_from(held: Row[Any]) -> set[str]:
    """The contacts from which a person untied this customer: no rule ties it to them again."""
    return {str(each["from"]) for each in held.history or () if each.get("from") and each.get("to") != each["from"]}


def fence(c: Connection, organisation_id: str) -> None:
    """One at a time beyond this line, until the commit."""
    c.execute(select(organisation.c.id).where(organisation.c.id == organisation_id).with_for_update())


def page(
    c: Connection, tenant_id: str, organisation_id: str, after: str | None, size: int
) -> tuple[list[Row[Any]], int]:
    """Customer links by record id, beginning behind `after`, and how many there are."""
    mine = (
        link.c.tenant_id == tenant_id,
        link.c.organisation_id == organisation_id,
        link.c.module == ACCOUNTS,
        link.c.archived_at.is_(None),
    )
    wanted = (*mine, link.c.record_id > after) if after else mine
    rows = list(c.execute(select(link).where(*wanted).order_by(link.c.record_id).limit(size)))
    total = int(c.execute(select(func.count()).select_from(link).where(*mine)).scalar_one())
    return rows, total


def standing_of(
    c: Connection, tenant_id: str, organisation_id: str, record_ids: Collection[str]
) -> Mapping[str, Row[Any]]:
    """The links of these customers, also those that are tied to nothing now."""
    return links.of_records(c, tenant_id, organisation_id, ACCOUNTS, record_ids)
