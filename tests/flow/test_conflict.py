"""Is anything of the bookkeeper's ever written over? Only by a person's choice on what they saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.flow.changes import draft, held, reprice, shown
from tests.flow.scenes import LEFT_TO_XERO, codes, eventually, fault, old_invoices, panel, push, settled, writes
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def test_what_the_bookkeeper_corrected_is_not_written_over(tenant: Make) -> None:
    """Both sides are shown, with who changed what; nothing is sent, however often it is pushed."""
    mine = tenant()
    record = draft(mine)
    reprice(mine, record, 90)
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    before = len(writes(mine, "xero"))
    for _ in range(2):
        task = push(mine, record)
        assert task["outcome"] == "conflict"
    assert len(writes(mine, "xero")) == before
    found = {(each["what"] or each["part"]): each for each in task["preview"]["differences"]}
    assert (found["price"]["crm"], found["price"]["xero"], found["price"]["by"]) == ("100.00", "90.00", "xero")
    assert found["due_date"]["by"] == "crm"
    assert panel(mine, record)["link"]["crm_changed"] is True


def test_send_crms_goes_over_it_and_keeps_the_rest(tenant: Make) -> None:
    """Chosen on what was shown: CRM's lines are in Xero, once; a choice on what is no more is not obeyed."""
    mine = tenant()
    record = draft(mine)
    reprice(mine, record, 90)
    digest = shown(mine, record)["digest"]
    reprice(mine, record, 95)
    chosen = {"previewed": {record: digest}, "choices": {record: "send_crm"}}
    task = push(mine, record, **chosen)
    assert (task["outcome"], codes(task)) == ("blocked", ["changed_since_preview"])
    assert held(mine, record)["Lines"][0]["UnitAmount"] in ("95", "95.00", "95.0000")
    fresh = task["preview"]["digest"]
    task = push(mine, record, previewed={record: fresh}, choices={record: "send_crm"})
    assert task["outcome"] == "updated"
    assert float(held(mine, record)["Lines"][0]["UnitAmount"]) == 100
    assert push(mine, record)["outcome"] == "unchanged"


def test_keep_xeros_is_quiet_until_crm_changes(tenant: Make) -> None:
    """Recorded; then no push says anything, until somebody changes CRM again."""
    mine = tenant()
    record = draft(mine)
    reprice(mine, record, 90)
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    before = len(writes(mine, "xero"))
    kept = {"previewed": {record: shown(mine, record)["digest"]}, "choices": {record: "keep_xero"}}
    assert push(mine, record, **kept)["outcome"] == "unchanged"
    assert panel(mine, record)["link"]["kept"] is True
    task = push(mine, record)
    assert (task["outcome"], task["preview"]["decision"]) == ("unchanged", "kept")
    mine.change("Invoices", record, {"Due_Date": "2030-02-28"})
    assert push(mine, record)["outcome"] == "conflict"
    assert len(writes(mine, "xero")) == before


@pytest.mark.parametrize("number", ["from CRM", LEFT_TO_XERO])
def test_a_lost_answer_to_a_change_is_found_out(tenant: Make, number: Any) -> None:
    """Xero changed it, its answer did not arrive: it is changed once and told as updated."""
    mine = tenant(**({"number": number} if isinstance(number, dict) else {}))
    record = draft(mine)
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    fault(mine, "xero", "lost_reply", "POST", "/Invoices")
    assert push(mine, record)["outcome"] == "updated"
    assert settled(mine, record)["link"]["due_date"] == "2030-01-31"
    assert push(mine, record)["outcome"] == "unchanged"


def test_an_edit_beside_a_lost_change_is_no_prey(tenant: Make) -> None:
    """The change did not arrive, and before it went again the bookkeeper was there: a conflict, not an overwrite."""
    mine = tenant()
    record = draft(mine)
    mine.change("Invoices", record, {"Due_Date": "2030-01-31"})
    fault(mine, "xero", "reset", "POST", "/Invoices", times=2)
    body = {"kind": "push", "module": "Invoices", "record_ids": [record]}
    run = mine.api.post("/runs", body).json()["id"]
    eventually(lambda: writes(mine, "xero"), lambda found: found and found[-1]["method"] == "POST")
    reprice(mine, record, 90)
    task = mine.ended(run, patience=150)["tasks"][0]
    assert task["outcome"] == "conflict"
    assert float(held(mine, record)["Lines"][0]["UnitAmount"]) == 90


def test_a_choice_needs_what_was_shown(tenant: Make) -> None:
    """Nobody chooses unseen, and nothing is chosen for a preview."""
    mine = tenant()
    [record] = old_invoices(mine)
    asked = {"module": "Invoices", "record_ids": [record], "choices": {record: "remove"}}
    assert mine.api.post("/runs", {**asked, "kind": "push"}).status_code == 422
    seen = {"previewed": {record: "0" * 64}}
    assert mine.api.post("/runs", {**asked, **seen, "kind": "preview"}).status_code == 422
    assert mine.api.post("/runs", {**asked, **seen, "kind": "push", "choices": {record: "burn"}}).status_code == 422
