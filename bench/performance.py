"""How fast, how cheap and how fair is it? Each measure on a stack of its own; budgets beside what was measured.

`make bench ONLY=calls,floor` takes some and keeps the other figures of build/bench.json; COUNT and DELAY say how
many invoices and how many milliseconds a call takes; QUICK=1 leaves out what lasts long (10,000 invoices).
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

from bench.asked import BUILD, Asked, Doc
from bench.budgets import lines, missed
from bench.measures import bare, calls, clicks, crowds, growth, refreshes, serving

FILE = BUILD / "bench.json"
MEASURES: dict[str, Callable[[Asked], Doc]] = {
    "calls": calls.measure,
    "floor": calls.floor,
    "updates": calls.updates,
    "clicks": clicks.measure,
    "bare": bare.measure,
    "refreshes": refreshes.measure,
    "status": serving.status,
    "panels": serving.panels,
    "beside_other": crowds.beside_other,
    "beside_own": crowds.beside_own,
    "growth": growth.measure,
}


def main() -> int:
    """Run them, print the table, and say on the last line how it went. A measure that fails hides no other."""
    wanted = [name for name in os.environ.get("ONLY", ",".join(MEASURES)).split(",") if name]
    unknown = [name for name in wanted if name not in MEASURES]
    if unknown:
        print(f"bench: there is no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}")
        return 2
    asked = Asked.by_environment()
    BUILD.mkdir(exist_ok=True)
    failed = [name for name in wanted if not _taken(name, asked)]
    found = kept()
    print(*lines(found), sep="\n")
    if failed:
        print(f"bench: failed: {', '.join(failed)}")
        return 1
    over = missed(found)
    print(f"bench: {'missed: ' + ', '.join(over) if over else 'ok'}")
    return 0


def _taken(name: str, asked: Asked) -> bool:
    began = time.monotonic()
    try:
        found = MEASURES[name](asked)
    except Exception:  # noqa: BLE001 - one measure that fails must not hide the others
        traceback.print_exc()
        print(f"  {name}: failed after {time.monotonic() - began:.0f} s", flush=True)
        return False
    keep(found | {"delay_ms": asked.delay_ms})
    print(f"  {name}: {json.dumps(found)} ({time.monotonic() - began:.0f} s)", flush=True)
    return True


def kept() -> Doc:
    found: Doc = json.loads(FILE.read_text()) if FILE.exists() else {}
    return found


def keep(found: Doc) -> None:
    """What was measured before stays, figure by figure; sizes of one figure stand beside each other."""
    before = kept()
    for name, value in found.items():
        both = isinstance(value, dict) and isinstance(before.get(name), dict)
        before[name] = {**before[name], **value} if both else value
    before["measured_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    FILE.write_text(json.dumps(before, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
