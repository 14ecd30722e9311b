"""How many status questions a second can one host answer, and how much of it do 2,000 open panels take?"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from bench import processes
from bench.asked import Asked, Doc
from bench.budgets import CORES, OPEN_PANELS
from bench.company import STAMPS_S, Company, make
from simulator.stack.environment import own_path
from simulator.stack.ports import any_free
from simulator.stack.procfile import ROOT
from simulator.stack.supervise import Program
from simulator.stack.whole import Stack, says_ok

SECONDS, CONNECTIONS, TIMES = 5, 8, 3
PANEL_ASKS_EVERY_S = 4  # an open panel that somebody looks at (widget/js/polling.js)
RECORDS = 50


def status(asked: Asked) -> Doc:
    """The run route beside a bare one under the same gunicorn, in turns; medians of three."""
    with asked.stack("status") as stack:
        company = make(stack)
        [run] = company.start(company.invoices(1))
        company.wait([run], "created")
        port = _start_bare(stack)
        ours, bare = [], []
        for _ in range(TIMES):
            ours.append(load(company, [f"/api/v1/runs/{run}"])["rps"])
            bare.append(_loaded(f"http://127.0.0.1:{port}", ["/api/v1/bare"], {}, None)["rps"])
    return {"status_rps": round(statistics.median(ours)), "bare_route_rps": round(statistics.median(bare))}


def panels(asked: Asked) -> Doc:
    """As many questions a second as the panels ask, or as many as are answered; the processor time of the web process
    for one, times all."""
    wanted = OPEN_PANELS / PANEL_ASKS_EVERY_S
    with asked.stack("panels") as stack:
        company = make(stack)
        ids = company.invoices(min(RECORDS, asked.count))
        time.sleep(STAMPS_S)
        runs = company.start(ids)
        company.wait(runs, "created")
        company.wait_written(runs)
        paths = [f"/api/v1/records/Invoices/{each}" for each in ids]
        load(company, paths)  # CRM is asked once what this person may see
        roots = processes.leaders(stack)
        before = processes.cpu_s(roots)
        found = load(company, paths, wanted)
        each = (processes.cpu_s(roots) - before) / found["answers"]
    told = {"panels": OPEN_PANELS, "cpu_share": round(each * wanted / CORES, 3)}
    return {"open_panels": {**told, "answered_rps": round(found["rps"]), "asked_rps": round(wanted)}}


def load(company: Company, paths: Sequence[str], rate: float | None = None) -> Doc:
    bearer = {"Authorization": f"Bearer {company.api.session['access_token']}"}
    return _loaded(company.stack.public_base, paths, bearer, rate)


def _loaded(address: str, paths: Sequence[str], headers: Mapping[str, str], rate: float | None) -> Doc:
    wish = {"address": address, "paths": list(paths), "headers": dict(headers), "rate": rate}
    wish |= {"seconds": SECONDS, "connections": CONNECTIONS}
    command = [sys.executable, "-m", "bench.load"]
    run = subprocess.run(command, input=json.dumps(wish), capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0 and not run.stderr, run.stderr[-800:]
    found: Doc = json.loads(run.stdout)
    return found


def _start_bare(stack: Stack) -> int:
    """Beside the product, as many processes and threads; ends with the stack."""
    port = any_free().web
    sizes = ("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "5")
    argv = ("gunicorn", *sizes, "--bind", f"127.0.0.1:{port}", "--no-control-socket", "bench.bare:create_app()")
    stack.supervisor.start(Program("bare", argv, {"PATH": own_path()}))
    stack.supervisor.wait_until("bare", lambda: says_ok(f"http://127.0.0.1:{port}/api/v1/bare"))
    return port
