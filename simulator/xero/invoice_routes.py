"""Which calls read and write invoices?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from simulator.control import switches_of
from simulator.state import State
from simulator.xero import batches, currencies, inputs, invoice_parts, invoice_writes, listing
from simulator.xero.batches import Outcome
from simulator.xero.contact_store import Directory
from simulator.xero.guard import caller, wants_pdf
from simulator.xero.invoice_input import STATUSES, Sent, parse
from simulator.xero.invoice_shapes import View, failed, row_of
from simulator.xero.invoice_writes import SavedDespiteError
from simulator.xero.ledger import Ledger
from simulator.xero.optimised import is_quick
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.where import Getter
from simulator.xero.wire import envelope, not_found
from simulator.xero.writer import Writer

Doc = dict[str, Any]
Test = Callable[[Doc], bool]
_TEXTS = ("InvoiceID", "InvoiceNumber", "Reference", "Status", "Type", "Date", "DueDate", "CurrencyCode")
_MONEY = ("AmountDue", "AmountPaid", "AmountCredited", "Total", "SubTotal", "TotalTax")


def fields_of(directory: Directory) -> dict[str, Getter]:
    """The names that `where` and `order` know (X6.9)."""

    def contact(row: Doc, name: str) -> Any:
        return (directory.get(row["ContactID"]) or {}).get(name)

    texts: dict[str, Getter] = {n: lambda row, n=n: row.get(n) for n in _TEXTS}  # type: ignore[misc]
    money: dict[str, Getter] = {n: lambda row, n=n: Decimal(row[n]) for n in _MONEY}  # type: ignore[misc]
    return {
        **texts,
        **money,
        "UpdatedDateUTC": lambda row: row["Updated"],
        "Contact.ContactID": lambda row: row["ContactID"],
        "Contact.Name": lambda row: contact(row, "Name"),
        "Contact.ContactNumber": lambda row: contact(row, "ContactNumber"),
    }


def add_routes(routes: Blueprint, state: State) -> None:
    """GET, PUT and POST Invoices (X6), and one as PDF (X6.10)."""

    def writer() -> Writer:
        who = caller()
        return Writer(state, who.org, switches_of(), who.role, who.client, inputs.unit_places())

    @routes.get("/Invoices")
    def list_invoices() -> Response:
        return _list(Ledger(state, caller().org), Directory(state, caller().org["id"]))

    @routes.get("/Invoices/<invoice>")
    def one_invoice(invoice: str) -> Response:
        found = Ledger(state, caller().org).by_id_or_number(invoice)
        if found and wants_pdf():
            return Response(invoice_parts.pdf(found), content_type="application/pdf")
        return _one(state, found) if found else not_found()

    @routes.put("/Invoices")
    def create_invoices() -> Response:
        return _write(writer(), [parse(raw) for raw in inputs.elements("Invoices")], invoice_writes.create)

    @routes.post("/Invoices")
    def save_invoices() -> Response:
        sent = [parse(raw) for raw in inputs.elements("Invoices")]
        return _write(writer(), sent, invoice_writes.create_or_update)

    @routes.post("/Invoices/<invoice>")
    def save_invoice(invoice: str) -> Response:
        found = Ledger(state, caller().org).by_id_or_number(invoice)
        if found is None:
            return not_found()
        raw = {**inputs.elements("Invoices")[0], "InvoiceID": found["InvoiceID"]}
        return _write(writer(), [parse(raw)], invoice_writes.create_or_update)


def _one(state: State, found: Doc) -> Response:
    contact = Directory(state, caller().org["id"]).get(found["ContactID"])
    return envelope("Invoices", [row_of(found, contact, "single", places=inputs.unit_places())])


def _write(writer: Writer, sent: list[Sent], one: Callable[[Writer, Sent], Doc]) -> Response:
    def single(element: Sent) -> Outcome:
        try:
            doc = one(writer, element)
        except SavedDespiteError as error:
            contact = writer.directory.get(error.doc["ContactID"])
            return Outcome(failed(element, error.messages, error.doc, contact), failed=True)
        except ElementRefusalError as error:
            found = _meant(writer, element)
            contact = writer.directory.get(found["ContactID"]) if found else None
            return Outcome(failed(element, error.messages, found, contact), failed=True)
        contact = writer.directory.get(doc["ContactID"])
        return Outcome({**row_of(doc, contact, "write", places=writer.places), **_warnings(writer, element, doc)})

    with writer.state.together():
        return batches.answer("Invoices", sent, single)


def _warnings(writer: Writer, sent: Sent, doc: Doc) -> Doc:
    """An odd CurrencyRate does not stop a write (X5.4)."""
    if "CurrencyRate" not in sent.fields or not writer.switches["odd_rate_warns"]:
        return {}
    messages = currencies.rate_warnings(writer.org, doc)
    return {"Warnings": batches.errors(messages)} if messages else {}


def _meant(writer: Writer, sent: Sent) -> Doc | None:
    return writer.ledger.get(sent.invoice) if sent.invoice else None


def _list(ledger: Ledger, directory: Directory) -> Response:
    summary = inputs.flag("summaryOnly")
    statuses = inputs.listed("Statuses")
    fields = fields_of(directory)
    rows = listing.filtered(_candidates(ledger), _tests(statuses), fields, is_quick)
    rows = listing.ordered(rows, fields, "UpdatedDateUTC", "InvoiceID")
    # X6.9: Statuses and summaryOnly force paging.
    page = listing.paged(rows, force=summary or bool(statuses))
    view: View = "summary" if summary else "list" if page.pagination is None and not _ids_lines() else "lines"
    found = [row_of(row, directory.get(row["ContactID"]), view, places=inputs.unit_places()) for row in page.rows]
    return envelope("Invoices", found, page.pagination)


def _ids_lines() -> bool:
    """X6.9 is silent on lines in an unpaged list by IDs: a switch."""
    return bool(inputs.listed("IDs")) and bool(switches_of()["ids_list_has_lines"])


def _candidates(ledger: Ledger) -> list[Doc]:
    """All invoices, or the few that IDs or InvoiceNumbers name."""
    ids, numbers = inputs.listed("IDs"), inputs.listed("InvoiceNumbers")
    if ids:
        return [doc for doc in (ledger.get(one.lower()) for one in dict.fromkeys(ids)) if doc]
    if numbers:
        folded = {number.casefold(): number for number in numbers}
        return [doc for number in folded.values() for doc in ledger.by_number(number)]
    return ledger.all()


def _tests(statuses: list[str] | None) -> list[Test | None]:
    return [_in_statuses(statuses), _by_numbers(), _by_contacts(), _by_app(), _searched()]


def _in_statuses(statuses: list[str] | None) -> Test | None:
    if statuses:
        wrong = [status for status in statuses if status.upper() not in STATUSES]
        if wrong:
            inputs.bad_data(f"Error converting value {wrong[0]!r} to type 'Xero.Api.InvoiceStatus'")
        wanted = {status.upper() for status in statuses}
        return lambda row: row["Status"] in wanted
    if switches_of()["deleted_in_unfiltered_list"]:
        return None
    return lambda row: row["Status"] != "DELETED"


def _by_numbers() -> Test | None:
    """IDs and InvoiceNumbers together must both fit."""
    numbers = inputs.listed("InvoiceNumbers")
    if not numbers:
        return None
    wanted = {number.casefold() for number in numbers}
    return lambda row: (row["InvoiceNumber"] or "").casefold() in wanted


def _by_contacts() -> Test | None:
    ids = inputs.listed("ContactIDs")
    wanted = {one.lower() for one in ids} if ids else None
    return (lambda row: row["ContactID"] in wanted) if wanted else None


def _by_app() -> Test | None:
    """createdByMyApp: what this app made through the API (X6.9)."""
    client = caller().client
    return (lambda row: row["App"] == client) if inputs.flag("createdByMyApp") else None


def _searched() -> Test | None:
    """searchTerm looks into InvoiceNumber and Reference, whatever the letter case (X6.9)."""
    term = (inputs.parameter("searchTerm") or "").casefold()
    if not term:
        return None
    return lambda row: any(term in (row.get(n) or "").casefold() for n in ("InvoiceNumber", "Reference"))
