"""How does a newcomer see InvoiceBridge work? Everything on this machine, one address to open, Ctrl-C to end it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from simulator.stack import fresh_company
from simulator.stack import ports as ports_of
from simulator.stack.fresh_company import Company
from simulator.stack.ports import Ports
from simulator.stack.procfile import ROOT
from simulator.stack.setup_walk import Walk
from simulator.stack.supervise import NotReadyError
from simulator.stack.whole import Stack

HARBOUR_AND_PINE = "org600000001"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Start, say where to look, and wait for Ctrl-C."""
    folder = Path(os.environ.get("DEMO_STATE", ROOT / ".demo"))
    try:
        with _only_one(folder):
            _run(folder)
    except KeyboardInterrupt:
        print("Stopped. Your demo data stays in .demo/; `make demo` goes on with it.")
    except (NotReadyError, _AlreadyRunningError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def _run(folder: Path) -> None:
    print("Starting InvoiceBridge, a pretend Xero and a pretend Zoho CRM on this machine ...", flush=True)
    began = time.monotonic()
    last = _last_ports(folder)
    ports = ports_of.choose(say=_say)
    stack = Stack(folder, ports, say=_say)
    _end_on_signals(stack)
    with stack:
        (folder / "ports.json").write_text(json.dumps(asdict(ports)))
        # A Zoho connection holds the address it was made at, so another port means another consent.
        moved = last is not None and last.zoho != ports.zoho
        Walk(stack.public_base, stack.zoho, stack.xero).make_ready(HARBOUR_AND_PINE, again=moved)
        fresh = fresh_company.kept_in(folder, stack.zoho, stack.xero)
        print(_welcome(stack, fresh, time.monotonic() - began), flush=True)
        threading.Event().wait()


def _welcome(stack: Stack, fresh: Company, seconds: float) -> str:
    org = stack.zoho + "/crm/" + HARBOUR_AND_PINE
    return f"""
  Ready after {seconds:.0f} s. Open this page:

      {org}/tab/Invoices

  You are Tom Alvarez, administrator of Harbour & Pine; the page lets you be Mia Chen, who sells.
  Open an invoice, look at the Xero panel and press Push to Xero.

  The bookkeeper approves and gets paid here:   {stack.xero}/bookkeeper
  A company that nobody has set up yet:         {stack.zoho}/crm/{fresh.domain}/tab/InvoiceBridge
  What every process says:                      {_short(stack.folder / "logs")}

  Nothing of this is real, and nothing leaves this machine. Ctrl-C stops everything.
"""


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _say(text: str) -> None:
    print(text, flush=True)


def _last_ports(folder: Path) -> Ports | None:
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Ports(**json.loads((folder / "ports.json").read_text()))
    return None


def _end_on_signals(stack: Stack) -> None:
    """The first Ctrl-C ends everything warm, a second one at once."""
    asked = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            stack.supervisor.hurry.set()
            return
        asked.set()
        print("\nStopping ... (Ctrl-C again: at once)", flush=True)
        raise KeyboardInterrupt

    for number in _SIGNALS:
        signal.signal(number, end)


class _AlreadyRunningError(Exception):
    pass


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two demos in one folder would write over each other; the lock goes with the process, however it ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            where = _short(folder)
            told = f"A demo runs here already, with its data in {where}. Ctrl-C in its terminal ends it."
            raise _AlreadyRunningError(told) from None
        yield


if __name__ == "__main__":
    sys.exit(main())
