"""Does a run of what CRM finds hold just what its asker sees, and send no more than a run of named records would?"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from simulator.stack.whole import Stack
from tests.flow.changes import held, reprice, rows_of
from tests.flow.finding import LONG_AGO, asked, ended, fill, pushed, refusal, view
from tests.flow.scenes import calls, codes, customer, database, fault, invoice, key_of, settled
from tests.tenants import Doc, Tenant, make_tenant


@pytest.fixture
def mine(stack: Stack) -> Tenant:
    return make_tenant(stack)


@pytest.fixture(scope="module")
def somebody(stack: Stack) -> Tenant:
    """For what changes nothing."""
    return make_tenant(stack)


def stamp(mine: Tenant, record: str) -> datetime:
    return datetime.fromisoformat(mine.record(record)["Modified_Time"])


def test_a_view_is_pushed_and_nothing_else(mine: Tenant) -> None:
    """By the org's own month; the other invoices stay where they are. Each list by view costs CRM three credits."""
    account, today = customer(mine), datetime.now(ZoneInfo("Australia/Sydney")).date()
    good = [invoice(mine, account, Invoice_Date=today.isoformat()) for _ in range(3)]
    early = invoice(mine, account, Invoice_Date=(today - timedelta(days=40)).isoformat())
    draft = invoice(mine, account, Status="Created", Invoice_Date=today.isoformat())
    count = mine.api.get(f"/found?view={view(mine, 'Approved this month')}").json()
    assert count == {"count": 3}
    rows, done = pushed(mine, view=view(mine, "Approved this month"))
    assert list(rows) == list(done) == good
    rows = done
    assert {row["outcome"] for row in rows.values()} == {"created"}
    assert (mine.in_xero(early), mine.in_xero(draft), len(mine.in_xero())) == ([], [], 3)


def test_what_changed_since_is_looked_at(mine: Tenant) -> None:
    """The named second is among it, whatever its fraction and its offset say; a later one is not."""
    account = customer(mine)
    old = invoice(mine, account)
    time.sleep(2.1)
    new = invoice(mine, account)
    moment = stamp(mine, new)
    assert stamp(mine, old) < moment - timedelta(seconds=1)
    for since in (moment, moment.replace(microsecond=999000), moment.astimezone(UTC)):
        assert list(ended(mine, "preview", changed_since=since.isoformat())) == [new]
    assert list(ended(mine, "preview", changed_since=stamp(mine, old).isoformat())) == [old, new]
    later = asked(mine, "preview", changed_since=(moment + timedelta(seconds=1)).isoformat())
    assert (later.status_code, later.json()["id"], later.json()["tasks"]) == (200, None, [])


def test_nobody_gets_more_than_crm_shows_them(mine: Tenant) -> None:
    """Hidden records are not among them; a view that is somebody else's, or nobody's, is not there."""
    account = customer(mine)
    shown, hidden = invoice(mine, account, Status="Created"), invoice(mine, account, Status="Created")
    mine.change("Invoices", hidden, {"hidden_from": [mine.salesperson["id"]]})
    for where in ({"view": view(mine, "All Invoices")}, {"changed_since": LONG_AGO}):
        assert list(ended(mine, "preview", mine.sales, **where)) == [shown]
        assert list(ended(mine, "preview", **where)) == [shown, hidden]
    private = view(mine, "Before the audit")
    with pytest.raises(KeyError):
        view(mine, "Before the audit", mine.sales)
    for api, which in ((mine.sales, private), (mine.api, "1")):
        assert refusal(asked(mine, "preview", api, view=which)) == (404, "view_not_found", ["where.view"])


def test_approving_follows_the_askers_right_as_with_named_records(mine: Tenant) -> None:
    """A salesperson's approved invoices are told and stay; an administrator's go. Both ways of asking say the same."""
    account = customer(mine)
    approved, draft = invoice(mine, account), invoice(mine, account, Status="Created")
    named = mine.run("push", approved, draft, api=mine.sales)["tasks"]
    said = {task["record_id"]: (task["outcome"], codes(task)) for task in named}
    assert said == {approved: ("blocked", ["may_not_approve"]), draft: ("created", [])}
    other = invoice(mine, account, Status="Created")
    rows, done = pushed(mine, mine.sales, changed_since=LONG_AGO)
    assert codes(rows[approved]) == said[approved][1]
    assert done[other]["outcome"] == "created"
    assert mine.in_xero(approved) == []
    assert pushed(mine, changed_since=LONG_AGO)[1][approved]["outcome"] == "created"
    assert held(mine, approved)["Status"] == "AUTHORISED"


def test_nothing_is_removed_or_written_over_by_it(mine: Tenant) -> None:
    """Cancelled invoices wait for a question of their own, and what the bookkeeper changed for a choice."""
    account = customer(mine)
    gone, corrected = (invoice(mine, account, Status="Created") for _ in range(2))
    mine.run("push", gone, corrected)
    for record in (gone, corrected):
        settled(mine, record)
    mine.change("Invoices", gone, {"Status": "Cancelled"})
    mine.change("Invoices", corrected, {"Invoiced_Items": rows_of(mine, corrected, {"List_Price": 95})})
    reprice(mine, corrected, 90)
    _, rows = pushed(mine, view=view(mine, "All Invoices"))
    assert (rows[gone]["outcome"], codes(rows[gone])) == ("blocked", ["confirm_removal"])
    assert rows[corrected]["outcome"] == "conflict"
    assert held(mine, gone)["Status"] == "DRAFT"
    assert Decimal(str(held(mine, corrected)["Lines"][0]["UnitAmount"])) == 90


