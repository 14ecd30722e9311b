"""What ties an invoice in Xero to its CRM record? A computed address, which outlives our database (4a)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row


def marker_path(tenant: Row[Any], record_id: str) -> str:
    """The path that is compared; it names data centre, environment, org and record."""
    return f"/go/{tenant.data_centre}/{tenant.environment}/{tenant.zgid}/{record_id}"


def marker(public_base: str, tenant: Row[Any], record_id: str) -> str:
    """The `Url` of every invoice that we create; it sends a person on to the CRM record."""
    return public_base.rstrip("/") + marker_path(tenant, record_id)


def record_of(tenant: Row[Any], path: str | None) -> str | None:
    """The record id in a marker of this tenant; None for any other address."""
    start = marker_path(tenant, "")
    if path is None or start not in path:
        return None
    record_id = path.rsplit(start, 1)[1]
    return record_id if record_id.isascii() and record_id.isdigit() else None


def contact_marker(account_id: str) -> str:
    """The ContactNumber of every contact that we create."""
    return f"Z{account_id}"
