"""How is the server of one pretend Zoho data centre put together?"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from simulator.calls import Calls
from simulator.control import Service, install
from simulator.faults import Fault, Faults
from simulator.options import Options
from simulator.state import State
from simulator.zoho import (
    attachments,
    consent,
    control,
    custom_views,
    edit_pages,
    lock_routes,
    org_routes,
    page_data,
    pages,
    record_lives,
    record_reads,
    record_writes,
    setting_routes,
    token_routes,
    variables,
    watch_routes,
)
from simulator.zoho.access import calling_org, guard, too_many
from simulator.zoho.answers import RefusedError, answer, wrong_address
from simulator.zoho.centre import LOCATIONS, Centre, keep
from simulator.zoho.notices import Notices
from simulator.zoho.seeds import sow
from simulator.zoho.switches import FACTS

_BLUEPRINTS = (
    consent.routes,
    token_routes.routes,
    org_routes.routes,
    setting_routes.routes,
    custom_views.routes,
    record_lives.routes,
    record_reads.routes,
    record_writes.routes,
    attachments.routes,
    lock_routes.routes,
    variables.routes,
    watch_routes.routes,
    pages.routes,
    edit_pages.routes,
    page_data.routes,
)


class _Module(BaseConverter):
    """A path part that may name a module: fixed addresses (org, users, settings) begin with a small letter."""

    regex = "[A-Z][A-Za-z0-9_]*"


def create_app(state: State, faults: Faults, calls: Calls, options: Options, location: str) -> Flask:
    """The pretend Zoho at one data centre ("au" or "eu"): accounts server, API and CRM pages in one."""
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.url_map.strict_slashes = False
    app.url_map.converters["module"] = _Module
    centre = Centre(state, calls, options, location)
    keep(app, centre)
    guard(app, centre)
    service = Service(
        name="zoho",
        api=("/crm/v8/",),
        sign_in=("/oauth/v2/token",),
        facts=FACTS,
        org_of=calling_org,
        answer=_fault,
    )
    centre.switches = install(app, state, faults, calls, service)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(control.make_routes(), url_prefix="/_control")
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(404, _not_there)
    app.register_error_handler(405, _wrong_method)
    sow(centre)
    if location == LOCATIONS[0]:  # one teller for the one store
        Notices(state, centre.switches, calls)
    return app


def _refused(refusal: RefusedError) -> Response:
    return answer(refusal.body, refusal.status)


def _not_there(error: HTTPException) -> Response | HTTPException:
    return _refused(wrong_address()) if request.path.startswith("/crm/v8") else error


def _wrong_method(error: HTTPException) -> Response | HTTPException:
    if not request.path.startswith("/crm/v8"):
        return error
    return _refused(RefusedError(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one"))


def _fault(fault: Fault) -> Response:
    """An ordered trouble in Zoho's words (Z5.12)."""
    if fault.kind == "400":
        return _refused(RefusedError(400, fault.detail or "INVALID_DATA", "the request cannot be read"))
    if fault.kind == "401":
        return _refused(RefusedError(401, fault.detail or "INVALID_TOKEN", "invalid oauth token"))
    if fault.kind == "403":
        return _refused(RefusedError(403, fault.detail or "NO_PERMISSION", "permission denied"))
    if fault.kind == "429":
        return too_many()
    if fault.kind == "503":
        return Response("<html><body>Service unavailable</body></html>", 503, mimetype="text/html")
    return _refused(RefusedError(500, "INTERNAL_ERROR", "Internal Server Error"))
