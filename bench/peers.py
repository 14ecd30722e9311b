"""What do other libraries need for the same invoices? Against the same pretend Xero, its limits lifted, ours beside.

Theirs is the writing to Xero alone, of bodies that are ready; ours is the whole push: CRM read, checked, written to
Xero, proved, written back to CRM. COUNT says how many invoices; the figures are for 1,000.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.asked import BUILD, Asked, Doc, forget, lift_limits
from bench.both_sides import control
from bench.company import STAMPS_S, Company, make
from bench.measures.calls import pushed

FILE = BUILD / "bench-peers.json"
ENV = {**os.environ, "OAUTHLIB_INSECURE_TRANSPORT": "1"}  # the pretend Xero has no certificate
# name, library, invoices a call, and how many of COUNT: one by one takes its time
PEERS = (
    ("xero-python, in fifties", "xero-python", 50, 1.0),
    ("xero-python, one by one", "xero-python", 1, 0.1),
    ("pyxero, one by one", "pyxero", 1, 0.1),
    ("xerosdk, one by one", "xerosdk", 1, 0.1),
)


def main() -> int:
    """Print the table and write build/bench-peers.json; PYTHON is that of the peers' environment."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).exists():
        print("bench-peers: name the Python of the environment with bench/peers-requirements.txt")
        return 2
    asked = Asked.by_environment()
    rows: dict[str, Doc] = {}
    with asked.stack("peers") as stack:
        company = make(stack)
        lift_limits(stack)
        asked.slow_down(stack)
        for name, library, batch, share in PEERS:
            rows[name] = _peer(company, library, batch, max(batch, round(asked.count * share)))
            print(f"  {name}: {json.dumps(rows[name])}", flush=True)
        rows["InvoiceBridge, the whole push"] = _ours(company, asked.count)
    BUILD.mkdir(exist_ok=True)
    FILE.write_text(json.dumps({"delay_ms": asked.delay_ms, "count": asked.count, "rows": rows}, indent=2) + "\n")
    print(*table(rows), sep="\n")
    return 0


def table(rows: dict[str, Doc]) -> list[str]:
    """For docs/bench.md."""
    head = ["| what | Xero calls | seconds | processor s |", "| --- | ---: | ---: | ---: |"]
    return head + [
        f"| {name} | {row['told']} | | |"
        if "told" in row
        else f"| {name} | {row['calls']:g} | {row['wall_s']:g} | {row['cpu_s']:g} |"
        for name, row in rows.items()
    ]


def _peer(company: Company, library: str, batch: int, count: int) -> Doc:
    wish = {
        "peer": library,
        "batch": batch,
        "xero": company.stack.xero,
        "token": company.xero_token(),
        "organisation": company.organisation,
        "invoices": _bodies(company, library, batch, count),
    }
    forget(company.stack)
    script = Path(__file__).with_name("peer_pushes.py")
    run = subprocess.run([sys.argv[1], str(script)], input=json.dumps(wish), capture_output=True, text=True, env=ENV)
    if run.returncode:
        return {"told": run.stderr.strip().splitlines()[-1][:160]}
    found: Doc = json.loads(run.stdout)
    if found["made"] != count:
        return {"told": f"{found['made']} of {count} arrived"}
    return _per_1000(found | {"calls": _calls(company)}, count)


def _ours(company: Company, count: int) -> Doc:
    ids = company.invoices(count)
    time.sleep(STAMPS_S)
    found = pushed(company, ids, "created")
    return _per_1000({**found, "calls": found["calls"].xero}, count)


def _bodies(company: Company, library: str, batch: int, count: int) -> Sequence[Doc]:
    """As many lines as ours have."""
    contact = next(iter(company.contacts().values()))
    row = {"Description": "Oak desk", "Quantity": 3, "UnitAmount": 41.5, "AccountCode": "200", "TaxType": "OUTPUT"}
    named = {"Type": "ACCREC", "Contact": {"ContactID": contact}, "Date": "2026-11-02", "DueDate": "2026-12-02"}
    return [
        {**named, "InvoiceNumber": f"{library}-{batch}-{n:05d}", "LineItems": [row, row, row]} for n in range(count)
    ]


def _calls(company: Company) -> int:
    found = control("GET", f"{company.stack.xero}/_control/calls")
    assert found is not None
    return int(found["total"])


def _per_1000(found: Doc, count: int) -> Doc:
    return {name: round(found[name] * 1000 / count, 2) for name in ("calls", "wall_s", "cpu_s")}


if __name__ == "__main__":
    sys.exit(main())
