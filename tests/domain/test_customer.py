"""Is a CRM customer matched to the right Xero contact, or to none?"""

from __future__ import annotations

from typing import Any

import pytest

from server.domain.customer import (
    Customer,
    NewContact,
    NoCustomer,
    Standing,
    UseContact,
    choose,
    clean_name,
    contact_body,
)
from server.domain.customer_facts import Known
from server.domain.reasons import Code

Doc = dict[str, object]
NOTHING = Standing()


def contact(contact_id: str, name: str, **fields: object) -> Doc:
    return {"ContactID": contact_id, "Name": name, "ContactStatus": "ACTIVE", **fields}


def found(
    name: str, *candidates: Doc, linked: Doc | None = None, standing: Standing = NOTHING, **known: Any
) -> Customer:
    return choose(Known("9001", name, **known), linked, candidates, standing)


def codes(customer: Customer) -> list[Code]:
    assert isinstance(customer, NoCustomer), customer
    return [each.code for each in customer.reasons]


def why(customer: Customer) -> str:
    """What the detail of the one reason ends with."""
    assert codes(customer) == [Code.CHOOSE_CUSTOMER]
    assert isinstance(customer, NoCustomer)
    assert customer.reasons[0].values["customer"] == "9001"
    return customer.reasons[0].detail.removeprefix("We don't guess who {field} is. ")


@pytest.mark.parametrize(
    ("crm", "xero"),
    [
        ("Brightwater Dental Pty Ltd", "Brightwater Dental Pty Ltd"),
        ("BRIGHTWATER dental pty ltd", "Brightwater Dental Pty Ltd"),
        ("  Brightwater   Dental\tPty Ltd ", "Brightwater Dental Pty Ltd"),
        ("Brightwater\u00a0Dental Pty Ltd", "Brightwater Dental Pty Ltd"),
        ("Brightwater <Dental> Pty Ltd", "Brightwater Dental Pty Ltd"),
        ("MÜLLER KÜCHEN GMBH", "Müller Küchen GmbH"),
        ("Mu\u0308ller Ku\u0308chen GmbH", "Müller Küchen GmbH"),
        ("Corner Café", "CORNER CAFÉ"),
    ],
)
def test_case_and_blanks_do_not_tell_customers_apart(crm: str, xero: str) -> None:
    """Nor do two ways of writing the same umlaut, which look alike."""
    assert found(crm, contact("c1", xero)) == UseContact("9001", "c1", xero, "name")


@pytest.mark.parametrize(
    ("crm", "xero"),
    [
        ("Müller Küchen GmbH", "Muller Kuchen GmbH"),
        ("Müller Küchen GmbH", "Mueller Kuechen GmbH"),
        ("Weiß & Co", "Weiss & Co"),
        ("Corner Café", "Corner Café Pty Ltd"),
        ("A.B.C.", "ABC"),
    ],
)
def test_similar_is_not_the_same(crm: str, xero: str) -> None:
    """An invoice to the wrong customer is worse than a new contact."""
    assert found(crm, contact("c1", xero)) == NewContact("9001", crm, "Z9001")


def test_a_link_counts_before_everything() -> None:
    linked = contact("c9", "Renamed in Xero Ltd")
    other = contact("c1", "Brightwater Dental Pty Ltd", ContactNumber="Z9001")
    assert found("Brightwater Dental Pty Ltd", other, linked=linked) == UseContact(
        "9001", "c9", "Renamed in Xero Ltd", "link"
    )


def test_our_number_counts_before_account_number_and_name() -> None:
    """A contact that we made keeps its number when somebody renames it."""
    ours = contact("c2", "Renamed Ltd", ContactNumber="Z9001")
    others = contact("c1", "Brightwater Dental Pty Ltd"), contact("c3", "Another", AccountNumber="A-7")
    customer = found("Brightwater Dental Pty Ltd", *others, ours, account_number="A-7")
    assert customer == UseContact("9001", "c2", "Renamed Ltd", "number")


def test_the_account_number_counts_whatever_the_name() -> None:
    """Xero's AccountNumber is kept by people; a contact that was renamed keeps it."""
    renamed = contact("c1", "Brightwater Group Holdings", AccountNumber=" a-1007 ")
    customer = found("Brightwater Dental Pty Ltd", renamed, account_number="A-1007")
    assert customer == UseContact("9001", "c1", "Brightwater Group Holdings", "account_number")


@pytest.mark.parametrize("number", ["", "0", "000", None])
def test_no_account_number_is_no_account_number(number: str | None) -> None:
    """CRM shows a zero where nobody gave one; two customers without one have nothing in common."""
    other = contact("c1", "Another", AccountNumber=number)
    assert isinstance(found("Brightwater Dental Pty Ltd", other, account_number=number), NewContact)


