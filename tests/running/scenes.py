"""How do these tests read the metrics and the logs? As Prometheus does, strictly, and line by line."""

from __future__ import annotations

import json
import re
from typing import Any

import requests

from simulator.stack.whole import Stack

METRICS = "made-up-for-the-tests-only"
_NAME = re.compile(r"invoicebridge_[a-z_]+$")
_SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="[^"\\\n]*"(?:,|(?=\})))+)\})? (-?[0-9.]+(?:e[+-][0-9]+)?)$')
Figures = dict[str, dict[tuple[str, ...], float]]


def ask(stack: Stack, token: str | None = METRICS, **headers: str) -> requests.Response:
    bearer = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return requests.get(f"{stack.public_base}/metrics", headers={**bearer, **headers}, timeout=30)


def figures(stack: Stack) -> Figures:
    """All of them, by name and by the values of their labels."""
    answer = ask(stack)
    assert answer.status_code == 200, answer.text
    return parsed(answer.text)


def parsed(text: str) -> Figures:
    """The text format 0.0.4, read strictly: help, type, then samples of that name, each set of labels once."""
    assert text.endswith("\n")
    found: Figures = {}
    lines = iter(text.splitlines())
    name = ""
    for line in lines:
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert _NAME.match(name) and name not in found, line
            assert next(lines) in (f"# TYPE {name} gauge", f"# TYPE {name} counter")
            found[name] = {}
            continue
        sample = _SAMPLE.match(line)
        assert sample and sample[1] == name, line
        labels = tuple(re.findall(r'="([^"]*)"', sample[2] or ""))
        assert labels not in found[name], line
        found[name][labels] = float(sample[3])
    return {name.removeprefix("invoicebridge_"): values for name, values in found.items()}


def lines_of(stack: Stack, process: str) -> list[dict[str, Any]]:
    """What a process has written, each line as JSON."""
    return [json.loads(line) for line in stack.supervisor.log(process).read_text(encoding="utf-8").splitlines()]
