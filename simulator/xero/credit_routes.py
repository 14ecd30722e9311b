"""Which calls read and write credit notes, overpayments and their allocations?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from simulator.control import switches_of
from simulator.state import State
from simulator.xero import allocations, batches, credit_writes, inputs, listing, rights
from simulator.xero.batches import Outcome
from simulator.xero.credit_input import SentCredit, parse
from simulator.xero.credit_shapes import allocation_row, failed, removed_row, row_of
from simulator.xero.credit_store import CREDIT_NOTE, KINDS, OVERPAYMENT
from simulator.xero.guard import caller
from simulator.xero.invoice_shapes import View
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.where import Getter
from simulator.xero.wire import answer_json, envelope, not_found, validation_error, without_nulls
from simulator.xero.writer import Writer

Doc = dict[str, Any]
_NAMES = {CREDIT_NOTE: "CreditNotes", OVERPAYMENT: "Overpayments"}


def fields_of(writer: Writer, kind: str) -> dict[str, Getter]:
    """The names that `where` and `order` know."""

    def contact(row: Doc, name: str) -> Any:
        return (writer.directory.get(row["ContactID"]) or {}).get(name)

    names = ("Status", "Type", "Date", "Reference", "CurrencyCode")
    texts: dict[str, Getter] = {n: lambda row, n=n: row.get(n) for n in names}  # type: ignore[misc]
    money: dict[str, Getter] = {n: lambda row, n=n: Decimal(row[n]) for n in ("Total", "RemainingCredit")}  # type: ignore[misc]
    return {
        **texts,
        **money,
        f"{kind}ID": lambda row: row["ID"],
        "CreditNoteNumber": lambda row: row["Number"],
        "UpdatedDateUTC": lambda row: row["Updated"],
        "Contact.ContactID": lambda row: row["ContactID"],
        "Contact.Name": lambda row: contact(row, "Name"),
    }


def add_routes(routes: Blueprint, state: State) -> None:
    """GET, PUT and POST CreditNotes; GET Overpayments; PUT and DELETE allocations of both (X8.7)."""

    def writer() -> Writer:
        who = caller()
        return Writer(state, who.org, switches_of(), who.role, who.client, inputs.unit_places())

    for kind in KINDS:
        _reading_routes(routes, kind, writer)
        _allocation_routes(routes, kind, writer)

    @routes.put("/CreditNotes")
    def create_credits() -> Response:
        return _write(writer(), [parse(raw) for raw in inputs.elements("CreditNotes")], credit_writes.create)

    @routes.post("/CreditNotes")
    def save_credits() -> Response:
        sent = [parse(raw) for raw in inputs.elements("CreditNotes")]
        return _write(writer(), sent, credit_writes.create_or_update)

    @routes.post("/CreditNotes/<creditnote>")
    def save_credit(creditnote: str) -> Response:
        found = _named(writer(), CREDIT_NOTE, creditnote)
        if found is None:
            return not_found()
        raw = {**inputs.elements("CreditNotes")[0], "CreditNoteID": found["ID"]}
        return _write(writer(), [parse(raw)], credit_writes.create_or_update)


def _reading_routes(routes: Blueprint, kind: str, writer: Callable[[], Writer]) -> None:
    name, of = _NAMES[kind], kind.lower()

    @routes.get(f"/{name}", endpoint=f"list_{name}")
    def list_credits() -> Response:
        return _list(writer(), kind)

    @routes.get(f"/{name}/<{of}>", endpoint=f"one_{name}")
    def one_credit(**path: str) -> Response:
        by = writer()
        found = _named(by, kind, path[of])
        if found is None:
            return not_found()
        contact = by.directory.get(found["ContactID"])
        return envelope(name, [row_of(found, contact, "single", places=by.places)])


def _allocation_routes(routes: Blueprint, kind: str, writer: Callable[[], Writer]) -> None:
    name, of = _NAMES[kind], kind.lower()

    @routes.put(f"/{name}/<{of}>/Allocations", endpoint=f"allocate_{name}")
    def put_allocations(**path: str) -> Response:
        found = _named(writer(), kind, path[of])
        return _allocate(writer(), found) if found else not_found()

    @routes.delete(f"/{name}/<{of}>/Allocations/<allocation>", endpoint=f"take_off_{name}")
    def delete_allocation(allocation: str, **path: str) -> Response:
        found = _named(writer(), kind, path[of])
        known = {one["AllocationID"] for one in found["Allocations"]} if found else set()
        if found is None or allocation.lower() not in known:
            return not_found()
        return _take_off(writer(), found, allocation.lower())


def _named(writer: Writer, kind: str, text: str) -> Doc | None:
    found = writer.credits.find(text)
    return found if found and found["Kind"] == kind else None


def _list(writer: Writer, kind: str) -> Response:
    fields = fields_of(writer, kind)
    rows = listing.filtered(writer.credits.all(kind), [_listed], fields)
    rows = listing.ordered(rows, fields, "UpdatedDateUTC", "ID")
    page = listing.paged(rows)
    # As with invoices (X6.9): without paging no line details.
    view: View = "lines" if page.pagination else "list"
    found = [row_of(row, writer.directory.get(row["ContactID"]), view, places=writer.places) for row in page.rows]
    return envelope(_NAMES[kind], found, page.pagination)


def _listed(row: Doc) -> bool:
    return bool(row["Status"] != "DELETED" or switches_of()["deleted_in_unfiltered_list"])


def _write(writer: Writer, sent: list[SentCredit], one: Callable[[Writer, SentCredit], Doc]) -> Response:
    def single(element: SentCredit) -> Outcome:
        try:
            rights.check_write(writer.role)
            doc = one(writer, element)
        except ElementRefusalError as error:
            return Outcome(failed(element, error.messages), failed=True)
        return Outcome(row_of(doc, writer.directory.get(doc["ContactID"]), "write", places=writer.places))

    with writer.state.together():
        return batches.answer("CreditNotes", sent, single)


def _allocate(writer: Writer, credit: Doc) -> Response:
    """PUT {"Allocations": [{"Invoice", "Amount", "Date"}]} once the credit is AUTHORISED (X8.7)."""

    def single(raw: Doc) -> Outcome:
        present = writer.credits.get(credit["Kind"], credit["ID"]) or credit
        invoice, wish = raw.get("Invoice"), raw
        try:
            return Outcome(_allocated(writer, present, invoice, wish))
        except ElementRefusalError as error:
            refused = {"ValidationErrors": batches.errors(error.messages)}
            return Outcome({**without_nulls(raw), **refused}, failed=True)

    with writer.state.together():
        return batches.answer("Allocations", inputs.elements("Allocations"), single)


def _allocated(writer: Writer, credit: Doc, invoice: object, raw: Doc) -> Doc:
    if not isinstance(invoice, dict):
        inputs.bad_data("Invoice must be an object")
    named = inputs.guid(invoice, "InvoiceID") or inputs.text(invoice, "InvoiceNumber")
    found = writer.ledger.by_id_or_number(named) if named else None
    if found is None:
        raise ElementRefusalError("An existing invoice with the specified ID could not be found")
    amount, day = inputs.number(raw, "Amount"), inputs.day(raw, "Date")
    return allocation_row(credit, allocations.allocate(writer, credit, found, amount, day))


def _take_off(writer: Writer, credit: Doc, allocation: str) -> Response:
    try:
        with writer.state.together():
            gone = allocations.take_off(writer, credit, allocation)
    except ElementRefusalError as error:
        return validation_error([{"AllocationID": allocation, "ValidationErrors": batches.errors(error.messages)}])
    # The description has the bare allocation here, without an envelope.
    return answer_json(removed_row(gone))
