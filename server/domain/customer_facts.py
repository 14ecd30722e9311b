"""What do CRM and Xero tell of a customer, by which the two can be the same, or cannot be? Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from server.domain.customer_countries import country_key
from server.domain.fields import rows, text
from server.domain.values import ACCOUNT, CONTACT, CustomerRule

LONGEST_NAME = 255
SHORTEST_TAX_NUMBER = 8  # signs; less of one is no proof that a longer one ends in the same number
_UNFIT = re.compile("[<>\x00-\x1f\x7f-\x9f]")
# CRM's fields of either module, by what they tell.
_FIELDS: Mapping[str, Mapping[str, str | None]] = {
    ACCOUNT: {
        "account_number": "Account_Number",
        "email": None,  # accounts have none (Z6)
        "country": "Billing_Country",
        "phone": "Phone",
        "street": "Billing_Street",
        "city": "Billing_City",
        "region": "Billing_State",
        "post_code": "Billing_Code",
    },
    CONTACT: {
        "account_number": None,
        "email": "Email",
        "country": "Mailing_Country",
        "phone": "Phone",
        "street": "Mailing_Street",
        "city": "Mailing_City",
        "region": "Mailing_State",
        "post_code": "Mailing_Zip",
    },
}
MATCHED = ("account_number", "email", "country")
ADDRESS = ("street", "city", "region", "post_code", "country")


@dataclass(frozen=True)
class Known:
    """What CRM tells of one customer. `told`: what of it may go to Xero with a new contact."""

    record_id: str
    name: str
    account_number: str | None = None
    email: str | None = None
    tax_number: str | None = None
    country: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)


def fields_to_read(rule: CustomerRule) -> list[str]:
    """The CRM fields that matching and a new contact need."""
    names = [name for what, name in _FIELDS[rule.source].items() if name and (what in MATCHED or what in sent(rule))]
    return [*names, *([rule.tax_number_field] if rule.tax_number_field else [])]


def sent(rule: CustomerRule) -> tuple[str, ...]:
    """What of a customer goes to Xero when its contact is made, besides its name."""
    address = ADDRESS if rule.address else ()
    return (*address, *(("phone",) if rule.phone else ()), *(("tax_number",) if rule.tax_number_field else ()))


def sent_fields(rule: CustomerRule) -> dict[str, str]:
    """The same as CRM's fields, by what they tell."""
    names: dict[str, str | None] = {**_FIELDS[rule.source], "tax_number": rule.tax_number_field}
    return {what: name for what in sent(rule) if (name := names.get(what))}


def read_customer(record_id: str, name: str, record: Mapping[str, object], rule: CustomerRule) -> Known:
    """`record`: as far as CRM shows it; an empty one leaves the name alone. Never raises."""
    told = {what: text(record.get(field_name or "")) for what, field_name in _FIELDS[rule.source].items()}
    told["tax_number"] = text(record.get(rule.tax_number_field or ""))
    return Known(
        record_id,
        name,
        told["account_number"],
        told["email"],
        told["tax_number"],
        told["country"],
        {what: value for what in sent(rule) if (value := told.get(what))},
    )


def clean_name(name: str) -> str:
    """As Xero takes it: no < or >, no blanks at the ends or doubled, at most 255 characters (X7).

    An umlaut of two signs becomes the one sign that looks the same.
    """
    plain = _UNFIT.sub(" ", unicodedata.normalize("NFC", text(name) or ""))
    return " ".join(plain.split())[:LONGEST_NAME].rstrip()


def name_key(name: object) -> str | None:
    """Case and blanks do not tell customers apart; everything else does, also ss and ß."""
    return clean_name(name if isinstance(name, str) else "").lower() or None


def same_name(one: str, other: str) -> bool:
    return clean_name(one).lower() == clean_name(other).lower()


def account_key(number: object) -> str | None:
    """A zero is what CRM shows where nobody gave a number."""
    key = (text(number) or "").casefold()
    return key if key.strip("0") else None


def email_key(address: object) -> str | None:
    key = (text(address) or "").casefold()
    return key if "@" in key else None


def tax_key(number: object) -> str | None:
    key = "".join(sign for sign in (text(number) or "").upper() if sign.isalnum())
    return key or None


def same_tax_number(one: str, other: str) -> bool:
    """ABN 51 824 753 556 and 51824753556 are one number; of a short one the end is no proof."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= SHORTEST_TAX_NUMBER and long.endswith(short))


def emails_of(doc: Mapping[str, object]) -> set[str]:
    """Every address of a contact in Xero, those of its persons too."""
    found = (email_key(each.get("EmailAddress")) for each in (doc, *rows(doc.get("ContactPersons"))))
    return {each for each in found if each}


def countries_of(doc: Mapping[str, object]) -> set[str]:
    found = (country_key(text(each.get("Country"))) for each in rows(doc.get("Addresses")))
    return {each for each in found if each}


def index_keys(doc: Mapping[str, object]) -> dict[str, str | None]:
    """By what a contact of Xero's is found again. What the index keeps of them are keyed hashes."""
    return {
        "number": text(doc.get("ContactNumber")),
        "account_number": account_key(doc.get("AccountNumber")),
        "name": name_key(doc.get("Name")),
        "email": email_key(doc.get("EmailAddress")),
        "tax_number": tax_key(doc.get("TaxNumber")),
        "country": min(countries_of(doc), default=None),
    }


def searched_keys(known: Known, *, by_email: bool) -> dict[str, str]:
    """By what the contact of a CRM customer is looked for in the index."""
    keys = {
        "number": f"Z{known.record_id}",
        "account_number": account_key(known.account_number),
        "name": name_key(known.name),
        "email": email_key(known.email) if by_email else None,
    }
    return {name: key for name, key in keys.items() if key}


def contradictions(known: Known, doc: Mapping[str, object]) -> Iterator[str]:
    """What both sides know and know differently: then they are not the same, whatever the name says."""
    email, emails = email_key(known.email), emails_of(doc)
    if email and emails and email not in emails:
        yield "email"
    ours, theirs = tax_key(known.tax_number), tax_key(doc.get("TaxNumber"))
    if ours and theirs and not same_tax_number(ours, theirs):
        yield "tax_number"
    country, countries = country_key(known.country), countries_of(doc)
    if country and countries and country not in countries:
        yield "country"


def agreements(known: Known, doc: Mapping[str, object]) -> Iterator[str]:
    """What both sides know alike, besides the name."""
    if (key := account_key(known.account_number)) and key == account_key(doc.get("AccountNumber")):
        yield "account_number"
    if (email := email_key(known.email)) and email in emails_of(doc):
        yield "email"
    ours, theirs = tax_key(known.tax_number), tax_key(doc.get("TaxNumber"))
    if ours and theirs and same_tax_number(ours, theirs):
        yield "tax_number"
    if (country := country_key(known.country)) and country in countries_of(doc):
        yield "country"


def words_of(name: str) -> frozenset[str]:
    """The words of a name, whatever their order, signs and case."""
    plain = "".join(sign if sign.isalnum() else " " for sign in clean_name(name).lower())
    return frozenset(plain.split())


def goes_with(one: str, other: str) -> bool:
    """Whether one name holds all words of the other: "Smith, Anna" and "Anna Maria Smith", but not "Bob Smith"."""
    ours, theirs = words_of(one), words_of(other)
    few = min(ours, theirs, key=len)
    return len(few) > 1 and (ours <= theirs or theirs <= ours)
