"""What has a company that has just heard of InvoiceBridge? A CRM org and books, neither connected to anything."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

NAME = "Willow & Sons Pty Ltd"
Doc = dict[str, Any]


@dataclass(frozen=True)
class Company:
    """A CRM org with three invoices and an organisation of the same name."""

    domain: str
    organisation: str
    person: str  # who may connect its books
    invoice: str  # the number of one


def make(zoho: str, xero: str) -> Company:
    """A new one, on the pretend services at these addresses."""
    crm = _control(zoho, "orgs", {"name": NAME, "location": "au", "currency": "AUD"})
    books = _control(xero, "organisations", {"name": NAME, "country": "AU"})
    account = _record(zoho, crm, "Accounts", {"Account_Name": "Corner Café"})
    product = _record(zoho, crm, "Products", {"Product_Name": "Oak desk", "Product_Code": "DESK"})
    tax = [{"name": "GST 10%", "percentage": 10}]
    row = {"Product_Name": {"id": product}, "Quantity": 2, "List_Price": 100, "Line_Tax": tax}
    today = datetime.now(UTC).date()
    for number in ("W-1001", "W-1002", "W-1003"):
        wish = {"Subject": f"Desks {number}", "Invoice_Number": number, "Account_Name": {"id": account}}
        dated = {"Invoice_Date": today.isoformat(), "Due_Date": (today + timedelta(days=14)).isoformat()}
        _record(zoho, crm, "Invoices", wish | dated | {"Status": "Created", "Invoiced_Items": [row]})
    return Company(crm["domain_name"], books["organisation"], books["person"], "W-1003")


def kept_in(folder: Path, zoho: str, xero: str) -> Company:
    """The one of a folder whose pretend services keep their data there too; made with its first start."""
    file = folder / "fresh-company.json"
    if not file.exists():
        file.write_text(json.dumps(asdict(make(zoho, xero))))
    return Company(**json.loads(file.read_text()))


def _record(zoho: str, crm: Doc, module: str, record: Doc) -> str:
    return str(_control(zoho, "records", {"zgid": crm["zgid"], "module": module, "record": record})["id"])


def _control(base: str, path: str, body: Doc) -> Doc:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{base}/_control/{path}", json=body, timeout=30)
    answer.raise_for_status()
    found: Doc = answer.json()
    return found
