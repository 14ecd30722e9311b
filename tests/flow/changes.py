"""What do tests of changes build and look at? A draft in Xero that nobody touched since, and edits on either side."""

from __future__ import annotations

from typing import Any

from tests.flow.scenes import Doc, OtherProgram, invoice, line, push, settled
from tests.tenants import Tenant


def draft(tenant: Tenant, *rows: Doc, **more: Any) -> str:
    """A draft in Xero that nobody has touched since; its record id."""
    record = invoice(
        tenant, Status="Created", Invoiced_Items=list(rows) or [line(tenant), line(tenant, "Chair")], **more
    )
    tenant.age(record)
    assert push(tenant, record)["outcome"] == "created"
    settled(tenant, record)
    return record


def held(tenant: Tenant, record: str) -> Doc:
    [doc] = tenant.in_xero(record)
    return doc


def edit(tenant: Tenant, record: str, **fields: Any) -> None:
    """Somebody else corrects the invoice in Xero; lines not named stay."""
    doc = held(tenant, record)
    OtherProgram(tenant).write("POST", "Invoices", InvoiceID=doc["InvoiceID"], **fields)


def reprice(tenant: Tenant, record: str, price: int) -> None:
    """The bookkeeper corrects the price of the first line."""
    doc = held(tenant, record)
    corrected = [{"line_id": doc["Lines"][0]["LineItemID"], "price": str(price)}]
    tenant.bookkeeper("edit", invoice=doc["InvoiceID"], lines=corrected)


def rows_of(tenant: Tenant, record: str, *changes: Doc) -> list[Doc]:
    """CRM's rows by id, with these changes."""
    rows = tenant.record(record)["Invoiced_Items"]
    return [{"id": row["id"], **change} for row, change in zip(rows, changes, strict=False)]


def shown(tenant: Tenant, record: str) -> Doc:
    preview: Doc = tenant.run("preview", record)["tasks"][0]["preview"]
    return preview
