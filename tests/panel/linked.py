"""How does an invoice of these tests get into Xero, and what do salesperson and bookkeeper then do with it?"""

from __future__ import annotations

from typing import Any

from tests.panel.invoices import add_invoice
from tests.panel.panel_page import Panel
from tests.tenants import Tenant

Doc = dict[str, Any]


def sent(tenant: Tenant, **wanted: Any) -> str:
    """An invoice that was pushed; a draft unless its CRM status says otherwise. Returns the record id."""
    record = add_invoice(tenant, **wanted)
    (task,) = tenant.run("push", record)["tasks"]
    assert task["outcome"] == "created", task
    return record


def held(tenant: Tenant, record: str) -> Doc:
    """The invoice as Xero has it now; of several the one that lives."""
    found = sorted(tenant.in_xero(record), key=lambda one: one["Status"] in ("VOIDED", "DELETED"))
    return found[0]


def books(tenant: Tenant, record: str, action: str, **more: Any) -> None:
    """The bookkeeper does that with it."""
    tenant.bookkeeper(action, invoice=held(tenant, record)["InvoiceID"], **more)


def reprice(tenant: Tenant, record: str, price: str) -> None:
    """The bookkeeper gives its first line another price."""
    line = held(tenant, record)["Lines"][0]["LineItemID"]
    books(tenant, record, "edit", lines=[{"line_id": line, "price": price}])


def recount(tenant: Tenant, record: str, quantity: int) -> None:
    """Somebody changes the quantity of the first line in CRM."""
    (row, *_) = tenant.record(record)["Invoiced_Items"]
    tenant.change("Invoices", record, {"Invoiced_Items": [{"id": row["id"], "Quantity": quantity}]})


def opened(panel: Panel, record: str) -> Panel:
    """Its page, signed in; the panel compares by itself."""
    panel.open(record)
    panel.sign_in()
    return panel
