"""Does docs/reasons.md say what the code says?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from server.domain.reasons import Code
from server.domain.reasons_page import page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_current() -> None:
    """Written by `python -m server.domain.reasons_page > docs/reasons.md`."""
    assert (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8") == page()


def test_every_reason_has_a_row_of_five_cells() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [code.name.lower() for code in Code]
    assert {row.count(" | ") for row in rows} == {4}
    assert "{" not in page()


def test_the_command_prints_it() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "server.domain.reasons_page"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout == page()
