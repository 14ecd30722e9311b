"""Would our tests notice a fault? Puts small ones into server/domain, one at a time, and counts which are found.

`make mutants` takes a seeded sample and takes long; COUNT, SEED and SIDE choose how many, which, and how many at once.
The checkout is not touched: faults are put into copies.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from bench.mutations import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = ROOT / "server" / "domain"
# Words and their page are held by tests of every single word; a fault there is no fault of a rule.
LEFT_OUT = {"__init__.py", "reasons.py", "reasons_page.py"}
COPIED = ("server", "simulator", "bench", "tests", "docs", "pyproject.toml")
TESTS = ("tests/domain", "tests/money")
PATIENCE_S = 600
WANTED_PCT = 90.0


@dataclass(frozen=True)
class Fate:
    mutant: Mutant
    killed: bool


def main() -> int:
    count, seed, side = (int(os.environ.get(name, usual)) for name, usual in (("COUNT", 200), ("SEED", 1), ("SIDE", 2)))
    every = [each for file in sorted(DOMAIN.glob("*.py")) if file.name not in LEFT_OUT for each in mutants_of(file)]
    chosen = random.Random(seed).sample(every, min(count, len(every)))
    began = time.monotonic()
    fates = list(_tried(chosen, side))
    killed = sum(each.killed for each in fates)
    pct = round(100 * killed / len(fates), 1)
    report = {
        "possible": len(every),
        "tried": len(fates),
        "killed": killed,
        "score_pct": pct,
        "seed": seed,
        "survivors": [_named(each.mutant) for each in fates if not each.killed],
    }
    out = ROOT / "build" / "mutants.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    word = "ok" if pct >= WANTED_PCT else "below"
    minutes = (time.monotonic() - began) / 60
    print(f"mutants: {word} possible={len(every)} tried={len(fates)} killed={killed} score={pct}% in {minutes:.0f} min")
    return 0 if pct >= WANTED_PCT else 1


def _tried(mutants: Iterable[Mutant], side: int) -> Iterable[Fate]:
    """So many copies at once, each with one fault at a time."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(side):
            free.put(_copy(Path(folder) / str(number)))
        home = free.get()
        if not _green(home, _there(home)):  # else every fault would seem to be found
            sys.exit("mutants: the tests are red without any fault")
        free.put(home)

        def fate(mutant: Mutant) -> Fate:
            home = free.get()
            try:
                return _fate(home, mutant)
            finally:
                free.put(home)

        with ThreadPoolExecutor(side) as pool:
            for done in pool.map(fate, mutants):
                print(f"{'killed ' if done.killed else 'ALIVE  '} {_named(done.mutant)}", flush=True)
                yield done


def _copy(home: Path) -> Path:
    home.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        copied = shutil.copytree if source.is_dir() else shutil.copy
        copied(source, home / name)
    return home


def _fate(home: Path, mutant: Mutant) -> Fate:
    """Tests that name the file come first, so that most faults are found soon; one that hangs is found as well."""
    target = home / mutant.file.relative_to(ROOT)
    before = target.read_text(encoding="utf-8")
    target.write_text(mutant.text, encoding="utf-8")
    try:
        return Fate(
            mutant, not all(_green(home, tests) for tests in (_near(home, mutant.file.stem), _there(home)) if tests)
        )
    finally:
        target.write_text(before, encoding="utf-8")


def _near(home: Path, module: str) -> list[str]:
    """Test files that import the module."""
    found = [file for folder in _there(home) for file in sorted((home / folder).glob("test_*.py"))]
    named = (f"server.domain.{module} ", f"server.domain.{module}\n")
    near = [file for file in found if any(name in file.read_text(encoding="utf-8") for name in named)]
    return [str(file.relative_to(home)) for file in near]


def _there(home: Path) -> list[str]:
    return [folder for folder in TESTS if (home / folder).is_dir()]


def _green(home: Path, tests: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    try:
        return subprocess.run(command, cwd=home, capture_output=True, timeout=PATIENCE_S, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _named(mutant: Mutant) -> str:
    return f"{mutant.file.relative_to(ROOT)}:{mutant.line} {mutant.what}"


if __name__ == "__main__":
    sys.exit(main())
