"""Who edits an invoice in CRM, and who in Xero? Random hands on both sides, by the doors that people have."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import requests

from bench.other_program import OtherProgram

Doc = dict[str, Any]
GST = [{"name": "GST 10%", "percentage": 10}]
FREE = [{"name": "GST free", "percentage": 0}]
FIRST = date(2026, 11, 1)
PRODUCTS = ("Desk", "Chair", "Lamp", "Delivery", "Shelf", "Counter")
REGION, OPTIONS = "Region", ("North", "South")
ITEM = {"Code": "CALL-OUT", "Name": "Call-out"}
STATUSES = ("Created", "Created", "Submitted")  # of new invoices
SAME = 0.3  # how often a hand does to an invoice what the hand before it did, perhaps that of the other side
SOMEBODY_ELSE = "Somebody Else Pty Ltd"
# What CRM's edits may change in Xero; all others change one line.
HEAD = {"due date": "due_date", "date": "date", "number": "number", "customer": "customer", "status": "status"}


def control(method: str, address: str, **more: Any) -> Doc | None:
    """One call of the simulator's control routes; None where it was refused."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(method, address, timeout=30, **more)
    return (answer.json() if answer.content else {}) if answer.ok else None


@dataclass(frozen=True)
class Edit:
    """What was done, in words, and which part of the invoice in Xero it asks to change; None: the bookkeeper's."""

    name: str
    said: str
    asks: str | None = None


@dataclass
class Sides:
    """One company: its CRM org and its organisation in Xero. numbered: whether CRM gives the numbers."""

    zoho: str
    xero: str
    zgid: str
    organisation: str
    program: OtherProgram
    chance: random.Random
    numbered: bool = True
    products: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    names: int = 0

    def stock(self, name: str) -> None:
        """What is there before the first invoice: products and customers; tracking and an item in Xero."""
        self.products = [self.add("Products", {"Product_Name": each}) for each in PRODUCTS]
        named = (f"Brightwater of {name}", f"Lakeside of {name}", SOMEBODY_ELSE)
        self.customers = [self.add("Accounts", {"Account_Name": each}) for each in named]
        made = self.program.write("PUT", "TrackingCategories", {"Name": REGION})
        assert made is not None
        category = made["TrackingCategories"][0]["TrackingCategoryID"]
        for option in OPTIONS:
            assert self.program.write("PUT", f"TrackingCategories/{category}/Options", {"Name": option})
        assert self.program.write("PUT", "Items", {"Items": [ITEM]})

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
        product = {"id": self.chance.choice(self.products)}
        quantity = self.chance.randint(1, 9)
        return {"Product_Name": product, "Quantity": quantity, "List_Price": self.price(), "Line_Tax": GST}

    def invoice(self, customer: str) -> str:
        """A draft of two or three lines."""
        dates = {"Invoice_Date": _day(0), "Due_Date": _day(30)}
        rows = [self.row() for _ in range(self.chance.randint(2, 3))]
        named = {"Subject": "Job", "Invoice_Number": self.new("C"), "Status": self.chance.choice(STATUSES)}
        return self.add("Invoices", {**named, **dates, "Account_Name": {"id": customer}, "Invoiced_Items": rows})

    def edit_in_crm(self, record_id: str, like: str | None = None) -> Edit | None:
        """One random edit, or None where it was refused. `like`: what was done to it before."""
        name = self._kind(list(CRM_EDITS), like)
        change = CRM_EDITS[name](self, self.record(record_id))
        body = {"zgid": self.zgid, "module": "Invoices", "id": record_id, "record": change}
        if control("PATCH", f"{self.zoho}/_control/records", json=body) is None:
            return None
        asks = "nothing" if name == "number" and not self.numbered else HEAD.get(name, "lines")
        return Edit(name, f"CRM: {name} {json.dumps(change)}", asks)

    def _kind(self, names: list[str], like: str | None) -> str:
        return like if like in names and self.chance.random() < SAME else self.chance.choice(names)

    def new(self, kind: str) -> str:
        """A number, or a text, that was never used before."""
        self.names += 1
        return f"{kind}-{self.names:05d}"

    def other(self, values: list[str], present: object) -> str:
        """One of them that is not what is there."""
        return self.chance.choice([each for each in values if each != present])

    def price(self) -> float:
        return self.chance.randint(2000, 40000) / 100

    # --- Xero ---

    def invoices(self, record_id: str | None = None) -> dict[str, list[Doc]]:
        """Raw invoices by the record that their marker names."""
        query = {"organisation": self.organisation}
        if record_id:
            query["marker"] = f"/go/au/production/{self.zgid}/{record_id}"
        found = control("GET", f"{self.xero}/_control/invoices", params=query)
        assert found is not None
        by_record: dict[str, list[Doc]] = {}
        for doc in found["invoices"]:
            by_record.setdefault(str(doc.get("Url") or "").rsplit("/", 1)[-1], []).append(doc)
        return by_record

    def edit_in_xero(self, record_id: str, like: str | None = None) -> Edit | None:
        """The same by the bookkeeper, or by a program of theirs."""
        [doc] = self.invoices(record_id)[record_id]
        name = self._kind(list(XERO_EDITS), like)
        change = XERO_EDITS[name](self, doc)
        done = self._by_program(change) if "InvoiceID" in change else self._by_hand(doc, change)
        return Edit(name, f"Xero: {name} {json.dumps(change)}") if done else None

    def _by_program(self, change: Doc) -> bool:
        return self.program.write("POST", "Invoices", change) is not None

    def _by_hand(self, doc: Doc, change: Doc) -> bool:
        wish = {"action": "edit", **change, "organisation": self.organisation, "invoice": doc["InvoiceID"]}
        return control("POST", f"{self.xero}/_control/bookkeeper", json=wish) is not None


