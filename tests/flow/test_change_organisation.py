"""Does a tenant leave one organisation for another without a call to the old one, and find its links again?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from server.store.ids import new_id
from server.store.tables import link
from simulator import recording
from simulator.stack.ports import any_free
from simulator.stack.setup_walk import NUMBER_FROM_CRM, STATUSES
from simulator.stack.whole import Stack
from tests.conftest import TIME_SCALE
from tests.databases import database as a_database
from tests.databases import databases
from tests.flow.leaving import allow, change, go_live, other_books, put, puts, recorded
from tests.flow.scenes import (
    LEFT_TO_XERO,
    OtherProgram,
    codes,
    contacts,
    core_fields,
    customer,
    database,
    eventually,
    fault,
    invoice,
    key_of,
    old_invoices,
    panel,
    played,
    push,
    settled,
    start,
    task_of,
    waiting,
)
from tests.tenants import Tenant, control, make_tenant

Doc = dict[str, Any]
EMPTY = (None, None, None, None)
OF_THE_OLD_BOOKS: Doc = {
    "accounts": {"product_field": None, "by_category": {"Fitting": "260"}, "discount": "200", "adjustment": "260"},
    "amounts": {"inclusive": False, "tax_type": "OUTPUT", "field": None},
    "due": {"from": "days", "days": 14},
    "rounding_limit": "0.02",
    "products": "without",
    "theme": {"field": None, "name": "Standard"},
}


@pytest.fixture(scope="module", params=databases())
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product of its own, whose simulator writes down every call."""
    folder = tmp_path_factory.mktemp("stack-changes")
    simulator, extra = {recording.FOLDER: str(folder / "calls")}, {"TIME_SCALE": TIME_SCALE}
    with (
        a_database(request.param) as url,
        Stack(folder, any_free(), database_url=url, extra=extra, simulator=simulator, say=lambda _: None) as running,
    ):
        yield running


@pytest.fixture
def mine(stack: Stack) -> Tenant:
    return make_tenant(stack)


def clearing(mine: Tenant) -> int:
    return int(mine.api.get("/connections").json()["xero"]["clearing"])


def links_of(mine: Tenant, module: str = "Invoices") -> list[Any]:
    with database(mine.stack) as c:
        rows = c.execute(sa.select(link).where(link.c.tenant_id == key_of(c, mine), link.c.module == module)).all()
    return sorted(rows, key=lambda row: str(row.created_at))


def test_another_organisation_is_asked_about_with_what_it_would_put_aside(mine: Tenant) -> None:
    """Nothing is changed by the question; the old one stays in use."""
    account = customer(mine)
    for record in old_invoices(mine, 2, account=account):
        push(mine, record)
    other = other_books(mine)
    asked = put(mine, {"organisation": other})
    assert (asked.status_code, asked.json()["code"]) == (409, "confirm_organisation")
    assert {"invoices": "2", "customers": "1", "fields": "5"}.items() <= asked.json()["fields"].items()
    assert f"2 invoices and 1 customer are tied to {mine.name}." in asked.json()["message"]
    now = mine.api.get("/settings").json()
    assert (now["organisation"], now["account"]) == (mine.organisation, "200")
    assert now["live"]["since"] is not None
    assert {row.archived_at for row in links_of(mine)} == {None}
    assert push(mine, invoice(mine, account))["outcome"] == "created"


def test_no_call_carries_an_id_of_the_old_one(mine: Tenant) -> None:
    """Put aside, emptied, cleared, set up anew and pushed: the old organisation hears nothing of it."""
    assert put(mine, OF_THE_OLD_BOOKS).status_code == 200
    record, old = invoice(mine), mine.organisation
    task = push(mine, record)
    assert task["outcome"] == "created", task["reasons"]
    settled(mine, record)
    known = {old, mine.in_xero(record)[0]["InvoiceID"], *(row.xero_id for row in links_of(mine, "Accounts"))}
    other = other_books(mine)
    with recorded(mine.stack) as calls:
        page = change(mine, other)
        assert page["live"]["since"] is None
        assert page["missing"] == ["account", "taxes"]
        assert not {"account", "taxes"} & set(page["suggested"])  # nothing pre-selected, until somebody asks
        assert mine.api.get("/settings", params={"fresh": "true"}).json()["suggested"]["account"] == "200"
        assert [page[part] for part in ("accounts", "amounts", "due", "rounding_limit", "products", "theme")] == [
            None
        ] * 6
        assert page["statuses"] == STATUSES and page["number"] == NUMBER_FROM_CRM
        eventually(lambda: core_fields(mine, record), lambda shown: shown == EMPTY)
        eventually(lambda: clearing(mine), lambda left: left == 0)
        go_live(mine)
        mine.api.get("/connections")
        mine.api.post("/connections/xero/test", {})
        assert panel(mine, record)["link"] is None
        task = push(mine, record)
        assert task["outcome"] == "created", task
        settled(mine, record)
        mine.run("pull", record)
    assert len(calls) > 10
    carried = [call for call in calls if any(each in json.dumps(call) for each in known)]
    assert carried == []
    assert core_fields(mine, record)[1] == "Awaiting Payment"
    [sent] = mine.in_xero(record)
    assert sent["InvoiceID"] not in known
    mine.organisation = old
    assert len(mine.in_xero(record)) == 1  # where it was, as it was


