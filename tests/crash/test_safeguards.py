"""Does each of the three safeguards do its part: the resend, the look-up, the record lease?

`make test-proof` takes them out, one at a time, and shows that the test of its name turns red.
"""

from __future__ import annotations

import time

import pytest

from simulator.stack.whole import Stack
from tests.crash.ordered import FAR, LEASE_S, LEFT_TO_XERO, SCALE, Scene, panel_of, scene
from tests.flow.scenes import calls, codes, customer, eventually, invoice, start, writes
from tests.tenants import Doc, Tenant

pytestmark = pytest.mark.crash

RESENT_WITHIN_S = 240 * SCALE  # after that the key proves nothing, and nothing is sent again


def prepared(stack: Stack) -> tuple[Scene, str, list[str]]:
    """A tenant whose numbers are Xero's own, so that nothing else keeps an invoice from being there twice; a customer
    whom Xero knows; and the steps of a push that nothing happens to."""
    mine = scene(stack, LEFT_TO_XERO)
    account = customer(mine.tenant)
    for _ in range(2):  # the first push of a tenant has more steps
        mine.order(FAR, "kill", "interactive")
        record = ready(mine.tenant, account)
        assert mine.tenant.run("push", record, patience=90)["counts"] == {"created": 1}
        panel_of(mine, record)
    return mine, account, mine.steps()


def ready(tenant: Tenant, account: str) -> str:
    record = invoice(tenant, account)
    tenant.age(record)  # the follow-up of a record edited in the very second is another test's matter
    return record


def killed_with_the_answer(mine: Scene, record: str, steps: list[str]) -> str:
    """Push; the worker dies when Xero has written and before it knows that. The run."""
    mine.order(steps.index("answer PUT") + 1, "kill", "interactive")
    run = start(mine.tenant, "push", record)
    assert eventually(mine.came_to_it)
    return run


def sent(tenant: Tenant, before: int) -> list[str]:
    """The keys of the writes that Xero got since."""
    return [call["key"] for call in writes(tenant, "xero")][before:]


def looks(tenant: Tenant) -> list[Doc]:
    """Reads of all that we made."""
    return [call for call in calls(tenant, "xero", "GET", "/Invoices") if "createdByMyApp" in call["query"]]


def test_the_resend(stack: Stack) -> None:
    """What may have arrived is sent again under its key, and Xero says what it said: no look is needed."""
    mine, account, steps = prepared(stack)
    tenant, record = mine.tenant, ready(mine.tenant, account)
    before, looked = len(writes(tenant, "xero")), len(looks(tenant))
    run = killed_with_the_answer(mine, record, steps)
    assert tenant.ended(run, patience=90)["counts"] == {"created": 1}
    first, *again = sent(tenant, before)
    assert again == [first]
    assert len(looks(tenant)) == looked
    assert len(tenant.in_xero(record)) == 1


def test_the_look_up(stack: Stack) -> None:
    """Nobody worked until Xero had forgotten the key: what arrived is found by its marker, and not made once more."""
    mine, account, steps = prepared(stack)
    tenant, record = mine.tenant, ready(mine.tenant, account)
    before, looked = len(writes(tenant, "xero")), len(looks(tenant))
    run = killed_with_the_answer(mine, record, steps)
    stack.supervisor.stop("worker")
    time.sleep(RESENT_WITHIN_S + 1)
    stack.restart("worker")
    assert tenant.ended(run, patience=90)["counts"] == {"created": 1}
    assert len(tenant.in_xero(record)) == 1
    assert len(sent(tenant, before)) == 1
    assert len(looks(tenant)) > looked


def test_the_record_lease(stack: Stack) -> None:
    """A worker that stood still with its decision in hand may not carry it out, when somebody else has decided since:
    the invoice was cancelled in CRM meanwhile, which people were told."""
    mine, account, steps = prepared(stack)
    tenant, record = mine.tenant, ready(mine.tenant, account)
    write = steps.index("send PUT")
    mine.order(max(at for at, name in enumerate(steps[:write]) if name == "answer GET") + 1, "stop", "interactive")
    run = start(tenant, "push", record)
    assert eventually(mine.has_stopped)
    tenant.change("Invoices", record, {"Status": "Cancelled"})
    time.sleep(LEASE_S)
    [task] = tenant.ended(run, patience=90)["tasks"]
    mine.wake()
    time.sleep(2)  # whatever the woken process still does, it does at once
    assert (task["outcome"], codes(task)) == ("blocked", ["cancelled"])
    assert tenant.in_xero(record) == []
