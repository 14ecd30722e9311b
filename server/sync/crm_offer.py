"""What does this CRM org offer to choose from? Its statuses, fields, profiles, and the taxes that its invoices bear."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from redis.exceptions import RedisError

from server.clients.errors import Disconnected, Refused
from server.clients.zoho import FIELDS_MAX, CrmRef
from server.domain.crm_fields import CORE_FIELDS
from server.domain.crm_invoice import NO_RATE, CrmInvoice, read_invoice
from server.domain.fields import mapping, rows, text
from server.sync.services import Services

MODULES = ("Invoices", "Products", "Invoiced_Items", "Accounts", "Contacts")
INVOICES, PRODUCTS = "Invoices", "Products"
LOOKED_AT = 8  # invoices read in full: their lines alone tell which taxes are in use (Z5.5)
EXAMPLES = 3
KEPT_FOR_S = 600
SHOWN_TYPES = {"text", "autonumber", "integer", "bigint", "formula", "picklist"}
Doc = dict[str, Any]
Fields = Mapping[str, list[Doc]]


def crm_offer(s: Services, crm: CrmRef, *, fresh: bool = False) -> Doc:
    """As the API shows it, some minutes old at most. Raises the ladder of clients/errors.py.

    {organisation, edition, environment, statuses, taxes, tax_sets, categories, profiles, administrators, fields,
    layouts, read_at}; taxes bear how many of the newest invoices have them.
    """
    kept = None if fresh else _kept(s, crm)
    if kept is None:
        kept = _read(s, crm)
        _keep(s, crm, kept)
    return kept


def _read(s: Services, crm: CrmRef) -> Doc:
    org = s.zoho.org(crm)
    fields = {module: _fields(s, crm, module) for module in MODULES}
    users = s.zoho.users(crm, "ActiveUsers")
    newest = s.zoho.newest(crm, INVOICES, _example_fields(fields[INVOICES]), EXAMPLES) if fields[INVOICES] else []
    return {
        "organisation": text(org.get("company_name")),
        "edition": _edition(org),
        "environment": text(org.get("type")) or "production",
        "statuses": [{"value": each} for each in _choices(fields[INVOICES], "Status")],
        **_taxes_in_use(s, crm, has_invoices=bool(fields[INVOICES])),
        "categories": _choices(fields[PRODUCTS], "Product_Category"),
        "profiles": _profiles(users),
        "administrators": [
            {"id": str(each.get("id")), "name": str(each.get("full_name") or each.get("email"))}
            for each in s.zoho.admin_users(crm)
        ],
        "layouts": _layouts(s, crm, fields[INVOICES]),
        "fields": {module: [_field(each, newest) for each in several] for module, several in fields.items()},
        "read_at": datetime.now(UTC).isoformat(),
    }


def _fields(s: Services, crm: CrmRef, module: str) -> list[Doc]:
    """None where the org has no such module, or keeps it from the connection."""
    try:
        return s.zoho.fields(crm, module)
    except Refused:
        return []


def _layouts(s: Services, crm: CrmRef, fields: Iterable[Mapping[str, Any]]) -> list[Doc]:
    """Those of invoices, and whether each shows all of our fields that this CRM has: new ones come to the standard one
    only (Z5.9). None where the connection may not read them."""
    labels = {field.label for field in CORE_FIELDS} & {text(each.get("field_label")) for each in fields}
    try:
        found = s.zoho.layouts(crm, INVOICES)
    except Refused:
        return []
    except Disconnected as broken:
        if broken.why != "scope_missing":  # a consent from before this was asked: the right's lack is told by itself
            raise
        return []
    shown = [each for each in found if each.get("status", "active") == "active" and each.get("visible", True)]
    return [{"name": _name_of(each), "has_our_fields": labels <= _labels_on(each)} for each in shown]


def _name_of(layout: Mapping[str, Any]) -> str:
    return text(layout.get("display_label")) or text(layout.get("name")) or str(layout.get("id"))


def _labels_on(layout: Mapping[str, Any]) -> set[str | None]:
    return {
        text(field.get("field_label"))
        for section in rows(layout.get("sections"))
        for field in rows(section.get("fields"))
    }


def _example_fields(fields: Iterable[Mapping[str, Any]]) -> list[str]:
    """Those whose values help to tell them apart, the likeliest first."""
    named = [str(each["api_name"]) for each in fields if each.get("data_type") in SHOWN_TYPES]
    likely = sorted(named, key=lambda name: "number" not in name.lower())
    return likely[:FIELDS_MAX] or ["id"]


def _field(field: Mapping[str, Any], newest: Iterable[Mapping[str, Any]]) -> Doc:
    name = str(field.get("api_name"))
    found = [str(row[name]) for row in newest if isinstance(row.get(name), str | int) and row[name] != ""]
    return {
        "api_name": name,
        "label": text(field.get("field_label")) or name,
        "data_type": text(field.get("data_type")),
        "examples": list(dict.fromkeys(found))[:EXAMPLES],
    }


def _choices(fields: Iterable[Mapping[str, Any]], name: str) -> list[str]:
    """A picklist's values in CRM's order, without its "none"."""
    found = next((each for each in fields if each.get("api_name") == name), {})
    values = [text(each.get("actual_value")) for each in rows(found.get("pick_list_values"))]
    return [each for each in values if each and each != "-None-"]


def _edition(org: Mapping[str, Any]) -> str | None:
    paid = text(mapping(org.get("license_details")).get("paid_type"))
    return paid.capitalize() if paid else None


def _profiles(users: Iterable[Mapping[str, Any]]) -> list[Doc]:
    """The profiles that people have; those that nobody has need no rights."""
    found = {text(each.get("id")): text(each.get("name")) for user in users if (each := mapping(user.get("profile")))}
    named = [{"id": profile, "name": name or profile} for profile, name in found.items() if profile]
    return sorted(named, key=lambda each: str(each["name"]))


def _taxes_in_use(s: Services, crm: CrmRef, *, has_invoices: bool) -> Doc:
    """The taxes, and the sets of them, on the newest invoices; none in a CRM that shows no such module."""
    ids = [str(row["id"]) for row in s.zoho.newest(crm, INVOICES, ["id"], LOOKED_AT)] if has_invoices else []
    invoices = [read_invoice(record) for each in ids if (record := s.zoho.invoice(crm, each))]
    on_invoices = [_taxes_of(each) for each in invoices]
    taxes = Counter(tax for several in on_invoices for one in several for tax in one)
    sets = Counter(one for several in on_invoices for one in several)
    return {
        "taxes": [{"name": name, "rate": rate, "invoices": count} for (name, rate), count in taxes.most_common()],
        "tax_sets": [
            {"taxes": [name for name, _ in sorted(one)], "rates": [rate for _, rate in sorted(one)], "invoices": count}
            for one, count in sets.most_common()
        ],
        "looked_at": len(invoices),
    }


def _taxes_of(crm: CrmInvoice) -> set[frozenset[tuple[str, str]]]:
    """Each set of taxes that stands on one of its rows or on the whole of it; the empty one for rows without."""
    several = [row.taxes for row in crm.rows] + ([crm.taxes] if crm.taxes else [])
    return {
        frozenset((tax.name, f"{tax.rate.normalize():f}") for tax in taxes if tax.rate != NO_RATE) for taxes in several
    }


def _key(crm: CrmRef) -> str:
    return f"ib:crm-offer:{crm.tenant_id}"


def _kept(s: Services, crm: CrmRef) -> Doc | None:
    try:
        found = s.redis.get(_key(crm))
    except RedisError:
        return None
    return json.loads(found, parse_float=Decimal) if found else None


def _keep(s: Services, crm: CrmRef, offer: Mapping[str, Any]) -> None:
    try:
        s.redis.set(_key(crm), json.dumps(offer), ex=KEPT_FOR_S)
    except RedisError:
        return


def forget_offer(s: Services, tenant_id: str) -> None:
    """After a connect or a change in CRM: the next look reads it anew."""
    try:
        s.redis.delete(f"ib:crm-offer:{tenant_id}")
    except RedisError:
        return
