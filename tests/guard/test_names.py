"""Do we call things by the words of the design?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.guard.names_of_things import says_item
from tests.guard.sources import ROOT, all_files, python_files

# A name that says nothing collects everything.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc", "shared"}


def names(file: Path) -> Iterator[tuple[int, str]]:
    """Every name that a file gives: functions, classes, arguments, variables, attributes and keyword names."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield line, node.name
        elif isinstance(node, ast.arg) or (isinstance(node, ast.keyword) and node.arg):
            yield line, str(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield line, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield line, node.attr


def test_no_file_has_a_name_that_says_nothing() -> None:
    """A file answers one question; utils answers none."""
    assert [str(f.relative_to(ROOT)) for f in all_files() if f.stem.lower() in EMPTY_NAMES] == []


def test_nothing_of_ours_is_called_item() -> None:
    """It would mean a row, a product, a task or a record by turns; each has its word."""
    found = [
        f"{file.relative_to(ROOT)}:{line} {name}"
        for file in python_files("server", "bench")
        for line, name in names(file)
        if says_item(name)
    ]
    assert found == []


def test_no_table_column_or_index_is_called_item() -> None:
    """Table names are what everybody quotes for years."""
    from server.store.tables import metadata

    found = [
        name
        for table in metadata.tables.values()
        for name in (
            table.name,
            *(str(column.name) for column in table.columns),
            *(str(i.name) for i in table.indexes),
        )
        if says_item(name)
    ]
    assert metadata.tables
    assert found == []


def test_tables_tie_rows_to_a_tenant_by_tenant_id_alone() -> None:
    """One name for the key of the wall between tenants, so that a query without it stands out."""
    from server.store.tables import metadata

    tied = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "tenant" for key in column.foreign_keys)
    }
    assert tied
    assert {name for name in tied if not name.endswith(".tenant_id")} == set()


def test_xeros_word_for_an_organisation_stays_in_its_client() -> None:
    """Xero says tenant where we say organisation; mixing them up would cross the wall between tenants."""
    # A client each: ours, the somebody else of `make conflicts`, and the bare script that is the floor of `make bench`.
    allowed = {ROOT / "server/clients/xero.py", ROOT / "bench/other_program.py", ROOT / "bench/floor.py"}
    theirs = re.compile(r"tenantId|xero-tenant-id|Xero-Tenant-Id")
    found = [
        str(file.relative_to(ROOT))
        for file in python_files("server", "bench")
        if file not in allowed and theirs.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_guard_itself_knows_the_word() -> None:
    """A guard that can't fail guards nothing."""
    assert says_item("item")
    assert says_item("run_items")
    assert says_item("RunItem")
    assert says_item("itemId")
    assert not says_item("LineItems")
    assert not says_item("limited")
    assert not says_item("itemise")
