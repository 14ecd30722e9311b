"""Who edits an invoice in CRM, and who in Xero? Random hands on both sides, by the doors that people have."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import requests

Doc = dict[str, Any]
GST = [{"name": "GST 10%", "percentage": 10}]
FREE = [{"name": "GST free", "percentage": 0}]
FIRST = date(2026, 11, 1)


def control(method: str, address: str, **more: Any) -> Doc | None:
    """One call of the simulator's control routes; None where it was refused."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(method, address, timeout=30, **more)
    return (answer.json() if answer.content else {}) if answer.ok else None


@dataclass
class Sides:
    """One company: its CRM org and its organisation in Xero."""

    zoho: str
    xero: str
    zgid: str
    organisation: str
    chance: random.Random
    products: list[str] = field(default_factory=list)
    names: int = 0

    # --- the CRM ---

    def add(self, module: str, record: Doc) -> str:
        body = {"zgid": self.zgid, "module": module, "record": record}
        made = control("POST", f"{self.zoho}/_control/records", json=body)
        assert made is not None, record
        return str(made["id"])

    def record(self, record_id: str) -> Doc:
        query = {"zgid": self.zgid, "module": "Invoices", "id": record_id}
        found = control("GET", f"{self.zoho}/_control/records", params=query)
        assert found is not None
        return found

    def row(self) -> Doc:
        price, quantity = self.chance.randint(20, 400), self.chance.randint(1, 9)
        product = {"id": self.chance.choice(self.products)}
        return {"Product_Name": product, "Quantity": quantity, "List_Price": price, "Discount": 0, "Line_Tax": GST}

    def invoice(self, account: str) -> str:
        """A draft of two or three lines."""
        self.names += 1
        dates = {"Invoice_Date": _day(0), "Due_Date": _day(30)}
        rows = [self.row() for _ in range(self.chance.randint(2, 3))]
        named = {"Subject": f"Job {self.names}", "Invoice_Number": f"C-{self.names:05d}", "Status": "Created"}
        return self.add("Invoices", {**named, **dates, "Account_Name": {"id": account}, "Invoiced_Items": rows})

    def edit_in_crm(self, record_id: str) -> str | None:
        """One random edit; its name, or None where it was refused."""
        record = self.record(record_id)
        name = self.chance.choice(list(CRM_EDITS))
        body = {"zgid": self.zgid, "module": "Invoices", "id": record_id, "record": CRM_EDITS[name](self, record)}
        return name if control("PATCH", f"{self.zoho}/_control/records", json=body) is not None else None

    def new_number(self) -> str:
        self.names += 1
        return f"N-{self.names:05d}"

    # --- Xero ---

    def invoices(self) -> dict[str, list[Doc]]:
        """Raw invoices by the record that their marker names."""
        found = control("GET", f"{self.xero}/_control/invoices", params={"organisation": self.organisation})
        assert found is not None
        by_record: dict[str, list[Doc]] = {}
        for doc in found["invoices"]:
            by_record.setdefault(str(doc.get("Url") or "").rsplit("/", 1)[-1], []).append(doc)
        return by_record

    def edit_in_xero(self, doc: Doc) -> str | None:
        """The same by the bookkeeper."""
        name = self.chance.choice(list(XERO_EDITS))
        action = "renumber" if name == "number" else "edit"
        body = {"organisation": self.organisation, "action": action, "invoice": doc["InvoiceID"]}
        wish = body | XERO_EDITS[name](self, doc)
        return name if control("POST", f"{self.xero}/_control/bookkeeper", json=wish) is not None else None


def _day(after: int) -> str:
    return (FIRST + timedelta(days=after)).isoformat()


def _one_row(sides: Sides, record: Doc, change: Doc) -> Doc:
    return {"Invoiced_Items": [{"id": sides.chance.choice(record["Invoiced_Items"])["id"], **change}]}


def _row_away(sides: Sides, record: Doc) -> Doc:
    if len(record["Invoiced_Items"]) < 2:
        return {"Invoiced_Items": [sides.row()]}
    return _one_row(sides, record, {"_delete": None})


CRM_EDITS: dict[str, Callable[[Sides, Doc], Doc]] = {
    "quantity": lambda sides, record: _one_row(sides, record, {"Quantity": sides.chance.randint(1, 9)}),
    "price": lambda sides, record: _one_row(sides, record, {"List_Price": sides.chance.randint(20, 400)}),
    "discount": lambda sides, record: _one_row(sides, record, {"Discount": sides.chance.randint(0, 15)}),
    "tax": lambda sides, record: _one_row(sides, record, {"Line_Tax": sides.chance.choice([GST, FREE])}),
    "due date": lambda sides, _: {"Due_Date": _day(sides.chance.randint(20, 60))},
    "date": lambda sides, _: {"Invoice_Date": _day(sides.chance.randint(0, 15))},
    "number": lambda sides, _: {"Invoice_Number": sides.new_number()},
    "line added": lambda sides, _: {"Invoiced_Items": [sides.row()]},
    "line removed": _row_away,
}


def _one_line(sides: Sides, doc: Doc, change: Doc) -> Doc:
    return {"lines": [{"line_id": sides.chance.choice(doc["Lines"])["LineItemID"], **change}]}


def _line_away(sides: Sides, doc: Doc) -> Doc:
    if len(doc["Lines"]) < 2:
        return _one_line(sides, doc, {"quantity": "4"})
    return _one_line(sides, doc, {"remove": True})


def _new_line(sides: Sides, _doc: Doc) -> Doc:
    sides.names += 1
    line = {"description": f"Call-out {sides.names}", "quantity": "1", "price": "35", "account": "210"}
    return {"lines": [{**line, "tax_type": "OUTPUT"}]}


def _new_text(sides: Sides, doc: Doc) -> Doc:
    sides.names += 1
    return _one_line(sides, doc, {"description": f"As agreed, {sides.names}"})


XERO_EDITS: dict[str, Callable[[Sides, Doc], Doc]] = {
    "text": _new_text,
    "price": lambda sides, doc: _one_line(sides, doc, {"price": str(sides.chance.randint(20, 400))}),
    "quantity": lambda sides, doc: _one_line(sides, doc, {"quantity": str(sides.chance.randint(1, 9))}),
    "account": lambda sides, doc: _one_line(sides, doc, {"account": sides.chance.choice(["210", "215", "260"])}),
    "tax": lambda sides, doc: _one_line(sides, doc, {"tax_type": sides.chance.choice(["OUTPUT", "EXEMPTOUTPUT"])}),
    "due date": lambda sides, _: {"due_date": _day(sides.chance.randint(20, 60))},
    "date": lambda sides, _: {"date": _day(sides.chance.randint(0, 15))},
    "contact": lambda sides, _: {"contact": "Somebody Else Pty Ltd"},
    "line added": _new_line,
    "line removed": _line_away,
    "number": lambda sides, _: {"number": sides.new_number()},
}
