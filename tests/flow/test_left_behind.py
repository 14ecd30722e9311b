"""What does a company leave behind that disconnects, and what does the next one find?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.flow.leaving import change, other_books
from tests.flow.scenes import (
    LEFT_TO_XERO,
    OtherProgram,
    contacts,
    customer,
    eventually,
    fault,
    invoice,
    push,
    start,
    waiting,
)
from tests.tenants import Tenant, control, make_tenant

Make = Callable[..., Tenant]


def test_whoever_takes_an_organisation_after_a_disconnect_finds_its_customers_free(tenant: Make) -> None:
    """The first CRM only disconnected: its ties stay for its return, and hold up nobody else meanwhile."""
    mine = tenant(number=LEFT_TO_XERO)
    name, books, person = "Brightwater Dental Pty Ltd", mine.organisation, mine.person
    OtherProgram(mine).write("PUT", "Contacts", Name=name)
    push(mine, invoice(mine, customer(mine, name)))
    assert mine.api.delete("/connections/xero").ok
    second = make_tenant(mine.stack, ready=False)
    second.walk.connect_zoho(second.api, second.domain, second.administrator["id"])
    second.walk.connect_xero(second.api, person, books)
    second.walk.fill_settings(second.api, books, number=LEFT_TO_XERO)
    second.organisation = books
    task = push(second, invoice(second, customer(second, name)))
    assert task["outcome"] == "created", task["reasons"]
    assert [each["Name"] for each in contacts(second)].count(name) == 1


def test_what_waits_at_a_disconnect_goes_on_after_the_reconnect(tenant: Make) -> None:
    """The person behind the connection is to be another: the administrator disconnects while Xero's minute is used up,
    and connects again. Nobody pushes a second time."""
    mine = tenant()
    records = [invoice(mine) for _ in range(6)]
    fault(mine, "xero", "429", "GET", "", seconds=6, times=None, detail="minute")
    run = start(mine, "push", *records)
    waiting(mine, run, "limit")
    assert mine.api.delete("/connections/xero").ok
    control("DELETE", f"{mine.stack.xero}/_control/faults")
    eventually(lambda: {each["cause"] for each in tasks(mine, run)}, lambda causes: causes == {"disconnected"})
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    assert {each["outcome"] for each in mine.ended(run)["tasks"]} == {"created"}
    assert [len(mine.in_xero(each)) for each in records] == [1] * 6


def tasks(mine: Tenant, run: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = mine.api.get(f"/runs/{run}").json()["tasks"]
    return found


def test_whoever_moved_is_suggested_nothing_unasked(tenant: Make) -> None:
    """Also where the former organisation was only tried by previews: the same code may mean something else here."""
    mine = tenant()
    other = other_books(mine)
    page = change(mine, other)
    assert page["missing"] == ["account", "taxes"]
    for shown in (page, mine.api.get("/settings").json()):
        assert not {"account", "taxes"} & set(shown["suggested"])
    assert mine.api.get("/settings", params={"fresh": "true"}).json()["suggested"]["account"] == "200"
