"""What becomes of work when a consent ends, and of another tenant's work that leans on the same person's consent?"""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa

from simulator.stack.whole import Stack
from tests.flow.scenes import (
    calls,
    contacts,
    database,
    fault,
    invoice,
    key_of,
    panel,
    push,
    renewals,
    settled,
    side_by_side,
    start,
    token_runs_out,
    waiting,
    writes,
)
from tests.tenants import Tenant, control, make_tenant

Make = Callable[..., Tenant]


def state_of(tenant: Tenant) -> tuple[str, str | None]:
    """How the panel of any record shows the connection to Xero."""
    tie = tenant.api.get("/connections").json()["xero"]
    return tie["state"], tie["trouble"]


def left_alone_s(tenant: Tenant) -> float:
    """For how long nobody looks at the tenant's open tasks again: a parked one costs nothing."""
    due = sa.text("SELECT MIN(due_at) FROM task WHERE tenant_id = :tenant AND state != 'ended'")
    with database(tenant.stack) as c:
        due_ms = c.execute(due, {"tenant": key_of(c, tenant)}).scalar_one()
    return float(due_ms) / 1000 - time.time()


def pair(stack: Stack) -> tuple[Tenant, Tenant]:
    """Two CRM orgs with an organisation each, connected by one Xero person."""
    first = make_tenant(stack)
    second = make_tenant(stack, ready=False)
    wanted = {"name": f"Second of {first.name}", "country": "AU", "person": first.person}
    second.organisation = control("POST", f"{stack.xero}/_control/organisations", json=wanted)["organisation"]
    second.person = first.person
    second.walk.connect_zoho(second.api, second.domain, second.administrator["id"])
    second.walk.connect_xero(second.api, second.person, second.organisation)
    second.walk.fill_settings(second.api, second.organisation)
    return first, second


def created_once(tenant: Tenant, run: str, record: str) -> None:
    assert tenant.ended(run, patience=150)["counts"] == {"created": 1}
    settled(tenant, record)
    assert (len(tenant.in_xero(record)), len(tenant.in_xero())) == (1, 1)


def test_a_disconnected_app_is_told_apart_from_an_expired_token(tenant: Make, stack: Stack) -> None:
    """401 is mended by one token call that nobody notices; 403 asks for no new token, parks the work and says why."""
    expired, shut_out = tenant(), tenant()
    records = {each.zgid: invoice(each) for each in (expired, shut_out)}
    before = renewals(expired), renewals(shut_out)
    fault(expired, "xero", "401", "GET", "/Contacts")
    assert push(expired, records[expired.zgid])["outcome"] == "created"
    assert state_of(expired) == ("ok", None)
    assert renewals(expired) == before[0] + 1
    fault(shut_out, "xero", "403", "GET", "/Contacts")
    run = start(shut_out, "push", records[shut_out.zgid])
    assert waiting(shut_out, run, "disconnected")["until"] is None
    assert state_of(shut_out) == ("disconnected", "app_disconnected")
    assert renewals(shut_out) == before[1]
    shut_out.walk.connect_xero(shut_out.api, shut_out.person, shut_out.organisation)
    created_once(shut_out, run, records[shut_out.zgid])


def test_a_revoked_consent_parks_the_work_until_the_reconnect(tenant: Make) -> None:
    """In the middle of a push: the customer is made, the invoice waits, Xero is left alone, and nothing is made twice
    when somebody has connected again."""
    mine = tenant()
    record = invoice(mine)
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=2)
    run = start(mine, "push", record)
    waiting(mine, run, "limit")
    mine.bookkeeper("revoke")
    assert waiting(mine, run, "disconnected")["until"] is None
    assert state_of(mine) == ("disconnected", "token_refused")
    assert panel(mine, record)["run"]["task"]["cause"] == "disconnected"
    assert left_alone_s(mine) > 86_400
    before = len(calls(mine, "xero"))
    time.sleep(1)
    assert (len(calls(mine, "xero")), mine.in_xero(), len(contacts(mine))) == (before, [], 1)
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    created_once(mine, run, record)
    assert len(contacts(mine)) == 1


def test_one_refresh_serves_both_tenants_of_a_person(stack: Stack) -> None:
    """Their token has expired while both push: one token call, both invoices are there."""
    both = pair(stack)
    records = [invoice(each) for each in both]
    token_runs_out(both[0])
    before = renewals(both[0])
    runs = side_by_side(lambda each, record: start(each, "push", record), both, records)
    for each, run, record in zip(both, runs, records, strict=True):
        created_once(each, run, record)
    assert renewals(both[0]) == before + 1


def test_disconnecting_one_tenant_leaves_the_other_working(stack: Stack) -> None:
    """In our settings, and later inside Xero: the other one's next push needs no new consent."""
    first, second = pair(stack)
    assert first.api.delete("/connections/xero").status_code == 204
    assert state_of(first) == ("none", None)
    assert push(second, invoice(second))["outcome"] == "created"
    first.walk.connect_xero(first.api, first.person, first.organisation)
    first.bookkeeper("disconnect")
    parked = start(first, "push", invoice(first))
    waiting(first, parked, "disconnected")
    assert push(second, invoice(second))["outcome"] == "created"
    assert state_of(second) == ("ok", None)
    assert (len(second.in_xero()), writes(first, "xero")) == (2, [])


def test_one_reconnect_frees_the_work_of_both(stack: Stack) -> None:
    """The person's consent is revoked: both park. The person connects one of them again: both go on."""
    both = pair(stack)
    records = [invoice(each) for each in both]
    both[0].bookkeeper("revoke")
    runs = side_by_side(lambda each, record: start(each, "push", record), both, records)
    for each, run in zip(both, runs, strict=True):
        waiting(each, run, "disconnected")
        assert state_of(each) == ("disconnected", "token_refused")
    both[0].walk.connect_xero(both[0].api, both[0].person, both[0].organisation)
    for each, run, record in zip(both, runs, records, strict=True):
        created_once(each, run, record)
        assert state_of(each) == ("ok", None)
