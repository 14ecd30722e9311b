"""Would the crash tests notice if a safeguard were gone? Takes out one at a time, in a copy, and wants them red.

`make test-proof` wants all green with nothing taken out, and then the test that bears the safeguard's name red.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = "tests/crash/test_safeguards.py"
NOT_COPIED = (".git", ".venv", ".demo", "build", "dist", "test-results", "__pycache__", ".*_cache", ".hypothesis")
PATIENCE_S = 900
RED = re.compile(r"^FAILED \S+::(\w+)", re.MULTILINE)
BROKEN = re.compile(r"^ERROR ", re.MULTILINE)


@dataclass(frozen=True)
class Safeguard:
    """`old` stands once in the file; `new` is the code without the safeguard."""

    test: str
    what: str
    file: str
    old: str
    new: str


SAFEGUARDS = (
    Safeguard(
        "test_the_resend",
        "what may have arrived is never sent again, it only waits to be looked up",
        "server/domain/dispatching.py",
        "    if any(each.look_first for each in attempts) or len(attempts) > len(times.resend_after):\n",
        "    if attempts:\n",
    ),
    Safeguard(
        "test_the_look_up",
        "nobody looks: what is not proved counts as not arrived, and is decided again",
        "server/sync/dispatch.py",
        "        look(s, ground, dispatch_id)\n",
        "        with s.store.begin() as c:\n            _close_void(s, c, dispatch_id)\n",
    ),
    Safeguard(
        "test_the_record_lease",
        "a dispatch is stored whoever holds its records by now",
        "server/sync/dispatch.py",
        "            if any((row.module, row.record_id) not in held for row in rows) or not _as_decided(c, new):\n",
        "            if not _as_decided(c, new):\n",
    ),
)


def without(home: Path, safeguard: Safeguard) -> str:
    """Take it out of a copy of the product; the file's text as it was."""
    file = home / safeguard.file
    text = file.read_text(encoding="utf-8")
    if text.count(safeguard.old) != 1:
        sys.exit(f"test-proof: {safeguard.file} has changed; what {safeguard.test} is about is not found there")
    file.write_text(text.replace(safeguard.old, safeguard.new), encoding="utf-8")
    return text


def red(home: Path, tests: str = TESTS) -> set[str]:
    """The tests that fail there. Anything else than tests that pass or fail is no proof."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", tests]
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_TEST"}
    done = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    found = set(RED.findall(done.stdout))
    if done.returncode not in (0, 1) or bool(found) is (done.returncode == 0) or BROKEN.search(done.stdout):
        sys.exit(f"test-proof: the tests did not run:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    return found


def main() -> int:
    """Green with all of them, then red for each; the last line says whether."""
    with tempfile.TemporaryDirectory(prefix="test-proof-") as folder:
        home = Path(folder) / "copy"
        shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns(*NOT_COPIED))
        if found := red(home):
            print(f"test-proof: FAILED, red with nothing taken out: {', '.join(sorted(found))}")
            return 1
        print("nothing taken out: all green", flush=True)
        unnoticed = [each.test for each in SAFEGUARDS if not _is_noticed(home, each)]
    if unnoticed:
        print(f"test-proof: FAILED, still green: {', '.join(unnoticed)}")
        return 1
    print(f"test-proof: ok taken_out={len(SAFEGUARDS)} red={len(SAFEGUARDS)}")
    return 0


def _is_noticed(home: Path, safeguard: Safeguard) -> bool:
    text = without(home, safeguard)
    found = red(home)
    (home / safeguard.file).write_text(text, encoding="utf-8")
    print(f"{safeguard.what}: red: {', '.join(sorted(found)) or 'nothing'}", flush=True)
    return safeguard.test in found


if __name__ == "__main__":
    sys.exit(main())
