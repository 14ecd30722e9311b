"""Is a CRM account matched to the right Xero contact, or to none?"""

from __future__ import annotations

import pytest

from server.domain.customer import Customer, NewContact, NoCustomer, UseContact, choose, clean_name, contact_body
from server.domain.reasons import Code

Doc = dict[str, object]


def contact(contact_id: str, name: str, **fields: object) -> Doc:
    return {"ContactID": contact_id, "Name": name, "ContactStatus": "ACTIVE", **fields}


def found(name: str, *candidates: Doc, linked: Doc | None = None) -> Customer:
    return choose("9001", name, linked, candidates)


def codes(customer: Customer) -> list[Code]:
    assert isinstance(customer, NoCustomer)
    return [each.code for each in customer.reasons]


@pytest.mark.parametrize(
    ("crm", "xero"),
    [
        ("Brightwater Dental Pty Ltd", "Brightwater Dental Pty Ltd"),
        ("BRIGHTWATER dental pty ltd", "Brightwater Dental Pty Ltd"),
        ("  Brightwater   Dental\tPty Ltd ", "Brightwater Dental Pty Ltd"),
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


def test_our_number_counts_before_the_name() -> None:
    """A contact that we made keeps its number when somebody renames it."""
    ours = contact("c2", "Renamed Ltd", ContactNumber="Z9001")
    namesake = contact("c1", "Brightwater Dental Pty Ltd")
    assert found("Brightwater Dental Pty Ltd", namesake, ours) == UseContact("9001", "c2", "Renamed Ltd", "number")


def test_another_accounts_number_is_not_ours() -> None:
    other = contact("c2", "Other Ltd", ContactNumber="Z90011")
    assert isinstance(found("Brightwater Dental Pty Ltd", other), NewContact)


@pytest.mark.parametrize("linked", [True, False])
def test_a_merged_contact_is_followed(linked: bool) -> None:
    """Merging archives the one and names the other (X7)."""
    merged = contact("c2", "Brightwater", ContactNumber="Z9001", ContactStatus="ARCHIVED", MergedToContactID="c7")
    customer = found("Brightwater", linked=merged) if linked else found("Brightwater", merged)
    assert isinstance(customer, UseContact)
    assert customer.contact_id == "c7"


@pytest.mark.parametrize("status", ["ARCHIVED", "GDPRREQUEST"])
def test_an_archived_contact_of_ours_is_the_bookkeepers_word(status: str) -> None:
    """Xero takes no invoice for it, and only a person can restore it (X7)."""
    ours = contact("c2", "Brightwater", ContactNumber="Z9001", ContactStatus=status)
    assert codes(found("Brightwater", ours)) == [Code.CUSTOMER_ARCHIVED]
    assert codes(found("Brightwater", linked=ours)) == [Code.CUSTOMER_ARCHIVED]


def test_an_archived_namesake_does_not_count() -> None:
    """Names are unique among active contacts only (X7)."""
    archived = contact("c1", "Brightwater", ContactStatus="ARCHIVED")
    assert found("Brightwater", archived) == NewContact("9001", "Brightwater", "Z9001")
    active = contact("c2", "BRIGHTWATER")
    assert found("Brightwater", archived, active) == UseContact("9001", "c2", "BRIGHTWATER", "name")


def test_two_of_one_name_are_not_guessed() -> None:
    customer = found("Brightwater", contact("c1", "Brightwater"), contact("c2", "brightwater"))
    assert codes(customer) == [Code.CHOOSE_CUSTOMER]
    assert isinstance(customer, NoCustomer)
    assert customer.reasons[0].sentence == "Xero has 2 contacts called Brightwater"


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
