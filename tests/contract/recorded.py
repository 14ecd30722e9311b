"""Which calls did the simulator write down?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.contract.schemas import Doc


def lines(folder: Path) -> Iterator[tuple[str, Doc]]:
    """Service and call, one by one."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file.stem, json.loads(line)
