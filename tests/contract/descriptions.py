"""Which operation of which official file describes a call?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.contract.schemas import Doc, Schemas, Side

API = "/api.xro/2.0"
# The newer file and the older one of the same resource.
_ZOHO_FILES = {
    **{name: name for name in ("record", "users", "org", "fields", "modules", "layouts", "currencies")},
    **{name: name for name in ("attachments", "variables", "notifications")},
    "custom-views": "custom_views",
    "record-count": "record_count",
    "variable-groups": "variable_groups",
    "locking-informations": "record_locking",
    "record-locking-configurations": "record_locking_configuration",
}
_IN_NO_FILE = ("/crm/v8/org/taxes",)  # it only looks like a record of a module
_METHODS = ("get", "put", "post", "patch", "delete")


class _Loader(yaml.CSafeLoader):
    """Dates in examples stay text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class File:
    """One official file, and the words that an older file of the same resource knows besides.

    `in_part`: the simulator answers with a part of what the service does.
    """

    def __init__(self, document: Doc, also: frozenset[str] = frozenset(), *, in_part: bool = False) -> None:
        self.document, self.also, self.in_part = document, also, in_part

    @cached_property
    def _schemas(self) -> dict[Side, Schemas]:
        return {
            "request": Schemas(self.document, "request"),
            "answer": Schemas(self.document, "answer", in_part=self.in_part),
        }

    def schemas(self, side: Side) -> Schemas:
        return self._schemas[side]

    def of(self, thing: Doc) -> Doc:
        """A thing itself, where the file only points at it."""
        while "$ref" in thing:
            found: Any = self.document
            for part in thing["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            thing = found
        return thing


@dataclass(frozen=True)
class Operation:
    """A method at a path, as its file describes it."""

    file: File
    name: str
    described: Doc
    shared: tuple[Doc, ...]

    def parameters(self, place: str) -> dict[str, Doc]:
        """The described parameters of the query, or of the headers, by name."""
        every = [self.file.of(each) for each in (*self.shared, *self.described.get("parameters", []))]
        return {each["name"]: each for each in every if each["in"] == place}

    def body(self) -> Doc | None:
        """What may be sent, by content type."""
        sent = self.described.get("requestBody")
        return self.file.of(sent).get("content") if sent else None

    def answer(self, status: int) -> Doc | None:
        """What comes back with a status; None where the file does not know the status."""
        found = self.described["responses"].get(str(status))
        return self.file.of(found) if found else None


class Descriptions:
    """All files of one service."""

    def __init__(self, files: list[tuple[str, File]]) -> None:
        every = [row for prefix, file in files for row in _operations(prefix, file)]
        # /org and /users come before /{module}.
        self._rows = sorted(every, key=lambda row: (row[0].count("{"), -len(row[0])))
        self._patterns = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), method, one) for path, method, one in self._rows
        ]

    def find(self, method: str, path: str) -> Operation | None:
        if path in _IN_NO_FILE:
            return None
        found = (one for pattern, of, one in self._patterns if of == method and pattern.fullmatch(path))
        return next(found, None)


def _operations(prefix: str, file: File) -> Iterator[tuple[str, str, Operation]]:
    for path, methods in file.document["paths"].items():
        shared = tuple(methods.get("parameters", ()))
        for method in _METHODS:
            if method in methods:
                name = f"{method.upper()} {path}"
                yield f"{prefix}{path}", method.upper(), Operation(file, name, methods[method], shared)


@cache
def of_xero(folder: Path) -> Descriptions:
    """Accounting, connections, and the token call."""
    accounting, identity = _yaml(folder / "xero_accounting.yaml"), _yaml(folder / "xero-identity.yaml")
    # On the wire it is written small, and the bodies of the token call are described without their path.
    identity["paths"] |= {path.replace("/Con", "/con"): each for path, each in identity["paths"].items()}
    identity["paths"]["/connect/token"] = {"post": _token_call()}
    return Descriptions([(API, File(accounting)), ("", File(identity))])


def _token_call() -> Doc:
    def schema(name: str) -> Doc:
        return {"schema": {"$ref": f"#/components/schemas/{name}"}}

    return {
        "requestBody": {"content": {"application/x-www-form-urlencoded": schema("RefreshToken")}},
        "responses": {"200": {"content": {"application/json": schema("AccessToken")}}},
    }


@cache
def of_zoho(folder: Path) -> Descriptions:
    """The newer files; what they lack and the older ones know is known."""
    newer, older = folder / "zoho/newer-oas-mirror", folder / "zoho/official-crm-oas-v8.0"
    files = []
    for name, before in _ZOHO_FILES.items():
        also = frozenset(_words(_json(older / f"{before}.json")))
        files.append(("/crm/v8", File(_json(newer / f"{name}.json"), also, in_part=True)))
    return Descriptions(files)


def _words(value: Any) -> Iterator[str]:
    """All property names of a document."""
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict):
            yield from value["properties"]
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)


def _yaml(file: Path) -> Doc:
    with file.open(encoding="utf-8") as text:
        loaded: Doc = yaml.load(text, _Loader)
    return loaded


def _json(file: Path) -> Doc:
    loaded: Doc = json.loads(file.read_text(encoding="utf-8"))
    return loaded
