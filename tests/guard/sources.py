"""Which files are the project's own?"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MADE = {".venv", ".demo", "build", "dist", ".git", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}


@cache
def all_files() -> tuple[Path, ...]:
    """What git knows or would add; without git, everything that was not made on this machine."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        found = (path for path in ROOT.rglob("*") if not _MADE & set(path.relative_to(ROOT).parts))
    else:
        found = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in found if path.is_file()))


def files(*folders: str, ends: tuple[str, ...] = ()) -> list[Path]:
    """Own files below the folders whose names end so; all own files without folders."""
    tops = [ROOT / folder for folder in folders] or [ROOT]
    return [
        path
        for path in all_files()
        if any(path.is_relative_to(top) for top in tops) and (not ends or path.name.endswith(ends))
    ]


def python_files(*folders: str) -> list[Path]:
    return files(*folders, ends=(".py",))
