"""Which layouts has a module, and which fields stand on each? New fields land in the standard one only (Z5.9)."""

from __future__ import annotations

from typing import Any

from simulator.zoho.centre import Centre
from simulator.zoho.fields import fields_of
from simulator.zoho.people import new_id

Doc = dict[str, Any]
_KIND = "zoho:layouts"


def layouts_of(centre: Centre, org: Doc, module: str) -> list[Doc]:
    """{id, name, fields}: the standard one with all fields, then those that were made by hand."""
    standard = {"id": f"{org['zgid']}0000000091", "name": "Standard", "fields": list(fields_of(centre, org, module))}
    own = [each for each in centre.state.view(_KIND) if (each["zgid"], each["module"]) == (org["zgid"], module)]
    return [standard, *own]


def make_layout(centre: Centre, org: Doc, module: str, name: str) -> Doc:
    """A further layout, with the fields that there are now."""
    made = {"id": new_id(centre, org["zgid"]), "zgid": org["zgid"], "module": module, "name": name}
    made["fields"] = list(fields_of(centre, org, module))
    centre.state.put(_KIND, made["id"], made)
    return made


def complete_layout(centre: Centre, org: Doc, layout_id: str) -> Doc | None:
    """Somebody puts every field on it."""
    with centre.state.together():
        kept = centre.state.get(_KIND, layout_id)
        if kept is None or kept["zgid"] != org["zgid"]:
            return None
        kept = {**kept, "fields": list(fields_of(centre, org, kept["module"]))}
        centre.state.put(_KIND, layout_id, kept)
    return kept
