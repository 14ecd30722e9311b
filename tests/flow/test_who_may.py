"""Does everybody get done what they may, and nothing else, whoever asks and however?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.flow.changes import draft, held, reprice, shown
from tests.flow.scenes import codes, eventually, invoice, push, task_of
from tests.tenants import Tenant

Make = Callable[..., Tenant]
Doc = dict[str, Any]


def asked(mine: Tenant, api: Any, record: str, kind: str = "push", **more: Any) -> Any:
    return api.post("/runs", {"kind": kind, "module": "Invoices", "record_ids": [record], **more})


def save(mine: Tenant, **parts: Any) -> Any:
    etag = mine.api.get("/settings").headers["ETag"]
    return mine.api.put("/settings", parts, headers={"If-Match": etag})


def standard(mine: Tenant) -> str:
    profiles = mine.api.get("/settings", params={"fresh": "true"}).json()["crm"]["profiles"]
    return str(next(each["id"] for each in profiles if each["name"] == "Standard"))


def test_everybody_sends_drafts_and_administrators_approve(tenant: Make) -> None:
    """As usual, before anybody sets anything: told in the preview already, and nothing is sent."""
    mine = tenant()
    mild, approved = invoice(mine, Status="Created"), invoice(mine, Status="Approved")
    assert push(mine, mild, api=mine.sales)["outcome"] == "created"
    assert codes(mine.run("preview", approved, api=mine.sales)["tasks"][0]) == ["may_not_approve"]
    task = push(mine, approved, api=mine.sales)
    assert (task["outcome"], codes(task)) == ("blocked", ["may_not_approve"])
    assert mine.in_xero(approved) == []
    assert push(mine, approved)["outcome"] == "created"


def test_who_may_not_preview_sees_no_colleagues_preview(tenant: Make) -> None:
    """Neither in the panel nor in the run that a colleague began."""
    mine = tenant()
    record = invoice(mine, Status="Created")
    run = mine.run("preview", record)
    assert shown(mine, record)["totals"]
    assert save(mine, rights={"preview": []}).status_code == 200
    panel = mine.sales.get(f"/records/Invoices/{record}").json()
    assert panel["check"]["outcome"] == "previewed" and panel["check"]["preview"] is None
    assert [each["preview"] for each in mine.sales.get(f"/runs/{run['id']}").json()["tasks"]] == [None]
    [row] = mine.sales.get(f"/runs/{run['id']}/rows").json()["rows"]
    assert (row["digest"], row["xero_total"], row["customer"]) == (None, None, None)
    assert mine.api.get(f"/runs/{run['id']}/rows").json()["rows"][0]["digest"]


def test_raising_a_draft_to_approved_is_approving(tenant: Make) -> None:
    mine = tenant()
    record = draft(mine)
    mine.change("Invoices", record, {"Status": "Approved"})
    assert codes(push(mine, record, api=mine.sales)) == ["may_not_approve"]
    assert held(mine, record)["Status"] == "DRAFT"
    assert push(mine, record)["outcome"] == "updated"


def test_a_follow_up_of_ours_approves_nothing(tenant: Make) -> None:
    """An edit to Approved in the moment of the push: nobody was asked, so somebody has to push."""
    mine = tenant()
    record = invoice(mine, Status="Created")
    run = mine.api.post("/runs", {"kind": "push", "module": "Invoices", "record_ids": [record]}).json()
    eventually(lambda: mine.in_xero(record))
    mine.change("Invoices", record, {"Status": "Approved"})
    mine.ended(run["id"])
    eventually(lambda: mine.api.get(f"/records/Invoices/{record}").json(), lambda p: p["run"] is None)
    assert held(mine, record)["Status"] == "DRAFT"
    assert push(mine, record)["outcome"] == "updated"
    assert held(mine, record)["Status"] == "AUTHORISED"


@pytest.mark.parametrize("choice", ["send_crm", "keep_xero", "remove", "send_as_new"])
def test_a_choice_needs_its_right(tenant: Make, choice: str) -> None:
    """403 names what is lacking; a profile that gets the right may."""
    mine = tenant()
    record = draft(mine)
    reprice(mine, record, 90)
    chosen = {"previewed": {record: shown(mine, record)["digest"]}, "choices": {record: choice}}
    refused = asked(mine, mine.sales, record, **chosen)
    lacking = "overwrite" if choice in ("send_crm", "keep_xero") else "remove"
    assert (refused.status_code, refused.json()["code"]) == (403, "may_not")
    assert list(refused.json()["fields"]) == [lacking]
    assert save(mine, rights={lacking: [standard(mine)]}).status_code == 200
    assert asked(mine, mine.sales, record, **chosen).status_code == 202


def test_a_profile_may_be_kept_from_everything(tenant: Make) -> None:
    """Looking goes on: a refresh asks for no right."""
    mine = tenant()
    record = invoice(mine, Status="Created")
    assert save(mine, rights={"preview": [], "push": []}).status_code == 200
    for kind, right in (("push", "push"), ("preview", "preview")):
        refused = asked(mine, mine.sales, record, kind)
        assert (refused.status_code, list(refused.json()["fields"])) == (403, [right])
    assert asked(mine, mine.sales, record, "pull").status_code == 202
    may = mine.sales.get(f"/records/Invoices/{record}").json()["viewer"]["may"]
    assert may == []
    assert mine.api.get(f"/records/Invoices/{record}").json()["viewer"]["may"] == [
        "approve", "choose", "overwrite", "preview", "push", "remove"
    ]  # fmt: skip


def test_two_with_different_rights_do_not_share_a_run(tenant: Make) -> None:
    """Else the salesperson's click would be sent as approved by the administrator's word, or the reverse."""
    mine = tenant()
    record = invoice(mine, Status="Approved")
    first = asked(mine, mine.sales, record, "preview").json()["id"]
    second = asked(mine, mine.api, record, "preview").json()["id"]
    assert first != second
    assert codes(mine.ended(first, mine.sales)["tasks"][0]) == ["may_not_approve"]
    assert codes(mine.ended(second)["tasks"][0]) == []


def test_a_right_taken_away_while_work_waits_counts_from_the_next_asking(tenant: Make) -> None:
    """What was allowed when it was asked for is done."""
    mine = tenant()
    mine.let_everybody()
    record = invoice(mine, Status="Approved")
    run = asked(mine, mine.sales, record).json()["id"]
    save(mine, rights={"approve": []})
    assert mine.ended(run, mine.sales)["counts"] == {"created": 1}
    assert task_of(mine, run)["outcome"] == "created"


def test_before_going_live_only_administrators_push_and_one_by_one(tenant: Make) -> None:
    """Everybody else is told whom to ask; previews go."""
    mine = tenant()
    etag = mine.api.get("/settings").headers["ETag"]
    mine.api.post("/settings/live", {"live": False}, headers={"If-Match": etag})
    one, two = invoice(mine, Status="Created"), invoice(mine, Status="Created")
    refused = asked(mine, mine.sales, one)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_live")
    assert mine.administrator["full_name"] in refused.json()["message"]
    several = mine.api.post("/runs", {"kind": "push", "module": "Invoices", "record_ids": [one, two]})
    assert several.json()["code"] == "not_live"
    assert asked(mine, mine.sales, one, "preview").status_code == 202
    assert push(mine, one)["outcome"] == "created"
    assert mine.in_xero(two) == []


@pytest.mark.parametrize("rights", [{"fly": []}, {"push": "all"}, {"push": ["Standard"]}, {"push": [7]}, [], "all"])
def test_rights_of_another_shape_are_refused(tenant: Make, rights: Any) -> None:
    assert save(tenant(), rights=rights).status_code == 422
