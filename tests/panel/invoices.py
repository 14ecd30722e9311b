"""What does an invoice of a browser test look like? One customer, one product, and what the test wants otherwise."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from tests.tenants import Tenant


def day(count: int) -> str:
    """The calendar day so many days from today."""
    today = date.today()  # noqa: DTZ011 - a calendar day of the simulator's
    return (today + timedelta(days=count)).isoformat()


def add_invoice(tenant: Tenant, *, tax: str = "GST 10%", percentage: int = 10, **wanted: Any) -> str:
    """A new CRM invoice of $220.00, a draft that can be sent; returns its id."""
    name = f"Müller Küchen {secrets.token_hex(3)}"
    account = tenant.add("Accounts", {"Account_Name": name})
    product = tenant.add("Products", {"Product_Name": "Visitor chair", "Product_Code": "CHAIR-V"})
    row = {
        "Product_Name": {"name": "Visitor chair", "id": product},
        "Quantity": 2,
        "List_Price": 100,
        "Line_Tax": [{"name": tax, "percentage": percentage}],
    }
    invoice = {
        "Subject": "Chairs",
        "Invoice_Number": f"INV-{secrets.token_hex(3)}",
        "Account_Name": {"id": account, "name": name},
        "Status": "Created",
        "Invoice_Date": day(-1),
        "Due_Date": day(13),
        "Invoiced_Items": [row],
    }
    return tenant.add("Invoices", invoice | wanted)