def test_account_number_and_name_that_name_two_are_not_guessed() -> None:
    by_number, by_name = contact("c1", "Another Ltd", AccountNumber="7"), contact("c2", "Brightwater")
    assert why(found("Brightwater", by_number, by_name, account_number="7")) == "2 contacts there fit."


@pytest.mark.parametrize(
    ("known", "fields", "told"),
    [
        (
            {"email": "anna@brightwater.example"},
            {"EmailAddress": "bob@elm.example"},
            "The one of this name has another e-mail address.",
        ),
        (
            {"tax_number": "51 824 753 556"},
            {"TaxNumber": "83914571673"},
            "The one of this name has another tax number.",
        ),
        (
            {"country": "Australia"},
            {"Addresses": [{"AddressType": "STREET", "Country": ""}, {"AddressType": "POBOX", "Country": "Ireland"}]},
            "The one of this name is in another country.",
        ),
    ],
)
def test_what_both_know_differently_speaks_against_a_name(known: Doc, fields: Doc, told: str) -> None:
    """A contact of that name is not created either, Xero would refuse it: somebody must choose."""
    assert why(found("Brightwater", contact("c1", "Brightwater", **fields), **known)) == told
    for missing in ({}, dict.fromkeys(known, " ")):
        assert isinstance(found("Brightwater", contact("c1", "Brightwater", **fields), **missing), UseContact)


@pytest.mark.parametrize(
    ("known", "fields"),
    [
        ({"email": " ANNA@brightwater.example"}, {"EmailAddress": "anna@Brightwater.example"}),
        (
            {"email": "bob@brightwater.example"},
            {
                "EmailAddress": "office@brightwater.example",
                "ContactPersons": [{"EmailAddress": "bob@brightwater.example"}],
            },
        ),
        ({"tax_number": "ABN 51 824 753 556"}, {"TaxNumber": "51824753556"}),
        ({"tax_number": "de123456789"}, {"TaxNumber": "DE 123 456 789"}),
        ({"country": "UK"}, {"Addresses": [{"Country": "United Kingdom"}]}),
        ({"country": "GBR"}, {"Addresses": [{"Country": "Ireland"}, {"Country": "england"}]}),
        ({"country": "Deutschland"}, {"Addresses": [{"Country": "Germany"}]}),
        ({"country": "Nowhere Land"}, {"Addresses": [{"Country": "NOWHERELAND"}]}),
    ],
)
def test_two_ways_of_writing_one_thing_are_no_contradiction(known: Doc, fields: Doc) -> None:
    assert isinstance(found("Brightwater", contact("c1", "Brightwater", **fields), **known), UseContact)


def test_a_contact_of_another_customer_is_not_taken_from_it() -> None:
    """Whether a link says so, or the number under which we made it."""
    theirs = contact("c1", "Brightwater", ContactNumber="Z600000000009002")
    assert why(found("Brightwater", theirs)) == "The one that fits belongs to another CRM record."
    linked = Standing(taken=frozenset({"c1"}))
    assert why(found("Brightwater", contact("c1", "Brightwater"), standing=linked)) == (
        "The one that fits belongs to another CRM record."
    )
    moved = contact("c1", "Brightwater", ContactNumber="Z9001")
    assert why(found("Brightwater", moved, standing=linked)) == "The one that fits belongs to another CRM record."


def test_a_code_of_the_bookkeepers_is_no_number_of_ours() -> None:
    """Contact codes may begin with a Z too; and a longer number is not ours."""
    assert isinstance(found("Brightwater", contact("c1", "Brightwater", ContactNumber="Z12")), UseContact)
    assert isinstance(found("Brightwater", contact("c2", "Other Ltd", ContactNumber="Z90011")), NewContact)


def test_who_was_untied_by_a_person_is_not_tied_again() -> None:
    untied = Standing(untied=frozenset({"c1"}))
    named, ours = contact("c1", "Brightwater"), contact("c1", "Brightwater", ContactNumber="Z9001")
    for doc in (named, ours):
        assert why(found("Brightwater", doc, standing=untied)) == "Somebody untied the one that fits."
    assert isinstance(
        found("Brightwater", named, contact("c2", "Elm", ContactNumber="Z9001"), standing=untied), UseContact
    )


def test_a_person_may_ask_for_a_new_contact() -> None:
    """Names of active contacts are unique in Xero, so its number tells it apart; ours is still found again."""
    create = Standing(create=True)
    named = contact("c1", "Brightwater", AccountNumber="7")
    new = found("Brightwater", named, standing=create, account_number="1007")
    assert new == NewContact("9001", "Brightwater (1007)", "Z9001")
    assert found("Brightwater", named, standing=create) == NewContact("9001", "Brightwater (9001)", "Z9001")
    assert found("Elm", named, standing=create) == NewContact("9001", "Elm", "Z9001")
    long = found("x" * 255, contact("c1", "X" * 255), standing=create)
    assert isinstance(long, NewContact)
    assert (len(long.name), long.name[-6:]) == (255, "(9001)")
    made = contact("c2", "Brightwater (1007)", ContactNumber="Z9001")
    assert found("Brightwater", named, made, standing=create) == UseContact(
        "9001", "c2", "Brightwater (1007)", "number"
    )


