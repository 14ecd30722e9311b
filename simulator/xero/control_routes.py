"""How do tests and the demo reach into the pretend Xero's books?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, request

from simulator.control import control_blueprint, read_json
from simulator.state import State
from simulator.xero.bookkeeper import Bookkeeper
from simulator.xero.books import ADVISER, Books
from simulator.xero.charts import COUNTRIES
from simulator.xero.contact_store import Directory
from simulator.xero.credit_store import Credits
from simulator.xero.ledger import Ledger
from simulator.xero.refusals import ElementRefusalError

Doc = dict[str, Any]


def blueprint(state: State, books: Books, bookkeeper: Bookkeeper) -> Blueprint:
    """Organisations, stored documents and the bookkeeper, for this machine only."""
    routes = control_blueprint("xero_control")

    def organisation(name: object) -> Doc:
        org = books.organisation(str(name or ""))
        if org is None:
            abort(404, "no such organisation")
        return org

    @routes.post("/organisations")
    def add_organisation() -> tuple[Response, int]:
        return jsonify(_added(books, read_json())), 201

    @routes.get("/organisations")
    def list_organisations() -> Response:
        return jsonify(organisations=[_listed(books, org) for org in books.organisations()])

    _stored(routes, state, organisation)

    @routes.post("/bookkeeper")
    def act() -> tuple[Response, int]:
        wish = read_json()
        try:
            return jsonify(said=bookkeeper.do(organisation(wish.get("organisation")), wish)), 200
        except ElementRefusalError as error:
            return jsonify(error=str(error), messages=error.messages), 400

    return routes


def _stored(routes: Blueprint, state: State, organisation: Callable[[object], Doc]) -> None:
    """What lies in the books, as it is stored."""

    @routes.get("/invoices")
    def list_invoices() -> Response:
        rows = Ledger(state, organisation(request.args.get("organisation"))).all()
        marker = request.args.get("marker")
        if marker is not None:
            rows = [row for row in rows if urlsplit(row.get("Url") or "").path == urlsplit(marker).path]
        return jsonify(invoices=rows)

    @routes.get("/contacts")
    def list_contacts() -> Response:
        org = organisation(request.args.get("organisation"))
        return jsonify(contacts=Directory(state, org["id"]).all())

    @routes.get("/credits")
    def list_credits() -> Response:
        stored = Credits(state, organisation(request.args.get("organisation"))["id"])
        return jsonify(credits=stored.everything())


def _added(books: Books, wish: Doc) -> Doc:
    name, country = str(wish.get("name") or "").strip(), wish.get("country", "AU")
    if not name or country not in COUNTRIES:
        abort(400, f"name is needed, and country must be one of {', '.join(COUNTRIES)}")
    with books.state.together():
        org = books.add_organisation(name, country, demo=wish.get("demo") is True)
        # Without a person of its own an organisation gets a new one, so that no grant is shared by accident.
        email = str(wish.get("person") or f"person{books.state.next('xero_person')}@example.test")
        books.add_person(email, email.split("@")[0].title())
        books.join(email, org["id"], str(wish.get("role") or ADVISER))
    return {"organisation": org["id"], "short_code": org["ShortCode"], "person": email}


def _listed(books: Books, org: Doc) -> Doc:
    people = [p["email"] for p in books.people() if org["id"] in p["organisations"]]
    return {
        "organisation": org["id"],
        "name": org["Name"],
        "country": org["country"],
        "short_code": org["ShortCode"],
        "demo": bool(org.get("Demo")),
        "people": people,
    }
