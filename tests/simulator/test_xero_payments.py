"""Do payments, and the bookkeeper who makes them, follow X8.6?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.simulator.xero_stage import Xero, invoice, line, messages


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def pay(xero: Xero, row: dict[str, Any], amount: Any, **more: Any) -> dict[str, Any]:
    wish = {"Invoice": {"InvoiceID": row["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": amount}
    return xero.write([{**wish, "Date": "2026-11-10", **more}], name="Payments")[0]


def state(xero: Xero, row: dict[str, Any]) -> dict[str, Any]:
    return dict(xero.get(f"Invoices/{row['InvoiceID']}").json["Invoices"][0])


def test_part_and_full_payment(xero: Xero) -> None:
    """X8.6: PAID, nothing due, FullyPaidOnDate the day of the last payment."""
    row = xero.make()
    first = pay(xero, row, "60.00")
    assert (first["PaymentType"], first["Status"], first["Amount"]) == ("ACCRECPAYMENT", "AUTHORISED", 60.0)
    assert first["Invoice"]["AmountDue"] == 50.0
    pay(xero, row, 50, Date="2026-11-12")
    after = state(xero, row)
    assert (after["Status"], after["AmountDue"], after["AmountPaid"]) == ("PAID", 0.0, 110.0)
    assert after["FullyPaidOnDate"] == "/Date(1794441600000+0000)/"
    assert len(after["Payments"]) == 2


def test_refused_payments(xero: Xero) -> None:
    """X10: both sentences come together on a PAID invoice."""
    row, draft = xero.make(), xero.make(Status="DRAFT")
    over = "Payment amount exceeds the amount outstanding on this document"
    not_approved = "Payments can only be made against Authorised documents"
    assert messages(pay(xero, row, "110.01")) == [over]
    assert messages(pay(xero, draft, 1)) == [not_approved]
    assert messages(pay(xero, row, 1, Account={"Code": "200"})) == ["Account could not be found."]
    assert pay(xero, row, 110)["StatusAttributeString"] == "OK"
    assert set(messages(pay(xero, row, 1))) == {over, not_approved}


def test_a_deleted_payment_takes_paid_back(xero: Xero) -> None:
    """X6.2, X8.6: only Status is accepted; the payment stays in lists as DELETED."""
    row = xero.make()
    payment = pay(xero, row, 110)["PaymentID"]
    refused = xero.call("POST", f"Payments/{payment}", {"Amount": 5})
    assert refused.json["Elements"][0]["ValidationErrors"] == [{"Message": "Only Status accepted for updates."}]
    assert xero.call("POST", f"Payments/{payment}", {"Status": "DELETED"}).status_code == 200
    after = state(xero, row)
    assert (after["Status"], after["AmountDue"], "Payments" in after) == ("AUTHORISED", 110.0, False)
    assert "FullyPaidOnDate" not in after
    where = quote(f'Invoice.InvoiceID==guid("{row["InvoiceID"]}")')
    assert [p["Status"] for p in xero.get(f"Payments?where={where}").json["Payments"]] == ["DELETED"]
    assert xero.get(f"Payments/{payment}").json["Payments"][0]["Status"] == "DELETED"


def test_a_reconciled_payment_stays(xero: Xero) -> None:
    """X8.6: deleting it is refused, in words that are a switch."""
    row = xero.make()
    payment = pay(xero, row, 10, IsReconciled=True)
    assert payment["IsReconciled"] is True
    refused = xero.call("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert "reconciled with a bank transaction" in refused.text
    later = pay(xero, row, 10)["PaymentID"]
    xero.bookkeeper("reconcile", row["InvoiceID"], payment=later)
    assert xero.bookkeeper("unpay", row["InvoiceID"], payment=later).status_code == 400
    assert state(xero, row)["AmountPaid"] == 20.0


def test_the_bookkeeper_by_the_control_api(xero: Xero) -> None:
    """The same rules, and a sentence about what was done."""
    row = xero.make(InvoiceNumber="N-1", Status="DRAFT")
    for action, said in (
        ("submit", "N-1 submitted for approval"),
        ("approve", "N-1 approved"),
        ("pay_half", "Payment of $55.00 recorded on N-1"),
        ("pay", "Payment of $55.00 recorded on N-1"),
    ):
        answer = xero.bookkeeper(action, row["InvoiceID"])
        assert (answer.status_code, answer.json["said"]) == (200, said)
    refused = xero.bookkeeper("void", row["InvoiceID"])
    assert refused.status_code == 400
    assert "VOIDED cannot be applied" in refused.json["error"]
    payment = state(xero, row)["Payments"][0]["PaymentID"]
    assert xero.bookkeeper("unpay", row["InvoiceID"], payment=payment).status_code == 200
    assert state(xero, row)["Status"] == "AUTHORISED"
    assert xero.bookkeeper("dance", row["InvoiceID"]).status_code == 400
    assert xero.bookkeeper("pay", "no-such").status_code == 400


def test_the_bookkeepers_page(xero: Xero) -> None:
    """Open, approve, pay half with plain forms; refusals in Xero's words; everything escaped."""
    row = xero.make(InvoiceNumber="N-1", Status="DRAFT", Contact={"Name": "Corner Café & Söhne"})
    xero.write([invoice(InvoiceNumber="N-2", LineItems=[line(Description="<script>alert(1)</script>")])])
    home = f"/bookkeeper/{xero.code}"
    page = xero.web.get(home).text
    assert "Pretend Xero on your own machine. Nothing here is real." in page
    assert "Corner Café &amp; Söhne" in page
    one = f"{home}/invoices/{row['InvoiceID']}"
    assert "Approve" in xero.web.get(one).text
    assert xero.web.post(one, data={"action": "approve"}).status_code == 303
    assert xero.web.post(one, data={"action": "pay_half"}).status_code == 303
    page = xero.web.get(one).text
    assert "$55.00 due" in page
    assert "Void: has payments" in page
    assert "Payment of $55.00 recorded on N-1" in page
    over = xero.web.post(one, data={"action": "pay", "amount": "9,000", "date": "2026-11-20"})
    assert over.status_code == 400
    assert "Payment amount exceeds" in over.text
    other = xero.get("Invoices/N-2").json["Invoices"][0]
    page = xero.web.get(f"{home}/invoices/{other['InvoiceID']}").text
    assert "<script>" not in page


