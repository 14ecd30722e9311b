"""Which fields does a module of one org have, and how is one added? (Z5.9)"""

from __future__ import annotations

import re
from typing import Any

from simulator.zoho.answers import RefusedError, invalid_data, mandatory
from simulator.zoho.centre import Centre
from simulator.zoho.people import new_id
from simulator.zoho.profiles import PERMISSIONS, PROFILES, allow, profile_id
from simulator.zoho.schema import MODULES, field, json_type, standard_fields

Doc = dict[str, Any]
PER_CALL = 5
UNIQUE_PER_MODULE = 2
_LENGTHS = {
    "text": (1, 255),
    "website": (1, 450),
    "integer": (1, 9),
    "bigint": (1, 18),
    "currency": (1, 16),
    "percent": (1, 5),
}
_TYPES = (
    *("text", "textarea", "email", "phone", "integer", "bigint", "double", "currency", "percent"),
    *("boolean", "date", "datetime", "website", "picklist", "multiselectpicklist"),
)
_RESERVED = ("id", "owner", "tag", "layout", "created by", "modified by")


def fields_of(centre: Centre, org: Doc, module: str) -> dict[str, Doc]:
    """All fields of a module by API name; Currency ones only with multi-currency on (Z6)."""
    standard = {
        name: one
        for name, one in standard_fields(module).items()
        if org["multi_currency"] or name not in ("Currency", "Exchange_Rate")
    }
    return standard | {one["api_name"]: one for one in custom_fields(centre, org, module)}


def custom_fields(centre: Centre, org: Doc, module: str) -> list[Doc]:
    """The fields that were added, oldest first."""
    return centre.state.view(_kind(org, module))


def create_field(centre: Centre, org: Doc, module: str, wish: Doc, path: str) -> str:
    """Add one field and return its id; the API name is made from the label."""
    label = _label(wish, path)
    data_type = _data_type(wish, path)
    rules = _rules(org, wish, path)
    with centre.state.lock:
        _room(centre, org, module, wish)
        known = fields_of(centre, org, module)
        if any(one["label"].casefold() == label.casefold() for one in known.values()):
            details = {"api_name": "field_label", "json_path": f"{path}.field_label"}
            raise RefusedError(400, "DUPLICATE_DATA", "duplicate data", details)
        made = field(
            _free_name(centre.switches["field_namespace"] + api_name_of(label), known),
            label,
            data_type,
            _length(wish, data_type, path),
            custom=True,
            values=[str(v.get("display_value")) for v in wish.get("pick_list_values") or []],
            unique=bool(wish.get("unique")),
            id=new_id(centre, org["zgid"]),
            tooltip=wish.get("tooltip"),
        )
        centre.state.put(_kind(org, module), made["api_name"], made)
        for profile, what in rules:
            allow(centre, org["zgid"], profile, module, made["api_name"], what)
    return str(made["id"])


