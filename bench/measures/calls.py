"""What do a thousand new invoices cost: calls, seconds, processor, memory? Beside a bare script that does the same."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence

from bench import processes
from bench.asked import Asked, Counted, Doc, counted, forget, lift_limits
from bench.company import STAMPS_S, Company, make
from simulator.stack.procfile import ROOT


def measure(asked: Asked) -> Doc:
    with asked.stack("calls") as stack:
        company = make(stack)
        ids = company.invoices(asked.count)
        time.sleep(STAMPS_S)
        asked.slow_down(stack)
        found = pushed(company, ids, "created")
        per = 1000 / asked.count
        calls: Counted = found["calls"]
        return {
            "xero_calls_per_1000": calls.xero * per,
            "zoho_calls_per_1000": calls.zoho * per,
            "zoho_credits_per_1000": calls.credits * per,
            "wall_s_per_1000": round(found["wall_s"] * per, 1),
            "crm_written_s_per_1000": round(found["written_s"] * per, 1),
            "cpu_s_per_1000": round(found["cpu_s"] * per, 2),
            "http_429": calls.too_many,
            "peak_rss_mb": {str(asked.count): found["peak_mb"]},
        }


def pushed(company: Company, ids: Sequence[str], outcome: str) -> Doc:
    """Push all of them and wait until CRM shows it: seconds, calls, processor, memory."""
    roots = processes.leaders(company.stack)
    forget(company.stack)
    with processes.watched_memory(company.stack.supervisor.pid("worker")) as peak:
        before, began = processes.cpu_s(roots), time.monotonic()
        runs = company.start(ids)
        ended = company.wait(runs, outcome)
        written = company.wait_written(runs)
        used = processes.cpu_s(roots) - before
    return {
        "wall_s": ended - began,
        "written_s": written - began,
        "cpu_s": used,
        "calls": counted(company.stack),
        "peak_mb": peak.mb,
    }


def floor(asked: Asked) -> Doc:
    """The bare script: in fifties for the processor, one by one for the time that others need."""
    few = asked.count if asked.full else min(asked.count, 100)
    with asked.stack("floor") as stack:
        company = make(stack)
        lift_limits(stack)
        asked.slow_down(stack)
        fifties = _script(company, company.invoices(asked.count), 50)
        singly = _script(company, company.invoices(few), 1)
    return {
        "floor_cpu_s_per_1000": round(fifties["cpu_s"] * 1000 / asked.count, 2),
        "floor_wall_s_per_1000": round(fifties["wall_s"] * 1000 / asked.count, 1),
        "one_by_one_wall_s_per_1000": round(singly["wall_s"] * 1000 / few, 1),
    }


def _script(company: Company, ids: Sequence[str], batch: int) -> Doc:
    wish = {
        "zoho": company.stack.zoho,
        "xero": company.stack.xero,
        "zoho_token": company.zoho_token(),
        "xero_token": company.xero_token(),
        "organisation": company.organisation,
        "contacts": company.contacts(),
        "ids": list(ids),
        "batch": batch,
    }
    run = subprocess.run(
        [sys.executable, "-m", "bench.floor"], input=json.dumps(wish), capture_output=True, text=True, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr[-800:]
    found: Doc = json.loads(run.stdout)
    assert found["made"] == len(ids), found
    return found


def updates(asked: Asked) -> Doc:
    """A thousand that are in Xero, all of them with another due date."""
    with asked.stack("updates") as stack:
        company = make(stack)
        ids = company.invoices(asked.count)
        time.sleep(STAMPS_S)
        runs = company.start(ids)
        company.wait(runs, "created")
        company.wait_written(runs)
        company.change_all(ids)
        time.sleep(STAMPS_S)
        asked.slow_down(stack)
        found = pushed(company, ids, "updated")
        per = 1000 / asked.count
        return {
            "xero_calls_per_1000_updates": found["calls"].xero * per,
            "zoho_calls_per_1000_updates": found["calls"].zoho * per,
            "wall_s_per_1000_updates": round(found["wall_s"] * per, 1),
        }
