"""Can a push be followed through the logs of all processes, and does nothing secret or private stand there?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from server.store.secrets import Secrets
from simulator.stack.whole import Stack
from tests.flow.scenes import customer, database, eventually, fault, invoice, key_of, settled, start
from tests.running.scenes import METRICS, ask, lines_of
from tests.tenants import Tenant

Make = Callable[..., Tenant]
OURS = ("web", "worker", "clock")


def of_run(stack: Stack, run: str) -> list[dict[str, Any]]:
    """The lines of all processes that name this run."""
    whole = [line for process in ("web", "worker") for line in lines_of(stack, process)]
    return [line for line in whole if run in (line.get("run"), *line.get("runs", ()))]


def test_a_push_is_found_by_its_run(tenant: Make, stack: Stack) -> None:
    """Asked for at the web, claimed and ended at a worker: each line with run and tenant, the task's with its task."""
    mine = tenant()
    record = invoice(mine)
    run = start(mine, "push", record)
    mine.ended(run)
    settled(mine, record)
    eventually(lambda: [each["event"] for each in of_run(stack, run)], lambda found: "run ended" in found)
    found = {line["event"]: line for line in of_run(stack, run)}
    with database(stack) as c:
        mine_id = key_of(c, mine)
        task = c.execute(sa.text("SELECT id FROM task WHERE run_id = :id"), {"id": run}).scalar_one()
    assert {"run started", "claimed", "task ended", "run ended", "request"} <= set(found)
    assert {line["tenant"] for line in found.values()} == {mine_id}
    assert (found["task ended"]["task"], found["task ended"]["outcome"]) == (task, "created")
    assert task in found["claimed"]["tasks"]
    sent = [line for line in lines_of(stack, "worker") if line["event"] == "dispatch stored" and task in line["tasks"]]
    tried = [line for line in lines_of(stack, "worker") if line["event"] == "attempt ended"]
    assert {line["dispatch"] for line in sent} & {line["dispatch"] for line in tried if line["result"] == "yes"}
    assert all(line["job"] for line in (*sent, *tried))


def test_a_wait_says_for_what(tenant: Make, stack: Stack) -> None:
    """And a blocked row says why, by its code."""
    mine = tenant()
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=1)
    run = start(mine, "push", invoice(mine))
    mine.ended(run)
    blocked = start(mine, "push", invoice(mine, Account_Name=None))
    mine.ended(blocked)
    waits = [line for line in of_run(stack, run) if line["event"] == "task waits"]
    assert [line["cause"] for line in waits] == ["limit"]
    ended = [line for line in of_run(stack, blocked) if line["event"] == "task ended"]
    assert ended[0]["outcome"] == "blocked" and ended[0]["reasons"]


def test_every_line_of_every_process_is_json_and_holds_no_secret(tenant: Make, stack: Stack) -> None:
    """Tokens of both grants, the sign-in's, our clients' secrets, the keys; names and sums of the invoice."""
    mine = tenant()
    name, sum_ = "Grünwald & Söhne Zahnklinik", "73519.46"
    rows = [{"Product_Name": {"id": mine.add("Products", {"Product_Name": "Walnut counter"})}, "Quantity": 1}]
    record = invoice(mine, customer(mine, name), Invoiced_Items=[{**rows[0], "List_Price": 73519.46}])
    run = start(mine, "push", record)
    mine.ended(run)
    ask(stack)
    for process in OURS:
        assert all({"event", "level", "timestamp"} <= set(line) for line in lines_of(stack, process)), process
    whole = "\n".join(stack.supervisor.log(process).read_text(encoding="utf-8") for process in OURS)
    assert run in whole
    secret = [stack.env[each] for each in ("SECRET_KEYS", "HASH_KEY", "ZOHO_CLIENT_SECRET", "XERO_CLIENT_SECRET")]
    secret += [METRICS, *mine.api.session.values(), *_tokens(stack)]
    private = [name, json.dumps(name)[1:-1], mine.name, "Walnut counter", sum_, "73519", mine.person]
    private += [mine.administrator["full_name"], mine.administrator["email"]]
    assert [each for each in [*secret, *private] if isinstance(each, str) and len(each) > 4 and each in whole] == []


def _tokens(stack: Stack) -> list[str]:
    """Every token that our vault holds, in the clear."""
    vault = Secrets(tuple(stack.env["SECRET_KEYS"].split(",")))
    with database(stack) as c:
        rows = c.execute(sa.text('SELECT access_token, refresh_token FROM "grant"')).all()
    found = [vault.open(bytes(each)) for row in rows for each in row if each]
    assert found
    return found
