"""What does a company leave behind that disconnects, and what does the next one find?"""

from __future__ import annotations

from collections.abc import Callable

from tests.flow.scenes import LEFT_TO_XERO, OtherProgram, contacts, customer, invoice, push
from tests.tenants import Tenant, make_tenant

Make = Callable[..., Tenant]


def test_whoever_takes_an_organisation_after_a_disconnect_finds_its_customers_free(tenant: Make) -> None:
    """The first CRM only disconnected: its ties stay for its return, and hold up nobody else meanwhile."""
    mine = tenant(number=LEFT_TO_XERO)
    name, books, person = "Brightwater Dental Pty Ltd", mine.organisation, mine.person
    OtherProgram(mine).write("PUT", "Contacts", Name=name)
    push(mine, invoice(mine, customer(mine, name)))
    assert mine.api.delete("/connections/xero").ok
    second = make_tenant(mine.stack, ready=False)
    second.walk.connect_zoho(second.api, second.domain, second.administrator["id"])
    second.walk.connect_xero(second.api, person, books)
    second.walk.fill_settings(second.api, books, number=LEFT_TO_XERO)
    second.organisation = books
    task = push(second, invoice(second, customer(second, name)))
    assert task["outcome"] == "created", task["reasons"]
    assert [each["Name"] for each in contacts(second)].count(name) == 1
