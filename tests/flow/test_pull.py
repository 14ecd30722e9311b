"""Does CRM follow what the bookkeeper does in Xero, when somebody presses Refresh?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.flow.scenes import calls, core_fields, eventually, invoice, old_invoices, panel, push, settled, writes
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def refreshed(mine: Tenant, record: str, *fields: object) -> dict[str, Any]:
    """The panel's link after a Refresh that brought news, once CRM shows these fields."""
    assert mine.run("pull", record)["tasks"][0]["outcome"] == "updated"
    eventually(lambda: core_fields(mine, record)[1:], lambda seen: seen == fields)
    link: dict[str, Any] = panel(mine, record)["link"]
    return link


def test_approval_and_payments_come_back(tenant: Make) -> None:
    """Approved, part-paid, paid: status, due, paid_on and lock in the panel, and the same in CRM's own fields."""
    mine = tenant()
    [record] = old_invoices(mine, statuses=["Created"])
    push(mine, record)
    settled(mine, record)
    xero_id = mine.in_xero(record)[0]["InvoiceID"]

    mine.bookkeeper("submit", invoice=xero_id)
    link = refreshed(mine, record, "Awaiting Approval", "Editable", 198)
    assert (link["payment_status"], link["lock"]["state"]) == ("awaiting_approval", "editable")

    mine.bookkeeper("approve", invoice=xero_id)
    link = refreshed(mine, record, "Awaiting Payment", "Locked: approved", 198)
    assert (link["status"], link["lock"]["reason"], link["paid_on"]) == ("AUTHORISED", "approved", None)

    mine.bookkeeper("pay", invoice=xero_id, amount="98.00", date="2026-11-19")
    link = refreshed(mine, record, "Partially Paid", "Locked: has payments", 100)
    assert (link["paid"], link["due"], link["lock"]["reason"]) == ("98.00", "100.00", "has_payments")

    mine.bookkeeper("pay", invoice=xero_id, date="2026-11-20")
    link = refreshed(mine, record, "Paid", "Locked: paid", 0)
    assert (link["status"], link["due"], link["paid_on"]) == ("PAID", "0.00", "2026-11-20")
    assert [each["amount"] for each in link["payments"]] == ["98.00", "100.00"]


def test_what_the_bookkeeper_voids_or_deletes_is_shown(tenant: Make) -> None:
    """Voided and deleted invoices stay linked and locked; a push does not send them again."""
    mine = tenant()
    draft, approved = old_invoices(mine, statuses=["Created", "Approved"])
    mine.run("push", draft, approved)
    for record, action, shown in ((draft, "delete", "Deleted"), (approved, "void", "Voided")):
        settled(mine, record)
        mine.bookkeeper(action, invoice=mine.in_xero(record)[0]["InvoiceID"])
        link = refreshed(mine, record, shown, f"Locked: {shown.lower()}", 0)
        assert link["lock"] == {"state": "locked", "reason": shown.lower(), "closed_up_to": None}
        assert push(mine, record)["outcome"] == "locked"
        assert len(mine.in_xero(record)) == 1


def test_refresh_of_what_is_not_in_xero_is_unchanged(tenant: Make) -> None:
    """A record without a link: nothing is asked of Xero about it, nothing written."""
    mine = tenant()
    record = invoice(mine)
    assert mine.run("pull", record)["tasks"][0]["outcome"] == "unchanged"
    assert writes(mine, "xero") == []
    assert calls(mine, "xero", "GET", "/Invoices") == []


def test_refresh_without_news_writes_nothing(tenant: Make) -> None:
    """Nothing moved: one list read of Xero, no write to CRM."""
    mine = tenant()
    [record] = old_invoices(mine)
    push(mine, record)
    settled(mine, record)
    before = len(calls(mine, "xero")), len(writes(mine, "zoho"))
    assert mine.run("pull", record)["tasks"][0]["outcome"] == "unchanged"
    assert (len(calls(mine, "xero")), len(writes(mine, "zoho"))) == (before[0] + 1, before[1])


def test_credits_unpayments_and_renumbering_come_back(tenant: Make) -> None:
    """A credit note, a payment taken back, another number, a closed period: what Xero says is what is shown."""
    mine = tenant()
    [record] = old_invoices(mine)
    push(mine, record)
    number = settled(mine, record)["link"]["number"]
    xero_id = mine.in_xero(record)[0]["InvoiceID"]

    mine.bookkeeper("pay", invoice=xero_id)
    assert refreshed(mine, record, "Paid", "Locked: paid", 0)["payment_status"] == "paid"
    [payment] = mine.in_xero(record)[0]["Payments"]
    mine.bookkeeper("unpay", invoice=xero_id, payment=payment["PaymentID"])
    link = refreshed(mine, record, "Awaiting Payment", "Locked: approved", 198)
    assert (link["paid"], link["paid_on"], link["payments"]) == ("0.00", None, [])

    mine.bookkeeper("credit", invoice=xero_id, amount="48")
    link = refreshed(mine, record, "Partially Paid", "Locked: has payments", 150)
    assert (link["credited"], [each["kind"] for each in link["payments"]]) == ("48.00", ["credit"])

    mine.bookkeeper("renumber", invoice=xero_id, number="BK-7001")
    assert mine.run("pull", record)["tasks"][0]["outcome"] == "updated"
    eventually(lambda: mine.record(record)["Xero_Invoice_Number"], lambda shown: shown == "BK-7001")
    assert number != "BK-7001"
