"""Where does an invoice's number come from, and where does CRM show it?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.flow.scenes import eventually, invoice, push, settled
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def save(mine: Tenant, number: dict[str, Any]) -> Any:
    etag = mine.api.get("/settings").headers["ETag"]
    return mine.api.put("/settings", {"number": number}, headers={"If-Match": etag})


def test_xeros_number_comes_back_to_a_chosen_field(tenant: Make) -> None:
    """Beside our own field; a copy of the record loses it as it loses ours."""
    mine = tenant(number={"from": "xero", "write_to": "Purchase_Order"})
    record = invoice(mine, Purchase_Order=None)
    push(mine, record)
    settled(mine, record)
    [doc] = mine.in_xero(record)
    assert mine.record(record)["Purchase_Order"] == doc["InvoiceNumber"]
    copy = mine.clone(record)
    mine.run("preview", copy)
    eventually(lambda: mine.record(copy)["Purchase_Order"] is None)


def test_a_field_that_is_chosen_later_gets_the_numbers_that_are_there(tenant: Make) -> None:
    """What was pushed before shows its number in the new field too, without another push."""
    mine = tenant(number={"from": "xero", "write_to": "Purchase_Order"})
    record = invoice(mine)
    push(mine, record)
    settled(mine, record)
    saved = save(mine, {"from": "xero", "write_to": "Shipping_Street"})
    assert saved.status_code == 200, saved.text
    [doc] = mine.in_xero(record)
    eventually(lambda: mine.record(record)["Shipping_Street"] == doc["InvoiceNumber"])


@pytest.mark.parametrize(
    ("number", "where"),
    [
        ({"from": "xero", "write_to": "Nope"}, "number.write_to"),
        ({"from": "xero", "write_to": "Invoice_Date"}, "number.write_to"),
        ({"from": "xero", "write_to": "Xero_Invoice_Number"}, "number.write_to"),
        ({"from": "field", "field": "Invoice_Number", "write_to": "Purchase_Order"}, "number.write_to"),
        ({"from": "field", "field": "Xero_Invoice_Number"}, "number.field"),
    ],
)
def test_a_field_that_cannot_serve_is_refused(tenant: Make, number: dict[str, Any], where: str) -> None:
    """Our own fields are display, never a source, and are not written twice."""
    answer = save(tenant(), number)
    assert answer.status_code == 422
    assert where in answer.json()["fields"], answer.text
