"""Which pages does the bookkeeper have, and what do their buttons do?"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from simulator.calls import Calls
from simulator.faults import Faults
from simulator.state import State
from simulator.xero.bookkeeper import Bookkeeper
from simulator.xero.bookkeeper_views import TROUBLES, books_view, trouble_view
from simulator.xero.books import Books
from simulator.xero.ledger import Ledger
from simulator.xero.refusals import ElementRefusalError

Doc = dict[str, Any]


class Pages:
    """Server-made pages with plain forms; they follow the same rules as the API."""

    def __init__(self, state: State, books: Books, bookkeeper: Bookkeeper, faults: Faults, calls: Calls) -> None:
        self._state, self._books, self._bookkeeper = state, books, bookkeeper
        self._faults, self._calls = faults, calls

    def choose(self) -> str:
        """Whose books?"""
        return render_template("organisations.html", organisations=self._books.organisations())

    def show(self, code: str, invoice: str | None = None) -> str:
        """The invoices of an organisation, or one of them."""
        return self._page(self._organisation(code), invoice, None)

    def act(self, code: str, invoice: str | None = None) -> Response | tuple[str, int]:
        """Do what a button says; a refusal is shown in Xero's words."""
        org = self._organisation(code)
        try:
            self._bookkeeper.do(org, {**request.form.to_dict(), "invoice": invoice})
        except ElementRefusalError as error:
            return self._page(org, invoice, error.messages), 400
        return redirect(request.path, 303)

    def order(self, code: str) -> Response:
        """Order a trouble for the next call of this organisation, or call all of it off."""
        org, kind = self._organisation(code), request.form.get("trouble", "")
        if kind == "none":
            self._faults.clear()
        elif kind in TROUBLES:
            self._faults.order({**TROUBLES[kind][1], "org": org["id"]})
        else:
            abort(400)
        return redirect(_back(code), 303)

    def _organisation(self, code: str) -> Doc:
        org = self._books.by_short_code(code)
        if org is None:
            abort(404)
        return org

    def _page(self, org: Doc, invoice: str | None, wrong: list[str] | None) -> str:
        found = Ledger(self._state, org).get(invoice.lower()) if invoice else None
        if invoice and found is None:
            abort(404)
        view = books_view(self._state, self._books.organisation(org["id"]) or org, found)
        trouble = trouble_view(self._faults, self._calls, org)
        return render_template("bookkeeper.html", **view, **trouble, wrong=wrong)


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
    one = "/bookkeeper/<code>/invoices/<invoice>"
    routes.add_url_rule("/bookkeeper", "choose", pages.choose)
    routes.add_url_rule("/bookkeeper/<code>", "overview", pages.show)
    routes.add_url_rule(one, "one", pages.show)
    routes.add_url_rule("/bookkeeper/<code>", "act", pages.act, methods=["POST"])
    routes.add_url_rule(one, "act_on_one", pages.act, methods=["POST"])
    routes.add_url_rule("/bookkeeper/<code>/trouble", "order", pages.order, methods=["POST"])
    return routes


def _own_forms_only() -> None:
    """A page elsewhere must not press these buttons."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


def _back(code: str) -> str:
    invoice = request.form.get("back")
    if invoice:
        return url_for("bookkeeper.one", code=code, invoice=invoice)
    return url_for("bookkeeper.overview", code=code)


def _day_text(day: str) -> str:
    at = date.fromisoformat(day)
    return f"{at.day} {at:%b %Y}"
