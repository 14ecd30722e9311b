"""Which Xero contact is a CRM account? By link, by our number, by exact name; similar is never the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.domain.fields import text
from server.domain.reasons import Code, Reason, reason
from server.domain.terms import Terms, sales_terms

LONGEST_NAME = 255
_UNFIT = re.compile("[<>\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class UseContact:
    """matched_by: link, number or name. terms: the contact's own for sales, where its document was read."""

    account_id: str
    contact_id: str
    name: str
    matched_by: str
    terms: Terms | None = None


@dataclass(frozen=True)
class NewContact:
    """To be created. `number` is our ContactNumber, by which it is found again."""

    account_id: str
    name: str
    number: str


@dataclass(frozen=True)
class NoCustomer:
    reasons: tuple[Reason, ...]


Customer = UseContact | NewContact | NoCustomer


def clean_name(name: str) -> str:
    """As Xero takes it: no < or >, no blanks at the ends or doubled, at most 255 characters (X7).

    An umlaut of two signs becomes the one sign that looks the same.
    """
    plain = _UNFIT.sub(" ", unicodedata.normalize("NFC", name))
    return " ".join(plain.split())[:LONGEST_NAME].rstrip()


def choose(
    account_id: str, account_name: str, linked: Mapping[str, object] | None, candidates: Sequence[Mapping[str, object]]
) -> Customer:
    """The one contact of this account, a new one, or why a person must choose. Never raises."""
    name = clean_name(account_name)
    if linked is not None and text(linked.get("ContactID")):
        return _known(account_id, linked, name, "link")
    if not name:
        return NoCustomer((reason(Code.CUSTOMER_NAMELESS),))
    usable = [each for each in candidates if text(each.get("ContactID"))]
    number = f"Z{account_id}"
    ours = [each for each in usable if each.get("ContactNumber") == number]
    if ours:
        return _known(account_id, ours[0], name, "number")
    named = [each for each in usable if is_active(each) and same_name(text(each.get("Name")) or "", name)]
    if len(named) > 1:
        return NoCustomer((reason(Code.CHOOSE_CUSTOMER, name=name, count=len(named)),))
    return _known(account_id, named[0], name, "name") if named else NewContact(account_id, name, number)


def _known(account_id: str, doc: Mapping[str, object], crm_name: str, matched_by: str) -> Customer:
    """A contact that was merged is followed (X7); one that was archived is the bookkeeper's word."""
    name = text(doc.get("Name")) or crm_name
    merged = text(doc.get("MergedToContactID"))
    if merged is None and not is_active(doc):
        return NoCustomer((reason(Code.CUSTOMER_ARCHIVED, name=name),))
    return UseContact(account_id, merged or text(doc.get("ContactID")) or "", name, matched_by, sales_terms(doc))


def is_active(doc: Mapping[str, object]) -> bool:
    return doc.get("ContactStatus", "ACTIVE") == "ACTIVE"


def same_name(one: str, other: str) -> bool:
    """Case and blanks do not tell customers apart; everything else does, also ss and ß."""
    return clean_name(one).lower() == clean_name(other).lower()


def contact_body(new: NewContact) -> dict[str, object]:
    return {"Name": new.name, "ContactNumber": new.number}
