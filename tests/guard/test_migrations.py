"""Can every migration run while the version before it is still at work? Nothing that one uses may go or be demanded.

What is no longer needed leaves in two releases: the first stops using it, the second drops it (docs/scaling.md). The
statements are those for PostgreSQL, where several versions may run beside each other.
"""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.guard.sources import ROOT

# What was let through, and why it did no harm.
ALLOWED = {
    ("0002", "ALTER TABLE link DROP COLUMN answer_digest"): "before the first release; never written, never read",
}
BREAKS = {
    "takes something away": r"^(DROP|TRUNCATE)|\bDROP (COLUMN|CONSTRAINT|DEFAULT)|^DELETE",
    "renames": r"\bRENAME\b",
    "changes a type, which writes the whole table anew": r"ALTER COLUMN \w+ (SET DATA )?TYPE",
    "demands a value that the old version does not write": r"SET NOT NULL|ADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL",
    "checks all rows under a lock": r"ADD CONSTRAINT (?!.*NOT VALID)",
}


def scripts() -> list[Any]:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "server/store/migrations"))
    return list(reversed(list(ScriptDirectory.from_config(config).walk_revisions())))


def statements(script: Any) -> list[str]:
    """What the migration would send to PostgreSQL, each statement on one line."""
    out = io.StringIO()
    options = {"as_sql": True, "output_buffer": out}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        script.module.upgrade()
    return [" ".join(each.split()) for each in out.getvalue().split(";") if each.strip()]


def complaints(sent: list[str]) -> list[str]:
    """The statements that would break the version before, with the reason."""
    fresh = {name for each in sent for name in re.findall(r'^CREATE TABLE "?(\w+)', each)}
    found = [f"{why}: {each}" for each in sent for why, shape in BREAKS.items() if re.search(shape, each)]
    return found + [f"stops all writes while it is built: {each}" for each in sent if _locks(each, fresh)]


def _locks(statement: str, fresh: set[str]) -> bool:
    index = re.match(r'CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?.* ON "?(\w+)', statement)
    return index is not None and not index[1] and index[2] not in fresh


def test_no_migration_breaks_the_version_before_it() -> None:
    """The first one has no version before it."""
    found = [
        f"{script.revision} {complaint}"
        for script in scripts()[1:]
        for complaint in complaints(statements(script))
        if (script.revision, complaint.split(": ", 1)[1]) not in ALLOWED
    ]
    assert found == []


def test_every_exception_is_still_needed() -> None:
    """One for a statement that nobody sends would hide the next mistake."""
    sent = {(script.revision, each) for script in scripts() for each in statements(script)}
    assert set(ALLOWED) - sent == set()


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE link",
        "ALTER TABLE link DROP COLUMN status",
        "ALTER TABLE link RENAME status TO state",
        "ALTER TABLE link ALTER COLUMN status TYPE VARCHAR(40)",
        "ALTER TABLE link ALTER COLUMN status SET NOT NULL",
        "ALTER TABLE link ADD COLUMN colour VARCHAR(4) NOT NULL",
        "ALTER TABLE link ADD CONSTRAINT uq_link UNIQUE (status)",
        "ALTER TABLE link DROP CONSTRAINT uq_link",
        "CREATE INDEX ix_link_status ON link (status)",
        "CREATE UNIQUE INDEX ix_link_status ON link (status)",
        "DELETE FROM link",
    ],
)
def test_what_would_break_it_is_seen(statement: str) -> None:
    assert len(complaints([statement])) == 1


@pytest.mark.parametrize(
    "sent",
    [
        ["ALTER TABLE link ADD COLUMN colour VARCHAR(4)"],
        ["ALTER TABLE link ADD COLUMN colour VARCHAR(4) DEFAULT 'red' NOT NULL"],
        ["CREATE TABLE shade (id VARCHAR(4) NOT NULL)", "CREATE INDEX ix_shade_id ON shade (id)"],
        ["CREATE INDEX CONCURRENTLY ix_link_status ON link (status)"],
        ["UPDATE tenant SET live_at = settings_at"],
    ],
)
def test_what_only_adds_is_let_through(sent: list[str]) -> None:
    assert complaints(sent) == []
