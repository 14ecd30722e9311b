"""How does an app turn a code or a refresh token into an access token? (POST /oauth/v2/token, Z5.2)"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from flask import Blueprint, Response, request

from simulator.control import belongs_to
from simulator.zoho.answers import answer
from simulator.zoho.centre import CLIENTS, Centre, here
from simulator.zoho.tokens import (
    end_refresh,
    issue_access,
    issue_refresh,
    refresh_of,
    take_code,
    throttled,
)

Doc = dict[str, Any]
routes = Blueprint("zoho_token", __name__)
_TOO_MANY = {
    "error_description": "You have made too many requests continuously. Please try again after some time.",
    "error": "Access Denied",
}


@routes.post("/oauth/v2/token")
def token() -> Response:
    """Errors come as HTTP 200 with {"error"}: whoever looks at the status only is fooled."""
    centre = here()
    wish = request.values
    trouble = _client_trouble(centre)
    if trouble:
        return answer({"error": trouble})
    if wish.get("grant_type") == "authorization_code":
        return _from_code(centre)
    if wish.get("grant_type") == "refresh_token":
        return _from_refresh(centre)
    return answer({"error": "unsupported_grant_type"})


@routes.post("/oauth/v2/token/revoke")
def revoke() -> Response:
    """Ends a refresh token; a fake one gives 400 with a page of HTML."""
    centre = here()
    given = request.values.get("token", "")
    if refresh_of(centre, given) is None:
        return Response("<html><body>Bad request</body></html>", 400, mimetype="text/html")
    end_refresh(centre, given)
    return answer({"status": "success"})


def _client_trouble(centre: Centre) -> str | None:
    secret = CLIENTS.get(request.values.get("client_id", ""))
    given = request.values.get("client_secret")
    if secret is None:
        return "invalid_client"
    if not given:
        return "invalid_client_secret"
    if not hmac.compare_digest(secret.encode(), given.encode()):
        return str(centre.switches["wrong_secret"])
    return None


def _from_code(centre: Centre) -> Response:
    grant = take_code(centre, request.values.get("code", ""))
    if grant is None or grant["client"] != request.values["client_id"]:
        return answer({"error": "invalid_code"})
    if grant["redirect_uri"] != request.values.get("redirect_uri"):
        return answer({"error": "invalid_redirect_uri"})
    if grant["challenge"] and not _proves(request.values.get("code_verifier", ""), grant["challenge"]):
        return answer({"error": "invalid_code"})
    refresh = issue_refresh(centre, grant) if grant["offline"] else None
    return answer(_tokens(centre, grant, refresh, new=True))


def _from_refresh(centre: Centre) -> Response:
    with centre.state.lock:
        grant = refresh_of(centre, request.values.get("refresh_token", ""))
        if grant is None or grant["client"] != request.values["client_id"]:
            return answer({"error": "invalid_code"})
        belongs_to(grant["zgid"])
        if throttled(centre, grant):
            return answer(_TOO_MANY, centre.switches["throttle_status"])
        return answer(_tokens(centre, grant, grant["token"], new=False))


def _tokens(centre: Centre, grant: Doc, refresh: str | None, *, new: bool) -> Doc:
    access = issue_access(centre, grant, refresh)
    body: Doc = {"access_token": access}
    if new and refresh:
        body["refresh_token"] = refresh
    return body | {
        "scope": " ".join(grant["scopes"]),
        "api_domain": centre.base,
        "token_type": "Bearer",
        "expires_in": centre.switches["access_token_seconds"],
    }


def _proves(verifier: str, challenge: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode())
