"""How is the pretend Xero put together?"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, request

from simulator import control
from simulator.calls import Calls
from simulator.control import Service, switches_of
from simulator.facts import SHARED, Switches
from simulator.faults import Fault, Faults
from simulator.options import Options
from simulator.state import State
from simulator.xero import (
    bookkeeper_pages,
    connections,
    contact_routes,
    control_routes,
    credit_routes,
    demo_company,
    invoice_part_routes,
    invoice_routes,
    limits,
    oauth,
    payment_routes,
    price_list_routes,
    reference_routes,
    seeds,
    settings_routes,
    tracking_routes,
    webhook_routes,
)
from simulator.xero.bookkeeper import Bookkeeper
from simulator.xero.bookkeeper_trouble import Troubles
from simulator.xero.books import Books
from simulator.xero.facts import FACTS
from simulator.xero.guard import Guard, caller
from simulator.xero.idempotency import Keys
from simulator.xero.refusals import WholeRefusalError
from simulator.xero.tokens import Bearer, Tokens
from simulator.xero.webhooks import Webhooks
from simulator.xero.wire import api_error, not_found, not_imitated, problem, server_error, unavailable

API = "/api.xro/2.0"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
# Resources of the real API: what is not served above answers 501, anything else 404.
_RESOURCES = frozenset(
    {
        *("Accounts", "BankTransactions", "BankTransfers", "BatchPayments", "BrandingThemes", "Budgets"),
        *("ContactGroups", "Contacts", "CreditNotes", "Currencies", "Employees", "ExpenseClaims"),
        *("InvoiceReminders", "Invoices", "Items", "Journals", "LinkedTransactions", "ManualJournals"),
        *("Organisation", "Overpayments", "PaymentServices", "Payments", "Prepayments", "PurchaseOrders"),
        *("Quotes", "Receipts", "RepeatingInvoices", "Reports", "Setup", "TaxRates", "TrackingCategories"),
        "Users",
    }
)


def create_app(state: State, faults: Faults, calls: Calls, options: Options) -> Flask:
    """The whole pretend Xero as one Flask app; the first start plants its seeds."""
    app = Flask(__name__)
    switches = Switches(state, "xero", (*SHARED, *FACTS))
    books = Books(state)
    seeds.plant(state, books, switches)
    tokens, keys = Tokens(state, switches), Keys(state)
    guard = Guard(books, tokens)
    app.before_request(lambda: demo_company.reset_if_over(state, books, tokens, switches))
    # Limits come first, so that a call that is slowed down counts as in flight.
    limits.install(app, guard)
    control.install(app, state, faults, calls, _service(guard, keys))
    bookkeeper = Bookkeeper(state, switches, tokens, calls)
    app.register_blueprint(control_routes.blueprint(state, books, bookkeeper), url_prefix="/_control")
    webhooks = Webhooks(state, switches, calls)
    app.register_blueprint(webhook_routes.blueprint(webhooks), url_prefix="/_control")
    app.register_blueprint(oauth.blueprint(books, tokens, options))
    app.register_blueprint(connections.blueprint(books, tokens, guard))
    troubles = Troubles(faults, calls, bookkeeper, webhooks)
    pages = bookkeeper_pages.Pages(state, books, bookkeeper, troubles, switches)
    app.register_blueprint(bookkeeper_pages.blueprint(pages))
    app.register_blueprint(_api(state, guard, keys), url_prefix=API)
    app.register_error_handler(404, lambda _: not_found())
    app.after_request(_page_headers)
    return app


def _api(state: State, guard: Guard, keys: Keys) -> Blueprint:
    routes = Blueprint("api", __name__)
    routes.before_request(guard.check)
    routes.before_request(lambda: keys.before(caller().client))
    routes.after_request(keys.after)
    routes.register_error_handler(WholeRefusalError, lambda error: error.response)
    reference_routes.add_routes(routes)
    settings_routes.add_routes(routes, state)
    price_list_routes.add_routes(routes, state)
    tracking_routes.add_routes(routes, state)
    contact_routes.add_routes(routes, state)
    invoice_routes.add_routes(routes, state)
    invoice_part_routes.add_routes(routes, state)
    payment_routes.add_routes(routes, state)
    credit_routes.add_routes(routes, state)

    @routes.route("/<path:rest>", methods=_METHODS)
    def others(rest: str) -> Response:
        if rest.split("/")[0] in _RESOURCES:
            return not_imitated(f"{request.method} {rest}")
        return not_found()

    return routes


def _service(guard: Guard, keys: Keys) -> Service:
    def answer(fault: Fault) -> Response:
        return _troubled(fault, guard, keys)

    return Service(
        name="xero",
        api=("/api.xro/", "/connections", "/Connections"),
        sign_in=("/connect/",),
        facts=FACTS,
        org_of=lambda: request.headers.get("xero-tenant-id"),
        group=_group,
        answer=answer,
    )


def _group(path: str) -> str:
    """`GET /Invoices/{id}`: ids and numbers are taken out of the path, so that like calls count together."""
    parts = path.removeprefix(API).strip("/").split("/")
    if len(parts) > 1 and parts[0] not in ("Organisation", "Reports", "connect", "identity"):
        parts[1] = "{id}"
    return "/" + "/".join(parts)


def _troubled(fault: Fault, guard: Guard, keys: Keys) -> Response:
    """The answers of ordered troubles, as X2.6, X3.1 and X5.5 word them."""
    if fault.kind == "400":
        return api_error(14, "PostDataInvalidException", fault.detail or "Some of the data cannot be read.")
    if fault.kind == "401":
        at = datetime.now(UTC).strftime("%m/%d/%Y %H:%M:%S")
        return problem(401, "Unauthorized", fault.detail or f"TokenExpired: token expired at {at}")
    if fault.kind == "403":
        return problem(403, "Forbidden", fault.detail or "AuthenticationUnsuccessful")
    if fault.kind == "429":
        # X3.1: a concurrency 429 carries no Retry-After unless the switch says so.
        plain = fault.detail == "concurrent" and not switches_of()["concurrent_retry_after"]
        return limits.too_many(fault.detail or "minute", None if plain else max(0, int(fault.seconds)))
    if fault.kind == "503":
        return unavailable()
    answer = server_error(switches_of()["server_error_body"])
    bearer = guard.bearer()
    if isinstance(bearer, Bearer):
        # X4: an internal error is kept under its key and replayed.
        keys.remember(bearer.client, answer)
    return answer


def _page_headers(response: Response) -> Response:
    """Pages load nothing from elsewhere and cannot be framed."""
    if response.mimetype == "text/html" and request.path.startswith(("/bookkeeper", "/identity")):
        policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cache-Control"] = "no-store"
    return response
