"""What may a user's profile do: call the API, see a field, write it? (Z4.2, Z5.9, Z7.21)"""

from __future__ import annotations

from typing import Any

from simulator.zoho.centre import Centre

Doc = dict[str, Any]
ADMINISTRATOR = "Administrator"
# name: the end of its id, and whether "Zoho CRM API Access" is on for it
PROFILES = {
    ADMINISTRATOR: (31, True),
    "Standard": (34, True),
    "Order Desk": (35, True),
    "Field Crew": (36, False),
}
PERMISSIONS = ("read_write", "read_only", "hidden")


def profile_id(zgid: str, name: str) -> str:
    """A profile's id in an org."""
    return f"{zgid}{PROFILES[name][0]:010d}"


def may_use_api(user: Doc) -> bool:
    """Whether the user's profile has API access."""
    return PROFILES[user["profile"]][1]


def permission(centre: Centre, user: Doc, module: str, field: str) -> str:
    """read_write, read_only or hidden: what the user's profile may do with a field; administrators may all."""
    if user["profile"] == ADMINISTRATOR:
        return PERMISSIONS[0]
    rule = centre.state.peek(_kind(user["zgid"]), f"{user['profile']}:{module}:{field}")
    return str(rule["permission"]) if rule else PERMISSIONS[0]


def allow(centre: Centre, zgid: str, profile: str, module: str, field: str, what: str) -> None:
    """Set what a profile may do with a field."""
    centre.state.put(_kind(zgid), f"{profile}:{module}:{field}", {"permission": what})


def hidden(centre: Centre, user: Doc, module: str, field: str) -> bool:
    """A hidden field is simply missing from whatever the user reads (Z7.21)."""
    return permission(centre, user, module, field) == "hidden"


def read_only(centre: Centre, user: Doc, module: str, field: str) -> bool:
    """Whether the user's profile keeps him from writing the field."""
    return permission(centre, user, module, field) != PERMISSIONS[0]


def _kind(zgid: str) -> str:
    return f"zoho:field_permissions:{zgid}"
