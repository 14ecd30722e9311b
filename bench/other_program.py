"""Who else writes to a company's books? A program with a consent of its own, by Xero's API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

Doc = dict[str, Any]
CLIENT = {"client_id": "DEMO0XERO0CLIENT", "client_secret": "demo-xero-secret-not-real"}
SCOPE = "openid offline_access accounting.invoices accounting.contacts accounting.settings"
TIMEOUT_S = 30


@dataclass(frozen=True)
class OtherProgram:
    """Connected to one organisation by one person."""

    xero: str
    organisation: str
    token: str

    def write(self, method: str, resource: str, row: Doc) -> Doc | None:
        """One element; what Xero made of it, or None where it was refused."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        answer = requests.request(
            method,
            f"{self.xero}/api.xro/2.0/{resource}?unitdp=4",
            json=row,
            headers=headers | {"xero-tenant-id": self.organisation},
            timeout=TIMEOUT_S,
        )
        return answer.json() if answer.status_code == 200 else None


def connected(xero: str, public_base: str, organisation: str, person: str) -> OtherProgram:
    """The consent, as a person gives it."""
    redirect = f"{public_base}/oauth/xero/callback"
    asked = {"response_type": "code", "client_id": CLIENT["client_id"], "redirect_uri": redirect}
    address = f"{xero}/identity/connect/authorize?{urlencode({**asked, 'scope': SCOPE, 'state': 's'})}"
    allow = {"person": person, "organisation": organisation, "decision": "allow"}
    sent_back = requests.post(address, data=allow, allow_redirects=False, timeout=TIMEOUT_S).headers["Location"]
    code = parse_qs(urlsplit(sent_back).query)["code"][0]
    form = {**CLIENT, "grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    token = requests.post(f"{xero}/connect/token", data=form, timeout=TIMEOUT_S).json()["access_token"]
    return OtherProgram(xero, organisation, str(token))
