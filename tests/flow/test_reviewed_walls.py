"""What does the panel tell while nobody can ask CRM who may see a record? Nothing of the record."""

from __future__ import annotations

from collections.abc import Callable

from tests.flow.scenes import eventually, fault, invoice, old_invoices, panel, push, settled, start, task_of
from tests.tenants import Tenant


def test_without_a_crm_connection_no_record_is_shown(tenant: Callable[..., Tenant]) -> None:
    """The administrator disconnected Zoho CRM; links stay, but a hidden record's amounts are for nobody."""
    mine = tenant()
    record = invoice(mine)
    assert push(mine, record)["outcome"] == "created"
    settled(mine, record)
    assert mine.api.delete("/connections/zoho").status_code == 204
    shown = panel(mine, record)
    assert [shown[part] for part in ("link", "check", "run", "last")] == [None] * 4
    assert shown["setup"]["missing"] == ["zoho"]
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    assert panel(mine, record)["link"]["total"] == "198.00"


def test_a_page_that_is_not_there_tells_nothing_of_a_hidden_run(tenant: Callable[..., Tenant]) -> None:
    """A colleague's run on hidden records stays hidden whatever page is asked for."""
    mine = tenant()
    hidden = invoice(mine)
    mine.change("Invoices", hidden, {"hidden_from": [mine.salesperson["id"]]})
    run = start(mine, "push", hidden)
    assert mine.sales.get(f"/runs/{run}?page=2").status_code == 404
    mine.ended(run)


def test_crm_fields_that_may_not_be_written_at_all_are_told(tenant: Callable[..., Tenant]) -> None:
    """CRM refuses the whole update: the push is done, and CRM's words stand beside it instead of a wait for ever."""
    mine = tenant()
    [record] = old_invoices(mine)
    fault(mine, "zoho", "403", "PUT", "/Invoices")
    run = start(mine, "push", record)
    mine.ended(run)
    task = eventually(lambda: task_of(mine, run), lambda task: task["crm_written"] != "waiting")
    assert (task["outcome"], task["crm_written"], task["crm_refused"]["code"]) == (
        "created",
        "refused",
        "NO_PERMISSION",
    )
