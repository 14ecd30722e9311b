"""How do these tests get a pretend Xero with an organisation and a signed-in app?"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulator.calls import Calls
from simulator.faults import Faults
from simulator.options import Options
from simulator.state import State
from simulator.xero.app import create_app

Doc = dict[str, Any]
CLIENT = {"client_id": "DEMO0XERO0CLIENT", "client_secret": "demo-xero-secret-not-real"}
REDIRECT = "http://localhost:8080/oauth/xero/callback"
SCOPES = "openid offline_access accounting.invoices accounting.contacts accounting.settings accounting.payments"


class Xero:
    """A pretend Xero in this process, and one organisation in it that is connected."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.app = create_app(self.state, Faults(), Calls(), Options())
        self.web: FlaskClient = self.app.test_client()
        made = self.new_organisation("Test & Sons", "AU")
        self.org, self.person, self.code = made["organisation"], made["person"], made["short_code"]
        self.tokens = self.sign_in(self.person, [self.org])

    def new_organisation(self, name: str, country: str, **more: Any) -> Doc:
        made = self.web.post("/_control/organisations", json={"name": name, "country": country, **more})
        assert made.status_code == 201, made.text
        return dict(made.json or {})

    def switch(self, **values: Any) -> None:
        answer = self.web.put("/_control/switches", json=values)
        assert answer.status_code == 200, answer.text

    def ask(self, **more: str | None) -> str:
        query = {"response_type": "code", "client_id": CLIENT["client_id"], "redirect_uri": REDIRECT}
        query |= {"scope": SCOPES, "state": "s1", **more}
        return "/identity/connect/authorize?" + urlencode({k: v for k, v in query.items() if v is not None})

    def consent(self, person: str, orgs: list[str], **more: str | None) -> dict[str, str]:
        """Allow as that person; what the redirect carries."""
        form = {"person": person, "organisation": orgs, "decision": "allow"}
        answer = self.web.post(self.ask(**more), data=form)
        assert answer.status_code == 302, answer.text
        return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def token(self, **form: str) -> TestResponse:
        return self.web.post("/connect/token", data={**CLIENT, **form})

    def redeem(self, code: str) -> TestResponse:
        return self.token(grant_type="authorization_code", code=code, redirect_uri=REDIRECT)

    def refresh(self, token: str) -> TestResponse:
        return self.token(grant_type="refresh_token", refresh_token=token)

    def sign_in(self, person: str, orgs: list[str], **more: str | None) -> Doc:
        return dict(self.redeem(self.consent(person, orgs, **more)["code"]).json or {})

    def headers(self, **more: str) -> dict[str, str]:
        base = {"Authorization": f"Bearer {self.tokens['access_token']}", "Accept": "application/json"}
        return {**base, "xero-tenant-id": self.org, **more}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """An Accounting call as the connected app."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"/api.xro/2.0/{path}"
        return self.web.open(url, method=method, json=body, headers=self.headers(**named))

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, **headers)

    def write(self, raws: list[Doc], method: str = "PUT", query: str = "", name: str = "Invoices") -> list[Doc]:
        """Write with summarizeErrors=false and return the elements."""
        answer = self.call(method, f"{name}?summarizeErrors=false{query}", {name: raws})
        assert answer.status_code == 200, answer.text
        return list((answer.json or {})[name])

    def make(self, **more: Any) -> Doc:
        """One invoice that must succeed."""
        row = self.write([invoice(**more)])[0]
        assert row["StatusAttributeString"] == "OK", row
        return row

    def refusal(self, **more: Any) -> list[str]:
        """The messages against one new invoice that must fail."""
        return messages(self.write([invoice(**more)])[0])

    def change(self, invoice_id: str, **more: Any) -> Doc:
        """POST one change by InvoiceID."""
        return self.write([{"InvoiceID": invoice_id, **more}], "POST")[0]

    def bookkeeper(self, action: str, invoice_id: str | None = None, **more: Any) -> TestResponse:
        body = {"organisation": self.org, "action": action, "invoice": invoice_id, **more}
        return self.web.post("/_control/bookkeeper", json=body)


def line(**more: Any) -> Doc:
    base = {"Description": "Desk", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}
    return {k: v for k, v in {**base, **more}.items() if v is not None}


def invoice(**more: Any) -> Doc:
    base = {
        "Type": "ACCREC",
        "Contact": {"Name": "Brightwater Dental"},
        "Date": "2026-11-01",
        "DueDate": "2026-12-01",
        "Status": "AUTHORISED",
        "LineItems": [line()],
    }
    return {k: v for k, v in {**base, **more}.items() if v is not None}


def messages(row: Doc) -> list[str]:
    assert row["StatusAttributeString"] == "ERROR", row
    return [error["Message"] for error in row["ValidationErrors"]]
