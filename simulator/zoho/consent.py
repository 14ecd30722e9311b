"""May this app act for the signed-in CRM user? The page that asks (GET and POST /oauth/v2/auth, Z5.2)"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from simulator.zoho.centre import CLIENTS, Centre, cookie_of, here, locations
from simulator.zoho.people import administrator, org_of, orgs_at, user_of, users_of
from simulator.zoho.tokens import consented, issue_code, remember_consent

Doc = dict[str, Any]
LAST_SEEN = "crm_last_seen"
routes = Blueprint("zoho_consent", __name__, template_folder="templates")
_SCOPE = re.compile(r"^[A-Za-z]+(\.[A-Za-z_0-9]+){1,3}$")
_CARRIED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "access_type",
    "prompt",
    "code_challenge",
    "code_challenge_method",
)


class _BadRequestError(Exception):
    """The app asked wrongly; shown on our page, because a wrong address must never be returned to."""


@routes.get("/oauth/v2/auth")
def ask() -> AnyResponse:
    """Show the consent page, or return at once to an app this user allowed before."""
    centre = here()
    wish = {name: request.args[name] for name in _CARRIED if request.args.get(name)}
    try:
        scopes = _checked(centre, wish)
    except _BadRequestError as error:
        return _refusal(str(error))
    user = signed_in(centre)
    if user is None:
        return _refusal("Nobody works at this data centre yet.")
    if wish.get("prompt") != "consent" and consented(centre, user, wish["client_id"], scopes):
        return _allow(centre, user, wish, scopes, asked=False)
    return _page(centre, user, wish, scopes)


@routes.post("/oauth/v2/auth")
def decide() -> AnyResponse:
    """Allow or Deny, as whoever the drop-down names."""
    centre = here()
    wish = {name: request.form[name] for name in _CARRIED if request.form.get(name)}
    try:
        scopes = _checked(centre, wish)
    except _BadRequestError as error:
        return _refusal(str(error))
    user = user_of(centre, request.form.get("user")) or signed_in(centre)
    if user is None or user["location"] not in locations(centre.options):
        return _refusal("There is no such person.")
    if request.form.get("decision") != "allow":
        return _back(wish, {"error": centre.switches["denied_error"]})
    return _allow(centre, user, wish, scopes, asked=True)


def signed_in(centre: Centre) -> Doc | None:
    """Who is signed in: by cookie of this data centre, or of the one whose CRM page was open last."""
    last = request.cookies.get(LAST_SEEN)
    places = [last] if last in locations(centre.options) else []
    for place in [*places, centre.location]:
        user = user_of(centre, request.cookies.get(cookie_of(centre.options, place)))
        if user is not None and user["location"] == place and user["status"] == "active":
            return user
    return default_user(centre)


def default_user(centre: Centre) -> Doc | None:
    """The first org's administrator: who a fresh browser is."""
    for org in orgs_at(centre, centre.location):
        for user in users_of(centre, org["zgid"]):
            if administrator(user):
                return user
    return None


def _checked(centre: Centre, wish: Doc) -> list[str]:
    if wish.get("client_id") not in CLIENTS:
        raise _BadRequestError("Invalid client: no app with this client id is registered.")
    if wish.get("redirect_uri") not in centre.redirect_uris():
        raise _BadRequestError("Invalid redirect address: it is not registered for this app.")
    if wish.get("response_type") != "code":
        raise _BadRequestError("response_type must be code.")
    if wish.get("code_challenge") and wish.get("code_challenge_method") != "S256":
        raise _BadRequestError("code_challenge_method must be S256.")
    scopes = [scope.strip() for scope in wish.get("scope", "").split(",")]
    if not all(_SCOPE.match(scope) for scope in scopes):
        raise _BadRequestError("Invalid scope: scopes are separated by commas.")
    return scopes


def _allow(centre: Centre, user: Doc, wish: Doc, scopes: list[str], *, asked: bool) -> AnyResponse:
    """Return with a code; only a consent that was asked for can give a refresh token."""
    remember_consent(centre, user, wish["client_id"], scopes)
    code = issue_code(centre, user, wish | {"scope": scopes}, consented=asked)
    server = centre.options.zoho_base(user["location"])
    return _back(wish, {"code": code, "location": user["location"], "accounts-server": server})


def _back(wish: Doc, answer: Doc) -> AnyResponse:
    if wish.get("state"):
        answer = {**answer, "state": wish["state"]}
    joint = "&" if "?" in wish["redirect_uri"] else "?"
    return redirect(f"{wish['redirect_uri']}{joint}{urlencode(answer)}")


def _page(centre: Centre, user: Doc, wish: Doc, scopes: list[str]) -> Response:
    people = [
        {"org": org["name"], "location": place, "users": users_of(centre, org["zgid"])}
        for place in locations(centre.options)
        for org in orgs_at(centre, place)
    ]
    page = render_template(
        "zoho/consent.html",
        user=user,
        org=org_of(centre, user["zgid"]),
        people=people,
        wish=wish,
        scopes=scopes,
        location=centre.location,
    )
    return _unframed(make_response(page))


def _refusal(sentence: str) -> Response:
    return _unframed(make_response(render_template("zoho/refusal.html", sentence=sentence), 400))


def _unframed(page: Response) -> Response:
    """Consent pages refuse framing (Z4.4)."""
    page.headers["X-Frame-Options"] = "DENY"
    page.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    page.headers["Cache-Control"] = "no-store"
    return page
