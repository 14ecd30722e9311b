"""Which processes does the product consist of? Reads the Procfile, the same that a real host reads."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LINE = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*):\s*(\S.*)$")


class BadProcfileError(Exception):
    """A line of the Procfile is not "name: command"."""


def read(path: Path = ROOT / "Procfile") -> dict[str, tuple[str, ...]]:
    """Name and command line of every process, in the file's order. Commands run without a shell."""
    found: dict[str, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, command = _parse(line)
            found[name] = tuple(shlex.split(command))
    return found


def _parse(line: str) -> tuple[str, str]:
    match = _LINE.match(line)
    if match is None:
        raise BadProcfileError(f'not "name: command": {line!r}')
    return match[1], match[2]
