"""Where CRM's contacts are invoiced, is each person a customer, and does an e-mail tell namesakes apart?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.flow.scenes import OtherProgram, codes, contacts, customer, invoice, push
from tests.flow.test_customers import matched
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def person(mine: Tenant, first: str, last: str, email: str | None = None, **more: Any) -> str:
    return mine.add("Contacts", {"First_Name": first, "Last_Name": last, "Email": email} | more)


def test_where_contacts_are_invoiced_each_person_is_a_customer(tenant: Make) -> None:
    """Two of one account are two customers; a person without a contact in Xero gets one, with the own address."""
    mine = tenant(customers={"from": "contact"})
    account = customer(mine)
    people = [person(mine, "Anna", "Jung", Mailing_City="Köln", Phone="0221 1"), person(mine, "Ben", "Jung")]
    records = [invoice(mine, account, Contact_Name={"id": each}) for each in people]
    assert mine.run("push", *records)["counts"] == {"created": 2}
    made = {each["Name"]: each for each in contacts(mine)}
    assert {name: each["ContactNumber"] for name, each in made.items()} == {
        "Anna Jung": f"Z{people[0]}",
        "Ben Jung": f"Z{people[1]}",
    }
    assert made["Anna Jung"]["Addresses"]["POBOX"]["City"] == "Köln"
    shown = mine.api.get("/customers").json()
    assert {each["name"] for each in shown["customers"]} == {"Anna Jung", "Ben Jung"}
    assert codes(push(mine, invoice(mine, account))) == ["person_missing"]


def test_where_contacts_are_invoiced_an_e_mail_tells_namesakes_apart(tenant: Make) -> None:
    """Shared ones do not: another name under one address is asked about, not billed."""
    mine = tenant(customers={"from": "contact"})
    other = OtherProgram(mine)
    there = other.write("PUT", "Contacts", Name="Smith, John", EmailAddress="john@smith.example")["ContactID"]
    account = customer(mine)
    john = person(mine, "John", "Smith", "JOHN@smith.example")
    jane = person(mine, "Jane", "Smith", "john@smith.example")
    first, second = (invoice(mine, account, Contact_Name={"id": each}) for each in (john, jane))
    assert push(mine, first)["outcome"] == "created"
    assert mine.in_xero(first)[0]["ContactID"] == there
    assert matched(mine, john) == (there, "email")
    assert codes(push(mine, second)) == ["choose_customer"]
    assert mine.in_xero(second) == []
