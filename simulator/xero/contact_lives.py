"""What can a person in Xero do to a contact that the API cannot: merge it, take it out of the archive?"""

from __future__ import annotations

from typing import Any

from simulator.xero.contact_rules import name_taken
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.wire import now_stamp
from simulator.xero.writer import Writer

Doc = dict[str, Any]


def named(writer: Writer, text: object) -> Doc:
    """The contact a person means: by id, name or contact number, active ones first."""
    wanted = str(text or "").strip()
    directory = writer.directory
    found = directory.get(wanted.lower()) or directory.by_name(wanted) or directory.by_number(wanted)
    if found is None:
        folded = wanted.casefold()
        found = next((one for one in directory.all() if one["Name"].casefold() == folded), None)
    if found is None or not wanted:
        raise ElementRefusalError("There is no such contact.")
    return found


def restore(writer: Writer, contact: Doc) -> Doc:
    """Out of the archive, when its name is still free (X7, X11.10); a merged one by a switch (unverified)."""
    if contact["ContactStatus"] == "ACTIVE":
        raise ElementRefusalError("This contact is not archived.")
    if contact.get("MergedToContactID") and not writer.switches["merged_contact_restorable"]:
        raise ElementRefusalError("A merged contact cannot be restored.")
    holder = writer.directory.by_name(contact["Name"])
    if holder:
        raise ElementRefusalError(name_taken(contact["Name"]))
    kept = {**contact, "ContactStatus": "ACTIVE", "MergedToContactID": None, "Updated": now_stamp()}
    writer.directory.save(kept)
    return kept


def merge(writer: Writer, gone: Doc, into: Doc) -> None:
    """The first is ARCHIVED with MergedToContactID (X7); its documents become the second's."""
    if gone["ContactID"] == into["ContactID"]:
        raise ElementRefusalError("A contact cannot be merged with itself.")
    if gone["ContactStatus"] != "ACTIVE" or into["ContactStatus"] != "ACTIVE":
        raise ElementRefusalError("Only active contacts can be merged.")
    stamp = {"Updated": now_stamp()} if writer.switches["merge_moves_updated"] else {}
    with writer.state.together():
        for invoice in writer.ledger.all():
            if invoice["ContactID"] == gone["ContactID"]:
                writer.ledger.save({**invoice, "ContactID": into["ContactID"], **stamp})
        for credit in writer.credits.everything():
            if credit["ContactID"] == gone["ContactID"]:
                writer.credits.save({**credit, "ContactID": into["ContactID"], **stamp})
        merged = {"ContactStatus": "ARCHIVED", "MergedToContactID": into["ContactID"], "Updated": now_stamp()}
        writer.directory.save({**gone, **merged})
        marks = {mark: gone[mark] or into[mark] for mark in ("IsCustomer", "IsSupplier")}
        writer.directory.save({**into, **marks})
