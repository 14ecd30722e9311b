"""Can a person do all of a bookkeeper's work on the pages, by plain forms?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, invoice, line


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def press(xero: Xero, path: str, action: str, **fields: Any) -> str:
    """A button of a form that must work; the page it leads to."""
    url = f"/bookkeeper/{xero.code}{path}"
    answer = xero.web.post(url, data={"action": action, **fields})
    assert answer.status_code == 303, answer.text
    return xero.web.get(answer.headers["Location"]).text


def shown(xero: Xero, invoice_id: str) -> dict[str, Any]:
    return dict(xero.get(f"Invoices/{invoice_id}").json["Invoices"][0])


def fields_of(page: str, name: str) -> list[str]:
    """The values of the inputs of that name, as the form would send them."""
    return re.findall(rf'<input[^>]* name="{name}" value="([^"]*)"', page)


def test_editing_on_the_page(xero: Xero) -> None:
    """The form sends every line; only what is not as it was is changed, and the empty row is no line."""
    row = xero.make(LineItems=[line(), line(Description="Chair", UnitAmount=10, TaxAmount=0.9)])
    one = f"/invoices/{row['InvoiceID']}"
    page = xero.web.get(f"/bookkeeper/{xero.code}{one}").text
    ids = fields_of(page, "line_id")
    assert ids == [*(each["LineItemID"] for each in row["LineItems"]), ""]
    sent = {
        "line_id": ids,
        "description": ["Tall desk", "Chair", ""],
        "account": ["260", "200", "200"],
        "tax_type": ["OUTPUT", "OUTPUT", ""],
        "quantity": ["1", "1", "1"],
        "price": ["120.5", "10.00", ""],
        "discount": ["", "", ""],
        "contact": "Brightwater Dental",
        "date": "2026-11-01",
        "due_date": "2026-12-24",
        "reference": "R-1",
    }
    page = press(xero, one, "edit", **sent)
    assert "Tall desk" in page and "reference R-1" in page
    after = shown(xero, row["InvoiceID"])
    assert [(each["AccountCode"], each["UnitAmount"], each["TaxAmount"]) for each in after["LineItems"]] == [
        ("260", 120.5, 12.05),
        ("200", 10.0, 0.9),
    ]
    press(
        xero, one, "edit", **{**sent, "remove": [ids[0]], "description": ["", "Chair", "Lamp"], "price": ["", "", "5"]}
    )
    assert [each["Description"] for each in shown(xero, row["InvoiceID"])["LineItems"]] == ["Chair", "Lamp"]


def test_a_part_paid_invoice_on_the_page(xero: Xero) -> None:
    """X6.3: the form with another text works, though it sends the money fields along as they were."""
    row = xero.make()
    one = f"/invoices/{row['InvoiceID']}"
    press(xero, one, "pay", amount="10", date="2026-11-20")
    sent = {"line_id": [row["LineItems"][0]["LineItemID"], ""], "description": ["Other", ""], "date": "2026-11-01"}
    sent |= {"quantity": ["1", "1"], "price": ["100.00", ""], "account": ["200", "200"], "tax_type": ["OUTPUT", ""]}
    press(xero, one, "edit", **sent)
    assert shown(xero, row["InvoiceID"])["LineItems"][0]["Description"] == "Other"
    answer = xero.web.post(f"/bookkeeper/{xero.code}{one}", data={"action": "edit", **sent, "price": ["99", ""]})
    assert answer.status_code == 400
    assert "This document cannot be edited" in answer.text


def test_money_on_the_page(xero: Xero) -> None:
    """Pay, delete the payment, credit, take it off, renumber, void."""
    row = xero.make(InvoiceNumber="N-1")
    one = f"/invoices/{row['InvoiceID']}"
    page = press(xero, one, "pay", amount="30", date="2026-11-20")
    (payment,) = fields_of(page, "payment")
    assert "Reconcile the payment of $30.00" in page
    assert "Payments and credits" not in press(xero, one, "unpay", payment=payment)
    page = press(xero, one, "credit", amount="11", date="2026-11-20")
    assert "Credit from CN-0001" in page and "Void: has credits" in page
    (credit,) = fields_of(page, "credit")
    assert "CN-0001, $11.00 left" in press(xero, one, "uncredit", credit=credit)
    page = xero.web.get(f"/bookkeeper/{xero.code}/contacts").text
    assert "Void CN-0001" in page
    press(xero, "/contacts", "void_credit", credit=fields_of(page, "credit")[0])
    press(xero, one, "renumber", number="N-9")
    page = press(xero, one, "void")
    assert "Voided" in page and "Edit N-9" not in page


def test_contacts_on_the_page(xero: Xero) -> None:
    """Archive, restore, rename, merge, receive too much; refusals in Xero's words on the same page."""
    row = xero.make(Contact={"Name": "Corner Cafe"})
    xero.write([{"Name": "Corner Café & Söhne"}], name="Contacts")
    contact = row["Contact"]["ContactID"]
    assert "Restore Corner Cafe" in press(xero, "/contacts", "archive_contact", contact=contact)
    press(xero, "/contacts", "restore_contact", contact=contact)
    press(xero, "/contacts", "rename_contact", contact=contact, name="Corner Bar")
    refused = xero.web.post(
        f"/bookkeeper/{xero.code}/contacts",
        data={"action": "rename_contact", "contact": contact, "name": "Corner Café & Söhne"},
    )
    assert (refused.status_code, "already assigned to another contact" in refused.text) == (400, True)
    assert "Overpayment" in press(xero, "/contacts", "overpay", contact=contact, amount="12")
    page = press(xero, "/contacts", "merge_contacts", **{"from": contact, "into": "Corner Café & Söhne"})
    assert "Merged into Corner Café &amp; Söhne" in page


