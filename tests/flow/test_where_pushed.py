"""Is of what CRM finds only pushed what its asker was shown, and can they find that work again?"""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis

from simulator.stack.whole import Stack
from tests.flow.finding import LONG_AGO, asked, push_shown, refusal, rows_once_over
from tests.flow.scenes import customer, fault, invoice, settled
from tests.tenants import Doc, Tenant, control, make_tenant


@pytest.fixture
def mine(stack: Stack) -> Tenant:
    return make_tenant(stack)


def preview(mine: Tenant, api: Any = None) -> tuple[Any, Doc]:
    """A preview of all that changed since long ago: its answer, and the digest of each record that can be sent."""
    answer = asked(mine, "preview", api, changed_since=LONG_AGO)
    rows = rows_once_over(mine, answer, api)
    return answer, {record: row["digest"] for record, row in rows.items() if row["digest"]}


def test_what_changed_since_it_was_shown_is_not_sent(mine: Tenant) -> None:
    """It is told instead; what came to CRM since is not even asked about."""
    account = customer(mine)
    same, other = (invoice(mine, account, Status="Created") for _ in range(2))
    shown, digests = preview(mine)
    assert list(digests) == [same, other]
    late = invoice(mine, account, Status="Created")
    mine.change("Invoices", other, {"Status": "Approved"})
    rows = rows_once_over(mine, push_shown(mine, shown, digests))
    assert {record: row["outcome"] for record, row in rows.items()} == {same: "created", other: "blocked"}
    assert (mine.in_xero(other), mine.in_xero(late)) == ([], [])


def test_only_ones_own_preview_is_pushed_and_only_its_records(mine: Tenant) -> None:
    """A colleague's is not there, nor a push or a look by that id; what it did not show is refused as a whole."""
    account = customer(mine)
    first, second = (invoice(mine, account, Status="Created") for _ in range(2))
    shown, digests = preview(mine)
    look = asked(mine, "pull", changed_since=LONG_AGO)
    assert refusal(push_shown(mine, shown, digests, mine.sales)) == (404, "run_not_found", [])
    assert refusal(push_shown(mine, look, digests)) == (404, "run_not_found", [])
    late = invoice(mine, account, Status="Created")
    more = {**digests, late: "0" * 64}
    assert refusal(push_shown(mine, shown, more)) == (404, "record_not_found", ["previewed"])
    rows = rows_once_over(mine, push_shown(mine, shown, {second: digests[second]}))
    assert list(rows) == [second]
    assert mine.in_xero(first) == []


def test_what_crm_hides_meanwhile_is_not_pushed(mine: Tenant) -> None:
    """Sight is kept for five minutes, from the finding on; then CRM is asked again, and all of it is refused."""
    account = customer(mine)
    records = [invoice(mine, account, Status="Created") for _ in range(2)]
    shown, digests = preview(mine, mine.sales)
    mine.change("Invoices", records[0], {"hidden_from": [mine.salesperson["id"]]})
    with Redis.from_url(mine.stack.redis_url) as redis:
        kept = list(redis.scan_iter(f"ib:visible:*:{mine.salesperson['id']}:*"))
        assert len(kept) == 2
        redis.delete(*kept)
    refused = push_shown(mine, shown, digests, mine.sales)
    assert refusal(refused) == (404, "record_not_found", ["record_ids"])
    assert mine.in_xero() == []


def test_removing_needs_its_choice_and_then_happens(mine: Tenant) -> None:
    """As with selected records: shown, chosen, gone."""
    account = customer(mine)
    gone = invoice(mine, account, Status="Created")
    mine.run("push", gone)
    settled(mine, gone)
    mine.change("Invoices", gone, {"Status": "Cancelled"})
    shown, digests = preview(mine)
    rows = rows_once_over(mine, push_shown(mine, shown, digests, choices={gone: "remove"}))
    assert rows[gone]["outcome"] == "removed"
    assert [each["Status"] for each in mine.in_xero(gone)] == ["DELETED"]


def test_before_going_live_no_preview_is_pushed(mine: Tenant) -> None:
    """Also where it was made before somebody stopped."""
    invoice(mine, Status="Created")
    shown, digests = preview(mine)
    etag = mine.api.get("/settings").headers["ETag"]
    assert mine.api.post("/settings/live", {"live": False}, headers={"If-Match": etag}).status_code == 200
    assert refusal(push_shown(mine, shown, digests)) == (409, "not_live", [])
    assert refusal(mine.api.get("/found?changed_since=2020-01-01T00:00:00Z")) == (409, "not_live", [])


def test_the_work_is_found_again_by_whoever_began_it(mine: Tenant) -> None:
    """Without naming a record: the push and the preview that it came from. Nobody else's, and none that is over."""
    account = customer(mine)
    invoice(mine, account, Status="Never heard of")  # shown and not pushed
    for _ in range(2):
        invoice(mine, account, Status="Created")
    nothing = {"id": None, "check": None}
    assert mine.api.post("/runs/open", {"module": "Invoices"}).json() == nothing
    shown, digests = preview(mine)
    for path in ("/Contacts", "/Invoices"):
        fault(mine, "xero", "429", "PUT", path, seconds=30, times=None, detail="minute")
    started = push_shown(mine, shown, digests)
    found = {"id": started.json()["id"], "check": shown.json()["id"]}
    assert mine.api.post("/runs/open", {"module": "Invoices"}).json() == found
    assert mine.sales.post("/runs/open", {"module": "Invoices"}).json() == nothing
    control("DELETE", f"{mine.stack.xero}/_control/faults")
    rows_once_over(mine, started)
    assert mine.api.post("/runs/open", {"module": "Invoices"}).json() == nothing
