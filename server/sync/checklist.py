"""How far is the setting-up? Its gates in order, each done, the one to do now, or broken since."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from server.sync.choices import Standing
from server.sync.core_fields import NO_INVOICES

DONE, NOW, LATER, ATTENTION = "done", "now", "later", "attention"


def checklist(at: Standing, *, tried: bool) -> list[dict[str, Any]]:
    """[{gate, state, told}]: exactly one is "now" until the tenant is live; told: codes of what broke."""
    kept, live = at.tenant.settings, at.tenant.live_at is not None
    done = {
        "crm": at.zoho is not None and at.zoho.trouble != NO_INVOICES,
        "xero": at.xero is not None,
        "organisation": at.organisation is not None,
        "start": bool(kept.get("start_date") and kept.get("number")),
        "accounts": bool(kept.get("account")),
        "taxes": bool(kept.get("taxes")),
        "statuses": bool(kept.get("statuses")),
        "may": kept.get("rights") is not None or live,
        "preview": tried or live,
        "live": live,
    }
    told = {"crm": _trouble(at.zoho), "xero": _trouble(at.xero)}
    first = next((gate for gate, is_done in done.items() if not is_done), None)
    return [
        {
            "gate": gate,
            "state": _state(is_first=gate == first, is_done=is_done, is_broken=bool(told.get(gate))),
            "told": told.get(gate, []),
        }
        for gate, is_done in done.items()
    ]


def _state(*, is_first: bool, is_done: bool, is_broken: bool) -> str:
    if is_done:
        return ATTENTION if is_broken else DONE
    return NOW if is_first else LATER


def _trouble(tie: Row[Any] | None) -> list[str]:
    """What is wrong with a connection that was made; also what is only partly wrong, as missing fields."""
    if tie is None:
        return []
    return [each for each in (tie.broken_why, tie.trouble) if each][:1]
