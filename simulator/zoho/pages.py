"""What pages does the pretend CRM show, and as whom? (Z3.7)"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from simulator.zoho.centre import Centre, here
from simulator.zoho.consent import LAST_SEEN, default_user
from simulator.zoho.knobs import Knobs
from simulator.zoho.page_view import invoice_page, list_page
from simulator.zoho.people import administrator, org_of, orgs_at, user_of, users_of
from simulator.zoho.records import peek, view, visible

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
    seen = [r for r in view(here(), org["zgid"], "Invoices") if visible(r, user)]
    seen.sort(key=lambda record: str(record["id"]), reverse=True)
    notice = {name: request.args.get(name) for name in ("deleted", "refused")}
    return page(org, user, "zoho/invoices.html", **list_page(here(), org, user, seen), **notice)


@routes.get("/crm/<domain>/tab/Invoices/<record_id>")
def invoice(domain: str, record_id: str) -> Response:
    """An invoice with the widget's frames around the message protocol."""
    org, user = visitor(domain)
    record = peek(here(), org["zgid"], "Invoices", record_id)
    if record is None or not visible(record, user):
        return hidden_page(org, user, record is None)
    knobs = Knobs.read(request.args)
    here().sdk_missing = knobs.sdk == "missing"
    shown = invoice_page(here(), org, user, record)
    source = peek(here(), org["zgid"], "Invoices", request.args.get("copy_of", ""))
    copied = source["values"].get("Invoice_Number") if source and visible(source, user) else None
    return page(org, user, "zoho/invoice.html", knobs=knobs, copied=copied, **shown)


@routes.get("/crm/<domain>/tab/InvoiceBridge")
def web_tab(domain: str) -> Response:
    """A web tab: the widget's settings, as large as the window."""
    org, user = visitor(domain)
    return page(org, user, "zoho/tab.html", tab=True)


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


def hidden_page(org: Doc, user: Doc, missing: bool) -> Response:
    """There is no such invoice (any more), or it is not this user's to see."""
    made = page(org, user, "zoho/hidden.html", missing=missing)
    made.status_code = 404 if missing else 403
    return made


def page(org: Doc, user: Doc, template: str, **shown: Any) -> Response:
    """A page of the CRM, as seen by this user."""
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
    made = make_response(text)
    made.headers["Content-Security-Policy"] = _policy(centre)
    return _as(user, made)


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