def test_closing_on_the_page(xero: Xero) -> None:
    """X6.4: two dates."""
    assert "Books closed up to 30 Sep 2026" in press(xero, "", "close", date="2026-09-30")
    page = press(xero, "", "close_year", date="2026-06-30")
    assert "Year closed up to 30 Jun 2026" in page
    assert "No period is closed" in press(xero, "", "close", date="")


@pytest.mark.parametrize(
    ("kind", "status", "problem"),
    [
        ("401", 401, None),
        ("403", 403, None),
        ("429", 429, "minute"),
        ("429_day", 429, "day"),
        ("429_concurrent", 429, "concurrent"),
        ("500", 500, None),
        ("503", 503, None),
        ("html", 200, None),
    ],
)
def test_each_trouble_strikes_once(xero: Xero, kind: str, status: int, problem: str | None) -> None:
    """Ordered by its button."""
    page = f"/bookkeeper/{xero.code}"
    assert xero.web.post(f"{page}/trouble", data={"trouble": kind}).status_code == 303
    assert "Waiting: " in xero.web.get(page).text
    answer = xero.get("Organisation")
    assert (answer.status_code, answer.headers.get("X-Rate-Limit-Problem")) == (status, problem)
    assert (answer.mimetype == "text/html") == (kind == "html")
    assert xero.get("Organisation").json["Status"] == "OK"
    assert "Off now." in xero.web.get(page).text


def test_more_troubles(xero: Xero) -> None:
    """The token's end, and a doubled webhook that can be called off."""
    page = f"/bookkeeper/{xero.code}"
    xero.web.post(f"{page}/trouble", data={"trouble": "webhook_doubled", "back": "contacts.html"})
    assert "Waiting: Webhook doubled" in xero.web.get(page).text
    xero.web.post(f"{page}/trouble", data={"trouble": "none"})
    assert "Off now." in xero.web.get(page).text
    assert xero.web.post(f"{page}/trouble", data={"trouble": "dance"}).status_code == 400
    xero.web.post(page, data={"action": "revoke"})
    assert xero.get("Organisation").status_code == 401


def test_all_books(xero: Xero) -> None:
    """Several organisations and people; a demo company says when it ends."""
    page = xero.web.get("/bookkeeper").text
    for text in ("Harbour &amp; Pine", "Northwind Joinery", "Demo Company (AU)", "Owen Hart", "has let the app in"):
        assert text in page
    assert "A demo company: loses its data on" in page


def test_every_field_has_a_name_for_screen_readers(xero: Xero) -> None:
    """A label, or one of its own; nothing inline that the policy would stop."""
    row = xero.make()
    xero.write([invoice(Contact={"Name": "Other"})])
    for path in ("", "/contacts", "/setup", f"/invoices/{row['InvoiceID']}"):
        page = xero.web.get(f"/bookkeeper/{xero.code}{path}").text
        for tag in re.findall(r"<(?:input|select)[^>]*>", page):
            found = re.search(r'id="(\w+)"', tag)
            labelled = found and f'<label for="{found[1]}"' in page
            assert labelled or "aria-label" in tag or 'type="hidden"' in tag, tag
        assert "<script" not in page and " style=" not in page
