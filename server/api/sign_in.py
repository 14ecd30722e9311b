"""How does a widget sign somebody in? It starts a ticket, opens a popup, and fetches the result once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow import validate
from sqlalchemy import Connection, Row

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn, signed_in
from server.api.origins import demand_widget_origin
from server.api.routes import Routes
from server.api.shapes import Request, Shape
from server.store import sign_ins, tenants, tickets
from server.store.sign_ins import Hashes
from server.sync.arrivals import person_of
from server.sync.services import Services
from server.sync.turned_away import sentence_of

blp = Routes("sign_in", __name__, url_prefix="/api/v1/sign-in", description="Who is asking")


class StartRequest(Request):
    """The challenge is base64url(sha256(secret)) without padding; the secret stays in the widget."""

    challenge = ma.fields.String(required=True, validate=validate.Regexp(r"\A[A-Za-z0-9_-]{43}\Z"))
    widget_origin = ma.fields.String(required=True, validate=validate.Length(max=255))


class Started(Shape):
    ticket = ma.fields.String()
    url = ma.fields.String(metadata={"description": "Open it in a popup; it works once"})
    digits = ma.fields.String(metadata={"description": "Show them; the popup may ask for them"})
    expires_at = ma.fields.AwareDateTime()


class FinishRequest(Request):
    """Without a code: has the person typed the digits yet?"""

    ticket = ma.fields.String(required=True, validate=validate.Length(max=40))
    secret = ma.fields.String(required=True, validate=validate.Length(max=256))
    code = ma.fields.String(validate=validate.Length(max=256))


class RenewRequest(Request):
    renewal = ma.fields.String(required=True, validate=validate.Length(max=256))


class User(Shape):
    id = ma.fields.String()
    name = ma.fields.String()
    administrator = ma.fields.Boolean()


class Org(Shape):
    name = ma.fields.String()
    data_centre = ma.fields.String()


class Session(Shape):
    """The access token goes into `Authorization: Bearer`; the renewal handle works once."""

    access_token = ma.fields.String()
    expires_at = ma.fields.AwareDateTime()
    renewal = ma.fields.String()
    user = ma.fields.Nested(User)
    org = ma.fields.Nested(Org)


class Waiting(Shape):
    state = ma.fields.String(validate=validate.Equal("waiting"))


@blp.post("/start")
@blp.arguments(StartRequest)
@blp.response(201, Started)
def start(body: dict[str, str]) -> dict[str, Any]:
    """Make a one-time link to Zoho's sign-in."""
    s = services()
    demand_widget_origin(body["widget_origin"])
    door, digits = secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06d}"
    with s.store.begin() as c:
        row = tickets.create(
            c,
            "sign_in",
            s.keyed_hash(door),
            body["widget_origin"],
            challenge=body["challenge"],
            digits=digits,
        )
    url = f"{s.config.public_base}/sign-in/{door}"
    return {"ticket": row.id, "url": url, "digits": digits, "expires_at": row.expires_at}


@blp.post("/finish")
@blp.arguments(FinishRequest)
@blp.response(200, Session)
@blp.alt_response(202, schema=Waiting)
@blp.alt_response(410, description="ticket_over: expired, used or refused; the message says why")
def finish(body: dict[str, str]) -> Any:
    """Fetch the result, once: with the popup's code, or after the digits were typed there."""
    s = services()
    code = body.get("code")
    fresh, hashes = _fresh_tokens(s)
    with s.store.begin() as c:
        row = _ticket(c, body["ticket"], body["secret"])
        if code is not None and not _same(row.code_hash, s.keyed_hash(code)):
            raise Problem(403, "wrong_code", "That code does not belong to this sign-in.")
        if not tickets.use(c, row.id, *(("answered", "confirmed") if code else ("confirmed",))):
            return _waiting()
        ends = sign_ins.create(c, person_of(row), hashes)
    return {**fresh, "expires_at": ends, "user": row.result["user"], "org": row.result["org"]}


@blp.post("/renew")
@blp.arguments(RenewRequest)
@blp.response(200, Session)
def renew(body: dict[str, str]) -> dict[str, Any]:
    """Swap a renewal handle for fresh tokens, once."""
    s = services()
    fresh, hashes = _fresh_tokens(s)
    with s.store.begin() as c:
        row = sign_ins.renew(c, s.keyed_hash(body["renewal"]), hashes)
        if row is None:
            raise Problem(401, "sign_in_over", "Your sign-in is over. Sign in with Zoho again.")
        return {**fresh, **_of_sign_in(c, row)}


@blp.delete("")
@signed_in()
@blp.response(204)
def sign_out(who: SignedIn) -> None:
    """Forget this sign-in: its tokens stop working at once."""
    with services().store.begin() as c:
        sign_ins.end(c, who.sign_in_id)


def _waiting() -> Response:
    response = jsonify({"state": "waiting"})
    response.status_code = 202
    return response


def _ticket(c: Connection, ticket_id: str, secret: str) -> Row[Any]:
    """The ticket whose challenge this secret answers, still alive. To anybody else it does not exist."""
    row = tickets.by_id(c, ticket_id)
    if row is None or row.purpose != "sign_in" or not _same(row.challenge, _challenge(secret)):
        raise _over(None)
    if row.stage in ("used", "refused"):
        raise _over(row.refused_why or "link_used")
    if row.over:
        raise _over("link_expired")
    return row


def _over(why: str | None) -> Problem:
    return Problem(410, "ticket_over", sentence_of(why), {"why": why} if why else {})


def _challenge(secret: str) -> str:
    digest = hashlib.sha256(secret.encode("utf-8")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _same(kept: str | None, given: str) -> bool:
    return kept is not None and hmac.compare_digest(kept, given)


def _fresh_tokens(s: Services) -> tuple[dict[str, str], Hashes]:
    """Opaque tokens of 32 random bytes for the widget, and what we keep of them."""
    access, renewal = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    return {"access_token": access, "renewal": renewal}, Hashes(s.keyed_hash(access), s.keyed_hash(renewal))


def _of_sign_in(c: Connection, row: Row[Any]) -> dict[str, Any]:
    home = tenants.by_id(c, row.tenant_id)
    until: datetime = row.access_until
    return {
        "expires_at": until,
        "user": {"id": row.user_id, "name": row.user_name, "administrator": row.administrator},
        "org": {"name": home.name, "data_centre": home.data_centre},
    }
