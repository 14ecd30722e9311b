"""How does an invoice of these tests get into Xero, and what do salesperson and bookkeeper then do with it?"""

from __future__ import annotations

import time
from typing import Any

from tests.panel.invoices import add_invoice
from tests.panel.panel_page import Panel
from tests.tenants import Tenant

Doc = dict[str, Any]
PATIENCE_S = 60


def sent(tenant: Tenant, **wanted: Any) -> str:
    """An invoice that was pushed; a draft unless its CRM status says otherwise. Returns the record id."""
    record = add_invoice(tenant, **wanted)
    tenant.age(record)  # an edit within the second of the push would go along by itself
    (task,) = tenant.run("push", record)["tasks"]
    assert task["outcome"] == "created", task
    until = time.monotonic() + PATIENCE_S
    while not _is_told(tenant, record):
        assert time.monotonic() < until, "CRM was not told"
        time.sleep(0.1)
    return record


def _is_told(tenant: Tenant, record: str) -> bool:
    """CRM has Xero's figures, and no work is open."""
    shown = tenant.api.get(f"/records/Invoices/{record}").json()
    return shown["run"] is None and shown["last"]["crm_written"] == "yes"


def read_books_again(tenant: Tenant) -> None:
    """The books are kept for minutes; an account that is not known makes them be read at once."""
    version = tenant.api.get("/settings").headers["ETag"]
    refused = tenant.api.put("/settings", {"account": "no-such"}, headers={"If-Match": version})
    assert refused.status_code == 422, refused.text


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
