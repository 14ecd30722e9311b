"""What do the CRM pages' scripts fetch, with the rights of whoever looks at the page? (Z3.7.4)"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from simulator.zoho.answers import answer, invalid_data, not_permitted, nothing, wrong_module
from simulator.zoho.centre import Centre, here
from simulator.zoho.org_routes import org_view, user_view
from simulator.zoho.page_view import shown_fields
from simulator.zoho.pages import visitor
from simulator.zoho.people import users_of
from simulator.zoho.records import peek, visible
from simulator.zoho.schema import MODULES
from simulator.zoho.setting_routes import field_views
from simulator.zoho.variables import variables_of
from simulator.zoho.views import full_view

Doc = dict[str, Any]
routes = Blueprint("zoho_page_data", __name__, url_prefix="/crm/<domain>/page")


@routes.get("/view/<record_id>")
def record_view(domain: str, record_id: str) -> Response:
    """The invoice page's fields as text, to be shown again when they change."""
    org, user = visitor(domain)
    record = peek(here(), org["zgid"], "Invoices", record_id)
    if record is None or not visible(record, user):
        return nothing()
    return _fresh(answer({"fields": shown_fields(here(), org, user, record)}))


@routes.get("/records/<module>/<record_id>")
def record(domain: str, module: str, record_id: str) -> Response:
    """One record for the widget's getRecord."""
    org, user = visitor(domain)
    if module not in MODULES:
        raise wrong_module()
    found = peek(here(), org["zgid"], module, record_id)
    if found is None:
        return nothing()
    if not visible(found, user):
        raise not_permitted(f"Crm_Implied_View_{module}")
    return _fresh(answer({"data": [full_view(here(), org, user, found)]}))


@routes.get("/users")
def users(domain: str) -> Response:
    """The users of the org; `id=current` and an id name one."""
    org, user = visitor(domain)
    wanted = request.args.get("id")
    found = users_of(here(), org["zgid"])
    if wanted:
        wanted = user["id"] if wanted == "current" else wanted
        found = [one for one in found if one["id"] == wanted]
    return _fresh(answer({"users": [user_view(one) for one in found]}))


@routes.get("/org")
def org(domain: str) -> Response:
    """The org, as getOrgInfo shows it."""
    return _fresh(answer({"org": [org_view(visitor(domain)[0])]}))


@routes.get("/environment")
def environment(domain: str) -> Response:
    """What GetCurrentEnvironment answers (Z3.5)."""
    org, user = visitor(domain)
    return _fresh(answer(_environment(here(), org, user)))


@routes.get("/fields/<module>")
def fields(domain: str, module: str) -> Response:
    """The fields of a module, as META.getFields shows them."""
    org, user = visitor(domain)
    if module not in MODULES:
        raise wrong_module()
    return _fresh(answer({"fields": field_views(org, user, module)}))


@routes.get("/variables")
def org_variables(domain: str) -> Response:
    """What getOrgVariable answers (Z3.5): one by `name`, or several by `names`; every user may read them."""
    org, _ = visitor(domain)
    values = {one["api_name"]: one["value"] for one in variables_of(here(), org["zgid"])}
    several = request.args.getlist("names")
    if several:
        content = {name: {"value": values[name]} for name in several if name in values}
        return _fresh(answer({"Success": {"content": content}}))
    name = request.args.get("name", "")
    if name not in values:
        raise invalid_data({"api_name": name}, "the variable given seems to be invalid")
    return _fresh(answer({"Success": {"Content": values[name]}}))


def _environment(centre: Centre, org: Doc, user: Doc) -> Doc:
    return {
        "deployment": centre.location.upper(),
        "ZGID": org["zgid"],
        "ZUID": user["zuid"],
        "appDetails": {"appUrl": centre.base},
    }


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
