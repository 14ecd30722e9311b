"""Are two clicks one piece of work, and is only sent what was shown? Also: what was edited while it was sent."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest

from tests.flow.scenes import (
    LEFT_TO_XERO,
    calls,
    codes,
    customer,
    eventually,
    fault,
    invoice,
    old_invoices,
    panel,
    push,
    settled,
    side_by_side,
    start,
    task_of,
    waiting,
    writes,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]


@pytest.mark.parametrize("number", [{"from": "field", "field": "Invoice_Number"}, LEFT_TO_XERO])
def test_ten_clicks_at_once_are_one_run(tenant: Make, number: dict[str, str]) -> None:
    """Two users click ten times in the same moment: one run, one invoice, each sees it end."""
    mine = tenant(number=number)
    mine.let_everybody()
    record = invoice(mine)
    apis = [mine.api, mine.sales] * 5
    together = threading.Barrier(len(apis))
    body = {"kind": "push", "module": "Invoices", "record_ids": [record]}

    def click(place: int) -> tuple[int, str]:
        together.wait()
        answer = apis[place].post("/runs", body)
        return answer.status_code, answer.json()["id"]

    answers = side_by_side(click, range(len(apis)), at_once=len(apis))
    assert {status for status, _ in answers} == {202}
    for place, (_, run_id) in enumerate(answers):
        mine.ended(run_id, apis[place], patience=150)
    settled(mine, record)
    assert len(mine.in_xero(record)) == 1
    assert len([each for each in writes(mine, "xero") if each["path"].endswith("/Invoices")]) == 1


def test_a_second_click_while_the_first_waits_joins_it(tenant: Make) -> None:
    """Also from another person with the same rights: the same run's id comes back, and the invoice is sent once."""
    mine = tenant()
    mine.let_everybody()
    [record] = old_invoices(mine)
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=3)
    first = start(mine, "push", record)
    waiting(mine, first, "limit")
    second = mine.sales.post("/runs", {"kind": "push", "module": "Invoices", "record_ids": [record]})
    assert (second.status_code, second.json()["id"]) == (202, first)
    assert second.headers["Location"] == f"/api/v1/runs/{first}"
    assert mine.ended(first, patience=150)["counts"] == {"created": 1}
    assert len(mine.in_xero(record)) == 1


def test_a_click_beside_an_unconfirmed_dispatch_of_the_own_bulk_run_ends_too(tenant: Make) -> None:
    """The panel says until when; the click waits for the dispatch that holds its record, others do not."""
    mine, other = tenant(), tenant()
    records = old_invoices(mine, 6)
    fault(mine, "xero", "500", "PUT", "/Invoices", when="after")
    bulk = start(mine, "push", *records)
    task = waiting(mine, bulk, "unconfirmed")
    assert dt.datetime.fromisoformat(task["until"]) > dt.datetime.fromisoformat(task["created_at"])
    assert panel(mine, records[0])["run"]["task"]["cause"] == "unconfirmed"
    click = start(mine, "push", records[2])
    assert push(other, invoice(other))["outcome"] == "created"
    assert mine.ended(click, patience=150)["tasks"][0]["outcome"] == "unchanged"
    assert mine.ended(bulk, patience=150)["counts"] == {"created": 6}
    assert len(mine.in_xero()) == 6


def test_a_preview_writes_nothing_on_either_side(tenant: Make) -> None:
    """It shows customer, lines, totals and a digest; CRM and Xero stay as they are."""
    mine = tenant()
    record = invoice(mine)
    before = mine.record(record)
    shown = mine.run("preview", record)["tasks"][0]
    assert (shown["outcome"], shown["preview"]["decision"]) == ("previewed", "create")
    assert shown["preview"]["totals"]["xero"]["total"] == shown["preview"]["totals"]["crm"]["total"] == "198.00"
    assert writes(mine, "xero") == []
    assert mine.record(record) == before
    assert panel(mine, record)["check"]["preview"]["digest"] == shown["preview"]["digest"]


def test_what_was_not_shown_is_not_sent(tenant: Make) -> None:
    """An edit between preview and push blocks the push; the new preview's digest lets it through."""
    mine = tenant()
    record = invoice(mine)
    seen = mine.run("preview", record)["tasks"][0]["preview"]["digest"]
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    task = push(mine, record, previewed={record: seen})
    assert (task["outcome"], codes(task)) == ("blocked", ["changed_since_preview"])
    assert writes(mine, "xero") == []
    fresh = mine.run("preview", record)["tasks"][0]["preview"]["digest"]
    assert push(mine, record, previewed={record: fresh})["outcome"] == "created"
    assert mine.in_xero(record)[0]["DueDate"].startswith("2030-01-31")


def test_the_newer_of_two_clicks_says_what_was_shown(tenant: Make) -> None:
    """The first click waits with an old preview; the second, with the new one, lets the invoice go."""
    mine = tenant()
    record = invoice(mine)
    mine.run("preview", record)
    old = panel(mine, record)["check"]["preview"]["digest"]
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    new = mine.run("preview", record)["tasks"][0]["preview"]["digest"]
    fault(mine, "xero", "429", "GET", "/Contacts", seconds=2)
    first = start(mine, "push", record, previewed={record: old})
    waiting(mine, first, "limit")
    assert start(mine, "push", record, previewed={record: new}) == first
    assert mine.ended(first, patience=150)["counts"] == {"created": 1}


def test_an_edit_during_the_push_is_pushed_once_more(tenant: Make) -> None:
    """What changes in CRM after it was read is noticed: a follow-up looks again and tells."""
    mine = tenant()
    [record] = old_invoices(mine, statuses=["Created"])
    fault(mine, "xero", "slow", "PUT", "/Invoices", seconds=1)
    run = start(mine, "push", record)
    eventually(lambda: task_of(mine, run)["step"] == "sending")
    time.sleep(0.3)
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    mine.ended(run, patience=150)
    follow_up = eventually(lambda: panel(mine, record), lambda shown: shown["last"]["outcome"] == "updated")
    assert follow_up["link"]["due_date"] == "2030-01-31"
    assert len(mine.in_xero(record)) == 1


def test_an_edit_in_the_very_second_is_looked_at_and_found_unchanged(tenant: Make) -> None:
    """CRM's stamps have whole seconds: a record made just now is read once more, and nothing is sent again."""
    mine = tenant()
    account = customer(mine)
    record = invoice(mine, account, Status="Created")
    push(mine, record)
    shown = eventually(lambda: panel(mine, record), lambda shown: shown["last"]["outcome"] == "unchanged")
    assert shown["link"]["number"]
    time.sleep(1.5)
    assert len(calls(mine, "zoho", "GET", f"/Invoices/{record}")) == 2
    assert len([each for each in writes(mine, "xero") if each["path"].endswith("/Invoices")]) == 1
