"""What happens in the popup, a top-level page? The one-time door, the way back from consent, the six digits."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Row

from server.api.consent import conclude
from server.api.context import services
from server.api.origins import came_from_elsewhere
from server.api.pages import page
from server.api.popup_pages import turned_away
from server.domain.scopes import purposes_for, scopes_for
from server.store import tenants, tickets
from server.sync.arrivals import SIGN_IN_SCOPES
from server.sync.services import Services
from server.sync.turned_away import TurnedAway, Why

blp = Blueprint("popups", __name__)

COOKIE_LIFE_S = 600


@blp.get("/sign-in/<door>")
def sign_in_door(door: str) -> Response:
    """The link of a sign-in."""
    return _open(door, ("sign_in",))


@blp.get("/connect/<door>")
def connect_door(door: str) -> Response:
    """The link of a connect."""
    return _open(door, ("connect_zoho", "connect_xero"))


@blp.get("/oauth/zoho/callback")
def zoho_callback() -> Response:
    """Zoho sends the browser back here (Z5.2)."""
    return _come_back(("sign_in", "connect_zoho"))


@blp.get("/oauth/xero/callback")
def xero_callback() -> Response:
    """Xero sends the browser back here (X2.1)."""
    return _come_back(("connect_xero",))


@blp.post("/sign-in/confirm")
def confirm() -> Response:
    """The digits, typed in the browser that signed in, into a popup that lost its opener."""
    s = services()
    digits = "".join(request.form.get("digits", "").split())
    with s.store.begin() as c:
        row = tickets.by_id(c, request.form.get("ticket", "")[:40])
        if row is None or row.purpose != "sign_in" or not _same_browser(s, row):
            return turned_away(TurnedAway(Why.state_unknown), None)
        if row.over or row.stage != "answered":
            return turned_away(TurnedAway(Why.link_expired if row.over else Why.link_used), None)
        right = row.digits is not None and hmac.compare_digest(row.digits.encode(), digits.encode())
        last = not right and tickets.wrong_digits(c, row.id)
        if right:
            tickets.confirm(c, row.id)
    if right:
        return _without_cookie(s, row, page("confirmed.html"))
    if last:
        return _without_cookie(s, row, turned_away(TurnedAway(Why.wrong_digits), row))
    who = {"user": row.result["user"]["name"], "org": row.result["org"]["name"], "ticket": row.id}
    return page("ask_digits.html", 403, wrong=True, left=tickets.MOST_TRIES - row.digits_tries - 1, **who)


def _open(door: str, purposes: tuple[str, ...]) -> Response:
    """Once, and only for a person who follows the link: no link checker, no browser that looks ahead."""
    s = services()
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    with s.store.begin() as c:
        row = tickets.by_door(c, s.keyed_hash(door))
        if row is None or row.purpose not in purposes or _nobody_looks():
            return turned_away(TurnedAway(Why.link_unknown), None)
        if row.over:
            return turned_away(TurnedAway(Why.link_expired), row)
        if row.purpose == "connect_xero" and row.stage == "new" and came_from_elsewhere():
            return _ask_before(tenants.by_id(c, row.tenant_id), row)
        if not tickets.open_door(c, row.id, s.keyed_hash(state), s.vault.secrets.close(verifier)):
            if not _same_browser(s, row):
                tickets.refuse(c, row.id, "link_used")
            return turned_away(TurnedAway(Why.link_used), row)
        settings = tenants.by_id(c, row.tenant_id).settings if row.purpose != "sign_in" else {}
    response = redirect(_consent_address(s, row.purpose, state, verifier, settings))
    response.set_cookie(_cookie(s, row), state, COOKIE_LIFE_S, path="/", httponly=True, **_cookie_kind(s))
    return response  # type: ignore[return-value]


def _nobody_looks() -> bool:
    return request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", "")


def _ask_before(home: Row[Any], row: Row[Any]) -> Response:
    """A link from a mail must not give a stranger's CRM the reader's books: first say who asks, for whom.

    The page's own link leads here again, and then the browser says that it comes from us.
    """
    asked_by = (row.result or {}).get("asked_by", "")
    purposes = purposes_for("xero", home.settings)
    shown = {"org": home.name, "service_name": "Xero", "onwards": request.path, "purposes": purposes}
    return page("before_connect.html", user=asked_by, **shown)


def _come_back(purposes: tuple[str, ...]) -> Response:
    s = services()
    state = request.args.get("state", "")
    with s.store.begin() as c:
        row = tickets.by_state(c, s.keyed_hash(state))
        if row is None or row.purpose not in purposes:
            return turned_away(TurnedAway(Why.state_unknown), None)
        if not _same_browser(s, row):
            tickets.refuse(c, row.id, "other_browser")
            return turned_away(TurnedAway(Why.other_browser), None)
        taken = not row.over and tickets.take_answer(c, row.id)
    if not taken:
        return turned_away(TurnedAway(Why.link_expired if row.over else Why.link_used), row)
    response = conclude(s, row, request.args)
    return response if row.purpose == "sign_in" else _without_cookie(s, row, response)


def _consent_address(s: Services, purpose: str, state: str, verifier: str, settings: Mapping[str, Any]) -> str:
    if purpose == "connect_xero":
        asked = {"scope": " ".join(_names("xero", settings)), "acr_values": "bulk_connect:false"}
        where, client, service = s.config.xero.authorise, s.config.xero_client, "xero"
    else:
        connecting = purpose == "connect_zoho"
        asked = {
            "scope": ",".join(_names("zoho", settings) if connecting else SIGN_IN_SCOPES),
            "access_type": "offline" if connecting else "online",
            **({"prompt": "consent"} if connecting else {}),
            "code_challenge": _s256(verifier),
            "code_challenge_method": "S256",
        }
        start = s.config.zoho.data_centres[s.config.zoho.start]
        where, client, service = f"{start.accounts}/oauth/v2/auth", s.config.zoho_client, "zoho"
    back = f"{s.config.public_base}/oauth/{service}/callback"
    first = {"response_type": "code", "client_id": client.id, "redirect_uri": back, "state": state}
    return f"{where}?{urlencode({**first, **asked}, quote_via=quote)}"


def _names(service: str, settings: Mapping[str, Any]) -> list[str]:
    return [each.name for each in scopes_for(service, settings)]


def _s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _cookie(s: Services, row: Row[Any]) -> str:
    return f"{'__Host-' if s.config.secure else ''}ib-{row.id}"


def _cookie_kind(s: Services) -> dict[str, Any]:
    return {"secure": s.config.secure, "samesite": "Lax"}


def _same_browser(s: Services, row: Row[Any]) -> bool:
    """Whether this browser opened the door: it alone has the state in a cookie."""
    given = request.cookies.get(_cookie(s, row), "")
    return row.state_hash is not None and hmac.compare_digest(row.state_hash, s.keyed_hash(given))


def _without_cookie(s: Services, row: Row[Any], response: Response) -> Response:
    response.delete_cookie(_cookie(s, row), path="/", httponly=True, **_cookie_kind(s))
    return response
