"""Does `make test-proof` still find what it takes out, and does it read the tests' fate rightly?"""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from bench.proof import ROOT, SAFEGUARDS, TESTS, Safeguard, red, without


def copy(home: Path, safeguard: Safeguard) -> Path:
    file = home / safeguard.file
    file.parent.mkdir(parents=True)
    shutil.copy(ROOT / safeguard.file, file)
    return file


@pytest.mark.parametrize("safeguard", SAFEGUARDS, ids=lambda each: each.test)
def test_what_is_taken_out_is_there(safeguard: Safeguard, tmp_path: Path) -> None:
    """Once, in the file that is named; what is left is Python still; and there is a test of the name."""
    file = copy(tmp_path, safeguard)
    before = without(tmp_path, safeguard)
    assert before == (ROOT / safeguard.file).read_text() != file.read_text()
    ast.parse(file.read_text())
    assert f"def {safeguard.test}(" in (ROOT / TESTS).read_text()


def test_a_safeguard_that_moved_is_told(tmp_path: Path) -> None:
    file = copy(tmp_path, SAFEGUARDS[0])
    file.write_text("nothing of it")
    with pytest.raises(SystemExit, match="has changed"):
        without(tmp_path, SAFEGUARDS[0])


def test_red_green_and_broken_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text("def test_a(): pass\n\n\ndef test_b(): assert False\n")
    assert red(tmp_path, "test_it.py") == {"test_b"}
    file.write_text("def test_a(): pass\n")
    assert red(tmp_path, "test_it.py") == set()
    file.write_text("import nowhere_at_all\n")
    with pytest.raises(SystemExit, match="did not run"):
        red(tmp_path, "test_it.py")
