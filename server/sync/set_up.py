"""What did the tenant's administrators decide, as values, and what have they still to decide?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from server.domain.values import (
    AccountRule,
    AmountsRule,
    CustomerRule,
    DueRule,
    NumberRule,
    RateRule,
    Settings,
    TaxRule,
    ThemeRule,
    TrackingRule,
)

Kept = Mapping[str, Any]
USUAL = Settings()


def load_settings(tenant: Row[Any]) -> Settings:
    """The kept JSON of a tenant row as values; what was never set is as usual."""
    kept: Kept = tenant.settings or {}
    limit = kept.get("rounding_limit")
    return Settings(
        account=kept.get("account"),
        taxes=tuple(map(_tax, kept.get("taxes", ()))),
        statuses={value: status for value, status in kept.get("statuses", {}).items() if status},
        number=_number(kept.get("number")),
        home_currency=tenant.currency,
        amounts=AmountsRule(**(kept.get("amounts") or {})),
        accounts=AccountRule(**(kept.get("accounts") or {})),
        rounding_limit=USUAL.rounding_limit if limit is None else Decimal(limit),
        due=_due(kept.get("due") or {}),
        rate=_rate(kept.get("rate") or {}),
        products=kept.get("products") or USUAL.products,
        tracking=tuple(map(_tracking, kept.get("tracking") or ())),
        theme=ThemeRule(**kept["theme"]) if kept.get("theme") else None,
        reference_field=kept.get("reference_field"),
        rights=kept.get("rights") or {},
        start_date=date.fromisoformat(kept["start_date"]) if kept.get("start_date") else None,
        customers=_customers(kept.get("customers") or {}),
    )


def _tax(rule: Kept) -> TaxRule:
    names = rule.get("taxes")
    return TaxRule(Decimal(rule["rate"]), rule["tax_type"], None if names is None else frozenset(names))


def _number(rule: Kept | None) -> NumberRule | None:
    return NumberRule(rule["from"], rule.get("field"), rule.get("write_to")) if rule else None


def _due(rule: Kept) -> DueRule:
    return DueRule(rule.get("from", USUAL.due.source), rule.get("days") or 0)


def _customers(rule: Kept) -> CustomerRule:
    return CustomerRule(**{"source" if name == "from" else name: value for name, value in rule.items()})


def _rate(rule: Kept) -> RateRule:
    return RateRule(rule.get("from", USUAL.rate.source), rule.get("field") or USUAL.rate.field, rule.get("home_total"))


def _tracking(rule: Kept) -> TrackingRule:
    return TrackingRule(rule["category"], rule["from"], rule.get("field"), rule.get("option"))


def with_organisation(kept: Kept, xero_id: str, today: date) -> dict[str, Any]:
    """The settings with this organisation; the start is the day on which it was first chosen, until somebody says
    otherwise, so that the first run does not send what was billed by other ways."""
    first = kept.get("organisation") != xero_id or kept.get("start_date") is None
    return {**kept, "organisation": xero_id, **({"start_date": today.isoformat()} if first else {})}


def missing(tenant: Row[Any], zoho: Row[Any] | None, xero: Row[Any] | None) -> list[str]:
    """What keeps a push back until an administrator sets it, in the order of setting it up.

    A broken connection is not among it: that work waits for the reconnect.
    """
    kept: Kept = tenant.settings or {}
    there = {
        "zoho": zoho is not None,
        "xero": xero is not None,
        "organisation": xero is not None and xero.organisation_id is not None,
        **{part: bool(kept.get(part)) for part in ("account", "taxes", "statuses", "number")},
    }
    return [part for part, is_there in there.items() if not is_there]
