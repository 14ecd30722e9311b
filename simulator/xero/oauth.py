"""How does a person let an app in, and how does the app get and renew its tokens?"""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from simulator.control import belongs_to, switches_of
from simulator.options import Options
from simulator.xero.books import Books
from simulator.xero.tokens import GrantError, Tokens

CLIENTS = {"DEMO0XERO0CLIENT": "demo-xero-secret-not-real"}
_IDENTITY = ("openid", "profile", "email", "offline_access")
_AREAS = (
    *("invoices", "payments", "banktransactions", "manualjournals"),
    *("contacts", "settings", "attachments"),
)
# X2.4: an app made in 2026 gets granular scopes only; a broad one fails at the consent screen.
SCOPES = frozenset(_IDENTITY) | {f"accounting.{area}{end}" for area in _AREAS for end in ("", ".read")}
Doc = dict[str, Any]


def blueprint(books: Books, tokens: Tokens, options: Options) -> Blueprint:
    """Authorise page, token and revocation endpoints (X2)."""
    routes = Blueprint("oauth", __name__, template_folder="templates")

    @routes.get("/identity/connect/authorize")
    def ask() -> AnyResponse | tuple[str, int]:
        trouble = _trouble(_allowed_redirects(options))
        return _refused(trouble) if trouble else Response(_page(books, tokens, None))

    @routes.post("/identity/connect/authorize")
    def decide() -> AnyResponse | tuple[str, int]:
        trouble = _trouble(_allowed_redirects(options))
        return _refused(trouble) if trouble else _decided(books, tokens)

    @routes.post("/connect/token")
    def token() -> tuple[Response, int]:
        try:
            return jsonify(_grant(tokens, _client())), 200
        except GrantError as error:
            return jsonify(error=str(error)), 400

    @routes.post("/connect/revocation")
    def revoke() -> tuple[Response | str, int]:
        try:
            tokens.revoke(request.form.get("token", ""), _client())
        except GrantError as error:
            return jsonify(error=str(error)), 400
        return "", 200

    return routes


def _allowed_redirects(options: Options) -> list[str]:
    return switches_of()["redirect_uris"] or [f"{options.public_base}/oauth/xero/callback"]


def _trouble(redirects: list[str]) -> str | None:
    """Why the authorise call cannot be shown to a person; no redirect happens then (X2.1, X2.4)."""
    ask = request.args
    if ask.get("response_type") != "code":
        return "unsupported_response_type: only code is known"
    if ask.get("client_id") not in CLIENTS:
        return "unauthorized_client: unknown client or client not enabled"
    target = ask.get("redirect_uri", "")
    if target not in redirects or not _decent(target):
        return "invalid_request: invalid redirect_uri"
    wrong = [scope for scope in ask.get("scope", "").split() if scope not in SCOPES]
    if wrong or not ask.get("scope"):
        return f"invalid_scope: {' '.join(wrong) or 'no scope'}"
    return None


def _decent(target: str) -> bool:
    """https, or http on localhost by that very name; http://127.0.0.1 is refused (X2.1)."""
    parts = urlsplit(target)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost")


def _refused(trouble: str) -> tuple[str, int]:
    return render_template("refused.html", trouble=trouble), 400


def _page(books: Books, tokens: Tokens, wrong: str | None) -> str:
    client = request.args["client_id"]
    people = []
    for person in books.people():
        linked = {c["org"] for c in tokens.connections(client, person["email"])}
        orgs = [books.organisation(org) for org in person["organisations"]]
        people.append({**person, "orgs": [{**o, "linked": o["id"] in linked} for o in orgs if o]})
    return render_template("consent.html", people=people, scopes=request.args["scope"].split(), wrong=wrong)


def _decided(books: Books, tokens: Tokens) -> AnyResponse:
    state = {"state": request.args["state"]} if "state" in request.args else {}
    target = request.args["redirect_uri"]
    if request.form.get("decision") != "allow":
        # X2.1: a person who declines comes back with access_denied.
        return redirect(_with(target, {"error": "access_denied", **state}))
    person = books.person(request.form.get("person", ""))
    chosen = [o for o in request.form.getlist("organisation") if person and o in person["organisations"]]
    one_only = "bulk_connect:false" in request.args.get("acr_values", "")
    if person is None or not chosen or (one_only and len(chosen) > 1):
        wrong = "Choose one organisation of that person." if one_only else "Choose a person and an organisation."
        return Response(_page(books, tokens, wrong), 400)
    ask: Doc = {
        "client_id": request.args["client_id"],
        "redirect_uri": target,
        "scopes": request.args["scope"].split(),
        "code_challenge": request.args.get("code_challenge"),
    }
    code = tokens.consent(ask, person, list(dict.fromkeys(chosen)))
    return redirect(_with(target, {"code": code, "scope": request.args["scope"], **state}))


def _with(target: str, query: dict[str, str]) -> str:
    return f"{target}{'&' if '?' in target else '?'}{urlencode(query)}"


def _client() -> str:
    """The app behind a token call: Basic header, or form fields (X2.1); else the switch's error code."""
    name, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
    header = request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        try:
            name, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name = secret = ""
    if not secret or CLIENTS.get(name) != secret:
        raise GrantError(switches_of()["bad_client_error"])
    return name


def _grant(tokens: Tokens, client: str) -> Doc:
    form = request.form
    kind = form.get("grant_type")
    if kind == "authorization_code":
        code, target = form.get("code", ""), form.get("redirect_uri", "")
        return tokens.redeem(code, client, target, form.get("code_verifier"))
    if kind == "refresh_token":
        if (person := tokens.person_of(form.get("refresh_token", ""))) is not None:
            belongs_to(person)
        return tokens.refresh(form.get("refresh_token", ""), client)
    raise GrantError("unsupported_grant_type")
