"""Is nobody ever billed for somebody else? Customers and contacts whose true pairs are known, and random ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.customer import Customer, NewContact, NoCustomer, Standing, UseContact, choose
from server.domain.customer_facts import Known, clean_name, index_keys, searched_keys
from tests.domain.any_json import NASTY_TEXT

Doc = dict[str, Any]
NEW, ASK = "a new contact", "a person must say"


def at(country: str, **more: str) -> Doc:
    return {"Addresses": [{"AddressType": "POBOX", "Country": country, **more}]}


# In Xero: id -> its document.
XERO: dict[str, Doc] = {
    "umlaut": {"Name": "Müller Küchen GmbH", **at("Germany")},
    "umlaut-spelt-out": {"Name": "Mueller Kuechen GmbH"},
    "no-umlaut": {"Name": "Muller Kuchen GmbH"},
    "double-s": {"Name": "Weiss & Co"},
    "strasse": {"Name": "Hauptstraße 5 Café"},
    "pty": {"Name": "Corner Café Pty Ltd", "AccountNumber": "C-100"},
    "ltd": {"Name": "Corner Café Ltd"},
    "bare": {"Name": "Harbour Supplies"},
    "elm": {"Name": "Elm Street Studio", "EmailAddress": "office@elm.example"},
    "elm-2": {"Name": "Elm Street Gallery", "EmailAddress": "office@elm.example"},
    "smith-a": {"Name": "John Smith", "EmailAddress": "john@smith-a.example", **at("AU")},
    "smith-b": {"Name": "John  Smith", "EmailAddress": "john@smith-b.example", **at("NZ")},
    "smith-c": {"Name": "JOHN SMITH", "EmailAddress": "john@smith-c.example", **at("GB")},
    "archived": {"Name": "Old Mill", "ContactStatus": "ARCHIVED"},
    "archived-numbered": {"Name": "Old Mill Stores", "AccountNumber": "M-9", "ContactStatus": "ARCHIVED"},
    "merged": {"Name": "Brightwater", "ContactStatus": "ARCHIVED", "MergedToContactID": "stayed"},
    "stayed": {"Name": "Brightwater Dental Group"},
    "twin": {"Name": "Twin Pines", "ContactNumber": "Z600000000009901"},
    "renamed": {"Name": "Northern Light Pty Ltd", "AccountNumber": "77"},
    "same-number-1": {"Name": "First of the number", "AccountNumber": "88"},
    "same-number-2": {"Name": "Second of the number", "AccountNumber": "88"},
    "abn": {"Name": "Quiet Harbour", "TaxNumber": "51824753556"},
    "anna": {"Name": "Smith, Anna", "EmailAddress": "smith@home.example"},
    "gone": {"Name": "Forgotten Person", "ContactStatus": "GDPRREQUEST"},
    "spaced": {"Name": "Ink Well"},
    "family": {"Name": "Brook", "EmailAddress": "brook@home.example"},
}


@dataclass(frozen=True)
class Case:
    what: str
    known: Mapping[str, str]
    truth: str
    person: bool = False
    taken: tuple[str, ...] = ()


def case(what: str, truth: str, name: str, *, person: bool = False, taken: Sequence[str] = (), **known: str) -> Case:
    return Case(what, {"name": name, **known}, truth, person, tuple(taken))


CASES = [
    case("an umlaut", "umlaut", "MÜLLER  Küchen GmbH"),
    case("an umlaut of two signs", "umlaut", "Mu\u0308ller Ku\u0308chen GmbH"),
    case("an umlaut spelt out", "umlaut-spelt-out", "MUELLER KUECHEN GMBH"),
    case("an umlaut left out", "no-umlaut", "Muller Kuchen GmbH"),
    case("an umlaut in the wrong place", NEW, "Müller Kuchen GmbH"),
    case("ß is not ss", NEW, "Weiß & Co"),
    case("ss is not ß", NEW, "Hauptstrasse 5 Café"),
    case("é is not e", NEW, "Hauptstraße 5 Cafe"),
    case("Ltd is not Pty Ltd", "ltd", "corner café ltd"),
    case("Pty Ltd", "pty", "Corner Café Pty Ltd"),
    case("Pty Limited", NEW, "Corner Café Pty Limited"),
    case("neither Ltd nor Pty", NEW, "Corner Café"),
    case("Inc", NEW, "Harbour Supplies Inc"),
    case("a dot more", NEW, "Harbour Supplies."),
    case("a word less", NEW, "Harbour"),
    case("one word of two", NEW, "Inkwell"),
    case("two words of one", NEW, "Har bour Supplies"),
    case("a shared e-mail of another firm", NEW, "Elm Street Bakery", email="office@elm.example"),
    case("a shared e-mail and its own name", "elm", "elm street studio", email="office@elm.example"),
    case("another e-mail under its name", ASK, "Elm Street Studio", email="info@studio.example"),
    case("three John Smiths", ASK, "John Smith"),
    case("three John Smiths, one in New Zealand", "smith-b", "John Smith", country="New Zealand"),
    case("three John Smiths, none in Ireland", ASK, "John Smith", country="Ireland"),
    case("a firm of three, by an e-mail that speaks against two", ASK, "John Smith", email="john@smith-c.example"),
    case("three persons, one e-mail", "smith-c", "John Smith", email="john@smith-c.example", person=True),
    case("three persons, another e-mail", ASK, "John Smith", email="john@smith-d.example", person=True),
    case("three persons, the one is another's", ASK, "john smith", email="john@smith-a.example", person=True,
         taken=["smith-a"]),
    case("one e-mail and all words of a name", "anna", "Anna Smith", email="smith@home.example", person=True),
    case("one e-mail and another first name", ASK, "Bob Smith", email="smith@home.example", person=True),
    case("one e-mail, a firm", NEW, "Anna Smith", email="smith@home.example"),
    case("one e-mail of two contacts", ASK, "Elm Street", email="office@elm.example", person=True),
    case("one e-mail and a family's name", ASK, "Clara Brook", email="brook@home.example", person=True),
    case("a name before a shared e-mail", "elm", "Elm Street Studio", email="office@elm.example", person=True),
    case("an archived namesake", NEW, "Old Mill"),
    case("an archived account number", ASK, "Old Mill Stores", account_number="M-9"),
    case("a namesake who asked to be forgotten", NEW, "Forgotten Person"),
    case("a merged namesake", "stayed", "BRIGHTWATER"),
    case("a merged namesake that another has", ASK, "Brightwater", taken=["stayed"]),
    case("an account of the same name", ASK, "Twin Pines"),
    case("an account of the same name, linked", ASK, "Harbour Supplies", taken=["bare"]),
    case("a renamed one", "renamed", "Southern Cross", account_number="77"),
    case("a renamed one that another has", ASK, "Southern Cross", account_number="77", taken=["renamed"]),
    case("an account number twice", ASK, "First of the number", account_number="88"),
    case("an account number of another than the name", ASK, "Harbour Supplies", account_number="77"),
    case("another tax number", ASK, "Quiet Harbour", tax_number="83914571673"),
    case("its tax number, written otherwise", "abn", "Quiet Harbour", tax_number="ABN 51 824 753 556"),
    case("a tax number and another name", NEW, "Loud Harbour", tax_number="51 824 753 556"),
    case("another country", ASK, "Müller Küchen GmbH", country="Austria"),
    case("its country in its own words", "umlaut", "Müller Küchen GmbH", country="Deutschland"),
]  # fmt: skip


def decided(case: Case) -> Customer:
    """By the candidates that the index finds: whatever has one of the keys in common, and what that was merged into."""
    known = Known("600000000009001", **case.known)
    docs = [{"ContactID": each, "ContactStatus": "ACTIVE", **doc} for each, doc in XERO.items()]
    wanted = searched_keys(known, by_email=case.person)
    candidates = [doc for doc in docs if any(index_keys(doc)[name] == key for name, key in wanted.items())]
    into = {doc.get("MergedToContactID") for doc in candidates}
    candidates += [doc for doc in docs if doc["ContactID"] in into]
    return choose(known, None, candidates, Standing(taken=frozenset(case.taken), by_email=case.person))


def word_of(customer: Customer) -> str:
    if isinstance(customer, UseContact):
        return customer.contact_id
    return NEW if isinstance(customer, NewContact) else ASK


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.what)
def test_the_truth_is_found_or_asked_for(one: Case) -> None:
    assert word_of(decided(one)) == one.truth


def test_no_wrong_automatic_links() -> None:
    """The count that matters, said once for the whole set: a question too many is allowed, a wrong link is not."""
    links = [(one.what, word_of(decided(one)), one.truth) for one in CASES if isinstance(decided(one), UseContact)]
    assert [each for each in links if each[1] != each[2]] == []
    assert len(links) > 10


NAMES = st.sampled_from(["John Smith", "JOHN  SMITH", "Müller", "Mueller", "Weiß", "Weiss", "A", "", " "]) | NASTY_TEXT
SHORT = st.sampled_from(["", "0", "7", "77", " 77", "AU", "Australia", "NZ", "a@b.example", "c@d.example"]) | st.none()
CONTACTS = st.lists(
    st.fixed_dictionaries(
        {"ContactID": st.sampled_from(["c1", "c2", "c3", "c4", ""]), "Name": NAMES},
        optional={
            "ContactNumber": st.sampled_from(["Z9001", "Z600000000009002", "C-1", ""]),
            "AccountNumber": SHORT,
            "EmailAddress": SHORT,
            "TaxNumber": SHORT,
            "Addresses": st.lists(st.fixed_dictionaries({"Country": SHORT}), max_size=2) | SHORT,
            "ContactStatus": st.sampled_from(["ACTIVE", "ARCHIVED", "GDPRREQUEST"]),
            "MergedToContactID": st.sampled_from(["c1", "c2", "c3", "c9"]),
        },
    ),
    max_size=5,
    unique_by=lambda doc: str(doc["ContactID"]),
)
KNOWN = st.builds(
    Known,
    record_id=st.just("9001"),
    name=NAMES,
    account_number=SHORT,
    email=SHORT,
    tax_number=SHORT,
    country=SHORT,
)
STANDINGS = st.builds(
    Standing,
    taken=st.frozensets(st.sampled_from(["c1", "c2", "c3"]), max_size=2),
    untied=st.frozensets(st.sampled_from(["c1", "c2", "c3"]), max_size=2),
    create=st.booleans(),
    by_email=st.booleans(),
)


@given(known=KNOWN, docs=CONTACTS, standing=STANDINGS, order=st.randoms(use_true_random=False))
def test_whatever_both_sides_say(known: Known, docs: list[Doc], standing: Standing, order: Any) -> None:
    """A contact is used only where one of the allowed reasons is true of exactly it; the order of an answer means
    nothing; nobody's contact is taken; no two are made of one name."""
    customer = choose(known, None, docs, standing)
    mixed = list(docs)
    order.shuffle(mixed)
    assert word_of(choose(known, None, mixed, standing)) == word_of(customer)
    if isinstance(customer, UseContact):
        assert customer.contact_id not in standing.taken | standing.untied
        assert customer.matched_by in ("number", "account_number", "name", "email")
        held = next((doc for doc in docs if doc["ContactID"] == customer.contact_id), {"ContactStatus": "ACTIVE"})
        assert held.get("ContactStatus", "ACTIVE") == "ACTIVE" or held.get("MergedToContactID")
        assert customer.matched_by != "email" or standing.by_email
        assert held.get("ContactNumber") != "Z600000000009002" or customer.matched_by == "number"
    if isinstance(customer, NewContact):
        active = [doc for doc in docs if doc.get("ContactStatus", "ACTIVE") == "ACTIVE" and doc["ContactID"]]
        assert clean_name(customer.name).lower() not in [clean_name(doc["Name"]).lower() for doc in active]
    if isinstance(customer, NoCustomer):
        assert len(customer.reasons) == 1


def test_who_is_active_was_merged_into_nobody() -> None:
    """Whatever else an answer says of an active contact: it has the name, so no second one is made."""
    known = Known("9001", "Müller")
    went = {"ContactID": "c2", "Name": "Müller", "ContactStatus": "ARCHIVED", "ContactNumber": "Z9001"}
    docs = [{"ContactID": "c3", "Name": "Müller", "MergedToContactID": "c2"}, went]
    found = choose(known, None, docs, Standing(untied=frozenset({"c2"})))
    assert isinstance(found, UseContact) and found.contact_id == "c3"
