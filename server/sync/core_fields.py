"""Are our five fields there in this CRM org, and what does it call them? Made at connect, found by their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from server.clients.errors import CallFailed, Disconnected, Refused, TryLater
from server.clients.zoho import CrmRef
from server.domain.crm_fields import CORE_FIELDS, CrmField, field_body
from server.store import connections, tenants
from server.sync.services import Services

MODULE = "Invoices"
NO_INVOICES = "no_invoices_module"  # of a connection to a CRM that has, or shows, no invoices
# Zoho's codes (Z5.9) and what the settings page says of them.
_TROUBLES = {
    "LIMIT_EXCEEDED": "fields_full",
    "DUPLICATE_DATA": "fields_taken",
    "NOT_SUPPORTED": "fields_not_supported",
    "NO_PERMISSION": "fields_not_permitted",
}

Rows = Iterable[Mapping[str, Any]]


def ensure_fields(s: Services, tenant_id: str) -> str | None:
    """Find or make the core fields and keep their API names.

    Returns what is in the way of some of them, which also becomes the connection's trouble: the connection stands,
    and what has its field is written.
    """
    with s.store.read() as c:
        tie = connections.of_tenant(c, tenant_id, "zoho")
    if tie is None:
        return None
    crm = CrmRef(tenant_id, tie.grant_id, tie.api_domain, click=True)
    try:
        names, trouble = _find_or_make(s, crm)
    except CallFailed as failed:
        names, trouble = {}, _trouble_of(failed)
    with s.store.begin() as c:
        if names:
            tenants.set_crm_fields(c, tenant_id, names)
        connections.set_trouble(c, tenant_id, "zoho", trouble)
    return trouble


def _find_or_make(s: Services, crm: CrmRef) -> tuple[dict[str, str], str | None]:
    """API name by our name. The answer to a create has none, so they are read back (Z5.9)."""
    names = _named(s.zoho.fields(crm, MODULE))
    wanted = [field for field in CORE_FIELDS if field.name not in names]
    if not wanted:
        return names, None
    made = s.zoho.create_fields(crm, MODULE, [field_body(field) for field in wanted])
    names = _named(s.zoho.fields(crm, MODULE))
    refused = [str(result.get("code")) for result in made if result.get("status") == "error"]
    if all(field.name in names for field in CORE_FIELDS):
        return names, None
    return names, next((_TROUBLES[code] for code in refused if code in _TROUBLES), "fields_missing")


def _named(fields: Rows) -> dict[str, str]:
    """A field of that label which is not like ours is somebody else's: it is never written to."""
    by_label = {str(field.get("field_label")): field for field in fields}
    return {
        wanted.name: str(by_label[wanted.label]["api_name"])
        for wanted in CORE_FIELDS
        if wanted.label in by_label and _is_ours(wanted, by_label[wanted.label])
    }


def _is_ours(wanted: CrmField, field: Mapping[str, Any]) -> bool:
    values = field.get("pick_list_values") or ()
    choices = {str(each.get("actual_value")) for each in values}
    return field.get("data_type") == wanted.data_type and choices.issuperset(wanted.choices)


def _trouble_of(failed: CallFailed) -> str:
    if isinstance(failed, TryLater):
        return "fields_not_checked"
    if isinstance(failed, Refused) and failed.code == "INVALID_MODULE":
        return NO_INVOICES
    return "scope_missing" if isinstance(failed, Disconnected) else "fields_not_permitted"
