"""The profile of the person behind the Zoho connection loses its API access: is that told, and does all go on later?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.stack.whole import Stack
from tests.flow.scenes import fault, invoice, panel, start, switched, waiting
from tests.tenants import Tenant, control

Make = Callable[..., Tenant]
WAYS = ("no_permission", "authorization_failed")  # of refusing all that such a user asks (Z4.2, Z5.12)


def users(mine: Tenant, method: str, **wish: str) -> str:
    return str(control(method, f"{mine.stack.zoho}/_control/users", json={"zgid": mine.zgid, **wish}).get("id"))


def becomes(mine: Tenant, profile: str) -> None:
    """The person behind the connection gets another profile."""
    users(mine, "PATCH", id=mine.administrator["id"], profile=profile)


def another_administrator(mine: Tenant) -> None:
    """From now on somebody else sits at the screen."""
    mine.api = mine.walk.sign_in(mine.domain, users(mine, "POST", name="Kim Vale", profile="Administrator"))


@pytest.mark.parametrize("way", WAYS)
def test_work_waits_for_a_profile_without_api_access_and_goes_on(tenant: Make, stack: Stack, way: str) -> None:
    """Each push ended "CRM did not hand the record over", the page showed Zoho healthy, Test named no cause, and
    nothing went on. Now they wait, the connection says what is missing, and Test lets them go on."""
    mine = tenant()
    another_administrator(mine)
    records = [invoice(mine) for _ in range(3)]
    with switched(stack.zoho, no_api_access=way):
        becomes(mine, "Field Crew")
        run = start(mine, "push", *records)
        assert waiting(mine, run, "disconnected")["until"] is None
        assert {each["state"] for each in mine.api.get(f"/runs/{run}").json()["tasks"]} == {"waiting"}
        found = mine.api.get("/connections").json()["zoho"]
        assert (found["state"], found["trouble"]) == ("disconnected", "no_api_access")
        assert "has no API access" in found["told"]
        assert panel(mine, records[0])["connections"]["zoho"]["state"] == "disconnected"
        checked = mine.api.post("/connections/zoho/test", {}).json()
        assert not checked["ok"] and "has no API access" in checked["told"]
        becomes(mine, "Administrator")
        assert mine.api.post("/connections/zoho/test", {}).json()["ok"]
        assert mine.ended(run)["counts"] == {"created": 3}
    assert [len(mine.in_xero(each)) for each in records] == [1, 1, 1]


def test_a_record_that_is_refused_alone_holds_up_nobody(tenant: Make) -> None:
    """The same code for one record only is that record's own problem: the others go out, and Zoho stays connected."""
    mine = tenant()
    kept_back, good = invoice(mine), invoice(mine)
    fault(mine, "zoho", "400", "GET", f"/Invoices/{kept_back}", detail="AUTHORIZATION_FAILED")
    assert mine.run("push", kept_back, good)["counts"] == {"blocked": 1, "created": 1}
    assert mine.api.get("/connections").json()["zoho"]["state"] == "ok"
