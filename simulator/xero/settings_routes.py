"""Which calls read an organisation's themes, currencies and users, and add currencies and tax rates?"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from simulator.control import switches_of
from simulator.state import State
from simulator.xero import batches, currencies, inputs, listing, rights, tax_rates
from simulator.xero.books import Books, themes_of
from simulator.xero.guard import caller
from simulator.xero.reference_routes import rate_row
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.where import Getter
from simulator.xero.wire import envelope, instant_ms, not_found, not_imitated, validation_error, without_nulls

Doc = dict[str, Any]
_CURRENCY_FIELDS: dict[str, Getter] = {n: lambda row, n=n: row[n] for n in ("Code", "Description")}  # type: ignore[misc]
_USER_FIELDS: dict[str, Getter] = {
    **{
        name: (lambda row, key=name: row.get(key))  # type: ignore[misc]
        for name in ("UserID", "EmailAddress", "FirstName", "LastName", "IsSubscriber", "OrganisationRole")
    },
    "UpdatedDateUTC": lambda row: row["Updated"],
}


def add_routes(routes: Blueprint, state: State) -> None:
    """BrandingThemes, Currencies, Users (X8.4), and PUT TaxRates (X8.3)."""
    books = Books(state)

    @routes.get("/BrandingThemes")
    def themes() -> Response:
        return envelope("BrandingThemes", _themes(caller().org))

    @routes.get("/BrandingThemes/<theme>")
    def one_theme(theme: str) -> Response:
        rows = [row for row in _themes(caller().org) if row["BrandingThemeID"] == theme.lower()]
        return envelope("BrandingThemes", rows) if rows else not_found()

    @routes.get("/Currencies")
    def list_currencies() -> Response:
        rows = [currencies.row_of(code) for code in caller().org["Currencies"]]
        rows = listing.filtered(rows, [], _CURRENCY_FIELDS)
        return envelope("Currencies", listing.ordered(rows, _CURRENCY_FIELDS, "Code", "Code"))

    @routes.put("/Currencies")
    def add_currency() -> Response:
        return _element("Currencies", lambda raw: _add_currency(books, raw))

    @routes.put("/TaxRates")
    def add_rate() -> Response:
        return _element("TaxRates", lambda raw: _add_rate(books, raw))

    @routes.get("/Users")
    def users() -> Response:
        rows = listing.filtered(_people(books, caller().org), [], _USER_FIELDS)
        rows = listing.ordered(rows, _USER_FIELDS, "EmailAddress", "UserID")
        return envelope("Users", [_user(row) for row in rows])

    @routes.get("/Users/<user>")
    def one_user(user: str) -> Response:
        rows = [row for row in _people(books, caller().org) if row["UserID"] == user.lower()]
        return envelope("Users", [_user(row) for row in rows]) if rows else not_found()


def _element(name: str, one: Any) -> Response:
    """One element and its answer: these resources take one per request (X3.2)."""
    raws = inputs.elements(name)
    if len(raws) > 1:
        inputs.bad_data(f"Only one of {name} can be sent in one request")
    try:
        rights.check_write(caller().role)
        return envelope(name, [one(raws[0])])
    except ElementRefusalError as error:
        return validation_error([{**without_nulls(raws[0]), "ValidationErrors": batches.errors(error.messages)}])


def _themes(org: Doc) -> list[Doc]:
    """X8.4: SortOrder 0 is the default."""
    created = instant_ms(org["Created"])
    return [
        {**theme, "Type": "INVOICE", "SortOrder": order, "CreatedDateUTC": created}
        for order, theme in enumerate(themes_of(org))
    ]


def _add_currency(books: Books, raw: Doc) -> Doc:
    """X8.4: an organisation without multicurrency has its own only; the words are ours."""
    org, code = caller().org, inputs.text(raw, "Code") or ""
    if not currencies.known(code):
        raise ElementRefusalError(f"Currency code '{code}' is not valid")
    if code not in org["Currencies"]:
        if not switches_of()["multicurrency"]:
            raise ElementRefusalError("The organisation's plan has no other currencies.")
        books.change(org["id"], Currencies=[*org["Currencies"], code])
    return currencies.row_of(code)


def _add_rate(books: Books, raw: Doc) -> Doc:
    """X8.3: user-made rates are TAX001, TAX002 and so on; X6.5: compound parts come on top of the others."""
    if raw.get("TaxType") or raw.get("Status") not in (None, "ACTIVE"):
        raise WholeRefusalError(not_imitated("changes of tax rates"))
    org, name, sent = caller().org, inputs.text(raw, "Name"), raw.get("TaxComponents")
    if not name or not isinstance(sent, list) or not sent or not all(isinstance(one, dict) for one in sent):
        raise ElementRefusalError(tax_rates.NO_PARTS)
    report = inputs.text(raw, "ReportTaxType") or "OUTPUT"
    made = tax_rates.add(books, org, name, report, [tax_rates.component(one) for one in sent])
    return rate_row(made, name)


def _people(books: Books, org: Doc) -> list[Doc]:
    rows: list[Doc] = []
    for person in books.people():
        if org["id"] in person["organisations"]:
            first, _, last = person["name"].partition(" ")
            row = {"UserID": person["userid"], "EmailAddress": person["email"], "FirstName": first, "LastName": last}
            role = person["organisations"][org["id"]]
            rows.append({**row, "Updated": org["Created"], "IsSubscriber": not rows, "OrganisationRole": role})
    return rows


def _user(row: Doc) -> Doc:
    shown = {name: value for name, value in row.items() if name != "Updated"}
    return {**shown, "UpdatedDateUTC": instant_ms(row["Updated"])}
