"""Which pages does the bookkeeper have, and what do their buttons do?"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from simulator.facts import Switches
from simulator.state import State
from simulator.xero.bookkeeper import Bookkeeper
from simulator.xero.bookkeeper_forms import wish_of
from simulator.xero.bookkeeper_trouble import Troubles
from simulator.xero.bookkeeper_views import (
    books_view,
    contacts_view,
    invoice_view,
    organisations_view,
    setup_view,
)
from simulator.xero.books import Books
from simulator.xero.ledger import Ledger
from simulator.xero.refusals import ElementRefusalError

Doc = dict[str, Any]
INVOICES, CONTACTS, SETUP = "bookkeeper.html", "contacts.html", "setup.html"


class Pages:
    """Server-made pages with plain forms; they follow the same rules as the API."""

    def __init__(
        self, state: State, books: Books, bookkeeper: Bookkeeper, troubles: Troubles, switches: Switches
    ) -> None:
        self._state, self._books, self._bookkeeper = state, books, bookkeeper
        self._troubles, self._switches = troubles, switches

    def choose(self) -> str:
        """Whose books?"""
        found = organisations_view(self._state, self._books, self._switches)
        return render_template("organisations.html", organisations=found)

    def show(self, code: str, invoice: str | None = None) -> str:
        """The invoices of an organisation, or one of them."""
        return self._page(self._organisation(code), INVOICES, invoice)

    def contacts(self, code: str) -> str:
        """The contacts of an organisation, and its open credits."""
        return self._page(self._organisation(code), CONTACTS)

    def setup(self, code: str) -> str:
        """The tax rates of an organisation, and when its customers pay."""
        return self._page(self._organisation(code), SETUP)

    def act(self, code: str, invoice: str | None = None) -> Response | tuple[str, int]:
        """Do what a button says; a refusal is shown in Xero's words."""
        return self._done(code, INVOICES, invoice)

    def act_on_contacts(self, code: str) -> Response | tuple[str, int]:
        """The same on the page of contacts."""
        return self._done(code, CONTACTS)

    def act_on_setup(self, code: str) -> Response | tuple[str, int]:
        """The same on the page of tax rates and terms."""
        return self._done(code, SETUP)

    def _done(self, code: str, page: str, invoice: str | None = None) -> Response | tuple[str, int]:
        org = self._organisation(code)
        try:
            self._bookkeeper.do(org, wish_of(request.form, invoice))
        except ElementRefusalError as error:
            return self._page(org, page, invoice, error.messages), 400
        return redirect(request.path, 303)

    def order(self, code: str) -> Response:
        """Order a trouble for this organisation, or call all of it off."""
        if not self._troubles.order(self._organisation(code), request.form.get("trouble", "")):
            abort(400)
        return redirect(_back(code), 303)

    def _organisation(self, code: str) -> Doc:
        org = self._books.by_short_code(code)
        if org is None:
            abort(404)
        return org

    def _page(self, org: Doc, page: str, invoice: str | None = None, wrong: list[str] | None = None) -> str:
        org = self._books.organisation(org["id"]) or org
        view = self._view(org, page, invoice)
        template = "invoice.html" if invoice else page
        return render_template(template, org=org, wrong=wrong, page=page, **view, **self._troubles.view(org))

    def _view(self, org: Doc, page: str, invoice: str | None) -> Doc:
        if page == SETUP:
            return setup_view(org)
        return contacts_view(self._state, org) if page == CONTACTS else self._invoices(org, invoice)

    def _invoices(self, org: Doc, invoice: str | None) -> Doc:
        if not invoice:
            return books_view(self._state, org)
        found = Ledger(self._state, org).get(invoice.lower())
        if found is None:
            abort(404)
        return invoice_view(self._state, org, found)


def blueprint(pages: Pages) -> Blueprint:
    """The addresses of the pages."""
    routes = Blueprint(
        "bookkeeper",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/bookkeeper-static",
    )
    routes.before_request(_own_forms_only)
    routes.add_app_template_filter(_day_text, "day")
    home, one = "/bookkeeper/<code>", "/bookkeeper/<code>/invoices/<invoice>"
    routes.add_url_rule("/bookkeeper", "choose", pages.choose)
    routes.add_url_rule(home, "overview", pages.show)
    routes.add_url_rule(one, "one", pages.show)
    routes.add_url_rule(f"{home}/contacts", "contacts", pages.contacts)
    routes.add_url_rule(f"{home}/setup", "setup", pages.setup)
    routes.add_url_rule(home, "act", pages.act, methods=["POST"])
    routes.add_url_rule(one, "act_on_one", pages.act, methods=["POST"])
    routes.add_url_rule(f"{home}/contacts", "act_on_contacts", pages.act_on_contacts, methods=["POST"])
    routes.add_url_rule(f"{home}/setup", "act_on_setup", pages.act_on_setup, methods=["POST"])
    routes.add_url_rule(f"{home}/trouble", "order", pages.order, methods=["POST"])
    return routes


def _own_forms_only() -> None:
    """A page elsewhere must not press these buttons."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


def _back(code: str) -> str:
    back = request.form.get("back")
    if back in (CONTACTS, SETUP):
        return url_for("bookkeeper.contacts" if back == CONTACTS else "bookkeeper.setup", code=code)
    if back:
        return url_for("bookkeeper.one", code=code, invoice=back)
    return url_for("bookkeeper.overview", code=code)


def _day_text(day: str) -> str:
    at = date.fromisoformat(day)
    return f"{at.day} {at:%b %Y}"