def _day(after: int) -> str:
    return (FIRST + timedelta(days=after)).isoformat()


# --- what is done in CRM ---


def _one_row(sides: Sides, record: Doc, change: Doc) -> Doc:
    return {"Invoiced_Items": [{"id": sides.chance.choice(record["Invoiced_Items"])["id"], **change}]}


def _row_away(sides: Sides, record: Doc) -> Doc:
    if len(record["Invoiced_Items"]) < 2:
        return {"Invoiced_Items": [sides.row()]}
    return _one_row(sides, record, {"_delete": None})


def _other_tax(sides: Sides, record: Doc) -> Doc:
    row = sides.chance.choice(record["Invoiced_Items"])
    return {"Invoiced_Items": [{"id": row["id"], "Line_Tax": FREE if row["Line_Tax"][0]["percentage"] else GST}]}


def _other_customer(sides: Sides, record: Doc) -> Doc:
    return {"Account_Name": {"id": sides.other(sides.customers, record["Account_Name"]["id"])}}


def _other_status(sides: Sides, record: Doc) -> Doc:
    """Submitted mostly: what is approved is locked from then on."""
    return {"Status": sides.other(["Created", *["Submitted"] * 4, "Approved"], record["Status"])}


CRM_EDITS: dict[str, Callable[[Sides, Doc], Doc]] = {
    "quantity": lambda sides, record: _one_row(sides, record, {"Quantity": sides.chance.randint(1, 9)}),
    "price": lambda sides, record: _one_row(sides, record, {"List_Price": sides.price()}),
    "discount": lambda sides, record: _one_row(sides, record, {"Discount": sides.chance.randint(0, 15)}),
    "tax": _other_tax,
    "text": lambda sides, record: _one_row(sides, record, {"Description": sides.new("As ordered")}),
    "line added": lambda sides, _: {"Invoiced_Items": [sides.row()]},
    "line removed": _row_away,
    "due date": lambda sides, _: {"Due_Date": _day(sides.chance.randint(20, 60))},
    "date": lambda sides, _: {"Invoice_Date": _day(sides.chance.randint(0, 15))},
    "number": lambda sides, _: {"Invoice_Number": sides.new("N")},
    "customer": _other_customer,
    "status": _other_status,
}


# --- what is done in Xero ---


def _one_line(sides: Sides, doc: Doc, change: Doc) -> Doc:
    return {"lines": [{"line_id": sides.chance.choice(doc["Lines"])["LineItemID"], **change}]}


def _line_away(sides: Sides, doc: Doc) -> Doc:
    if len(doc["Lines"]) < 2:
        return _one_line(sides, doc, {"quantity": "4"})
    return _one_line(sides, doc, {"remove": True})


def _new_line(sides: Sides, _doc: Doc) -> Doc:
    line = {"description": sides.new("Call-out"), "quantity": "1", "price": "35", "account": "210"}
    return {"lines": [{**line, "tax_type": "OUTPUT"}]}


def _other_word(sides: Sides, doc: Doc, name: str, key: str, values: list[str]) -> Doc:
    line = sides.chance.choice(doc["Lines"])
    return {"lines": [{"line_id": line["LineItemID"], name: sides.other(values, line.get(key))}]}


def _tracked(sides: Sides, doc: Doc) -> Doc:
    return _one_line(sides, doc, {"tracking": [{"Name": REGION, "Option": sides.chance.choice(OPTIONS)}]})


def _tax_amount(sides: Sides, doc: Doc) -> Doc:
    """Of one line; the others go along by their ids, so that they stay."""
    lines: list[Doc] = [{"LineItemID": line["LineItemID"]} for line in doc["Lines"]]
    sides.chance.choice(lines)["TaxAmount"] = sides.chance.randint(1, 99) / 100
    return {"InvoiceID": doc["InvoiceID"], "LineItems": lines}


XERO_EDITS: dict[str, Callable[[Sides, Doc], Doc]] = {
    "text": lambda sides, doc: _one_line(sides, doc, {"description": sides.new("As agreed")}),
    "price": lambda sides, doc: _one_line(sides, doc, {"price": str(sides.price())}),
    "quantity": lambda sides, doc: _one_line(sides, doc, {"quantity": str(sides.chance.randint(1, 9))}),
    "discount": lambda sides, doc: _one_line(sides, doc, {"discount": str(sides.chance.randint(1, 20))}),
    "account": lambda sides, doc: _other_word(sides, doc, "account", "AccountCode", ["210", "215", "260"]),
    "tax": lambda sides, doc: _other_word(sides, doc, "tax_type", "TaxType", ["OUTPUT", "EXEMPTOUTPUT"]),
    "tax amount": _tax_amount,
    "tracking": _tracked,
    "item": lambda sides, doc: _one_line(sides, doc, {"item": ITEM["Code"]}),
    "line added": _new_line,
    "line removed": _line_away,
    "due date": lambda sides, _: {"due_date": _day(sides.chance.randint(20, 60))},
    "date": lambda sides, _: {"date": _day(sides.chance.randint(0, 15))},
    "customer": lambda sides, _: {"contact": SOMEBODY_ELSE},
    "number": lambda sides, _: {"action": "renumber", "number": sides.new("B")},
    "status": lambda _, doc: {"action": "submit" if doc["Status"] == "DRAFT" else "revert"},
}