def test_clearing_goes_on_after_a_trouble_a_hundred_records_a_call(mine: Tenant) -> None:
    """Counted while it goes on; workflows of the customer hear nothing of it."""
    first = invoice(mine)
    push(mine, first)
    settled(mine, first)
    many = [mine.add("Invoices", {"Subject": "Copy", "Xero_Invoice_Number": "OLD-1"}) for _ in range(120)]
    with database(mine.stack) as c:
        pattern = c.execute(sa.select(link).where(link.c.record_id == first)).one()._asdict()
        rows = [{**pattern, "id": new_id(), "record_id": each, "xero_id": new_id()} for each in many]
        c.execute(sa.insert(link), rows)
    other = other_books(mine)
    fault(mine, "zoho", "500", "PUT", "/crm/v8/Invoices", skip=1)
    with_before = len(puts(mine))
    change(mine, other)
    eventually(lambda: clearing(mine), lambda left: left == 0)
    assert {mine.record(each)["Xero_Invoice_Number"] for each in (first, *many)} == {None}
    sent = puts(mine)[with_before:]
    sizes = [len(call["body"]["data"]) for call in sent]
    assert sizes[0] == 100 and max(sizes) == 100
    assert {tuple(call["body"]["trigger"]) for call in sent} == {()}


def test_what_is_sent_to_the_new_one_meanwhile_is_not_cleared(mine: Tenant) -> None:
    """CRM could not be written while everything was set up anew: then it shows the new invoice, not nothing."""
    record = invoice(mine)
    push(mine, record)
    settled(mine, record)
    other = other_books(mine)
    fault(mine, "zoho", "500", "PUT", "/crm/v8/Invoices", times=3)
    change(mine, other)
    go_live(mine)
    assert push(mine, record)["outcome"] == "created"
    eventually(lambda: clearing(mine), lambda left: left == 0)
    settled(mine, record)  # by a follow-up perhaps, which has nothing of its own to write
    mine_now = mine.in_xero(record)[0]["InvoiceID"]
    eventually(lambda: mine.record(record)["Xero_Invoice_ID"], lambda shown: shown == mine_now)
    assert core_fields(mine, record)[1] == "Awaiting Payment"


def test_coming_back_takes_the_links_up_again(mine: Tenant) -> None:
    """After a scan, by what Xero says now; nothing is sent twice, and CRM shows it again."""
    record, there = invoice(mine), mine.organisation
    push(mine, record)
    number = settled(mine, record)["link"]["number"]
    other = other_books(mine)
    change(mine, other)
    eventually(lambda: core_fields(mine, record), lambda shown: shown == EMPTY)
    mine.organisation = there
    mine.bookkeeper("pay", invoice=mine.in_xero(record)[0]["InvoiceID"], amount="198.00")
    change(mine, there)
    [aside] = links_of(mine)
    assert aside.archived_at is not None
    go_live(mine)
    assert push(mine, record)["outcome"] in ("locked", "unchanged")
    shown = eventually(lambda: core_fields(mine, record), lambda found: found != EMPTY)
    assert shown[:2] == (number, "Paid")
    assert len(mine.in_xero(record)) == 1
    [taken_up] = links_of(mine)
    assert (taken_up.id, taken_up.archived_at) == (aside.id, None)


def test_nobody_leaves_while_something_is_on_its_way(mine: Tenant) -> None:
    """What may have arrived can be proved only where it was sent (4a.15)."""
    record, other = invoice(mine), other_books(mine)
    fault(mine, "xero", "500", "PUT", "/Invoices", when="after")
    run = start(mine, "push", record)
    eventually(lambda: played(mine, "xero"), lambda count: count == 1)
    for method in ("GET", "PUT"):  # nothing proves it while we ask
        fault(mine, "xero", "503", method, "/Invoices", times=None)
    eventually(lambda: task_of(mine, run)["cause"], lambda cause: cause in ("unconfirmed", "service"))
    wanted = {"organisation": other, "organisation_confirmed": True}
    refused = put(mine, wanted)
    assert (refused.status_code, refused.json()["code"]) == (409, "organisation_busy")
    assert mine.name in refused.json()["message"]
    assert mine.api.get("/settings").json()["organisation"] == mine.organisation
    control("DELETE", f"{mine.stack.xero}/_control/faults")
    assert mine.ended(run, patience=150)["tasks"][0]["outcome"] == "created"
    assert len(mine.in_xero(record)) == 1
    change(mine, other)


