"""May this contact be made or changed, and what does it become?"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from simulator.facts import Switches
from simulator.xero import inputs, payment_terms
from simulator.xero.contact_store import Directory
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.wire import new_id, not_found, not_imitated, now_stamp

Doc = dict[str, Any]
_TEXTS = {
    "Name": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "FirstName": 255,
    "LastName": 255,
    "CompanyNumber": 50,
    "EmailAddress": 255,
    "TaxNumber": 50,
    "BankAccountDetails": 255,
    "AccountsReceivableTaxType": 50,
    "AccountsPayableTaxType": 50,
    "DefaultCurrency": 3,
}
_STRUCTURES = ("BatchPayments", "SalesTrackingCategories", "PurchasesTrackingCategories")
# What a write changes in parts; the rest stays as it was (X7).
_MERGED = ("Addresses", "Phones", "PaymentTerms")
ADDRESS_TYPES = ("STREET", "POBOX")
ADDRESS_FIELDS = {
    **{f"AddressLine{n}": 500 for n in range(1, 5)},
    "City": 255,
    "Region": 255,
    "PostalCode": 50,
    "Country": 50,
    "AttentionTo": 255,
}
PHONE_TYPES = ("DDI", "DEFAULT", "FAX", "MOBILE")
PHONE_FIELDS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
_PERSON_FIELDS = ("FirstName", "LastName", "EmailAddress")
_EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")

ARCHIVED_EDIT = (
    "The specified contact details matched an archived contact. Archived contacts cannot currently be "
    "edited via the API."
)
ARCHIVED_INVOICE = (
    "The contact with the specified contact details has been archived. The contact must be un-archived "
    "before creating new invoices or credit notes."
)
NO_KEYS = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
NUMBER_TAKEN = "Another contact has this contact number. Please enter a different contact number."
ACCOUNT_TAKEN = "Another contact has this account number."
NO_SUCH_CONTACT = "The Contact with the specified ContactID could not be found"


def name_taken(name: str) -> str:
    """The sentence of X7, recorded."""
    return (
        f"The contact name {name} is already assigned to another contact. "
        "The contact name must be unique across all active contacts."
    )


def parse(sent: Doc) -> Doc:
    """The known fields of a sent contact, type-checked; unknown fields are ignored as Xero does."""
    for name in _STRUCTURES:
        if sent.get(name):
            raise WholeRefusalError(not_imitated(f"{name} of contacts"))
    parsed: Doc = {name: inputs.text(sent, name) for name in _TEXTS if sent.get(name) is not None}
    if sent.get("ContactID"):
        parsed["ContactID"] = inputs.guid(sent, "ContactID")
    statuses = ("ACTIVE", "ARCHIVED", "GDPRREQUEST")
    status = inputs.choice(sent, "ContactStatus", statuses, "ContactStatus")
    if status:
        parsed["ContactStatus"] = status
    if sent.get("PaymentTerms") is not None:
        parsed["PaymentTerms"] = payment_terms.parse(sent["PaymentTerms"])
    for name in ("Addresses", "Phones", "ContactPersons"):
        rows = sent.get(name)
        if rows is None:
            continue
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            inputs.bad_data(f"{name} must be a list of objects")
        parsed[name] = rows
    return parsed


class ContactRules:
    """The rules of X7 for one organisation."""

    def __init__(self, directory: Directory, switches: Switches) -> None:
        self._directory, self._switches = directory, switches

    def create(self, parsed: Doc) -> Doc:
        """A new contact from parsed fields, saved; refuses a taken name or number (X7)."""
        if not parsed.get("Name"):
            raise ElementRefusalError("The contact name cannot be blank.")
        doc = {"ContactID": new_id(), "ContactStatus": "ACTIVE", "IsSupplier": False, "IsCustomer": False}
        return self._saved(doc, {k: v for k, v in parsed.items() if k != "ContactID"})

    def update(self, stored: Doc, parsed: Doc) -> Doc:
        """A changed contact, saved; an archived one cannot be edited (X7, recorded), nor restored (a switch)."""
        restores = parsed.get("ContactStatus") == "ACTIVE" and self._switches["unarchive_by_api"]
        if stored["ContactStatus"] != "ACTIVE" and not restores:
            raise ElementRefusalError(ARCHIVED_EDIT)
        return self._saved(stored, parsed)

    def match(self, parsed: Doc) -> Doc | None:
        """The contact a write means: by ContactID, ContactNumber, then Name (X6.1, X7)."""
        if parsed.get("ContactID"):
            return self._directory.get(parsed["ContactID"]) or self._no_such()
        number, name = parsed.get("ContactNumber"), parsed.get("Name")
        found = self._directory.by_number(number) if number else None
        return found or (self._named(name) if name else None)

    def _named(self, name: str) -> Doc | None:
        found = self._directory.by_name(name)
        if found is None and not self._switches["archived_name_free"]:
            folded = name.casefold()
            return next((c for c in self._directory.all() if c["Name"].casefold() == folded), None)
        return found

    def _no_such(self) -> NoReturn:
        """X5.5: an unknown id in a body is either a 404 or an element's error (unverified)."""
        if self._switches["unknown_id_in_body"] == "404":
            raise WholeRefusalError(not_found())
        raise ElementRefusalError(NO_SUCH_CONTACT)

    def _saved(self, base: Doc, parsed: Doc) -> Doc:
        terms = parsed.get("PaymentTerms", {})
        messages = (
            _wrong(parsed) + payment_terms.wrong(terms, self._switches) + self._clashes(base["ContactID"], parsed)
        )
        if messages:
            raise ElementRefusalError(*messages)
        doc = {**base, **{k: v for k, v in parsed.items() if k not in _MERGED}}
        doc["Addresses"] = _by_type(base.get("Addresses", {}), parsed.get("Addresses"), "AddressType")
        doc["Phones"] = _by_type(base.get("Phones", {}), parsed.get("Phones"), "PhoneType")
        if terms:
            doc["PaymentTerms"] = payment_terms.merged(base.get("PaymentTerms", {}), terms, self._switches)
        doc["Updated"] = now_stamp()
        self._directory.save(doc)
        return doc

    def _clashes(self, own: str, parsed: Doc) -> list[str]:
        messages = []
        name, number = parsed.get("Name"), parsed.get("ContactNumber")
        holder = self._named(name) if name else None
        if holder and holder["ContactID"] != own:
            messages.append(name_taken(str(name)))
        holder = self._directory.by_number(number) if number else None
        if holder and holder["ContactID"] != own:
            messages.append(NUMBER_TAKEN)
        account = parsed.get("AccountNumber")
        if account and self._switches["account_number_unique"] and self._has_account(account, own):
            messages.append(ACCOUNT_TAKEN)
        return messages

    def _has_account(self, account: str, own: str) -> bool:
        folded = account.casefold()
        others = (one for one in self._directory.all() if one["ContactID"] != own)
        return any((one.get("AccountNumber") or "").casefold() == folded for one in others)