@pytest.mark.parametrize("linked", [True, False])
def test_a_merged_contact_is_followed(linked: bool) -> None:
    """Merging archives the one and names the other (X7)."""
    merged = contact("c2", "Brightwater", ContactNumber="Z9001", ContactStatus="ARCHIVED", MergedToContactID="c7")
    customer = found("Brightwater", linked=merged) if linked else found("Brightwater", merged)
    assert isinstance(customer, UseContact)
    assert customer.contact_id == "c7"


def test_a_name_that_was_merged_stands_for_the_contact_that_stayed() -> None:
    """The bookkeeper has said that the two are one, also in two steps; but not where that one is another country's."""
    merged = [
        contact("c1", "Brightwater", ContactStatus="ARCHIVED", MergedToContactID="c2"),
        contact("c2", "Brightwater Dental", ContactStatus="ARCHIVED", MergedToContactID="c3"),
    ]
    stayed = contact("c3", "Brightwater Group", Addresses=[{"Country": "NZ"}])
    assert found("Brightwater", *merged, stayed) == UseContact("9001", "c3", "Brightwater Group", "name")
    assert why(found("Brightwater", *merged, stayed, country="AU")) == "The one of this name is in another country."
    closed = {**stayed, "ContactStatus": "ARCHIVED"}
    assert isinstance(found("Brightwater", *merged, closed), NewContact)


@pytest.mark.parametrize("status", ["ARCHIVED", "GDPRREQUEST"])
def test_an_archived_contact_of_ours_is_the_bookkeepers_word(status: str) -> None:
    """Xero takes no invoice for it, and only a person can restore it (X7)."""
    ours = contact("c2", "Brightwater", ContactNumber="Z9001", ContactStatus=status)
    assert codes(found("Brightwater", ours)) == [Code.CUSTOMER_ARCHIVED]
    assert codes(found("Brightwater", linked=ours)) == [Code.CUSTOMER_ARCHIVED]
    numbered = contact("c3", "Brightwater old", AccountNumber="7", ContactStatus=status)
    assert codes(found("Brightwater", numbered, account_number="7")) == [Code.CUSTOMER_ARCHIVED]


def test_an_archived_namesake_does_not_count() -> None:
    """Names are unique among active contacts only (X7)."""
    archived = contact("c1", "Brightwater", ContactStatus="ARCHIVED")
    assert found("Brightwater", archived) == NewContact("9001", "Brightwater", "Z9001")
    active = contact("c2", "BRIGHTWATER")
    assert found("Brightwater", archived, active) == UseContact("9001", "c2", "BRIGHTWATER", "name")


def test_two_of_one_name_are_not_guessed() -> None:
    customer = found("Brightwater", contact("c1", "Brightwater"), contact("c2", "brightwater"))
    assert why(customer) == "2 contacts there fit."
    assert isinstance(customer, NoCustomer)
    assert customer.reasons[0].sentence == "Choose which contact in Xero Brightwater is"


def test_two_with_our_number_are_not_guessed() -> None:
    """Xero should not have two; if it has, the order of its answer decides nothing. One that was untied is out."""
    two = contact("c1", "Brightwater", ContactNumber="Z9001"), contact("c2", "Another", ContactNumber="Z9001")
    assert why(found("Brightwater", *two)) == "2 contacts there fit."
    left = choose(Known("9001", "Brightwater"), None, list(two), Standing(untied=frozenset({"c1"})))
    assert left == UseContact("9001", "c2", "Another", "number")


@pytest.mark.parametrize("name", ["", "   ", "<>", "\x00\x1f"])
def test_an_account_without_a_usable_name_is_refused(name: str) -> None:
    assert codes(found(name)) == [Code.CUSTOMER_NAMELESS]


def test_a_contact_without_an_id_is_no_contact() -> None:
    assert isinstance(found("Brightwater", contact("", "Brightwater")), NewContact)


def test_names_are_sent_as_xero_takes_them() -> None:
    """No < or >, no doubled blanks, at most 255 characters (X7)."""
    assert clean_name(" A <b>\t B\u0085C ") == "A b B C"
    assert clean_name("x" * 300) == "x" * 255
    assert clean_name("y" * 254 + " z") == "y" * 254
    new = found("Müller  <Küchen> GmbH")
    assert isinstance(new, NewContact)
    assert contact_body(new) == {"Name": "Müller Küchen GmbH", "ContactNumber": "Z9001"}
