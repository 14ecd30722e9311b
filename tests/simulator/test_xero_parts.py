"""Do online invoices, PDFs, e-mails and notes obey X6.10?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero

ZERO = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def test_the_online_page(xero: Xero) -> None:
    """Sales invoices only, and no drafts; the same address every time."""
    path = f"Invoices/{xero.make()['InvoiceID']}/OnlineInvoice"
    found = xero.get(path).json["OnlineInvoices"]
    assert re.fullmatch(r"https://in\.xero\.com/\w{40}", found[0]["OnlineInvoiceUrl"])
    assert xero.get(path).json["OnlineInvoices"] == found
    for other in (xero.make(Status="DRAFT"), xero.make(Type="ACCPAY")):
        assert xero.get(f"Invoices/{other['InvoiceID']}/OnlineInvoice").status_code == 400
    assert xero.get(f"Invoices/{ZERO}/OnlineInvoice").status_code == 404


def test_one_invoice_as_pdf(xero: Xero) -> None:
    """Accept: application/pdf on one invoice; lists have no such form (501)."""
    xero.make(InvoiceNumber="N(1)")
    answer = xero.get("Invoices/N(1)", Accept="application/pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-1.4")
    assert answer.data.endswith(b"%%EOF\n")
    assert rb"N\(1\)" in answer.data
    start = int(answer.data.split(b"startxref\n")[1].split(b"\n")[0])
    assert answer.data[start:].startswith(b"xref\n0 6\n")
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n ", answer.data), 1):
        assert answer.data[int(place) :].startswith(b"%d 0 obj" % number)
    assert xero.get(f"Invoices/{ZERO}", Accept="application/pdf").status_code == 404
    assert xero.get("Invoices", Accept="application/pdf").status_code == 501


def mail(xero: Xero, row: dict[str, Any], body: Any = None) -> Any:
    return xero.call("POST", f"Invoices/{row['InvoiceID']}/Email", body)


def sent(xero: Xero) -> list[dict[str, Any]]:
    return xero.state.view(f"xero_mail:{xero.org}")


WITH_MAIL = {"Name": "Acme", "EmailAddress": "a@acme.example"}


def test_an_email(xero: Xero) -> None:
    """204 and no body; to the contact and its persons with IncludeInEmails; it marks the invoice as sent."""
    persons = [
        {"FirstName": "B", "EmailAddress": "b@acme.example", "IncludeInEmails": True},
        {"FirstName": "C", "EmailAddress": "c@acme.example"},
    ]
    contact = xero.write([{**WITH_MAIL, "ContactPersons": persons}], name="Contacts")[0]
    row = xero.make(Contact={"ContactID": contact["ContactID"]})
    answer = mail(xero, row)
    assert (answer.status_code, answer.data) == (204, b"")
    assert sent(xero)[0]["To"] == ["a@acme.example", "b@acme.example"]
    assert xero.get(f"Invoices/{row['InvoiceID']}").json["Invoices"][0]["SentToContact"] is True
    xero.switch(email_marks_sent=False)
    other = xero.make(Contact={"ContactID": contact["ContactID"]})
    assert mail(xero, other, {}).status_code == 204
    assert xero.get(f"Invoices/{other['InvoiceID']}").json["Invoices"][0]["SentToContact"] is False


def test_what_cannot_be_emailed(xero: Xero) -> None:
    """Only sales invoices in three states; an address by the switch; a body is refused."""
    draft, bill = xero.make(Status="DRAFT", Contact=WITH_MAIL), xero.make(Type="ACCPAY", Contact=WITH_MAIL)
    void = xero.make(Contact=WITH_MAIL)
    xero.change(void["InvoiceID"], Status="VOIDED")
    bare = xero.make()
    for row in (draft, bill, void, bare):
        answer = mail(xero, row)
        assert answer.status_code == 400
        assert len(answer.json["Elements"][0]["ValidationErrors"]) == 1
    assert mail(xero, xero.make(Status="SUBMITTED", Contact=WITH_MAIL)).status_code == 204
    assert mail(xero, xero.make(Contact=WITH_MAIL), {"To": "x"}).status_code == 400
    assert mail(xero, {"InvoiceID": ZERO}).status_code == 404
    xero.switch(email_needs_address=False)
    assert mail(xero, bare).status_code == 204


def test_the_daily_cap_of_emails(xero: Xero) -> None:
    """1,000 for paying organisations, 20 on trial, none for a demo company."""
    row = xero.make(Contact=WITH_MAIL)
    xero.switch(emails_per_day=2)
    assert [mail(xero, row).status_code for _ in range(3)] == [204, 204, 400]
    xero.switch(emails_per_day=0)
    assert mail(xero, row).status_code == 400


def test_notes(xero: Xero) -> None:
    """X6.10, X11.16: HTML is dropped; the user is "System Generated"."""
    path = f"Invoices/{xero.make()['InvoiceID']}/History"
    assert xero.get(path).json["HistoryRecords"] == []
    answer = xero.call("PUT", path, {"HistoryRecords": [{"Details": "From <b>CRM</b> & more"}, {"Details": "Two"}]})
    rows = answer.json["HistoryRecords"]
    assert [row["Details"] for row in rows] == ["From CRM & more", "Two"]
    assert rows[0]["ValidationErrors"] == []
    found = xero.get(path).json["HistoryRecords"]
    assert set(found[0]) == {"Changes", "DateUTCString", "DateUTC", "User", "Details"}
    assert (found[0]["Details"], found[0]["User"]) == ("Two", "System Generated")
    for wrong in ("x" * 2501, "", "<p></p>"):
        assert xero.call("PUT", path, {"HistoryRecords": [{"Details": wrong}]}).status_code == 400
    assert len(xero.get(path).json["HistoryRecords"]) == 2


def test_a_note_on_an_unknown_invoice(xero: Xero) -> None:
    """X10: an element's error on PUT, a 404 on GET."""
    path = f"Invoices/{ZERO}/History"
    answer = xero.call("PUT", path, {"HistoryRecords": [{"Details": "Hello"}]})
    text = "The document with the supplied id was not found for this endpoint."
    assert (answer.status_code, answer.json["Elements"][0]["ValidationErrors"]) == (400, [{"Message": text}])
    assert xero.get(path).status_code == 404
