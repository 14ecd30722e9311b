"""What pages does the pretend CRM show, and as whom? (Z3.7)"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from simulator.zoho.answers import RefusedError
from simulator.zoho.centre import Centre, here
from simulator.zoho.consent import LAST_SEEN, default_user
from simulator.zoho.knobs import Knobs
from simulator.zoho.page_view import edit_fields, invoice_page, list_page
from simulator.zoho.people import administrator, org_of, orgs_at, user_of, users_of
from simulator.zoho.records import fetch, peek, view, visible
from simulator.zoho.writes import change

Doc = dict[str, Any]
R = TypeVar("R", bound=AnyResponse)
routes = Blueprint("zoho_pages", __name__, template_folder="templates")
STATIC = Path(__file__).parent / "static"
SDK = "ZohoEmbededAppSDK.min.js"


@routes.get("/")
def front() -> AnyResponse:
    """The invoices of the first org of this data centre."""
    user = default_user(here())
    org = org_of(here(), user["zgid"]) if user else None
    return redirect(f"/crm/{org['domain_name']}/tab/Invoices") if org else abort(404)


@routes.get("/crm/<domain>")
def org_front(domain: str) -> AnyResponse:
    """An org's invoices."""
    return redirect(f"/crm/{domain}/tab/Invoices")


@routes.get("/crm/<domain>/tab/Invoices")
def invoices(domain: str) -> Response:
    """The invoice list, without what is hidden from this user."""
    org, user = visitor(domain)
    seen = [r for r in reversed(view(here(), org["zgid"], "Invoices")) if visible(r, user)]
    return _page(org, user, "zoho/invoices.html", **list_page(here(), org, user, seen))


@routes.get("/crm/<domain>/tab/Invoices/<record_id>")
def invoice(domain: str, record_id: str) -> Response:
    """An invoice with the widget's frames around the message protocol."""
    org, user = visitor(domain)
    record = peek(here(), org["zgid"], "Invoices", record_id)
    if record is None or not visible(record, user):
        return _hidden(org, user, record is None)
    knobs = Knobs.read(request.args)
    here().sdk_missing = knobs.sdk == "missing"
    shown = invoice_page(here(), org, user, record)
    return _page(org, user, "zoho/invoice.html", knobs=knobs, **shown)


@routes.get("/crm/<domain>/tab/Invoices/<record_id>/edit")
def edit(domain: str, record_id: str) -> Response:
    """A form for the fields people correct most."""
    org, user = visitor(domain)
    record = peek(here(), org["zgid"], "Invoices", record_id)
    if record is None or not visible(record, user):
        return _hidden(org, user, record is None)
    return _edit_page(org, user, record, {})


@routes.post("/crm/<domain>/tab/Invoices/<record_id>/edit")
def save(domain: str, record_id: str) -> AnyResponse:
    """Save the form through the same rules as the API."""
    org, user = visitor(domain)
    record = fetch(here(), org["zgid"], "Invoices", record_id)
    if record is None or not visible(record, user):
        return _hidden(org, user, record is None)
    given = {field["name"]: request.form.get(field["name"], "") for field in edit_fields(here(), org, record)}
    wish: Doc = {name: value or None for name, value in given.items()}
    if wish.get("Account_Name"):
        wish["Account_Name"] = {"id": wish["Account_Name"]}
    try:
        change(here(), org, user, "Invoices", {"id": record_id, **wish}, "$", None)
    except RefusedError as refusal:
        return _edit_page(org, user, record, given, refusal)
    return redirect(f"/crm/{domain}/tab/Invoices/{record_id}")


@routes.post("/crm/<domain>/user")
def switch_user(domain: str) -> AnyResponse:
    """Be somebody else; the page one came from is shown again."""
    org = _org(domain)
    user = user_of(here(), request.form.get("user"))
    if user is None or user["zgid"] != org["zgid"]:
        abort(404)
    back = urlsplit(request.form.get("back", ""))
    path = back.path if back.path.startswith(f"/crm/{domain}/") else f"/crm/{domain}/tab/Invoices"
    return _as(user, redirect(path + (f"?{back.query}" if back.query else ""), 303))


@routes.get("/sdk/" + SDK)
def sdk() -> AnyResponse:
    """Our stand-in for the widget SDK; missing when the page that was opened last asked for that."""
    if here().sdk_missing or here().switches["sdk_missing"]:
        abort(404)
    return _fresh(send_from_directory(STATIC, SDK))


@routes.get("/crm-static/<name>")
def static(name: str) -> AnyResponse:
    """Styles and scripts of the CRM pages."""
    return _fresh(send_from_directory(STATIC, name))


def visitor(domain: str) -> tuple[Doc, Doc]:
    """The org of the address and who looks at it: by cookie, else its administrator."""
    centre, org = here(), _org(domain)
    user = user_of(centre, request.cookies.get(centre.user_cookie))
    if user is None or user["zgid"] != org["zgid"] or user["status"] != "active":
        user = next(u for u in users_of(centre, org["zgid"]) if administrator(u))
    return org, user


def _org(domain: str) -> Doc:
    found = [org for org in orgs_at(here(), here().location) if org["domain_name"] == domain]
    return found[0] if found else abort(404)


def _hidden(org: Doc, user: Doc, missing: bool) -> Response:
    page = _page(org, user, "zoho/hidden.html", missing=missing)
    page.status_code = 404 if missing else 403
    return page


def _edit_page(org: Doc, user: Doc, record: Doc, given: Doc, refusal: RefusedError | None = None) -> Response:
    fields = edit_fields(here(), org, record)
    for field in fields:
        field["value"] = given.get(field["name"], field["value"])
    wrong = refusal.body["details"].get("api_name") if refusal else None
    page = _page(org, user, "zoho/edit.html", fields=fields, record=record, wrong=wrong, refusal=refusal)
    page.status_code = 400 if refusal else 200
    return page


def _page(org: Doc, user: Doc, template: str, **shown: Any) -> Response:
    centre = here()
    text = render_template(
        template,
        org=org,
        user=user,
        people=users_of(centre, org["zgid"]),
        start=f"/crm/{org['domain_name']}",
        widget=centre.options.public_base,
        back=request.full_path.rstrip("?"),
        **shown,
    )
    page = make_response(text)
    page.headers["Content-Security-Policy"] = _policy(centre)
    return _as(user, page)


def _policy(centre: Centre) -> str:
    """Only our own files run here, and only the widget is framed."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"frame-src {centre.options.public_base}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _as(user: Doc, page: R) -> R:
    """Remember who is signed in here, and that this data centre was looked at last (the consent page asks)."""
    page.set_cookie(here().user_cookie, user["id"], httponly=True, samesite="Lax")
    page.set_cookie(LAST_SEEN, here().location, httponly=True, samesite="Lax")
    return _fresh(page)


def _fresh(page: R) -> R:
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Content-Type-Options"] = "nosniff"
    return page
