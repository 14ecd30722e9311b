"""What happens on a day that holds everything? Good work, bad work, troubles, losses, and the end of the connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from simulator.stack.whole import Stack
from tests.flow.scenes import (
    FREE,
    LEFT_TO_XERO,
    OtherProgram,
    codes,
    contacts,
    customer,
    database,
    eventually,
    fault,
    invoice,
    key_of,
    line,
    old_invoices,
    push,
    settled,
    side_by_side,
    start,
    waiting,
)
from tests.tenants import Tenant, make_tenant

_STATUSES = ("Created", "Submitted", "Approved", "Delivered")
# Each is played once on one push, which ends all the same.
TROUBLES: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("xero", "429", "PUT", "/Invoices", {"seconds": 1}),
    ("xero", "500", "PUT", "/Invoices", {}),
    ("xero", "500", "PUT", "/Invoices", {"when": "after"}),
    ("xero", "503", "GET", "/Contacts", {}),
    ("xero", "html", "PUT", "/Contacts", {}),
    ("xero", "lost_reply", "PUT", "/Invoices", {}),
    ("xero", "401", "PUT", "/Invoices", {}),
    ("zoho", "401", "GET", "/Invoices/", {}),
    ("zoho", "500", "PUT", "/Invoices", {}),
    ("zoho", "503", "PUT", "/Invoices", {}),
    ("zoho", "html", "PUT", "/Invoices", {}),
)


def whole(stack: Stack) -> None:
    """Everything, several scenes at a time, each with a tenant of its own."""
    works: list[Callable[[], None]] = [
        *(lambda trouble=each: troubled(make_tenant(stack, number=LEFT_TO_XERO), *trouble) for each in TROUBLES),
        *(lambda scene=each: scene(make_tenant(stack)) for each in (ordinary, changed, refused, lost, parted)),
        lambda: other_country(make_tenant(stack, country="NZ", currency="NZD")),
    ]
    side_by_side(lambda work: work(), works)


def ordinary(mine: Tenant) -> None:
    """A preview, four statuses with discounts and umlauts, payments, a Refresh, and a look at the settings."""
    OtherProgram(mine).write("PUT", "Contacts", Name="Corner Café Pty Ltd", ContactNumber="C-9")
    there, new = customer(mine, "corner café pty ltd"), customer(mine, "Müller & Söhne GmbH")
    rows = [line(mine, Quantity=2.75, List_Price=33.33, Discount=0.1), line(mine, "Wärme", Line_Tax=FREE, Discount=0)]
    ids = [invoice(mine, each, Status=status, Invoiced_Items=rows) for each in (there, new) for status in _STATUSES]
    assert {each["outcome"] for each in mine.run("preview", *ids)["tasks"]} == {"previewed"}
    assert mine.run("push", *ids, patience=60)["counts"] == {"created": len(ids)}
    for record in ids:
        settled(mine, record)
    draft, approved = (mine.in_xero(record)[0]["InvoiceID"] for record in (ids[0], ids[2]))
    mine.bookkeeper("pay", invoice=approved, amount="50")
    mine.bookkeeper("delete", invoice=draft)
    mine.run("pull", *ids)
    assert mine.api.get("/settings").status_code == 200


def changed(mine: Tenant) -> None:
    """A draft gets other rows in CRM and goes out again."""
    [record] = old_invoices(mine, statuses=["Created"])
    push(mine, record)
    settled(mine, record)
    mine.change("Invoices", record, {"Invoiced_Items": [line(mine, "Visitor chair", Quantity=9)], "Subject": "Größer"})
    mine.run("preview", record)
    assert push(mine, record)["outcome"] == "updated"
    settled(mine, record)


def refused(mine: Tenant) -> None:
    """Numbers of somebody else, an archived contact and what CRM locks: one is told, the rest goes on."""
    other, account = OtherProgram(mine), customer(mine)
    other.invoice("INV-1")
    taken, free = (invoice(mine, account, Invoice_Number=number) for number in ("INV-1", "INV-2"))
    assert mine.run("push", taken, free)["counts"] == {"blocked": 1, "created": 1}
    settled(mine, free)
    held = next(each for each in contacts(mine) if each.get("ContactNumber") == f"Z{account}")
    other.write("POST", "Contacts", ContactID=held["ContactID"], ContactStatus="ARCHIVED")
    assert codes(push(mine, invoice(mine, account))) == ["customer_archived"]
    locked = invoice(mine)
    mine.change("Invoices", locked, {"Locked__s": True})
    assert push(mine, locked)["outcome"] == "created"


def lost(mine: Tenant) -> None:
    """Our own database forgets the links: a scan finds what is in Xero."""
    records = old_invoices(mine, 2)
    assert mine.run("push", *records)["counts"] == {"created": 2}
    for record in records:
        settled(mine, record)
    with database(mine.stack) as c:
        c.execute(sa.text("DELETE FROM link WHERE tenant_id = :tenant"), {"tenant": key_of(c, mine)})
    mine.run("push", *records)
    assert len(mine.in_xero()) == 2


def parted(mine: Tenant) -> None:
    """The bookkeeper ends the connection, it is made anew, and then the administrator ends both."""
    record = invoice(mine)
    mine.bookkeeper("disconnect")
    run = start(mine, "push", record)
    waiting(mine, run, "disconnected")
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    assert mine.ended(run, patience=60)["counts"] == {"created": 1}
    settled(mine, record)
    for service in ("xero", "zoho"):
        assert mine.api.delete(f"/connections/{service}").status_code == 204
    time.sleep(1)  # the farewell to the service follows a little later


def troubled(mine: Tenant, service: str, kind: str, method: str, path: str, more: dict[str, Any]) -> None:
    """A push that ends well in spite of a trouble."""
    record = invoice(mine)
    fault(mine, service, kind, method, path, **more)
    assert push(mine, record)["outcome"] == "created", (service, kind, method, path)
    settled(mine, record)
    assert len(eventually(lambda: mine.in_xero(record))) == 1


def other_country(mine: Tenant) -> None:
    """Other tax rates and another currency."""
    record = invoice(mine, Invoiced_Items=[line(mine, Line_Tax=[{"name": "GST 15%", "percentage": 15}])])
    assert push(mine, record)["outcome"] == "created"
    settled(mine, record)
