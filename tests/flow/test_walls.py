"""What does somebody get who asks wrongly, or for what is not theirs? A stable code, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.stack.whole import Stack
from tests.flow.scenes import eventually, fault, invoice, panel, push, settled, start, writes
from tests.tenants import Tenant, make_tenant

Make = Callable[..., Tenant]


def asked(mine: Tenant, body: Any, **more: Any) -> tuple[int, str]:
    """Status and code of a POST /runs."""
    answer = mine.api.post("/runs", body, **more)
    return answer.status_code, answer.json().get("code", "")


def run_of(*ids: Any, kind: Any = "push", module: Any = "Invoices", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "module": module, "record_ids": list(ids), **more}


def test_wrong_bodies_are_refused_by_name(tenant: Make) -> None:
    """Malformed, empty, too many, unknown words and keys: 422 with the field, nothing started."""
    mine = tenant()
    record = invoice(mine)
    wrong: dict[str, Any] = {
        "no ids": run_of(),
        "501 ids": run_of(*[str(number) for number in range(501)]),
        "no id": run_of("abc"),
        "a number": run_of(int(record)),
        "a long id": run_of("1" * 21),
        "other digits": run_of("١٢٣"),
        "a line end": run_of(f"{record}\n"),
        "ids as text": {**run_of(), "record_ids": record},
        "kind": run_of(record, kind="delete"),
        "module": run_of(record, module="Deals"),
        "more": run_of(record, tenant_id="x"),
        "digest": run_of(record, previewed={record: "x"}),
        "no kind": {"module": "Invoices", "record_ids": [record]},
        "a list": [run_of(record)],
    }
    assert {name: asked(mine, body) for name, body in wrong.items()} == dict.fromkeys(wrong, (422, "not_valid"))
    assert mine.api.post("/runs", wrong["kind"]).json()["fields"].keys() == {"kind"}
    assert writes(mine, "xero") == []


def test_duplicate_ids_are_one_task(tenant: Make) -> None:
    """A record named three times is worked on once."""
    mine = tenant()
    record = invoice(mine)
    run = mine.run("push", record, record, record)
    assert [task["record_id"] for task in run["tasks"]] == [record]
    assert len(mine.in_xero(record)) == 1


def test_unknown_foreign_and_hidden_records_look_alike(tenant: Make) -> None:
    """404 for each, also among good ones, to start and to look at; nothing is written anywhere."""
    mine, other = tenant(), tenant()
    good, foreign, hidden = invoice(mine), invoice(other), invoice(mine)
    mine.change("Invoices", hidden, {"hidden_from": [mine.salesperson["id"]]})
    for record in ("999999999999", foreign, hidden):
        answer = mine.sales.post("/runs", run_of(good, record))
        assert (answer.status_code, answer.json()["code"]) == (404, "record_not_found")
        answer = mine.sales.get(f"/records/Invoices/{record}")
        assert (answer.status_code, answer.json()["code"]) == (404, "record_not_found")
    assert panel(mine, good)["last"] is None
    assert writes(mine, "xero") == writes(other, "xero") == []
    assert push(mine, hidden)["outcome"] == "created"  # the administrator sees it
    settled(mine, hidden)


def test_runs_of_others_are_not_there(tenant: Make) -> None:
    """Another tenant's run, and a colleague's run on records that are hidden from me: 404."""
    mine, other = tenant(), tenant()
    hidden = invoice(mine)
    mine.change("Invoices", hidden, {"hidden_from": [mine.salesperson["id"]]})
    run = start(mine, "push", hidden)
    assert mine.sales.get(f"/runs/{run}").status_code == 404
    answer = other.api.get(f"/runs/{run}")
    assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found")
    assert other.api.get("/runs/nothing").status_code == 404
    assert mine.api.get(f"/runs/{run}?page=0").status_code == 422
    mine.ended(run)


@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer nothing", "Basic eA==", "Bearer " + "x" * 5000])
def test_without_a_sign_in_nothing_is_told(stack: Stack, token: str | None) -> None:
    """Missing, malformed or unknown tokens: 401 with a stable code, whatever is asked for."""
    headers = {} if token is None else {"Authorization": token}
    for method, path in (("POST", "/runs"), ("GET", "/runs/x"), ("GET", "/records/Invoices/1")):
        address = f"{stack.public_base}/api/v1{path}"
        answer = requests.request(method, address, headers=headers, json=run_of("1"), timeout=30)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_signed_out_token_is_over(tenant: Make) -> None:
    """After signing out the same token opens nothing any more."""
    mine = tenant()
    gone = {"Authorization": f"Bearer {mine.sales.session['access_token']}"}
    assert mine.sales.delete("/sign-in").status_code == 204
    answer = requests.get(f"{mine.stack.public_base}/api/v1/connections", headers=gone, timeout=30)
    assert answer.status_code == 401


def test_what_is_not_json_is_told(tenant: Make) -> None:
    """Text, broken JSON, another content type, a huge body: 4xx with a code of its own."""
    mine = tenant()
    as_json = {"Content-Type": "application/json"}
    cases = {
        "broken": (b'{"kind": "push"', as_json, 400, "not_json"),
        "not utf-8": (b'{"kind": "\xff"}', as_json, 400, "not_json"),
        "NaN": (b'{"kind": NaN}', as_json, 400, "not_json"),
        "deep": (b"[" * 60_000, as_json, 400, "not_json"),
        "a form": (b"kind=push", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "not_json"),
        "text": (json.dumps(run_of("1")).encode(), {"Content-Type": "text/plain"}, 415, "not_json"),
        "nothing": (b"", as_json, 400, "not_json"),
        "huge": (b" " * 300_000, as_json, 413, "too_large"),
    }
    for name, (body, headers, status, code) in cases.items():
        answer = mine.api.call("POST", "/runs", data=body, headers=headers)
        assert (name, answer.status_code, answer.json()["code"]) == (name, status, code)


def test_crm_away_is_told_and_nothing_is_started(tenant: Make) -> None:
    """Who may see the record cannot be asked: 503 with a code and Retry-After, and later it works."""
    mine = tenant()
    record = invoice(mine)
    fault(mine, "zoho", "500", "GET", "/Invoices")
    answer = mine.api.post("/runs", run_of(record))
    assert (answer.status_code, answer.json()["code"]) == (503, "zoho_away")
    assert int(answer.headers["Retry-After"]) >= 1
    assert push(mine, record)["outcome"] == "created"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["push", "preview", "pull"]) | JSON,
        "module": st.just("Invoices") | JSON,
        "record_ids": st.lists(st.from_regex(r"[0-9]{1,20}", fullmatch=True), max_size=4) | JSON,
    },
    optional={"previewed": st.dictionaries(st.text(max_size=5), JSON, max_size=2) | JSON, "x": JSON},
)


@pytest.fixture(scope="module")
def asker(stack: Stack) -> Tenant:
    """One tenant for all examples of the fuzz."""
    return make_tenant(stack)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=NEARLY | JSON)
def test_no_body_breaks_the_door(asker: Tenant, body: Any) -> None:
    """Whatever JSON comes in: 4xx with our error shape, never 5xx, and no run."""
    answer = asker.api.post("/runs", body)
    assert 400 <= answer.status_code < 500, (body, answer.text)
    assert set(answer.json()) == {"code", "message", "fields"}


def test_nothing_came_of_the_wrong_bodies(asker: Tenant) -> None:
    """After the fuzz: nothing written on either side."""
    eventually(lambda: writes(asker, "xero") == [])