def _by_type(old: Doc, sent: list[Doc] | None, key: str) -> Doc:
    """Sending one address or phone leaves the others (X7)."""
    changed = {str(row.get(key)): {k: v for k, v in row.items() if v is not None} for row in sent or []}
    return {**old, **changed}


def _wrong(parsed: Doc) -> list[str]:
    """Broken field rules of X7; where no source has Xero's words, ours are used."""
    messages = [
        f"The value of {name} is too long: at most {most} characters are allowed."
        for name, most in _TEXTS.items()
        if len(parsed.get(name) or "") > most
    ]
    name = parsed.get("Name")
    if name is not None and (name != " ".join(name.split()) or "<" in name or ">" in name or not name):
        messages.append("The contact name has blanks at its ends, doubled blanks, or < or >.")
    email = parsed.get("EmailAddress")
    if email and not _EMAIL.match(email):
        messages.append("Email address must be valid.")
    if len(parsed.get("ContactPersons") or []) > 5:
        messages.append("At most 5 contact persons are allowed.")
    messages += _wrong_rows(parsed.get("Addresses"), "AddressType", ADDRESS_TYPES, ADDRESS_FIELDS)
    return messages + _wrong_rows(parsed.get("Phones"), "PhoneType", (*PHONE_TYPES, "OFFICE"), PHONE_FIELDS)


def _wrong_rows(rows: list[Doc] | None, key: str, kinds: tuple[str, ...], most: dict[str, int]) -> list[str]:
    messages = []
    for row in rows or []:
        if row.get(key) not in kinds:
            messages.append(f"{key} must be one of {', '.join(kinds)}.")
        messages += [f"{name} is too long." for name, n in most.items() if len(str(row.get(name) or "")) > n]
    return messages


def shown(doc: Doc, *, full: bool = True) -> Doc:
    """The full contact of single GETs, paged lists and writes (X6.8, X7): every address and phone."""
    return {
        "ContactID": doc["ContactID"],
        "ContactNumber": doc.get("ContactNumber"),
        "AccountNumber": doc.get("AccountNumber"),
        "ContactStatus": doc["ContactStatus"],
        "MergedToContactID": doc.get("MergedToContactID") if full else None,
        **{name: doc.get(name) for name in _TEXTS if name not in ("ContactNumber", "AccountNumber")},
        "EmailAddress": doc.get("EmailAddress") or "",
        "BankAccountDetails": doc.get("BankAccountDetails") or "",
        "Addresses": [_filled("AddressType", kind, doc, ADDRESS_FIELDS) for kind in ADDRESS_TYPES],
        "Phones": [_filled("PhoneType", kind, doc, PHONE_FIELDS) for kind in PHONE_TYPES],
        "PaymentTerms": (doc.get("PaymentTerms") or None) if full else None,
        "ContactGroups": [],
        "IsSupplier": doc["IsSupplier"],
        "IsCustomer": doc["IsCustomer"],
        "ContactPersons": [_person(person) for person in doc.get("ContactPersons") or []],
        "HasAttachments": False,
        "HasValidationErrors": False,
    }


def short(doc: Doc) -> Doc:
    """The contact inside a list of invoices (X6.8)."""
    empty: Doc = {name: [] for name in ("Addresses", "Phones", "ContactGroups", "ContactPersons")}
    return {
        "ContactID": doc["ContactID"],
        "Name": doc["Name"],
        **empty,
        "HasValidationErrors": False,
    }


def _filled(key: str, kind: str, doc: Doc, fields: dict[str, int]) -> Doc:
    stored = doc["Addresses" if key == "AddressType" else "Phones"].get(kind, {})
    # X7: empty strings stand for what was never set, but address lines appear only when they hold text.
    shown_fields = [f for f in fields if not f.startswith(("AddressLine", "Attention")) or stored.get(f)]
    return {key: kind, **{field: str(stored.get(field) or "") for field in shown_fields}}


def _person(person: Doc) -> Doc:
    include = person.get("IncludeInEmails") is True
    return {**{k: person[k] for k in _PERSON_FIELDS if person.get(k)}, "IncludeInEmails": include}