@pytest.mark.parametrize("kind", ["preview", "pull"])
def test_before_going_live_nothing_is_found(mine: Tenant, kind: str) -> None:
    """Nor is CRM asked: whoever is an administrator, and however few there are."""
    invoice(mine)
    etag = mine.api.get("/settings").headers["ETag"]
    assert mine.api.post("/settings/live", {"live": False}, headers={"If-Match": etag}).status_code == 200
    before = len(calls(mine, "zoho", "GET", "/crm/v8/Invoices"))
    refused = asked(mine, kind, changed_since=LONG_AGO)
    assert refusal(refused) == (409, "not_live", [])
    assert len(calls(mine, "zoho", "GET", "/crm/v8/Invoices")) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "record_ids"),
        ({"where": {}}, "where"),
        ({"where": {"view": "1", "changed_since": LONG_AGO}}, "where"),
        ({"where": {"view": "1"}, "record_ids": ["1"]}, "record_ids"),
        ({"where": {"view": "1"}, "kind": "push"}, "kind"),
        ({"where": {"view": "1"}, "previewed": {"1": "0" * 64}}, "previewed"),
        ({"where": {"view": "1"}, "kind": "push", "previewed": {"1": "0" * 64}}, "kind"),
        ({"where": {"preview": "0" * 32}}, "kind"),
        ({"where": {"preview": "0" * 32}, "kind": "push"}, "previewed"),
        ({"where": {"preview": "0" * 32}, "kind": "push", "previewed": {}}, "previewed"),
        ({"where": {"preview": "1"}}, "where.preview"),
        ({"where": {"view": "1 or 2"}}, "where.view"),
        ({"where": {"view": 1}}, "where.view"),
        ({"where": {"view": None}}, "where.view"),
        ({"where": {"changed_since": "2026-11-01T00:00:00"}}, "where.changed_since"),
        ({"where": {"changed_since": "yesterday"}}, "where.changed_since"),
        ({"where": {"changed_since": "0001-01-01T00:00:00+14:00"}}, "where.changed_since"),
        ({"where": {"changed_since": "9999-12-31T23:59:59-14:00"}}, "where.changed_since"),
        ({"where": {"criteria": "all"}}, "where.criteria"),
        ({"where": "all"}, "where"),
        ({"where": None}, "where"),
    ],
)
def test_a_request_of_another_shape_names_its_field(somebody: Tenant, body: Doc, field: str) -> None:
    answer = somebody.api.post("/runs", {"kind": "preview", "module": "Invoices", **body})
    assert refusal(answer) == (422, "not_valid", [field]), answer.text


def test_a_disturbed_list_starts_nothing(mine: Tenant) -> None:
    """Half of what was asked for would look like all of it."""
    fill(mine, 401)
    for kind in ("500", "429"):
        fault(mine, "zoho", kind, "GET", "/Invoices", skip=2)
        answer = asked(mine, "pull", changed_since=LONG_AGO)
        assert (answer.status_code, answer.json()["code"]) == (503, "zoho_away")
        assert int(answer.headers["Retry-After"]) > 0
    with database(mine.stack) as c:
        runs = sa.text("SELECT count(*) FROM run WHERE tenant_id = :tenant")
        assert c.execute(runs, {"tenant": key_of(c, mine)}).scalar_one() == 0


def test_two_thousand_are_one_run_and_one_more_is_too_many(mine: Tenant) -> None:
    """Ten lists, no call a record; its rows come at once, and it can be called off. With one more nothing starts."""
    records = fill(mine, 2000)
    fault(mine, "zoho", "500", "GET", "/Invoices/", times=None)
    fault(mine, "xero", "500", "GET", "", times=None)
    before = len(calls(mine, "zoho", "GET"))
    answer = asked(mine, "pull", view=view(mine, "Approved this month"))
    assert answer.status_code == 202, answer.text
    assert (len(answer.json()["tasks"]), answer.json()["pages"]) == (100, 20)
    lists = [each for each in calls(mine, "zoho", "GET")[before:] if each["path"].endswith("/Invoices")]
    assert len(lists) >= 10
    run = answer.json()["id"]
    started = time.monotonic()
    rows = mine.api.get(f"/runs/{run}/rows").json()
    assert time.monotonic() - started < 3
    assert [row["record_id"] for row in rows["rows"]] == records
    assert mine.api.post(f"/runs/{run}/cancel", {}).status_code == 200
    fill(mine, 1)
    refused = asked(mine, "pull", view=view(mine, "Approved this month"))
    assert refusal(refused) == (422, "too_many_records", ["where.view"])
    assert "Narrow it down" in refused.json()["message"]
