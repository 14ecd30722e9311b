"""How do tests of the pretend Zoho sign in and call it?"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulator.calls import Calls
from simulator.faults import Faults
from simulator.options import Options
from simulator.state import State
from simulator.zoho.app import create_app
from simulator.zoho.records import kind_of

Doc = dict[str, Any]
CLIENT = {"client_id": "1000.DEMOCLIENT", "client_secret": "demo-zoho-secret-not-real"}
BACK = "http://localhost:8080/oauth/zoho/callback"
ALL_SCOPES = (
    "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.READ,ZohoCRM.users.READ,ZohoCRM.settings.taxes.READ,"
    "ZohoCRM.notifications.ALL"
)
OPTIONS = Options(zoho_port=8091, zoho_eu_port=8092)


class Stage:
    """Both data centres over one state, with test clients."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.faults, self.calls = Faults(), Calls()
        make = {p: create_app(self.state, self.faults, self.calls, OPTIONS, p) for p in ("au", "eu")}
        self.apps = make
        self.places = {place: app.test_client() for place, app in make.items()}

    def close(self) -> None:
        """Let go of the state's folder."""
        self.state.close()

    def org(self, **wish: Any) -> Doc:
        """A fresh org with an administrator and a salesperson."""
        made: Doc = self.places["au"].post("/_control/orgs", json={"name": "Test Pty Ltd", **wish}).get_json()
        return made

    def record(self, org: Doc, module: str, wish: Doc) -> str:
        """A record made by control; its id."""
        body = {"zgid": org["zgid"], "module": module, "record": wish}
        answer = self.places["au"].post("/_control/records", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["id"])

    def change(self, org: Doc, record_id: str, wish: Doc, module: str = "Invoices") -> None:
        """A record changed by control."""
        body = {"zgid": org["zgid"], "module": module, "id": record_id, "record": wish}
        assert self.places["au"].patch("/_control/records", json=body).status_code == 200

    def do(self, deed: str, org: Doc, record_id: str, module: str = "Invoices") -> str:
        """clone, delete or restore by control; the id of the record it ends with."""
        body = {"zgid": org["zgid"], "module": module, "id": record_id}
        answer = self.places["au"].post(f"/_control/records/{deed}", json=body)
        assert answer.status_code in (200, 201), answer.text
        return str(answer.get_json()["id"])

    def back_in_time(self, org: Doc, record_id: str, seconds: int, module: str = "Invoices") -> None:
        """Let a record's last change lie further back, so that a new one shows."""
        kind = kind_of(org["zgid"], module)
        record = self.state.get(kind, record_id)
        assert record is not None
        moment = datetime.fromisoformat(record["modified"]) - timedelta(seconds=seconds)
        self.state.put(kind, record_id, record | {"modified": moment.isoformat()})

    def switch(self, **wishes: Any) -> None:
        """Turn switches."""
        assert self.places["au"].put("/_control/switches", json=wishes).status_code == 200

    def consent(self, user: str, *, place: str = "au", decision: str = "allow", **wish: str) -> dict[str, str]:
        """Post the consent page and return the parameters of the redirect."""
        form = {
            "response_type": "code",
            "client_id": CLIENT["client_id"],
            "redirect_uri": BACK,
            "scope": ALL_SCOPES,
            "state": "s-1",
            "access_type": "offline",
            "prompt": "consent",
            "user": user,
            "decision": decision,
            **wish,
        }
        return went_to(self.places[place].post("/oauth/v2/auth", data=form))

    def token(self, place: str = "au", **wish: str) -> TestResponse:
        """POST /oauth/v2/token as the demo client."""
        return self.places[place].post("/oauth/v2/token", data={**CLIENT, "redirect_uri": BACK, **wish})

    def tokens(self, user: str, place: str = "au", **wish: str) -> Doc:
        """The tokens of a user who consented."""
        back = self.consent(user, **wish)
        got: Doc = self.token(place, grant_type="authorization_code", code=back["code"]).get_json()
        return got

    def api(self, user: str, place: str = "au", **wish: str) -> Api:
        """REST calls as a user."""
        return Api(self.places[place], self.tokens(user, place, **wish)["access_token"])


class Api:
    """Calls under /crm/v8 with one access token."""

    def __init__(self, client: FlaskClient, access: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Zoho-oauthtoken {access}"}

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> TestResponse:
        """GET with query parameters."""
        given = {"query_string": query} if query else {}
        return self.client.get(f"/crm/v8{path}", headers={**self.headers, **(headers or {})}, **given)

    def put(self, path: str, body: Any, headers: dict[str, str] | None = None) -> TestResponse:
        """PUT a JSON body."""
        return self.client.put(f"/crm/v8{path}", json=body, headers={**self.headers, **(headers or {})})

    def post(self, path: str, body: Any, **query: Any) -> TestResponse:
        """POST a JSON body."""
        return self.client.post(f"/crm/v8{path}", json=body, query_string=query, headers=self.headers)

    def delete(self, path: str, **query: Any) -> TestResponse:
        """DELETE with query parameters."""
        return self.client.delete(f"/crm/v8{path}", query_string=query, headers=self.headers)


def went_to(response: TestResponse) -> dict[str, str]:
    """The query parameters of a redirect."""
    assert response.status_code == 302, response.text
    return {k: v[0] for k, v in parse_qs(urlsplit(response.location).query).items()}


def code_of(response: TestResponse) -> str:
    """The code of a refusal, whole-call or of the first record."""
    body: Doc = response.get_json()
    return str(body["code"] if "code" in body else body["data"][0]["code"])
