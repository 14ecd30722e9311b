"""Can many invoices be followed at once, the rest called off, and the work found again?"""

from __future__ import annotations

import time
from collections import Counter

import pytest

from simulator.stack.whole import Stack
from tests.flow.scenes import calls, customer, eventually, fault, invoice, old_invoices, start
from tests.tenants import Doc, Tenant, control, make_tenant


@pytest.fixture
def mine(stack: Stack) -> Tenant:
    return make_tenant(stack)


def rows(mine: Tenant, run: str, **query: str) -> Doc:
    answer = mine.api.get(f"/runs/{run}/rows", params=query)
    assert answer.status_code == 200, answer.text
    found: Doc = answer.json()
    return found


def over(mine: Tenant, run: str) -> Doc:
    return eventually(lambda: rows(mine, run), lambda found: found["state"] == "ended")


def test_a_preview_of_many_says_of_each_what_would_happen(mine: Tenant) -> None:
    """By outcome, with both totals; nothing is sent."""
    account = customer(mine)
    records = old_invoices(mine, 7, account=account)
    odd = invoice(mine, account, Status="Never heard of")
    written = len(calls(mine, "xero", "PUT")) + len(calls(mine, "xero", "POST"))
    run = start(mine, "preview", *records, odd)
    seen = over(mine, run)
    assert [row["record_id"] for row in seen["rows"]] == [*records, odd]
    assert Counter(row["decision"] for row in seen["rows"]) == {"create": 7, "blocked": 1}
    assert all(row["crm_total"] == row["xero_total"] != None for row in seen["rows"][:7])  # noqa: E711
    assert seen["rows"][-1]["reasons"][0]["code"] == "status_unmapped"
    assert len(calls(mine, "xero", "PUT")) + len(calls(mine, "xero", "POST")) == written


def test_only_what_is_new_is_told_again(mine: Tenant) -> None:
    """Open rows and those that ended since; an ETag while nothing moves."""
    records = old_invoices(mine, 6)
    run = start(mine, "push", *records)
    first = over(mine, run)
    assert first["counts"] == {"created": 6}
    time.sleep(0.1)
    again = mine.api.get(f"/runs/{run}/rows")
    same = mine.api.get(f"/runs/{run}/rows", headers={"If-None-Match": again.headers["ETag"]})
    assert same.status_code == 304
    assert rows(mine, run, since="2199-01-01T00:00:00Z")["rows"] == []
    assert len(rows(mine, run, since=first["created_at"])["rows"]) == 6
    for wrong in ("yesterday", "0001-01-01T00:00:00Z", "2026-13-01T00:00:00Z"):
        refused = mine.api.get(f"/runs/{run}/rows", params={"since": wrong})
        assert (refused.status_code, "since" in str(refused.json()["fields"])) == (422, True)


def test_the_rest_is_called_off_and_what_was_sent_stays(mine: Tenant) -> None:
    """What has not begun ends as cancelled and is in Xero nowhere; pushed later it arrives once."""
    records = old_invoices(mine, 8)
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=6, times=None, detail="minute")
    run = start(mine, "push", *records)
    waits = eventually(lambda: rows(mine, run)["waits"], lambda found: [each["tasks"] for each in found] == [8])
    assert (waits[0]["cause"], waits[0]["until"] is not None) == ("limit", True)
    found = mine.api.post("/runs/open", {"module": "Invoices", "record_ids": list(reversed(records))})
    assert found.json() == {"id": run, "check": None}
    answer = mine.api.post(f"/runs/{run}/cancel", {})
    assert answer.status_code == 200, answer.text
    control("DELETE", f"{mine.stack.xero}/_control/faults")
    ended = over(mine, run)
    print("CANCELLED", answer.json())
    assert ended["counts"].get("cancelled", 0) == answer.json()["cancelled"] > 0
    assert sum(ended["counts"].values()) == 8
    assert len(mine.in_xero()) == ended["counts"].get("created", 0)
    assert mine.api.post("/runs/open", {"module": "Invoices", "record_ids": records}).json() == {
        "id": None,
        "check": None,
    }
    assert mine.api.post(f"/runs/{run}/cancel", {}).json()["cancelled"] == 0
    again = mine.run("push", *records)
    assert set(again["counts"]) <= {"created", "unchanged", "locked"}
    assert len(mine.in_xero()) == 8


def test_nobody_elses_work_is_found_or_called_off(mine: Tenant, stack: Stack) -> None:
    """Another tenant: not there. A colleague sees it where CRM shows them the records, and leaves it alone."""
    records = old_invoices(mine, 6)
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=6, times=None, detail="minute")
    run = start(mine, "push", *records)
    stranger = make_tenant(stack)
    for answer in (stranger.api.get(f"/runs/{run}/rows"), stranger.api.post(f"/runs/{run}/cancel", {})):
        assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found")
    assert mine.sales.get(f"/runs/{run}/rows").status_code == 200
    refused = mine.sales.post(f"/runs/{run}/cancel", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "may_not")
    assert mine.sales.post("/runs/open", {"module": "Invoices", "record_ids": records}).json() == {
        "id": None,
        "check": None,
    }
    mine.api.post(f"/runs/{run}/cancel", {})
    control("DELETE", f"{mine.stack.xero}/_control/faults")


def test_a_push_of_some_of_the_selected_is_found_again_with_the_preview_before(mine: Tenant) -> None:
    """The selection is still all of them; what was sent has Xero's number and both totals without any preview."""
    records = old_invoices(mine, 7)
    check = start(mine, "preview", *records)
    digests = {row["record_id"]: row["digest"] for row in over(mine, check)["rows"]}
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=6, times=None, detail="minute")
    chosen = records[:6]
    body = {"kind": "push", "module": "Invoices", "record_ids": chosen}
    run = mine.api.post("/runs", body | {"previewed": {each: digests[each] for each in chosen}}).json()["id"]

    def found(*ids: str) -> Doc:
        answer: Doc = mine.api.post("/runs/open", {"module": "Invoices", "record_ids": list(ids)}).json()
        return answer

    assert found(*records) == {"id": run, "check": check}
    assert found(*chosen) == {"id": run, "check": None}
    assert found(*records[1:])["id"] is None, "the first of its records is not among these"
    control("DELETE", f"{mine.stack.xero}/_control/faults")
    sent = over(mine, run)["rows"]
    assert [row["outcome"] for row in sent] == ["created"] * 6
    assert all(row["number"] and row["crm_total"] == row["xero_total"] == "198.00" for row in sent)
