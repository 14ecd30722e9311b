"""Do imports only go down?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guard.sources import ROOT, python_files

# From which part what may be imported of ours. The root of server (app, wiring, cli ...) ties the parts together.
MAY_USE: dict[str, set[str]] = {
    "server.api": {"server.api", "server.sync", "server.domain", "server.clients", "server.store", "server"},
    "server.sync": {"server.sync", "server.domain", "server.clients", "server.store", "server"},
    "server.domain": {"server.domain"},
    "server.clients": {"server.clients", "server.domain", "server"},
    "server.store": {"server.store", "server.domain", "server"},
}
# What the parts may know of the package's root: names and numbers, nothing that imports the parts again.
ROOT_MODULES_FOR_ALL = {"server.config", "server.times", "server.logs"}
WIRING_FOR = {"server.api", "server.sync"}


def part(module: str) -> str:
    """server.api.runs -> server.api; server.app -> server."""
    words = module.split(".")
    return ".".join(words[:2]) if words[0] == "server" and ".".join(words[:2]) in MAY_USE else words[0]


def module_name(file: Path) -> str:
    words = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(words[:-1] if words[-1] == "__init__" else words)


def imports(file: Path) -> Iterator[str]:
    """Absolute names of all modules that a file imports, wherever in the file; `from a import b` gives a.b as well."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            assert node.level == 0, f"{file}: relative import {start}"
            yield start
            yield from (f"{start}.{alias.name}" for alias in node.names)


def ours(file: Path) -> set[str]:
    """Those of its imports that are modules of ours."""
    known = {module_name(one) for one in python_files("server", "simulator", "bench")}
    return {name for name in imports(file) if name in known}


def complaint(module: str, used: str) -> str | None:
    """Why a module may not use another, or None."""
    own, other = part(module), part(used)
    if own not in MAY_USE or used == "server":
        return None
    if other not in MAY_USE[own]:
        return f"{module} uses {used}"
    if other == "server" and used not in ROOT_MODULES_FOR_ALL and own not in WIRING_FOR:
        return f"{module} uses {used}, which is above it"
    return None


def test_imports_only_go_down() -> None:
    """api > sync > (domain, clients, store); the domain uses nothing of ours; clients and store not each other."""
    complaints = [complaint(module_name(file), used) for file in python_files("server") for used in sorted(ours(file))]
    assert [one for one in complaints if one] == []


@pytest.mark.parametrize(("side", "other"), [("server", "simulator"), ("simulator", "server")])
def test_the_product_and_the_pretend_world_share_no_code(side: str, other: str) -> None:
    """A mistake in one must not be repeated by the other, or no test would see it."""
    crossings = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in python_files(side)
        for name in imports(file)
        if name.split(".")[0] in {other, "bench", "tests"}
    ]
    assert crossings == []


def test_the_domain_is_pure() -> None:
    """No clock, no network, no files, no randomness: the same input gives the same decision."""
    impure = {"time", "random", "secrets", "os", "io", "socket", "requests", "sqlalchemy", "redis", "flask", "pathlib"}
    found = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in python_files("server/domain")
        for name in imports(file)
        if name.split(".")[0] in impure
    ]
    calls = [
        f"{file.relative_to(ROOT)}:{node.lineno} asks the clock"
        for file in python_files("server/domain")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"} and _is_clock(node)
    ]
    assert found + calls == []


def _is_clock(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}


def test_the_guard_itself_sees_a_wrong_import() -> None:
    """A guard that can't fail guards nothing."""
    assert complaint("server.domain.money", "server.store.tables")
    assert complaint("server.clients.xero", "server.store.grants")
    assert complaint("server.store.runs", "server.sync.start")
    assert complaint("server.store.runs", "server.wiring")
    assert complaint("server.sync.push", "server.api.runs")
    assert complaint("server.api.runs", "server.sync.start") is None
    assert complaint("server.app", "server.api.runs") is None
