"""What does the pretend Xero answer on every route it serves, and which routes did nobody ask?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.contract import recorded
from tests.contract.schemas import Doc
from tests.simulator import xero_stage

API = "/api.xro/2.0"
WRONG_ID = "11111111-2222-3333-4444-555555555555"
# Each list is asked once with each of them.
LISTS = (
    *("page=1", "page=1&pageSize=2", "order=Name", "order=UpdatedDateUTC DESC", 'where=Name=="Desk"', "searchTerm=a"),
    *("Statuses=DRAFT,PAID", "summaryOnly=true", "unitdp=4", "includeArchived=true", "createdByMyApp=true"),
    *(f"IDs={WRONG_ID}", f"ContactIDs={WRONG_ID}", "InvoiceNumbers=INV-1", "where=Status==", "page=x"),
)


class Xero:
    """One connected organisation, and what was made in it: ids by the names of the routes' own arguments."""

    def __init__(self, folder: Path) -> None:
        self.stage = xero_stage.Xero(folder)
        self.stage.switch(minute_limit=100_000)
        self.ids: dict[str, str] = {}

    def put(self, resource: str, key: str, *rows: Doc, method: str = "PUT", query: str = "") -> Doc:
        """Write rows; the first one that came back. Its id is kept under the name `key`."""
        answer = self.stage.call(method, f"{resource}{query}", {resource.split("/")[-1]: list(rows)})
        found: Doc = ((answer.json or {}).get(resource.split("/")[-1]) or [{}])[0]
        self.ids[key] = str(next((found[name] for name in found if name.endswith("ID")), WRONG_ID))
        return found

    def whole(self) -> None:
        self.reference()
        self.documents()
        self.settlements()
        self.credits()
        self.readings()
        self.farewells()

    def reference(self) -> None:
        """Accounts, contacts, items, tracking, and what else lines and documents point at."""
        phones, where = [{"PhoneType": "MOBILE", "PhoneNumber": "1"}], [{"AddressType": "POBOX", "City": "Köln"}]
        full = {"Name": "Müller", "EmailAddress": "a@b.example", "ContactNumber": "Z1", "Phones": phones}
        self.put("Contacts", "contact", full | {"Addresses": where})
        self.put("Contacts", "wrong", full, query="?summarizeErrors=false")
        self.put("Contacts", "wrong", full)
        self.stage.call("POST", f"Contacts/{self.ids['contact']}", {"FirstName": "Jo"})
        self.stage.call("POST", "Contacts", {"Contacts": [{"Name": "Other", "LastName": "Bo"}]})
        desk = {"Code": "DESK", "Name": "Desk", "SalesDetails": {"UnitPrice": 10, "AccountCode": "200"}}
        self.put("Items", "item", desk)
        self.put("Items", "item", desk | {"Description": "Oak"}, method="POST")
        self.stage.call("POST", f"Items/{self.ids['item']}", {"Code": "DESK", "Name": "Desk 2"})
        category = self.put("TrackingCategories", "category", {"Name": "Region"})
        self.ids["category"] = str(category.get("TrackingCategoryID", WRONG_ID))
        path = f"TrackingCategories/{self.ids['category']}"
        self.stage.call("POST", path, {"Name": "Regions"})
        made = self.stage.call("PUT", f"{path}/Options", {"Options": [{"Name": "East"}]}).json or {}
        option = (made.get("Options") or [{}])[0]
        self.ids["option"] = str(option.get("TrackingOptionID", WRONG_ID))
        self.stage.call("POST", f"{path}/Options/{self.ids['option']}", {"Name": "Eastern"})
        self.stage.call("PUT", "Currencies", {"Code": "EUR", "Description": "Euro"})
        part = {"Name": "GST", "Rate": 7.5, "IsCompound": False, "IsNonRecoverable": False}
        rate = {"Name": "Seven", "ReportTaxType": "OUTPUT", "TaxComponents": [part]}
        self.stage.call("PUT", "TaxRates", {"TaxRates": [rate]})

    def documents(self) -> None:
        """Invoices of all kinds, good and refused."""
        one = xero_stage.invoice
        tagged = xero_stage.line(Tracking=[{"Name": "Regions", "Option": "Eastern"}], ItemCode="DESK", DiscountRate=10)
        self.put("Invoices", "draft", one(Status="DRAFT", LineItems=[tagged]), query="?unitdp=4")
        self.put(
            "Invoices", "refused", one(LineItems=[]), one(Type="X"), one(LineItems=[xero_stage.line(AccountCode="1")])
        )
        self.put(
            "Invoices", "refused", one(LineItems=[xero_stage.line(AccountCode="1")]), query="?summarizeErrors=false"
        )
        self.put("Invoices", "invoice", one(InvoiceNumber="INV-1", Reference="r", Contact={"Name": "Müller"}))
        self.stage.call("POST", f"Invoices/{self.ids['draft']}", {"Reference": "new"})
        self.stage.call("POST", "Invoices", {"Invoices": [{"InvoiceID": self.ids["draft"], "Status": "DELETED"}]})
        parts = f"Invoices/{self.ids['invoice']}"
        self.stage.call("PUT", f"{parts}/History", {"HistoryRecords": [{"Details": "Hello"}]})
        self.stage.call("POST", f"{parts}/Email", {})
        for nonsense in (None, [], {"Invoices": 5}):
            self.stage.call("PUT", "Invoices", nonsense)

    def settlements(self) -> None:
        """Payments, good, refused and taken back."""
        named, bank = {"InvoiceID": self.ids["invoice"]}, self.bank()
        paid = {"Invoice": named, "Account": {"AccountID": bank}, "Date": "2026-11-02", "Amount": 10, "Reference": "x"}
        self.put("Payments", "payment", paid)
        self.put("Payments", "wrong", paid | {"Amount": 5000}, query="?summarizeErrors=false")
        self.stage.call("POST", "Payments", paid)
        self.stage.call("POST", f"Payments/{self.ids['payment']}", {"Status": "DELETED"})

    def credits(self) -> None:
        """Credit notes and an overpayment, good and refused, applied and taken off."""
        of, line = {"ContactID": self.ids["contact"]}, xero_stage.line(Description="Off", UnitAmount=20)
        note = {"Type": "ACCRECCREDIT", "Contact": of, "Date": "2026-11-03", "LineItems": [line], "Status": "DRAFT"}
        self.put("CreditNotes", "creditnote", note, query="?unitdp=4")
        self.put("CreditNotes", "wrong", note | {"LineItems": []}, query="?summarizeErrors=false")
        self.put("CreditNotes", "wrong", note | {"Contact": {}})
        self.stage.call("POST", f"CreditNotes/{self.ids['creditnote']}", {"Status": "AUTHORISED"})
        self.stage.call("POST", "CreditNotes", {"CreditNotes": [note | {"CreditNoteNumber": "CN-9"}]})
        self.stage.bookkeeper("overpay", contact="Müller", amount="5")
        over = (self.stage.get("Overpayments").json or {})["Overpayments"][0]["OverpaymentID"]
        wish = {"Invoice": {"InvoiceID": self.ids["invoice"]}, "Date": "2026-11-03"}
        for path, amount in ((f"CreditNotes/{self.ids['creditnote']}", 3), (f"Overpayments/{over}", 2)):
            self.stage.call("PUT", f"{path}/Allocations", {"Allocations": [wish | {"Amount": 5000}]})
            made = self.stage.call("PUT", f"{path}/Allocations", wish | {"Amount": amount}).json
            self.stage.call("PUT", f"{path}/Allocations", wish | {"Amount": 1})
            self.stage.call("DELETE", f"{path}/Allocations/{made['Allocations'][0]['AllocationID']}")

    def bank(self) -> str:
        rows = (self.stage.get("Accounts").json or {})["Accounts"]
        return str(next(row["AccountID"] for row in rows if row["Type"] == "BANK"))

    def readings(self) -> None:
        """Every GET there is; lists with each parameter."""
        for rule in served(self.stage.app, API):
            if "GET" not in rule.methods or "path:" in rule.rule:
                continue
            if rule.arguments:
                self.ids.setdefault(min(rule.arguments), self.first(rule.rule))
                for each in (self.ids, dict.fromkeys(rule.arguments, WRONG_ID)):
                    self.stage.get(_filled(rule, each).removeprefix(f"{API}/"))
            else:
                for query in ("", *LISTS):
                    self.stage.get(f"{rule.rule.removeprefix(f'{API}/')}?{query}")
        for since in ("2026-01-01T00:00:00", "yesterday"):
            self.stage.get("Invoices", If_Modified_Since=since)
        self.stage.get("Journals")  # one of those that the simulator does not imitate
        self.stage.web.get("/connections", headers=self.stage.headers())
        self.stage.web.get("/Connections", headers=self.stage.headers())

    def first(self, rule: str) -> str:
        """The id of the first row of the list that a route's rows are in."""
        resource = rule.removeprefix(f"{API}/").split("/")[0]
        rows = (self.stage.get(resource).json or {}).get(resource) or [{}]
        return str(next((rows[0][name] for name in rows[0] if name.endswith("ID")), WRONG_ID))

    def farewells(self) -> None:
        """What ends something comes last."""
        self.stage.call("DELETE", f"Items/{self.ids['item']}")
        self.stage.token(grant_type="refresh_token", refresh_token=self.stage.tokens["refresh_token"])
        mine = self.stage.web.get("/connections", headers=self.stage.headers()).json or []
        self.stage.web.delete(f"/connections/{mine[0]['id']}", headers=self.stage.headers())


def served(app: Flask, prefix: str) -> Iterator[Rule]:
    """The routes below a prefix, without those that answer for everything else."""
    yield from (rule for rule in app.url_map.iter_rules() if rule.rule.startswith(prefix) and "path:" not in rule.rule)


def untried(app: Flask, prefix: str, folder: Path) -> list[str]:
    """Routes that never gave a good answer."""
    wanted = {f"{way} {rule.rule}" for rule in served(app, prefix) for way in rule.methods - {"HEAD", "OPTIONS"}}
    found = app.url_map.bind("localhost")
    for _, line in recorded.lines(folder):
        if line["answer"]["status"] < 300:
            try:
                rule, _ = found.match(line["request"]["path"], line["request"]["method"], return_rule=True)
            except HTTPException:
                continue
            wanted.discard(f"{line['request']['method']} {rule.rule}")
    return sorted(wanted)


def _filled(rule: Rule, values: dict[str, str]) -> str:
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<{name}>", values.get(name, WRONG_ID))
    return path
