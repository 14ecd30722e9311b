"""What does the settings page show? What is saved, what can be chosen from, what is likely, and what is still to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.clients.errors import CallFailed
from server.clients.xero import BooksRef
from server.clients.zoho import CrmRef
from server.domain.suggest import suggestions
from server.domain.values import Books
from server.store import connections, organisations
from server.sync.books import books_of
from server.sync.change_organisation import MOVED
from server.sync.checklist import checklist
from server.sync.choices import Standing, reachable, standing, usable_accounts, usable_tax_rates
from server.sync.crm_offer import INVOICES, crm_offer
from server.sync.services import Services
from server.sync.set_up import missing
from server.sync.try_it import has_tried

Doc = dict[str, Any]
# What is as usual until somebody chooses otherwise.
PARTS = (
    "start_date",
    "account",
    "number",
    "amounts",
    "accounts",
    "rounding_limit",
    "due",
    "rate",
    "products",
    "tracking",
    "theme",
    "reference_field",
    "customers",
    "rights",
)
BOOKS_NEEDS = {"tracking", "themes", "currencies"}
OF_THE_BOOKS = ("account", "taxes")
NOT_SHOWN = ("administrators", "tax_sets", "looked_at")


@dataclass(frozen=True)
class Page:
    """`body` as the API answers it; `version` for If-Match."""

    version: int
    body: Doc


def settings_page(s: Services, tenant_id: str, *, administrator: bool, fresh: bool = False) -> Page:
    """Never raises for a service that is away: what can't be asked is left out.

    Who may not change the settings gets what is saved and what it is called, not all there is to choose from.
    """
    with s.store.read() as c:
        at = standing(c, tenant_id)
        taken = connections.taken_ids(c, but_by=tenant_id)
    kept, live_at = at.tenant.settings, at.tenant.live_at
    offer, books = _offer(s, at, fresh=fresh), _books(s, at, fresh=fresh)
    names = {each["id"]: each["name"] for each in (offer or {}).get("administrators", ())}
    body = {
        "version": at.tenant.settings_version,
        "changed_by": at.tenant.settings_by,
        "changed_by_name": names.get(at.tenant.settings_by),
        "changed_at": at.tenant.settings_at.isoformat() if at.tenant.settings_at else None,
        "may_change": administrator,
        "administrators": list(names.values()),
        "missing": missing(at.tenant, at.zoho, at.xero),
        "live": {"since": live_at.isoformat() if live_at else None, "by": names.get(at.tenant.live_by)},
        "checklist": checklist(
            at, tried=has_tried(s, tenant_id, at.organisation.id if at.organisation is not None else None)
        ),
        "organisation": at.organisation.xero_id if at.organisation is not None else None,
        "organisation_name": at.organisation.name if at.organisation is not None else None,
        "taxes": kept.get("taxes", []),
        "statuses": kept.get("statuses", {}),
        **{part: kept.get(part) for part in PARTS},
        "choices": _choices(s, at, books, taken, administrator=administrator),
        "crm": _shown(offer, at, administrator=administrator),
        "suggested": _suggested(kept, offer, books, asked_for=fresh or MOVED not in kept) if administrator else {},
    }
    return Page(at.tenant.settings_version, body)


def _suggested(kept: Mapping[str, Any], offer: Doc | None, books: Books | None, *, asked_for: bool) -> Doc:
    """Whoever came from other books is shown every mapping with nothing selected, until they ask for suggestions: the
    same code may mean something else here."""
    found = suggestions(kept, offer, books)
    return {part: value for part, value in found.items() if asked_for or part not in OF_THE_BOOKS}


def crm_of(at: Standing) -> CrmRef | None:
    return CrmRef(at.tenant.id, at.zoho.grant_id, at.zoho.api_domain, click=True) if at.zoho is not None else None


def _offer(s: Services, at: Standing, *, fresh: bool) -> Doc | None:
    crm = crm_of(at)
    try:
        return _but_ours(crm_offer(s, crm, fresh=fresh), at) if crm is not None else None
    except CallFailed:
        return None


def _but_ours(offer: Doc, at: Standing) -> Doc:
    """Without the fields of an invoice that show what Xero said: they are display, never a source."""
    ours, fields = set(at.tenant.crm_fields.values()), offer["fields"]
    return {
        **offer,
        "fields": {**fields, INVOICES: [each for each in fields[INVOICES] if each["api_name"] not in ours]},
    }


def _books(s: Services, at: Standing, *, fresh: bool) -> Books | None:
    if at.organisation is None or at.xero is None:
        return None
    ref = BooksRef(at.organisation.id, at.organisation.xero_id, at.xero.grant_id, click=True)
    try:
        return books_of(s, ref, tenant_id=at.tenant.id, needs=BOOKS_NEEDS, max_age_s=0 if fresh else None)
    except CallFailed:
        return None


def _shown(offer: Mapping[str, Any] | None, at: Standing, *, administrator: bool) -> Doc | None:
    """Examples are values of records, which CRM may hide from whoever is no administrator (design 6)."""
    if offer is None:
        return None
    shown = {name: value for name, value in offer.items() if name not in NOT_SHOWN}
    if not administrator:
        shown["fields"] = {
            module: [{name: value for name, value in field.items() if name != "examples"} for field in fields]
            for module, fields in offer["fields"].items()
        }
    return {**shown, "fields_trouble": at.zoho.trouble if at.zoho is not None else None}


def _choices(s: Services, at: Standing, books: Books | None, taken: set[str], *, administrator: bool) -> Doc:
    try:
        reached = reachable(s, at) if administrator else []
    except CallFailed:
        reached = []
    kept = at.tenant.settings
    accounts, rates = (usable_accounts(books), usable_tax_rates(books)) if books else ([], [])
    if not administrator:
        used, codes = {rule["tax_type"] for rule in kept.get("taxes") or ()}, _codes(kept)
        accounts, rates = [a for a in accounts if a.code in codes], [r for r in rates if r.tax_type in used]
    tracking = books.tracking if books else {}
    read_at = _read_at(s, at)
    return {
        "organisations": [{"id": each.xero_id, "name": each.name, "taken": each.xero_id in taken} for each in reached],
        "accounts": [{"code": a.code, "name": a.name, "type": a.type, "class": a.kind} for a in accounts],
        "tax_rates": [{"tax_type": r.tax_type, "name": r.name, "rate": f"{r.rate.normalize():f}"} for r in rates],
        "tracking": [{"category": name, "options": list(options)} for name, options in tracking.items()],
        "themes": list(books.themes) if books else [],
        "currencies": sorted({books.base_currency, *books.currencies}) if books else [],
        "read_at": read_at.isoformat() if read_at else None,
    }


def _read_at(s: Services, at: Standing) -> datetime | None:
    """When the books were read that are shown: perhaps just now."""
    if at.organisation is None:
        return None
    with s.store.read() as c:
        row = organisations.by_id(c, at.organisation.id)
    return row.books_at if row is not None else None


def _codes(kept: Mapping[str, Any]) -> set[str]:
    own = kept.get("accounts") or {}
    found = [kept.get("account"), own.get("discount"), own.get("adjustment"), *(own.get("by_category") or {}).values()]
    return {code for code in found if code}
