"""Whose invoices does the bench push? A fresh company, connected by the real routes, whose customers are linked."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from bench.both_sides import FREE, GST, control
from bench.other_program import connected
from simulator.stack.setup_walk import Api, Walk
from simulator.stack.whole import Stack

Doc = dict[str, Any]
CUSTOMERS = 20
MOST = 500  # records that one request may name
FIRST = date(2026, 11, 2)
STAMPS_S = 2.1  # CRM's stamps have whole seconds: what is younger is looked at a second time
PATIENCE_S = 1800
_ZOHO_CLIENT = {"client_id": "1000.DEMOCLIENT", "client_secret": "demo-zoho-secret-not-real"}
_ZOHO_SCOPE = "ZohoCRM.modules.ALL,ZohoCRM.users.READ,ZohoCRM.org.READ,ZohoCRM.settings.ALL"


@dataclass
class Company:
    """One tenant. `numbers` counts its invoices, so that none has the number of another."""

    stack: Stack
    api: Api
    zgid: str
    user: str
    organisation: str
    person: str
    customers: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    numbers: int = 0

    def seed(self, module: str, records: Sequence[Doc]) -> list[str]:
        wish = {"zgid": self.zgid, "module": module, "records": list(records)}
        made = control("POST", f"{self.stack.zoho}/_control/seed", json=wish)
        assert made is not None, records[:1]
        return [str(each) for each in made["ids"]]

    def invoices(self, count: int) -> list[str]:
        """Drafts of three lines in CRM; ids."""
        ids: list[str] = []
        while len(ids) < count:
            ids += self.seed("Invoices", [self._invoice() for _ in range(min(MOST, count - len(ids)))])
        return ids

    def _invoice(self) -> Doc:
        self.numbers += 1
        n = self.numbers
        rows = [self._row(n, 0, GST), self._row(n, 1, GST), self._row(n, 2, FREE)]
        dates = {"Invoice_Date": FIRST.isoformat(), "Due_Date": (FIRST + timedelta(days=30)).isoformat()}
        named = {"Subject": f"Job {n}", "Invoice_Number": f"B-{n:06d}", "Status": "Created"}
        customer = {"Account_Name": {"id": self.customers[n % len(self.customers)]}}
        return {**named, **dates, **customer, "Invoiced_Items": rows}

    def _row(self, n: int, k: int, tax: list[Doc]) -> Doc:
        product = {"id": self.products[(n + k) % len(self.products)]}
        return {
            "Product_Name": product,
            "Quantity": 1 + (n + k) % 7,
            "List_Price": round(20 + (n * 37 + k) % 9000 / 100, 2),
            "Line_Tax": tax,
        }

    def change_all(self, ids: Sequence[str]) -> None:
        """Another due date on each, by a hand in CRM."""
        later = {"Due_Date": (FIRST + timedelta(days=45)).isoformat()}
        for record_id in ids:
            wish = {"zgid": self.zgid, "module": "Invoices", "id": record_id, "record": later}
            assert control("PATCH", f"{self.stack.zoho}/_control/records", json=wish) is not None

    def start(self, ids: Sequence[str], kind: str = "push") -> list[str]:
        """Ask for the work, at most 500 records a request; the runs."""
        return [self._start(kind, part) for part in _parts(ids)]

    def _start(self, kind: str, ids: Sequence[str]) -> str:
        answer = self.api.post("/runs", {"kind": kind, "module": "Invoices", "record_ids": list(ids)})
        assert answer.status_code == 202, answer.text[:300]
        return str(answer.json()["id"])

    def counts(self, run: str, page: int = 1000) -> Doc:
        """A run with a page of its tasks; one so far behind holds none, and costs the server little."""
        answer = self.api.get(f"/runs/{run}", params={"page": page})
        assert answer.ok, answer.text[:300]
        found: Doc = answer.json()
        return found

    def wait(self, runs: Sequence[str], outcome: str) -> float:
        """Until they have ended, all in this outcome; when that was, by the monotonic clock."""
        until = time.monotonic() + PATIENCE_S
        for run in runs:
            while (found := self.counts(run))["state"] != "ended":
                assert time.monotonic() < until, found["counts"]
                time.sleep(0.2)
            assert set(found["counts"]) == {outcome}, found["counts"]
        return time.monotonic()

    def wait_written(self, runs: Sequence[str]) -> float:
        """Until CRM shows all of it."""
        until = time.monotonic() + PATIENCE_S
        for run in runs:
            for page in range(1, int(self.counts(run)["pages"]) + 1):
                while any(task["crm_written"] == "waiting" for task in self.counts(run, page)["tasks"]):
                    assert time.monotonic() < until, "CRM was not written"
                    time.sleep(0.2)
        return time.monotonic()

    def contacts(self) -> dict[str, str]:
        """The ContactID of each customer, by CRM's account."""
        found = control("GET", f"{self.stack.xero}/_control/contacts", params={"organisation": self.organisation})
        assert found is not None
        by_name = {str(doc["Name"]): str(doc["ContactID"]) for doc in found["contacts"]}
        return {account: by_name[f"Customer {n}"] for n, account in enumerate(self.customers)}

    def xero_token(self) -> str:
        return connected(self.stack.xero, self.stack.public_base, self.organisation, self.person).token

    def zoho_token(self) -> str:
        """A consent of its own, as another program would have it."""
        redirect = f"{self.stack.public_base}/oauth/zoho/callback"
        asked = {"response_type": "code", "redirect_uri": redirect, "scope": _ZOHO_SCOPE, "prompt": "consent"}
        form = {**asked, "client_id": _ZOHO_CLIENT["client_id"], "user": self.user, "decision": "allow"}
        sent = requests.post(f"{self.stack.zoho}/oauth/v2/auth", data=form, allow_redirects=False, timeout=30)
        code = parse_qs(urlsplit(sent.headers["Location"]).query)["code"][0]
        wish = {**_ZOHO_CLIENT, "grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        answer = requests.post(f"{self.stack.zoho}/oauth/v2/token", data=wish, timeout=30)
        return str(answer.json()["access_token"])


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), MOST):
        yield ids[start : start + MOST]


def make(stack: Stack) -> Company:
    """A new company with products and customers, each of them linked by a first invoice."""
    name = f"Company {secrets.token_hex(3)}"
    crm = control("POST", f"{stack.zoho}/_control/orgs", json={"name": name, "location": "au", "currency": "AUD"})
    books = control("POST", f"{stack.xero}/_control/organisations", json={"name": name, "country": "AU"})
    assert crm is not None and books is not None
    user = crm["administrator"]["id"]
    walk = Walk(stack.public_base, stack.zoho, stack.xero)
    api = walk.sign_in(crm["domain_name"], user)
    walk.connect_zoho(api, crm["domain_name"], user)
    walk.connect_xero(api, books["person"], books["organisation"])
    walk.fill_settings(api, books["organisation"])
    made = Company(stack, api, crm["zgid"], user, books["organisation"], books["person"])
    made.products = made.seed("Products", [{"Product_Name": f"Product {n}"} for n in range(5)])
    made.customers = made.seed("Accounts", [{"Account_Name": f"Customer {n}"} for n in range(CUSTOMERS)])
    first = made.invoices(CUSTOMERS)
    time.sleep(STAMPS_S)
    runs = made.start(first)
    made.wait(runs, "created")
    made.wait_written(runs)
    return made
