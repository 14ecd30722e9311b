"""How does a program sign in, connect both sides and fill the settings? By the routes and pages a person uses."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from simulator.stack.forms import Browser

Doc = dict[str, Any]
TAXES = {
    # Rates of the CRM's invoices and what they are in the organisation's country (X6.6); others stay unmapped.
    "AU": [("10", "OUTPUT"), ("0", "EXEMPTOUTPUT")],
    "NZ": [("15", "OUTPUT2"), ("0", "ZERORATED")],
    "GB": [("20", "OUTPUT2"), ("5", "RROUTPUT"), ("0", "ZERORATEDOUTPUT")],
}
SALES_ACCOUNT = "200"
STATUSES = {
    "Created": "DRAFT",
    "Submitted": "SUBMITTED",
    "Approved": "AUTHORISED",
    "Delivered": "AUTHORISED",
    "Cancelled": "REMOVED",
}
# Rules for what the seeded company's invoices need, beside the usual ones.
MAPPINGS: dict[str, Doc] = {
    "Harbour & Pine Pty Ltd": {
        "taxes": [
            {"rate": "10", "tax_type": "OUTPUT"},
            {"rate": "0", "tax_type": "EXEMPTOUTPUT"},
            {"rate": "12", "tax_type": "TAX001", "taxes": ["GST 10%", "Building levy"]},
        ],
        "amounts": {"inclusive": False, "tax_type": "OUTPUT", "field": "Prices_Include_Tax"},
        "accounts": {"product_field": "Sales_Account"},
        "products": "without",
        "tracking": [{"category": "Region", "from": "invoice", "field": "Region"}],
        "reference_field": "Purchase_Order",
    }
}
NUMBER_FROM_CRM: Doc = {"from": "field", "field": "Invoice_Number"}
_PATIENCE = 20.0


class WalkError(Exception):
    """A step did not go as a person would need it to."""


@dataclass
class Api:
    """Our API as one signed-in browser uses it: a bearer token, renewed once when it has ended."""

    public_base: str
    session: Doc  # what sign-in/finish answered

    def call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> requests.Response:
        answer = self._send(method, path, headers, more)
        if answer.status_code == 401 and self._renew():
            return self._send(method, path, headers, more)
        return answer

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any, **more: Any) -> requests.Response:
        return self.call("POST", path, json=body, **more)

    def put(self, path: str, body: Any, **more: Any) -> requests.Response:
        return self.call("PUT", path, json=body, **more)

    def delete(self, path: str, **more: Any) -> requests.Response:
        return self.call("DELETE", path, **more)

    def _send(self, method: str, path: str, headers: Mapping[str, str] | None, more: Doc) -> requests.Response:
        bearer = {"Authorization": f"Bearer {self.session['access_token']}"}
        address = f"{self.public_base}/api/v1{path}"
        return _direct().request(method, address, headers={**bearer, **(headers or {})}, timeout=60, **more)

    def _renew(self) -> bool:
        address = f"{self.public_base}/api/v1/sign-in/renew"
        answer = _direct().post(address, json={"renewal": self.session["renewal"]}, timeout=30)
        if answer.status_code == 200:
            self.session = answer.json()
        return answer.status_code == 200


@dataclass(frozen=True)
class Walk:
    """The way from nothing to a tenant that can push, along the real routes and the simulator's consent pages."""

    public_base: str
    zoho: str
    xero: str

    def sign_in(self, domain: str, user: str) -> Api:
        """Sign a user of a CRM org in, given by id, as a browser whose popup has lost its opener."""
        secret = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode().rstrip("=")
        start = self._post("/sign-in/start", {"challenge": challenge, "widget_origin": self.public_base})
        popup = self._browser_of(domain, user)
        popup.open(start["url"])
        self._consent_zoho(popup, user)
        digits = popup.form("digits")
        if digits is None:
            raise WalkError(f"the sign-in page does not ask for the digits:\n{popup.page[:2000]}")
        popup.send(digits, {"digits": start["digits"]})
        return Api(self.public_base, self._post("/sign-in/finish", {"ticket": start["ticket"], "secret": secret}))

    def connect_zoho(self, api: Api, domain: str, user: str) -> None:
        """Give the CRM connection its consent, as that user."""
        popup = self._browser_of(domain, user)
        self._open_connect(api, "zoho", popup)
        self._consent_zoho(popup, user)
        self._connected(api, "zoho")

    def connect_xero(self, api: Api, person: str, organisation: str) -> None:
        """Let one organisation of a Xero person in; by ids."""
        popup = Browser()
        self._open_connect(api, "xero", popup)
        form = popup.form("person", "organisation")
        if form is not None:
            popup.send(form, {"person": person, "organisation": organisation, "decision": "allow"})
        self._connected(api, "xero")

    def fill_settings(self, api: Api, organisation: str, country: str = "AU", **more: Any) -> Doc:
        """Choose the organisation and the usual map. `more` replaces single parts."""
        taxes = [{"rate": rate, "tax_type": tax_type} for rate, tax_type in TAXES[country]]
        wanted = {"account": SALES_ACCOUNT, "taxes": taxes, "statuses": STATUSES, "number": NUMBER_FROM_CRM}
        wanted |= {"start_date": "2020-01-01"}  # the seeded invoices are older than this organisation's connection
        # First the organisation alone: accounts and tax rates are checked against the chosen one.
        self._put_settings(api, {"organisation": organisation})
        self._put_settings(api, wanted | more)
        return self.go_live(api)

    def let_everybody(self, api: Api, *rights: str) -> Doc:
        """Give these rights to every profile that the CRM's people have, as on the settings page."""
        profiles = [each["id"] for each in _ok(api.get("/settings"))["crm"]["profiles"]]
        return self._put_settings(api, {"rights": dict.fromkeys(rights, profiles)})

    def go_live(self, api: Api) -> Doc:
        """The last step: everybody may push."""
        version = api.get("/settings").headers["ETag"]
        return _ok(api.post("/settings/live", {"live": True}, headers={"If-Match": version}))

    def make_ready(self, domain: str, again: bool = False) -> None:
        """Everything for a seeded CRM org and the organisation of its name; what is there already stays.

        With `again` the Zoho consent is given anew.
        """
        org = self._org(domain)
        admin = org["administrator"]["id"]
        books = self._books(org["name"])
        api = self.sign_in(domain, admin)
        state = api.get("/connections").json()
        if again or state["zoho"]["state"] != "ok":
            self.connect_zoho(api, domain, admin)
        if state["xero"]["state"] != "ok":
            self.connect_xero(api, books["people"][0], books["organisation"])
        if api.get("/settings").json()["missing"]:
            self.fill_settings(api, books["organisation"], **MAPPINGS.get(org["name"], {}))
            self.let_everybody(api, "approve")

    def _org(self, domain: str) -> Doc:
        listed = _direct().get(f"{self.zoho}/_control/orgs", timeout=30).json()["orgs"]
        return next(org for org in listed if org["domain_name"] == domain)

    def _books(self, name: str) -> Doc:
        listed = _direct().get(f"{self.xero}/_control/organisations", timeout=30).json()["organisations"]
        return next(one for one in listed if one["name"] == name)

    def _consent_zoho(self, popup: Browser, user: str) -> None:
        """Allow on Zoho's page; a user who allowed before is sent on without being asked."""
        form = popup.form("user")
        if form is not None:
            popup.send(form, {"user": user, "decision": "allow"})

    def _browser_of(self, domain: str, user: str) -> Browser:
        """A browser in which that user is signed in to the CRM."""
        browser = Browser()
        browser.open(f"{self.zoho}/crm/{domain}/tab/Invoices")
        switch = browser.form("user")
        if switch is None:
            raise WalkError("the CRM page does not let us choose who we are")
        browser.send(switch, {"user": user})
        return browser

    def _open_connect(self, api: Api, service: str, popup: Browser) -> None:
        started = api.post(f"/connections/{service}/start", {"widget_origin": self.public_base})
        popup.open(_ok(started)["url"])
        popup.follow("Go on to")  # our own page asks first whose books these are

    def _connected(self, api: Api, service: str) -> None:
        until = time.monotonic() + _PATIENCE
        while (state := _ok(api.get("/connections"))[service])["state"] != "ok":
            if time.monotonic() > until:
                raise WalkError(f"{service} is not connected: {state}")
            time.sleep(0.1)

    def _put_settings(self, api: Api, body: Doc) -> Doc:
        version = api.get("/settings").headers["ETag"]
        return _ok(api.put("/settings", body, headers={"If-Match": version}))

    def _post(self, path: str, body: Doc) -> Doc:
        return _ok(_direct().post(f"{self.public_base}/api/v1{path}", json=body, timeout=30))


def _direct() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # nothing here goes through a proxy
    return session


def _ok(answer: requests.Response) -> Doc:
    if not answer.ok:
        path = urlsplit(answer.url).path
        raise WalkError(f"{answer.request.method} {path} answered {answer.status_code}: {answer.text[:500]}")
    found: Doc = answer.json() if answer.content else {}
    return found
