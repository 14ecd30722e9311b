"""What is a tenant in a test? A CRM org and an organisation made for it, its people, and short ways to both."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import requests

from simulator.stack.setup_walk import Api, Walk
from simulator.stack.whole import Stack

Doc = dict[str, Any]
PATIENCE = 90.0


@dataclass
class Tenant:
    """Ids on both sides, and what people on both sides can do. `api` is the administrator."""

    stack: Stack
    walk: Walk
    name: str
    zgid: str
    domain: str
    administrator: Doc
    salesperson: Doc
    organisation: str
    short_code: str
    person: str
    api: Api
    settings: Doc = field(default_factory=dict)

    @cached_property
    def sales(self) -> Api:
        """The salesperson, signed in at first use."""
        return self.walk.sign_in(self.domain, self.salesperson["id"])

    def let_everybody(self) -> None:
        """From now on a salesperson may what an administrator may."""
        self.walk.let_everybody(self.api, "preview", "push", "approve", "overwrite", "choose", "remove")

    # --- in the CRM ---

    def add(self, module: str, record: Doc) -> str:
        """A new CRM record; an invoice's totals are the CRM's own arithmetic. Returns its id."""
        body = {"zgid": self.zgid, "module": module, "record": record}
        return str(control("POST", f"{self.stack.zoho}/_control/records", json=body)["id"])

    def change(self, module: str, record_id: str, record: Doc) -> None:
        body = {"zgid": self.zgid, "module": module, "id": record_id, "record": record}
        control("PATCH", f"{self.stack.zoho}/_control/records", json=body)

    def record(self, record_id: str, module: str = "Invoices") -> Doc:
        """The CRM's own copy of a record."""
        query = {"zgid": self.zgid, "module": module, "id": record_id}
        return control("GET", f"{self.stack.zoho}/_control/records", params=query)

    def clone(self, record_id: str, module: str = "Invoices") -> str:
        """A copy as the CRM makes it, our fields and all. Returns its id."""
        return str(self._with_record("clone", record_id, module)["id"])

    def delete(self, record_id: str, module: str = "Invoices") -> None:
        """Into the CRM's recycle bin."""
        self._with_record("delete", record_id, module)

    def restore(self, record_id: str, module: str = "Invoices") -> None:
        """Out of the recycle bin, under the same id."""
        self._with_record("restore", record_id, module)

    def age(self, *record_ids: str, module: str = "Invoices") -> None:
        """As if they had last been edited a minute ago: no push of theirs is followed up, and nobody has to wait."""
        for record_id in record_ids:
            self._with_record("age", record_id, module)

    def _with_record(self, deed: str, record_id: str, module: str) -> Doc:
        body = {"zgid": self.zgid, "module": module, "id": record_id}
        return control("POST", f"{self.stack.zoho}/_control/records/{deed}", json=body)

    # --- in Xero ---

    def marker(self, record_id: str) -> str:
        """The path of the Url that ties a Xero invoice to a CRM record (design 4a)."""
        return f"/go/au/production/{self.zgid}/{record_id}"

    def in_xero(self, record_id: str | None = None) -> list[Doc]:
        """Raw invoices in the simulator's own store: all, or those that carry a record's marker."""
        query = {"organisation": self.organisation}
        if record_id:
            query["marker"] = self.marker(record_id)
        found: list[Doc] = control("GET", f"{self.stack.xero}/_control/invoices", params=query)["invoices"]
        return found

    def bookkeeper(self, action: str, **more: Any) -> Doc:
        """What the bookkeeper's page does (approve, pay, edit, credit, close and more), by the same code."""
        body = {"organisation": self.organisation, "action": action, **more}
        return control("POST", f"{self.stack.xero}/_control/bookkeeper", json=body)

    # --- in InvoiceBridge ---

    def run(self, kind: str, *record_ids: str, api: Api | None = None, patience: float = PATIENCE, **more: Any) -> Doc:
        """Start a run and wait for its end."""
        body = {"kind": kind, "module": "Invoices", "record_ids": list(record_ids), **more}
        started = (api or self.api).post("/runs", body)
        assert started.status_code == 202, started.text
        return self.ended(started.json()["id"], api, patience)

    def ended(self, run_id: str, api: Api | None = None, patience: float = PATIENCE) -> Doc:
        """A run once it has ended."""
        until = time.monotonic() + patience
        while True:
            run: Doc = (api or self.api).get(f"/runs/{run_id}").json()
            if run["state"] == "ended":
                return run
            assert time.monotonic() < until, f"still open after {patience} s: {run}"
            time.sleep(0.05)


def make_tenant(
    stack: Stack, *, country: str = "AU", currency: str = "AUD", ready: bool = True, **settings: Any
) -> Tenant:
    """A tenant of its own name. With `ready=False` its administrator is signed in and nothing is connected."""
    name = f"Test {secrets.token_hex(4)}"
    crm = control("POST", f"{stack.zoho}/_control/orgs", json={"name": name, "location": "au", "currency": currency})
    books = control("POST", f"{stack.xero}/_control/organisations", json={"name": name, "country": country})
    walk = Walk(stack.public_base, stack.zoho, stack.xero)
    api = walk.sign_in(crm["domain_name"], crm["administrator"]["id"])
    made = Tenant(
        stack=stack,
        walk=walk,
        name=name,
        zgid=crm["zgid"],
        domain=crm["domain_name"],
        administrator=crm["administrator"],
        salesperson=crm["salesperson"],
        organisation=books["organisation"],
        short_code=books["short_code"],
        person=books["person"],
        api=api,
    )
    if ready:
        walk.connect_zoho(api, made.domain, made.administrator["id"])
        walk.connect_xero(api, made.person, made.organisation)
        made.settings = walk.fill_settings(api, made.organisation, country, **settings)
    return made


def control(method: str, address: str, **more: Any) -> Doc:
    """One call of the simulator's control routes."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(method, address, timeout=30, **more)
    assert answer.ok, f"{method} {address} answered {answer.status_code}: {answer.text[:500]}"
    found: Doc = answer.json() if answer.content else {}
    return found