def test_every_input_of_the_page_has_a_label(xero: Xero) -> None:
    """Forms can be used by keyboard and screen reader."""
    row = xero.make()
    for path in ("", f"/invoices/{row['InvoiceID']}"):
        page = xero.web.get(f"/bookkeeper/{xero.code}{path}").text
        ids = re.findall(r'<input id="(\w+)"', page)
        assert ids
        assert all(f'<label for="{one}"' in page for one in ids)


def test_ordering_trouble_from_the_page(xero: Xero) -> None:
    """It hits the next call of that organisation only, and can be called off."""
    url = f"/bookkeeper/{xero.code}/trouble"
    assert xero.web.post(url, data={"trouble": "500"}).status_code == 303
    assert "Waiting: Server error (500)" in xero.web.get(f"/bookkeeper/{xero.code}").text
    assert [xero.get("Organisation").status_code for _ in range(2)] == [500, 200]
    xero.web.post(url, data={"trouble": "429"})
    xero.web.post(url, data={"trouble": "none"})
    assert xero.get("Organisation").status_code == 200


def test_a_page_elsewhere_cannot_press_the_buttons(xero: Xero) -> None:
    """The Origin of a form must be our own."""
    answer = xero.web.post(
        f"/bookkeeper/{xero.code}", data={"action": "disconnect"}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403
    assert xero.get("Organisation").status_code == 200
    page = xero.web.get(f"/bookkeeper/{xero.code}")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_stored_invoices_by_marker(xero: Xero) -> None:
    """Tests count in the store itself, by the path of the link back."""
    xero.make(Url="https://a.example/go/eu/live/1/2")
    xero.make(Url="https://b.example/go/eu/live/1/3")
    url = f"/_control/invoices?organisation={xero.org}&marker=/go/eu/live/1/2"
    (row,) = xero.web.get(url).json["invoices"]
    assert (row["Status"], row["Total"]) == ("AUTHORISED", "110.00")
