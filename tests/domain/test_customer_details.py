"""Is a new contact told what CRM has, as Xero takes it, and is nobody shown as somebody he is not?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.customer_countries import country_key
from server.domain.customer_details import details_of
from server.domain.customer_facts import Known, fields_to_read, read_customer, sent_fields
from server.domain.customer_similar import alike, search_words, shown
from server.domain.values import CONTACT, CustomerRule
from tests.domain.any_json import NASTY_TEXT

RECORD = {
    "Account_Number": "7",
    "Billing_Street": "1 Main St",
    "Billing_City": "Perth",
    "Billing_Country": "Australia",
    "Phone": "08 5550 0100",
    "ABN": "51 824 753 556",
    "Mailing_City": "Broome",
    "Email": "anna@example.test",
}
TOLD = st.dictionaries(
    st.sampled_from(["street", "city", "region", "post_code", "country", "phone", "tax_number"]),
    NASTY_TEXT | st.text(max_size=2000),
)
MOST = {"City": 255, "Region": 255, "PostalCode": 50, "Country": 50, **{f"AddressLine{n}": 500 for n in range(1, 5)}}


def test_a_tenant_says_what_is_told() -> None:
    """Only that is read for it, and only that is sent."""
    everything = CustomerRule(tax_number_field="ABN")
    assert set(read_customer("1", "Elm", RECORD, everything).told) == {
        "street",
        "city",
        "country",
        "phone",
        "tax_number",
    }
    nothing = CustomerRule(address=False, phone=False)
    assert read_customer("1", "Elm", RECORD, nothing).told == {}
    assert fields_to_read(nothing) == ["Account_Number", "Billing_Country"]
    assert sent_fields(nothing) == {}
    assert set(sent_fields(everything).values()) <= set(fields_to_read(everything))


def test_a_persons_own_address_is_told() -> None:
    known = read_customer("1", "Anna Elm", RECORD, CustomerRule(CONTACT, phone=False))
    assert (known.told, known.email, known.account_number) == ({"city": "Broome"}, "anna@example.test", None)


def test_half_a_number_is_no_number() -> None:
    """Left out; a long street is cut, and a fifth line goes with the fourth."""
    told = {
        "phone": "1" * 51,
        "tax_number": "2" * 51,
        "post_code": "3" * 51,
        "street": "a\nb\nc\nd\ne",
        "city": "x" * 300,
    }
    [address] = details_of(told)["Addresses"]  # type: ignore[misc]
    assert address["AddressLine4"] == "d, e"
    assert (len(address["City"]), "PostalCode" in address) == (255, False)
    assert set(details_of(told)) == {"Addresses"}


@given(TOLD)
def test_whatever_crm_holds_xero_takes_it(told: dict[str, str]) -> None:
    """Within its lengths, without blanks at the ends, and nothing where nothing is told (X7)."""
    found = details_of(told)
    for address in found.get("Addresses", []):  # type: ignore[attr-defined]
        assert address.pop("AddressType") == "POBOX"
        assert address
        for name, value in address.items():
            assert value == " ".join(value.split())
            assert 0 < len(value) <= MOST[name], name
        assert all(sign.isalpha() or sign in " -'.&" for sign in address.get("Country", ""))
    for phone in found.get("Phones", []):  # type: ignore[attr-defined]
        assert 0 < len(phone["PhoneNumber"]) <= 50
    assert len(str(found.get("TaxNumber", ""))) <= 50


@pytest.mark.parametrize(
    ("one", "other"), [("UK", "united kingdom"), ("DE", "Deutschland"), ("U.S.A.", "US"), ("Österreich", "AUT")]
)
def test_a_country_has_many_names(one: str, other: str) -> None:
    assert country_key(one) == country_key(other) != country_key("Australia")


@pytest.mark.parametrize("one", ["Austria", "Niger", "Dominica", "Guinea", "Korea"])
def test_countries_of_like_names_stay_apart(one: str) -> None:
    others = {
        "Austria": "Australia",
        "Niger": "Nigeria",
        "Dominica": "Dominican Republic",
        "Guinea": "Papua New Guinea",
    }
    assert country_key(one) != country_key(others.get(one, "North Korea"))


def test_similar_names_come_in_the_order_of_likeness() -> None:
    """Without legal forms and umlauts, words in any order; what is nothing like it is not shown."""
    docs = [
        {"ContactID": "far", "Name": "Brightwater Dental"},
        {"ContactID": "form", "Name": "Mueller Kuechen Ltd"},
        {"ContactID": "order", "Name": "Küchen Müller AG"},
        {"ContactID": "near", "Name": "Müller Kuchen"},
        {"ContactID": "gone", "Name": "Müller Küchen GmbH", "ContactStatus": "ARCHIVED"},
        {"ContactID": "", "Name": "Müller Küchen GmbH"},
    ]
    found = [each.contact_id for each in shown(Known("1", "Müller Küchen GmbH"), docs)]
    assert set(found) == {"form", "order", "near", "gone"}
    assert (found[-2:], alike("Müller Küchen", "Kuechen Mueller")) == (["near", "gone"], 100)
    assert search_words("Müller Küchen GmbH & Co. KG") == "Müller Küchen"
    assert search_words("Tom & Sons Pty Ltd") == "Tom & Sons"
    assert search_words("Ltd") == "Ltd"


@given(NASTY_TEXT, NASTY_TEXT)
def test_any_two_names_have_a_likeness(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 100
    search_words(one)
