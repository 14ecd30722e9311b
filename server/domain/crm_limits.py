"""How many calls may be in flight at one CRM org? Half of what its edition allows: others work with it too (Z5.13)."""

from __future__ import annotations

UNKNOWN = 5  # what the smallest edition allows; one call of it is kept for clicks
_HALF = {"standard": 5, "professional": 7, "enterprise": 10, "zohoone": 10, "ultimate": 12, "crmplus": 12}


def in_flight(edition: str | None) -> int:
    """By the org's `paid_type`, whatever its case and blanks."""
    return _HALF.get("".join((edition or "").lower().split()).replace("_", ""), UNKNOWN)


MOST = max(_HALF.values())