def api_name_of(label: str) -> str:
    """`Xero Invoice ID` becomes Xero_Invoice_ID."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", label).strip("_")
    return words or "Field"


def field_view(org: Doc, module: str, one: Doc, number: int) -> Doc:
    """A field as settings/fields shows it."""
    custom = one["custom"]
    return {
        "id": one.get("id") or f"{org['zgid']}{_base(module) + number:010d}",
        "api_name": one["api_name"],
        "field_label": one["label"],
        "display_label": one["label"],
        "data_type": one["type"],
        "json_type": json_type(one["type"]),
        "length": one["length"],
        "custom_field": custom,
        "created_source": "default",
        "type": "used",
        "visible": True,
        "available_in_user_layout": True,
        "system_mandatory": one["mandatory"],
        "read_only": one["read_only"],
        "field_read_only": one["read_only"],
        "virtual_field": False,
        "sequence_number": number,
        "default_value": None,
        "decimal_place": 2 if one["type"] in ("currency", "double", "percent") else None,
        "unique": {"casesensitive": "false"} if one["unique"] else {},
        "tooltip": one.get("tooltip"),
        "lookup": {"module": {"api_name": one["lookup"]}} if one["lookup"] else {},
        "pick_list_values": [_choice(value, n) for n, value in enumerate(one["values"], 1)],
        "pick_list_values_sorted_lexically": False,
    }


def _choice(value: str, number: int) -> Doc:
    return {
        "display_value": value,
        "actual_value": value,
        "reference_value": value,
        "sequence_number": number,
        "type": "used",
        "colour_code": None,
    }


def _base(module: str) -> int:
    return 500001 + 200 * [*MODULES, "Invoiced_Items"].index(module)


def _kind(org: Doc, module: str) -> str:
    return f"zoho:fields:{org['zgid']}:{module}"


def _label(wish: Doc, path: str) -> str:
    label = wish.get("field_label")
    where = {"api_name": "field_label", "json_path": f"{path}.field_label"}
    if label is None:
        raise mandatory("field_label", f"{path}.field_label")
    if not isinstance(label, str) or not label.strip():
        raise invalid_data({"expected_data_type": "string", **where})
    if len(label) > 50:
        raise invalid_data({"maximum_length": 50, **where})
    if label.strip().casefold() in _RESERVED:
        raise RefusedError(400, "RESERVED_KEYWORD_NOT_ALLOWED", "the field label is a reserved keyword", where)
    return label.strip()


def _data_type(wish: Doc, path: str) -> str:
    data_type = wish.get("data_type")
    if data_type is None:
        raise mandatory("data_type", f"{path}.data_type")
    if data_type not in _TYPES:
        raise invalid_data(
            {"api_name": "data_type", "json_path": f"{path}.data_type", "supported_values": list(_TYPES)}
        )
    if data_type in ("picklist", "multiselectpicklist") and not wish.get("pick_list_values"):
        raise mandatory("pick_list_values", f"{path}.pick_list_values")
    return str(data_type)


def _length(wish: Doc, data_type: str, path: str) -> int | None:
    length = wish.get("length")
    low, high = _LENGTHS.get(data_type, (1, 32000))
    if length is None:
        return None
    where = {"api_name": "length", "json_path": f"{path}.length"}
    if not isinstance(length, int) or isinstance(length, bool):
        raise invalid_data({"expected_data_type": "integer", **where})
    if not low <= length <= high:
        raise invalid_data({"range": {"min": low, "max": high}, **where})
    return length


def _rules(org: Doc, wish: Doc, path: str) -> list[tuple[str, str]]:
    """What each named profile may do with the new field; profiles that are not named may all (Z5.9)."""
    names = {profile_id(org["zgid"], name): name for name in PROFILES}
    rules = []
    for number, one in enumerate(wish.get("profiles") or []):
        where = f"{path}.profiles[{number}]"
        if not isinstance(one, dict) or str(one.get("id")) not in names:
            raise invalid_data({"api_name": "id", "json_path": f"{where}.id"})
        if one.get("permission_type") not in PERMISSIONS:
            details = {"api_name": "permission_type", "json_path": f"{where}.permission_type"}
            raise invalid_data({**details, "supported_values": list(PERMISSIONS)})
        rules.append((names[str(one["id"])], str(one["permission_type"])))
    return rules


def _room(centre: Centre, org: Doc, module: str, wish: Doc) -> None:
    mine = custom_fields(centre, org, module)
    limit = centre.switches["custom_fields_limit"]
    full = len(mine) >= limit
    if wish.get("unique") and sum(one["unique"] for one in mine) >= UNIQUE_PER_MODULE:
        full, limit = True, UNIQUE_PER_MODULE
    if full:
        message = "The field has reached its maximum creation limit"
        raise RefusedError(400, "LIMIT_EXCEEDED", message, {"limit": limit, "limit_due_to": []})


def _free_name(wanted: str, known: dict[str, Doc]) -> str:
    name, number = wanted, 0
    while name in known:
        number += 1
        name = f"{wanted}{number}"
    return name
