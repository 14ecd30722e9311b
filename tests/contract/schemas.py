"""How is an official schema read strictly? Unknown properties are wrong, and so is sending what is read-only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

Doc = dict[str, Any]
Side = Literal["request", "answer"]
_AS_THEY_ARE = ("type", "enum", "required", "format", "maxLength", "maxItems", "minimum", "maximum")
_CHOICES = {"oneOf": "anyOf", "anyOf": "anyOf", "allOf": "allOf"}
_DAY = r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2})?"
_MS = r"/Date\(-?\d+([+-]\d{4})?\)/"
# Xero marks its dates, and writes them so in answers; it takes plain days as well.
_DATES = {"request": f"^({_DAY}|{_MS})$", "answer": f"^{_MS}$"}
_FORMATS = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    # The official examples leave the zone out as well.
    "date-time": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: `name` is Schema.property, `kind` the broken rule, `text` says it to a person."""

    name: str
    kind: str
    text: str


class Schemas:
    """All schemas of one file, as requests or as answers keep them; `in_part`: what is required may be left out."""

    def __init__(self, document: Doc, side: Side, *, in_part: bool = False) -> None:
        self._document, self._side = document, side
        self._kept = [key for key in _AS_THEY_ARE if not (in_part and key == "required")]

    def faults(self, schema: Doc, name: str, value: Any) -> Iterator[Fault]:
        """What of a value breaks a schema of this file."""
        for error in self._all.evolve(schema=self._strict(schema, name)).iter_errors(value):
            yield from _told(error)

    @cached_property
    def _all(self) -> Draft202012Validator:
        named = self._document.get("components", {}).get("schemas", {})
        made = {name: self._strict(schema, name) for name, schema in named.items()}
        return Draft202012Validator({"$defs": made}, format_checker=_format_checker())

    def _strict(self, schema: Doc, name: str) -> Doc:
        if "$ref" in schema:
            return {"$ref": f"#/$defs/{schema['$ref'].rsplit('/', 1)[-1]}"}
        made: Doc = {"title": name, **{key: schema[key] for key in self._kept if key in schema}}
        made |= self._inside(schema, name)
        if schema.get("x-is-msdate") or schema.get("x-is-msdate-time"):
            made["pattern"] = _DATES[self._side]
            made.pop("format", None)
        return {"title": name, "anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made

    def _inside(self, schema: Doc, name: str) -> Doc:
        # Alternatives overlap here and there: one that fits is enough.
        made: Doc = {
            _CHOICES[key]: [self._strict(each, name) for each in schema[key]] for key in _CHOICES if key in schema
        }
        if "items" in schema:
            made["items"] = self._strict(schema["items"], f"{name}[]")
        if "properties" in schema:
            made["properties"] = {
                key: self._strict(each, f"{name}.{key}")
                for key, each in schema["properties"].items()
                if isinstance(each, dict)  # one file has a bare `false` there, meant for the object around it
                and not (self._side == "request" and each.get("readOnly"))
            }
            made["additionalProperties"] = schema.get("additionalProperties", False)
        if _readable(schema.get("pattern")):
            made["pattern"] = schema["pattern"]
        return made


def _readable(pattern: str | None) -> bool:
    """Some patterns are written for other languages than Python."""
    try:
        return pattern is not None and bool(re.compile(pattern))
    except re.error:
        return False


def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, pattern in _FORMATS.items():
        checker.checks(name)(lambda value, p=pattern: not isinstance(value, str) or bool(p.fullmatch(value)))
    return checker


def _told(error: ValidationError) -> Iterator[Fault]:
    name, where = str(error.schema.get("title", "?")), error.json_path
    if error.validator == "additionalProperties":
        for key in sorted(set(error.instance) - set(error.schema["properties"])):
            yield Fault(f"{name}.{key}", "unknown", f"{where}.{key} is no property of {name}")
    elif error.validator in _CHOICES and error.context:
        # What is said of the alternative that came nearest is of more use than "none of them".
        branches = {each.schema_path[0] for each in error.context}
        each = [[one for one in error.context if one.schema_path[0] == branch] for branch in branches]
        for one in min(each, key=lambda faults: (_of_another_kind(faults), len(faults))):
            yield from _told(one)
    elif error.validator == "required":
        for key in sorted(set(error.validator_value) - set(error.instance)):
            yield Fault(f"{name}.{key}", "missing", f"{where} has no {key}")
    else:
        yield Fault(name, str(error.validator), f"{where}: {error.message[:200]}")


def _of_another_kind(faults: list[ValidationError]) -> bool:
    return any(one.validator == "type" and len(one.schema_path) <= 2 for one in faults)
