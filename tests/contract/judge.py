"""What is wrong with a recorded call, seen from the official description?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.contract.descriptions import Descriptions, File, Operation, of_xero, of_zoho
from tests.contract.schemas import Doc, Fault, Side

_PLAIN = {"boolean": re.compile("true|false"), "integer": re.compile(r"-?\d+"), "number": re.compile(r"-?\d+(\.\d+)?")}

_FORM = "application/x-www-form-urlencoded"
_DOCUMENTS = ("application/json", _FORM)


@dataclass(frozen=True)
class Finding:
    """A fault of a request or of an answer."""

    service: str
    side: Side
    call: str
    fault: Fault

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.service, self.side, self.fault.name, self.fault.kind

    def __str__(self) -> str:
        return f"{self.service} {self.call} {self.side}: {self.fault.text}  ({self.fault.name}, {self.fault.kind})"


@dataclass
class Judge:
    """Holds calls against the files of a folder, and counts what it held."""

    folder: Path
    requests: int = 0
    answers: int = 0
    findings: list[Finding] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)

    def hear(self, service: str, line: Doc, sides: tuple[Side, ...] = ("request", "answer")) -> None:
        """Judge one recorded call."""
        asked, answered = line["request"], line["answer"]
        operation = self._described(service).find(asked["method"], asked["path"])
        call = operation.name if operation else f"{asked['method']} {asked['path']}"
        if operation is None:
            self._add(service, "request", call, [Fault(call, "undescribed", "no file describes this call")])
            return
        self.held[call] += 1
        if "request" in sides:
            self.requests += 1
            self._add(service, "request", call, in_request(operation, asked))
        if "answer" in sides:
            self.answers += operation.answer(answered["status"]) is not None
            self._add(service, "answer", call, in_answer(operation, answered))

    def _described(self, service: str) -> Descriptions:
        return of_xero(self.folder) if service == "xero" else of_zoho(self.folder)

    def _add(self, service: str, side: Side, call: str, faults: Iterator[Fault] | list[Fault]) -> None:
        self.findings += [Finding(service, side, call, fault) for fault in faults]


def in_request(operation: Operation, asked: Doc) -> Iterator[Fault]:
    """Wrong in parameters, headers and body."""
    known = operation.parameters("query")
    given = dict(parse_qsl(asked["query"], keep_blank_values=True))
    for name, text in given.items():
        if name not in known:
            yield Fault(f"?{name}", "unknown", f"no parameter {name}")
        else:
            yield from _in_text(f"?{name}", known[name].get("schema", {}), text, operation.file)
    for place, sent in (("query", given), ("header", asked["headers"])):
        wanted = [name for name, one in operation.parameters(place).items() if one.get("required")]
        for name in wanted:
            if name not in sent:
                yield Fault(name, "missing", f"no {place} {name}")
    if "Idempotency-Key" in asked["headers"] and "Idempotency-Key" not in operation.parameters("header"):
        yield Fault("Idempotency-Key", "unknown", "this call takes no Idempotency-Key")
    yield from _in_body(operation.file, "request", operation.body(), asked)


def in_answer(operation: Operation, answered: Doc) -> Iterator[Fault]:
    """Wrong in status and body."""
    described = operation.answer(answered["status"])
    if described is None:
        yield Fault(f"{operation.name} {answered['status']}", "status", f"status {answered['status']} is not described")
    else:
        yield from _in_body(operation.file, "answer", described.get("content"), answered)


def _in_body(file: File, side: Side, content: Doc | None, said: Doc) -> Iterator[Fault]:
    kind = said["headers"].get("Content-Type", "").split(";")[0]
    if not content:
        if said["body"]:
            yield Fault("body", "unknown", f"a body where none is described: {said['body'][:80]}")
        return
    if kind not in content:
        yield Fault(kind or "nothing", "content", f"{kind or 'nothing'} instead of {', '.join(content)}")
        return
    if kind not in _DOCUMENTS:
        return  # the bytes of a file
    schema = content[kind]["schema"]
    name = schema.get("$ref", side).rsplit("/", 1)[-1]
    for fault in file.schemas(side).faults(schema, name, _read(kind, said["body"])):
        if not (fault.kind == "unknown" and fault.name.rsplit(".", 1)[-1] in file.also):
            yield fault


def _read(kind: str, body: str) -> Any:
    return dict(parse_qsl(body)) if kind == _FORM else json.loads(body)


def _in_text(name: str, schema: Doc, text: str, file: File) -> Iterator[Fault]:
    """A parameter is text, whatever it means."""
    kind = schema.get("type")
    if kind in _PLAIN:
        if not _PLAIN[kind].fullmatch(text):
            yield Fault(name, "type", f"{name}={text} is no {kind}")
        return
    value: Any = text.split(",") if kind == "array" else text
    yield from file.schemas("request").faults(schema, name, value)
