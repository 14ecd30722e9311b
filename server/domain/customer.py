"""Which Xero contact is a CRM account? By link, by our number, by exact name; similar is never the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.domain.fields import text
from server.domain.reasons import Code, Reason, reason

LONGEST_NAME = 255


@dataclass(frozen=True)
class UseContact:
    """matched_by: link, number or name."""

    account_id: str
    contact_id: str
    name: str
    matched_by: str


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
    """As Xero takes it: no < or >, no blanks at the ends or doubled, at most 255 characters (X7)."""
    plain = "".join(" " if char in "<>" or ord(char) < 32 else char for char in name)
    return " ".join(plain.split())[:LONGEST_NAME].rstrip()


def choose(
    account_id: str, account_name: str, linked: Mapping[str, object] | None, candidates: Sequence[Mapping[str, object]]
) -> Customer:
    """The one contact of this account, a new one, or why a person must choose. Never raises."""
    name = clean_name(account_name)
    if linked is not None:
        return UseContact(account_id, text(linked.get("ContactID")) or "", text(linked.get("Name")) or name, "link")
    if not name:
        return NoCustomer((reason(Code.CUSTOMER_NAMELESS),))
    number = f"Z{account_id}"
    ours = [each for each in candidates if each.get("ContactNumber") == number]
    if ours:
        return _ours(account_id, ours[0])
    named = [each for each in candidates if is_active(each) and same_name(text(each.get("Name")) or "", name)]
    if len(named) > 1:
        return NoCustomer((reason(Code.CHOOSE_CUSTOMER, name=name, count=len(named)),))
    if named:
        return UseContact(account_id, text(named[0].get("ContactID")) or "", text(named[0].get("Name")) or name, "name")
    return NewContact(account_id, name, number)


def _ours(account_id: str, doc: Mapping[str, object]) -> Customer:
    """A contact of ours that was merged is followed; one that was archived is the bookkeeper's word."""
    name = text(doc.get("Name")) or ""
    merged = text(doc.get("MergedToContactID"))
    if merged:
        return UseContact(account_id, merged, name, "number")
    if not is_active(doc):
        return NoCustomer((reason(Code.CUSTOMER_ARCHIVED, name=name),))
    return UseContact(account_id, text(doc.get("ContactID")) or "", name, "number")


def is_active(doc: Mapping[str, object]) -> bool:
    return doc.get("ContactStatus", "ACTIVE") == "ACTIVE"


def same_name(one: str, other: str) -> bool:
    """Case and blanks do not tell customers apart; everything else does."""
    return clean_name(one).casefold() == clean_name(other).casefold()


def contact_body(new: NewContact) -> dict[str, object]:
    return {"Name": new.name, "ContactNumber": new.number}
