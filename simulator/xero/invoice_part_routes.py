"""Which calls reach what hangs on an invoice: online page, PDF, e-mail, history?"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from simulator.control import switches_of
from simulator.state import State
from simulator.xero import batches, inputs, invoice_parts, rights
from simulator.xero.batches import Outcome
from simulator.xero.guard import caller
from simulator.xero.invoice_parts import Notes
from simulator.xero.ledger import Ledger
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.wire import envelope, instant_ms, not_found, now_stamp, validation_error
from simulator.xero.writer import Writer

Doc = dict[str, Any]


def add_routes(routes: Blueprint, state: State) -> None:
    """Invoices/{id}/OnlineInvoice, /Email and /History (X6.10); attachments are not imitated."""

    def invoice_of(text: str) -> Doc | None:
        return Ledger(state, caller().org).by_id_or_number(text)

    @routes.get("/Invoices/<invoice>/OnlineInvoice")
    def online(invoice: str) -> Response:
        found = invoice_of(invoice)
        if found is None:
            return not_found()
        try:
            return envelope("OnlineInvoices", [{"OnlineInvoiceUrl": invoice_parts.online_url(found)}])
        except ElementRefusalError as error:
            return _refused(found, error)

    @routes.post("/Invoices/<invoice>/Email")
    def email(invoice: str) -> Response:
        found = invoice_of(invoice)
        return _email(state, found) if found else not_found()

    @routes.get("/Invoices/<invoice>/History")
    def history(invoice: str) -> Response:
        found = invoice_of(invoice)
        rows = Notes(state, caller().org["id"]).of(found["InvoiceID"]) if found else []
        return envelope("HistoryRecords", [_record(row) for row in rows]) if found else not_found()

    @routes.put("/Invoices/<invoice>/History")
    def add_notes(invoice: str) -> Response:
        return _add_notes(Notes(state, caller().org["id"]), invoice_of(invoice))


def _email(state: State, found: Doc) -> Response:
    if request.get_data().strip() not in (b"", b"{}"):
        inputs.bad_data("The body of an email request must be empty")
    who = caller()
    try:
        with state.together():
            invoice_parts.send(Writer(state, who.org, switches_of(), who.role, who.client), found)
    except ElementRefusalError as error:
        return _refused(found, error)
    return Response(status=204)


def _refused(found: Doc, error: ElementRefusalError) -> Response:
    return validation_error([{"InvoiceID": found["InvoiceID"], "ValidationErrors": batches.errors(error.messages)}])


def _add_notes(notes: Notes, found: Doc | None) -> Response:
    """Each note by itself; an unknown invoice is an element's error here (X10)."""

    def single(sent: Doc) -> Outcome:
        details = inputs.text(sent, "Details") or ""
        try:
            rights.check_write(caller().role)
            if found is None:
                raise ElementRefusalError(invoice_parts.NO_SUCH_DOCUMENT)
            made = notes.add(found["InvoiceID"], details)
        except ElementRefusalError as error:
            echo = _short(now_stamp(), details)
            return Outcome({**echo, "ValidationErrors": batches.errors(error.messages)}, failed=True)
        return Outcome({**_short(made["At"], made["Details"]), "ValidationErrors": []})

    return batches.answer("HistoryRecords", inputs.elements("HistoryRecords"), single)


def _short(at: str, details: str) -> Doc:
    return {"DateUTCString": at[:19], "DateUTC": instant_ms(at, offset=False), "Details": details}


def _record(row: Doc) -> Doc:
    """X6.10: notes by API show the user "System Generated"."""
    stamps = {"DateUTCString": row["At"][:19], "DateUTC": instant_ms(row["At"])}
    return {"Changes": row["Changes"], **stamps, "User": row["User"], "Details": row["Details"]}
