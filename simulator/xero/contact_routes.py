"""Which calls read and write contacts?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from simulator.control import switches_of
from simulator.state import State
from simulator.xero import batches, inputs, listing, rights
from simulator.xero.batches import Outcome
from simulator.xero.contact_rules import ContactRules, parse, shown
from simulator.xero.contact_store import Directory
from simulator.xero.guard import caller
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.where import Getter
from simulator.xero.wire import ZERO_ID, envelope, instant_ms, not_found, without_nulls

Doc = dict[str, Any]
FIELDS: dict[str, Getter] = {
    **{
        name: (lambda row, key=name: row.get(key))  # type: ignore[misc]
        for name in ("ContactID", "Name", "ContactNumber", "AccountNumber", "ContactStatus", "FirstName")
    },
    "LastName": lambda row: row.get("LastName"),
    "EmailAddress": lambda row: row.get("EmailAddress"),
    "IsCustomer": lambda row: row["IsCustomer"],
    "IsSupplier": lambda row: row["IsSupplier"],
    "UpdatedDateUTC": lambda row: row["Updated"],
}
_SEARCHED = ("Name", "FirstName", "LastName", "ContactNumber", "EmailAddress")
# X7: summaryOnly drops what Xero has to work out.
_NOT_IN_SUMMARY = ("IsCustomer", "IsSupplier", "HasAttachments", "ContactPersons", "ContactGroups")


def row_of(doc: Doc, *, full: bool = True) -> Doc:
    """A contact as answers show it."""
    return without_nulls({**shown(doc, full=full), "UpdatedDateUTC": instant_ms(doc["Updated"])})


def add_routes(routes: Blueprint, state: State) -> None:
    """GET, PUT and POST Contacts (X7)."""

    def directory() -> Directory:
        return Directory(state, caller().org["id"])

    @routes.get("/Contacts")
    def list_contacts() -> Response:
        return _list(directory())

    @routes.get("/Contacts/<contact>")
    def one_contact(contact: str) -> Response:
        found = directory().by_id_or_number(contact)
        return envelope("Contacts", [row_of(found)]) if found else not_found()

    @routes.put("/Contacts")
    def create_contacts() -> Response:
        return _write(state, directory(), _create)

    @routes.post("/Contacts")
    def save_contacts() -> Response:
        return _write(state, directory(), _create_or_update)

    @routes.post("/Contacts/<contact>")
    def save_contact(contact: str) -> Response:
        found = directory().by_id_or_number(contact)
        if found is None:
            return not_found()
        sent = {**inputs.elements("Contacts")[0], "ContactID": found["ContactID"]}
        return _write(state, directory(), _create_or_update, [sent])


def _list(directory: Directory) -> Response:
    summary = inputs.flag("summaryOnly")
    tests = [_ids(), _archived(), _searched()]
    rows = listing.filtered(directory.all(), tests, FIELDS)
    rows = listing.ordered(rows, FIELDS, "UpdatedDateUTC", "ContactID")
    page = listing.paged(rows, force=summary)
    shown_rows = [_listed(row, paged=page.pagination is not None) for row in page.rows]
    if summary:
        shown_rows = [{k: v for k, v in row.items() if k not in _NOT_IN_SUMMARY} for row in shown_rows]
    return envelope("Contacts", shown_rows, page.pagination)


def _listed(doc: Doc, *, paged: bool) -> Doc:
    """X7: a list without paging leaves some of a contact out; whether its terms are among it is a switch."""
    row = row_of(doc, full=paged)
    if not paged and switches_of()["terms_in_unpaged_list"]:
        row |= without_nulls({"PaymentTerms": doc.get("PaymentTerms") or None})
    return row


def _ids() -> Callable[[Doc], bool] | None:
    ids = inputs.listed("IDs")
    wanted = {one.lower() for one in ids} if ids else None
    return (lambda row: row["ContactID"] in wanted) if wanted else None


def _archived() -> Callable[[Doc], bool] | None:
    """X7: archived contacts are left out unless asked for."""
    return None if inputs.flag("includeArchived") else lambda row: row["ContactStatus"] == "ACTIVE"


def _searched() -> Callable[[Doc], bool] | None:
    term = (inputs.parameter("searchTerm") or "").casefold()
    if not term:
        return None
    return lambda row: any(term in str(row.get(name) or "").casefold() for name in _SEARCHED)


def _write(
    state: State,
    directory: Directory,
    one: Callable[[ContactRules, Doc], Doc],
    sent: list[Doc] | None = None,
) -> Response:
    pairs = [(element, parse(element)) for element in sent or inputs.elements("Contacts")]
    rules = ContactRules(directory, switches_of())

    def single(pair: tuple[Doc, Doc]) -> Outcome:
        try:
            rights.check_write(caller().role)
            return Outcome(row_of(one(rules, pair[1])))
        except ElementRefusalError as error:
            return Outcome(_echo(pair[0], error.messages), failed=True)

    with state.together():
        return batches.answer("Contacts", pairs, single)


def _create(rules: ContactRules, parsed: Doc) -> Doc:
    """PUT: fails on a name or number in use (X7)."""
    if parsed.get("ContactID"):
        rules.match(parsed)
        raise ElementRefusalError("A contact with the specified ContactID exists; PUT creates only.")
    return rules.create(parsed)


def _create_or_update(rules: ContactRules, parsed: Doc) -> Doc:
    """POST: updates the match by ContactID, ContactNumber or Name, else creates (X7)."""
    found = rules.match(parsed)
    return rules.update(found, parsed) if found else rules.create(parsed)


def _echo(sent: Doc, messages: list[str]) -> Doc:
    """A failed contact comes back as it was sent (X5.5, recorded)."""
    kept = {k: v for k, v in sent.items() if not isinstance(v, list | dict) and v is not None}
    lists = {name: sent.get(name) or [] for name in ("Addresses", "Phones", "ContactGroups", "ContactPersons")}
    return {
        "ContactID": ZERO_ID,
        **kept,
        **lists,
        "HasValidationErrors": True,
        "ValidationErrors": batches.errors(messages),
    }
