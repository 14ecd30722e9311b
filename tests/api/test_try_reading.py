"""Does *Try it* say that Xero's contacts are still being read, instead of a reason that is not the invoice's?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.sync import customer_search
from tests.api.walk import Edge, control, office


def test_a_try_before_all_contacts_are_read_says_so(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    """In books with tens of thousands of contacts the page said "The invoice has no account", though it has one; then
    that Xero is away, though it answers. The next try, when all are read, tells what becomes of the invoice."""
    mine = office(edge)

    def made(module: str, **record: object) -> str:
        body = {"zgid": mine.org["zgid"], "module": module, "record": record}
        return str(control("POST", edge.zoho, "records", json=body)["id"])

    account = made("Accounts", Account_Name="Brightwater Dental")
    day = datetime.now(UTC).date().isoformat()
    record = made(
        "Invoices", Subject="Fit-out", Account_Name={"id": account}, Status="Approved", Invoice_Date=day, Due_Date=day
    )
    asked = {"record_id": record}
    with monkeypatch.context() as patch:
        patch.setattr(customer_search, "refresh", lambda *_: False)
        answer = edge.call("POST", "/settings/try", mine.token, json=asked)
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (409, "still_reading"), told
    assert "still being read" in told["message"] and int(answer.headers["Retry-After"]) >= 1
    tried = edge.call("POST", "/settings/try", mine.token, json=asked)
    assert tried.status_code == 200, tried.get_json()
    assert "customer_missing" not in {each["code"] for each in tried.get_json()["problems"]}
