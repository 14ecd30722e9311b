"""How does a person with a browser walk through sign-in and connect? Our pages by test client, theirs by HTTP."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.app import create_app
from server.sync.services import Services
from simulator.stack.forms import read

Doc = dict[str, Any]
_DATA = re.compile(r'data-([a-z]+)="([^"]*)"')


def control(method: str, base: str, path: str, **more: Any) -> Any:
    """One call of the simulator's control API."""
    with requests.Session() as direct:
        direct.trust_env = False
        answer = direct.request(method, f"{base}/_control/{path}", timeout=20, **more)
    assert answer.ok, answer.text
    return answer.json() if answer.content else {}


class Edge:
    """Our application and where the outside is. `services` are those the application works with."""

    def __init__(self, services: Services, zoho: str, zoho_eu: str, xero: str) -> None:
        self.services = services
        self.base = services.config.public_base
        self.zoho, self.zoho_eu, self.xero = zoho, zoho_eu, xero
        self.app = create_app(services)

    def client(self) -> FlaskClient:
        """A browser of its own: nothing is shared with another one."""
        return self.app.test_client()

    def call(self, method: str, path: str, token: str | None = None, **more: Any) -> TestResponse:
        """One call of our API, as a widget makes it."""
        headers = dict(more.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.client().open(f"/api/v1{path}", method=method, base_url=self.base, headers=headers, **more)

    def org(self, zgid: str = "600000001") -> Doc:
        listed = control("GET", self.zoho, "orgs")["orgs"]
        return next(org for org in listed if org["zgid"] == zgid)

    def new_org(self, name: str | None = None) -> Doc:
        body = {"name": name or f"Org {secrets.token_hex(4)}", "location": "au", "currency": "AUD"}
        return control("POST", self.zoho, "orgs", json=body)  # type: ignore[no-any-return]

    def new_organisation(self, person: str | None = None, name: str | None = None) -> Doc:
        body = {"name": name or f"Books {secrets.token_hex(4)}", "country": "AU"}
        whom = {"person": person} if person else {}
        return control("POST", self.xero, "organisations", json={**body, **whom})  # type: ignore[no-any-return]

    def zoho_calls(self) -> Doc:
        return control("GET", self.zoho, "calls")["by"]  # type: ignore[no-any-return]

    def xero_calls(self) -> Doc:
        return control("GET", self.xero, "calls")["by"]  # type: ignore[no-any-return]


@dataclass
class SignIn:
    """A widget's side of one sign-in."""

    edge: Edge
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    started: Doc = field(default_factory=dict)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.secret.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        body = {"challenge": challenge, "widget_origin": self.edge.base}
        answer = self.edge.call("POST", "/sign-in/start", json=body)
        assert answer.status_code == 201, answer.text
        self.started = answer.get_json()

    @property
    def door(self) -> str:
        return urlsplit(self.started["url"]).path

    def finish(self, code: str | None = None, **more: str) -> TestResponse:
        body = {"ticket": self.started["ticket"], "secret": self.secret, **more}
        return self.edge.call("POST", "/sign-in/finish", json=body | ({"code": code} if code else {}))


class Popup:
    """A browser's top-level window: our cookies in a test client, the outside's in a session."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.ours = edge.client()
        self.outside = requests.Session()
        self.outside.trust_env = False

    def open(self, path: str, **headers: str) -> TestResponse:
        """One of our own addresses."""
        return self.ours.get(path, base_url=self.edge.base, headers=headers)

    def leave(self, door: str) -> str:
        """Through the one-time door; answers the consent address."""
        answer = self.open(door)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def zoho_says(self, address: str, user: str, decision: str = "allow") -> str:
        """Decide on Zoho's page as that user; answers the path of the way back."""
        ports = [urlsplit(base).port for base in (self.edge.zoho, self.edge.zoho_eu)]
        cookie = {"Cookie": "; ".join(f"crm_user_{port}={user}" for port in ports)}
        page = self.outside.get(address, headers=cookie, timeout=20, allow_redirects=False)
        if page.status_code == 302:
            return self._path(page)
        return self._path(self._send(page, {"user": user, "decision": decision}))

    def xero_says(self, address: str, person: str, organisations: list[str], decision: str = "allow") -> str:
        """Decide on Xero's page; answers the path of the way back."""
        page = self.outside.get(address, timeout=20, allow_redirects=False)
        return self._path(self._send(page, {"person": person, "organisation": organisations, "decision": decision}))

    def _send(self, page: requests.Response, chosen: Mapping[str, str | list[str]]) -> requests.Response:
        assert page.status_code == 200, page.text
        form = next(form for form in read(page.text, page.url).forms if "decision" in form.names() or form.fields)
        body = form.filled(chosen)
        return self.outside.post(form.address, data=body, timeout=20, allow_redirects=False)

    def _path(self, answer: requests.Response) -> str:
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"


def data_of(page: TestResponse) -> dict[str, str]:
    """The data-attributes of a popup's last page: what its script hands on."""
    return {name: unescape(value) for name, value in _DATA.findall(page.text)}


def sign_in(edge: Edge, user: str) -> Doc:
    """A whole sign-in; the session as the widget gets it."""
    widget, popup = SignIn(edge), Popup(edge)
    page = popup.open(popup.zoho_says(popup.leave(widget.door), user))
    assert page.status_code == 200, page.text
    answer = widget.finish(data_of(page)["code"])
    assert answer.status_code == 200, answer.text
    return answer.get_json()  # type: ignore[no-any-return]


def start_connect(edge: Edge, token: str, service: str) -> str:
    """The door of a connect."""
    answer = edge.call("POST", f"/connections/{service}/start", token, json={"widget_origin": edge.base})
    assert answer.status_code == 201, answer.text
    return urlsplit(answer.get_json()["url"]).path


def connect_zoho(edge: Edge, token: str, user: str) -> TestResponse:
    """The popup's last page."""
    popup = Popup(edge)
    return popup.open(popup.zoho_says(popup.leave(start_connect(edge, token, "zoho")), user))


def connect_xero(edge: Edge, token: str, person: str, *organisations: str) -> TestResponse:
    """The popup's last page."""
    popup = Popup(edge)
    return popup.open(popup.xero_says(popup.leave(start_connect(edge, token, "xero")), person, list(organisations)))


@dataclass
class Office:
    """A CRM org of ours with everything connected: who is who, and the administrator's token."""

    edge: Edge
    org: Doc
    organisation: Doc
    token: str

    def settings(self) -> TestResponse:
        return self.edge.call("GET", "/settings", self.token)

    def put(self, body: Any, version: str | None = None, **more: Any) -> TestResponse:
        etag = self.settings().headers["ETag"] if version is None else version
        return self.edge.call("PUT", "/settings", self.token, json=body, headers={"If-Match": etag}, **more)


def office(edge: Edge, person: str | None = None) -> Office:
    """A new org and new books, connected by the real routes."""
    org, books = edge.new_org(), edge.new_organisation(person)
    admin = org["administrator"]["id"]
    token = sign_in(edge, admin)["access_token"]
    assert connect_zoho(edge, token, admin).status_code == 200
    assert connect_xero(edge, token, books["person"], books["organisation"]).status_code == 200
    return Office(edge, org, books, token)
