"""What does the web process serve? The API, the few pages for people, and the widget's files."""

from __future__ import annotations

from flask import Flask

from server import logs
from server.api import (
    bodies,
    connections,
    context,
    customers,
    data,
    errors,
    found,
    go,
    going_live,
    headers,
    health,
    linked_customers,
    metrics,
    notices,
    pages,
    popups,
    records,
    run_rows,
    runs,
    settings,
    settings_try,
    sign_in,
    views,
    widgets,
)
from server.api.errors import JsonApi
from server.sync.services import Services
from server.wiring import services as own_services

# Described in /openapi.json, in this order.
DESCRIBED = (
    sign_in,
    connections,
    data,
    settings,
    linked_customers,
    customers,
    notices,
    settings_try,
    going_live,
    views,
    found,
    runs,
    run_rows,
    records,
    health,
)
# For people and browsers; not described.
PLAIN = (pages, popups, go, widgets, metrics)


def create_app(services: Services | None = None) -> Flask:
    """The WSGI application. Without services it makes those of this process from the environment."""
    services = services or own_services()
    logs.set_up(services.config.log_level)
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config.update(_SETTINGS)
    context.give(app, services)
    headers.register(app, secure=services.config.secure)
    bodies.guard(app)
    api = JsonApi(app)
    for module in DESCRIBED:
        api.register_blueprint(module.blp)
    for module in PLAIN:
        app.register_blueprint(module.blp)
    errors.register(app)
    return app


_SETTINGS = {
    "API_TITLE": "InvoiceBridge",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "OPENAPI_JSON_PATH": "openapi.json",
    "PROPAGATE_EXCEPTIONS": False,
    "API_SPEC_OPTIONS": {
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "security": [{"bearer": []}],
    },
}