def test_nobody_leaves_while_a_process_works_with_the_old_one(mine: Tenant) -> None:
    """Else its next read would still carry the old id; what it was at is not sent to the new one."""
    old, other = mine.organisation, other_books(mine)
    fault(mine, "xero", "slow", "GET", "/Contacts", seconds=2)
    run = start(mine, "push", invoice(mine))
    eventually(lambda: task_of(mine, run)["state"], lambda state: state == "working")
    refused = put(mine, {"organisation": other, "organisation_confirmed": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "organisation_busy")
    assert mine.ended(run)["tasks"][0]["outcome"] == "created"
    change(mine, other)
    with recorded(mine.stack) as calls:
        go_live(mine)
        push(mine, invoice(mine))
    assert [call for call in calls if old in json.dumps(call)] == []


def test_whoever_takes_a_left_organisation_finds_its_customers_free(mine: Tenant) -> None:
    """A test CRM had it first; the company's own CRM comes after, with the same customers."""
    name, old, person = "Brightwater Dental Pty Ltd", mine.organisation, mine.person
    OtherProgram(mine).write("PUT", "Contacts", Name=name)
    push(mine, invoice(mine, customer(mine, name)))
    change(mine, other_books(mine))
    second = make_tenant(mine.stack, ready=False)
    second.walk.connect_zoho(second.api, second.domain, second.administrator["id"])
    second.walk.connect_xero(second.api, person, old)
    second.walk.fill_settings(second.api, old, number=LEFT_TO_XERO)
    second.organisation = old
    task = push(second, invoice(second, customer(second, name)))
    assert task["outcome"] == "created", task["reasons"]
    assert [each["Name"] for each in contacts(second)].count(name) == 1


def test_what_waited_for_the_old_one_is_not_sent_to_the_new_one(mine: Tenant) -> None:
    """It was asked for, and shown, with other books in mind."""
    other = other_books(mine)
    fault(mine, "xero", "429", "GET", "", seconds=60, times=None, detail="minute")
    run = start(mine, "push", invoice(mine))
    waiting(mine, run, "limit")
    control("DELETE", f"{mine.stack.xero}/_control/faults")
    change(mine, other)
    task = task_of(mine, run)
    assert (task["state"], codes(task)) == ("ended", ["not_set_up"])


def test_a_change_that_was_not_announced_is_refused_as_before(mine: Tenant) -> None:
    """A reconnect that lands in other books changes nothing."""
    wish = {"name": f"{mine.name} Trust", "country": "AU", "person": mine.person}
    made = control("POST", f"{mine.stack.xero}/_control/organisations", json=wish)
    page = allow(mine, made["organisation"], another=False)
    assert "Another organisation" in page
    assert mine.name in page


def test_a_change_by_another_xero_user_waits_for_the_disconnect(mine: Tenant) -> None:
    """The present organisation can't be reached through a stranger's consent; after a disconnect it can be left."""
    push(mine, invoice(mine))
    wish = {"name": f"{mine.name} Trust", "country": "AU"}
    made = control("POST", f"{mine.stack.xero}/_control/organisations", json=wish)
    mine.person = made["person"]
    assert "was connected by another Xero user" in allow(mine, made["organisation"])
    assert mine.api.get("/settings").json()["organisation"] == mine.organisation
    mine.api.delete("/connections/xero")
    allow(mine, made["organisation"])
    assert mine.api.get("/settings").json()["organisation"] is None
    asked = put(mine, {"organisation": made["organisation"]})
    assert (asked.json()["code"], asked.json()["fields"]["invoices"]) == ("confirm_organisation", "1")
    assert change(mine, made["organisation"])["organisation"] == made["organisation"]


def test_an_organisation_that_let_the_app_go_can_be_left(mine: Tenant) -> None:
    """A demo company that was reset: the connection is broken, and whole again with the next organisation."""
    other = other_books(mine)
    mine.bookkeeper("disconnect")
    assert mine.api.post("/connections/xero/test", {}).json()["ok"] is False
    assert mine.api.get("/connections").json()["xero"]["state"] == "disconnected"
    change(mine, other)
    assert mine.api.get("/connections").json()["xero"]["state"] == "ok"
    go_live(mine)
    assert push(mine, invoice(mine))["outcome"] == "created"
