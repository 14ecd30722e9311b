"""What did the tenant's administrators decide, as values, and what have they still to decide?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from server.domain.values import NumberRule, Settings, TaxRule


def load_settings(tenant: Row[Any]) -> Settings:
    """The kept JSON of a tenant row as values; what was never set is empty."""
    kept: Mapping[str, Any] = tenant.settings or {}
    number = kept.get("number")
    return Settings(
        account=kept.get("account"),
        taxes=tuple(TaxRule(Decimal(each["rate"]), each["tax_type"]) for each in kept.get("taxes", ())),
        statuses={value: status for value, status in kept.get("statuses", {}).items() if status},
        number=NumberRule(number["from"], number.get("field")) if number else None,
        home_currency=tenant.currency,
    )


def missing(tenant: Row[Any], zoho: Row[Any] | None, xero: Row[Any] | None) -> list[str]:
    """What keeps a push back until an administrator sets it, in the order of setting it up.

    A broken connection is not among it: that work waits for the reconnect.
    """
    kept: Mapping[str, Any] = tenant.settings or {}
    there = {
        "zoho": zoho is not None,
        "xero": xero is not None,
        "organisation": xero is not None and xero.organisation_id is not None,
        **{part: bool(kept.get(part)) for part in ("account", "taxes", "statuses", "number")},
    }
    return [part for part, is_there in there.items() if not is_there]
