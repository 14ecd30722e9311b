"""What becomes of a claim when a product can't be made in Xero? Only what names it waits or ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from server.clients.xero_writes import Sent
from server.sync import products
from tests.flow.scenes import codes, eventually, fault, invoice, line, played, push
from tests.tenants import Tenant

Make = Callable[..., Tenant]


@pytest.fixture
def maker(tenant: Make) -> Tenant:
    """A tenant that may make products."""
    mine = tenant(products="create")
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    return mine


def test_a_product_that_must_wait_keeps_no_other_invoice(maker: Tenant) -> None:
    """Two refusals on the price list: the invoice without a product is there at once, the other after them."""
    plain, named = invoice(maker), invoice(maker, Invoiced_Items=[line(maker, "Oak desk")])
    push(maker, invoice(maker))  # what the settings need of the books is read
    fault(maker, "xero", "503", "PUT", "/Items", times=2)
    run = maker.api.post("/runs", {"kind": "push", "module": "Invoices", "record_ids": [plain, named]}).json()
    eventually(lambda: maker.in_xero(plain))
    assert maker.ended(run["id"])["counts"] == {"created": 2}
    assert played(maker, "xero") == 2
    assert len(maker.in_xero(named)) == 1


def test_products_that_crm_does_not_list_are_told_as_such(tenant: Make) -> None:
    """The list is refused, as where the connection may not see products: their accounts may be others than usual."""
    mine = tenant(accounts={"product_field": "Product_Code"})
    record = invoice(mine, Invoiced_Items=[line(mine, "200")])
    fault(mine, "zoho", "403", "GET", "/Products")
    assert codes(push(mine, record)) == ["product_hidden"]
    assert codes(push(mine, record)) == []


class _Picky:
    """A Xero that refuses a whole request with a bad code in it, and says so once it stands alone."""

    def __init__(self, bad: str) -> None:
        self.bad, self.asked = bad, list[list[str]]()

    def send(self, _books: Any, _method: str, _path: str, body: bytes, *_more: Any) -> Sent:
        asked = [each["Code"] for each in json.loads(body)["Items"]]
        self.asked.append(asked)
        if self.bad in asked:
            return Sent("unknown", refused="The code is not one.", status=400)
        return Sent("yes", rows=[{} for _ in asked], status=200)


def test_a_request_refused_as_a_whole_goes_again_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """4a.11 for products: the bad one stands alone, each other is made once."""
    xero, made = _Picky("C"), list[str]()
    monkeypatch.setattr(products, "_remember", lambda _s, _ground, codes: made.extend(codes))
    ground, go = SimpleNamespace(books=object()), SimpleNamespace(go=SimpleNamespace(may_call=lambda: True))
    done = products._made(SimpleNamespace(xero=xero), ground, go, {code: code for code in "ABCDE"})  # type: ignore[arg-type]
    assert done.refused == {"C": "The code is not one."}
    assert sorted(made) == ["A", "B", "D", "E"]
    assert not done.trouble
