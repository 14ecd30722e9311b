"""Do invoices obey X6: creation, refusals, batches, numbers and error bodies?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, invoice, line, messages

ZERO = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def test_a_created_invoice_has_the_recorded_shape(xero: Xero) -> None:
    """X5.1, X5.2, X6.8: dates, full contact, and what a write answer leaves out."""
    answer = xero.call("PUT", "Invoices", invoice(Reference="R1", Url="https://crm.example/go/1"))
    assert b"\r\n" in answer.data
    assert rb"\/Date(" in answer.data
    body = answer.json
    assert set(body) == {"Id", "Status", "ProviderName", "DateTimeUTC", "Invoices"}
    (row,) = body["Invoices"]
    assert "StatusAttributeString" not in row
    assert not {"Payments", "CreditNotes", "AmountCredited", "HasAttachments"} & set(row)
    assert row["Date"] == "/Date(1793491200000+0000)/"
    assert row["DateString"] == "2026-11-01T00:00:00"
    assert row["UpdatedDateUTC"].endswith("+0000)/")
    assert (row["Total"], row["TotalTax"], row["AmountDue"]) == (110.0, 10.0, 110.0)
    assert row["InvoiceNumber"] == "INV-0001"
    assert len(row["Contact"]["Phones"]) == 4
    assert row["Contact"]["IsCustomer"] is True
    assert row["LineItems"][0]["TaxType"] == "OUTPUT"
    assert None not in row.values()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineItems": None}, "One or more line items must be specified"),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        (
            {"Contact": {"EmailAddress": "a@b.example"}},
            "The Contact must contain at least 1 of the following elements to identify the contact: "
            "Name, ContactID, ContactNumber",
        ),
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Status": "VOIDED"}, "Invoice not of valid status for creation"),
        ({"LineItems": [line(AccountCode="999")]}, "Account code '999' is not a valid code for this document."),
        ({"LineItems": [line(AccountCode="610")]}, "Account code '610' is not a valid code for this document."),
        ({"LineItems": [line(AccountCode="090")]}, "Account code '090' is not a valid code for this document."),
        (
            {"LineItems": [line(AccountCode="250")]},
            "Account code '250' has been archived, or has been deleted. Each line item must reference a valid account.",
        ),
        ({"LineItems": [line(AccountCode=None)]}, "The account code or ID must be specified"),
        (
            {"LineItems": [line(TaxType="INPUT")]},
            "The TaxType code 'INPUT' cannot be used with account code '200'.",
        ),
        ({"LineItems": [line(ItemCode="DESK")]}, "Item code 'DESK' is not valid"),
        ({"CurrencyCode": "EUR"}, "Organisation is not subscribed to currency EUR"),
        ({"Url": "/go/1"}, "Url must be a valid absolute url"),
    ],
)
def test_refusals_in_xeros_words(xero: Xero, wrong: dict[str, Any], message: str) -> None:
    """X10: the row has the zero id, HasErrors and no number."""
    row = xero.write([invoice(InvoiceNumber="N-1", **wrong)])[0]
    assert message in messages(row)
    assert (row["InvoiceID"], row["HasErrors"]) == (ZERO, True)
    assert "InvoiceNumber" not in row


def test_the_rounding_account_is_the_one_system_account_allowed(xero: Xero) -> None:
    """X6.1, X6.5."""
    assert xero.make(LineItems=[line(), line(AccountCode="860", UnitAmount="-0.01")])["SubTotal"] == 99.99


def test_several_wrongs_come_together(xero: Xero) -> None:
    """X10."""
    found = xero.refusal(LineItems=[line(AccountCode="999"), line(AccountCode="250")], CurrencyCode="EUR")
    assert len(found) == 3


def test_a_draft_may_lack_account_and_due_date(xero: Xero) -> None:
    """X6.1; approval then needs both."""
    row = xero.make(Status="DRAFT", DueDate=None, LineItems=[line(AccountCode=None)])
    found = messages(xero.change(row["InvoiceID"], Status="AUTHORISED"))
    assert "The account code or ID must be specified" in found
    assert len(found) == 2


def test_batches_save_the_good_ones_either_way(xero: Xero) -> None:
    """X5.4: without summarizeErrors=false a 400 lists the failed only, and the good ones are saved."""
    batch = [invoice(InvoiceNumber="A"), invoice(InvoiceNumber="B", Contact=None), invoice(InvoiceNumber="C")]
    answer = xero.call("PUT", "Invoices", {"invoices": batch})
    assert answer.status_code == 400
    assert (answer.json["ErrorNumber"], answer.json["Type"]) == (10, "ValidationException")
    assert answer.json["Message"] == "A validation exception occurred"
    assert len(answer.json["Elements"]) == 1
    assert {i["InvoiceNumber"] for i in xero.get("Invoices").json["Invoices"]} == {"A", "C"}
    for raw in batch:
        raw["InvoiceNumber"] += "2"
    rows = xero.write(batch)
    assert [row["StatusAttributeString"] for row in rows] == ["OK", "ERROR", "OK"]


@pytest.mark.parametrize(
    ("body", "number"),
    [(b"", 17), (b"{", 14), (b'[{"Type":"ACCREC"}]', 14), (b'{"Invoices":[]}', 17)],
)
def test_bodies_that_cannot_be_read(xero: Xero, body: bytes, number: int) -> None:
    """X5.5."""
    answer = xero.web.put("/api.xro/2.0/Invoices", data=body, headers=xero.headers())
    assert (answer.status_code, answer.json["ErrorNumber"]) == (400, number)


@pytest.mark.parametrize(
    "wrong",
    [{"LineAmountTypes": "NO_TAX"}, {"Status": "APPROVED"}, {"Date": "soon"}, {"LineItems": [line(Quantity="x")]}],
)
def test_a_wrong_type_refuses_the_whole_request(xero: Xero, wrong: dict[str, Any]) -> None:
    """X5.5: ErrorNumber 14, and nothing of the batch is saved."""
    answer = xero.call("PUT", "Invoices?summarizeErrors=false", {"Invoices": [invoice(), invoice(**wrong)]})
    assert (answer.status_code, answer.json["ErrorNumber"]) == (400, 14)
    assert answer.json["Type"] == "PostDataInvalidException"
    assert xero.get("Invoices").json["Invoices"] == []


def test_what_is_not_imitated_says_so(xero: Xero) -> None:
    """X5.5: 501 and ErrorNumber 20, never a wrong answer; unknown paths are the HTML 404."""
    for answer in (
        xero.get("Quotes"),
        xero.get(f"Invoices/{xero.make()['InvoiceID']}/Attachments"),
        xero.call("PUT", "Items", {"Code": "X", "InventoryAssetAccountCode": "140"}),
        xero.call("POST", "Currencies", {"Code": "EUR"}),
        xero.call("DELETE", f"Invoices/{xero.make()['InvoiceID']}"),
        xero.call("PUT", "Invoices", invoice(RoundingAmount=0.02)),
        xero.get("Organisation", Accept="*/*"),
        xero.get("Invoices", Accept="application/pdf"),
    ):
        assert answer.status_code == 501
        assert (answer.json["ErrorNumber"], answer.json["Type"]) == (20, "ApiMethodNotImplementedException")
    for path in ("Nonsense", f"Invoices/{ZERO}", "Invoices/NO-SUCH"):
        answer = xero.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert answer.text == "The resource you're looking for cannot be found"


def test_a_number_is_unique_whatever_became_of_its_holder(xero: Xero) -> None:
    """X6.7: voided and deleted ones hold it by default; a switch frees each, another lifts the rule."""
    voided, deleted = xero.make(InvoiceNumber="V"), xero.make(InvoiceNumber="D", Status="DRAFT")
    xero.change(voided["InvoiceID"], Status="VOIDED")
    xero.change(deleted["InvoiceID"], Status="DELETED")
    for number in ("V", "v", "D"):
        assert xero.refusal(InvoiceNumber=number) == ["Invoice # must be unique."]
    xero.switch(voided_number_free=True, deleted_number_free=True)
    xero.make(InvoiceNumber="V")
    xero.make(InvoiceNumber="D")
    assert xero.refusal(InvoiceNumber="V") == ["Invoice # must be unique."]
    xero.switch(invoice_number_unique=False)
    xero.make(InvoiceNumber="V")
    assert len(xero.get("Invoices?InvoiceNumbers=V").json["Invoices"]) == 3


def test_automatic_numbers_skip_those_in_use(xero: Xero) -> None:
    """X6.7; with the switch off the automatic number clashes instead."""
    xero.make(InvoiceNumber="INV-0001")
    assert xero.make()["InvoiceNumber"] == "INV-0002"
    xero.make(InvoiceNumber="INV-0003")
    xero.switch(auto_number_skips_taken=False)
    assert xero.refusal() == ["Invoice # must be unique."]


def test_a_supplied_number_may_move_the_counter(xero: Xero) -> None:
    """X6.7, unverified."""
    xero.switch(supplied_number_advances=True)
    xero.make(InvoiceNumber="INV-0041")
    assert xero.make()["InvoiceNumber"] == "INV-0042"


def test_a_clash_may_be_saved_as_submitted_beside_its_error(xero: Xero) -> None:
    """X6.7, reported once: errors with a real id."""
    xero.make(InvoiceNumber="A")
    xero.switch(clash_saves_submitted=True)
    row = xero.write([invoice(InvoiceNumber="A")])[0]
    assert messages(row) == ["Invoice # must be unique."]
    assert row["InvoiceID"] != ZERO
    assert xero.get(f"Invoices/{row['InvoiceID']}").json["Invoices"][0]["Status"] == "SUBMITTED"


def test_post_by_number_overwrites(xero: Xero) -> None:
    """X6.7: POST without InvoiceID but with a number in use updates that invoice."""
    first = xero.make(InvoiceNumber="A", Status="DRAFT")
    row = xero.write([invoice(InvoiceNumber="A", Reference="other", Status="DRAFT")], "POST")[0]
    assert (row["InvoiceID"], row["Reference"]) == (first["InvoiceID"], "other")
    xero.change(first["InvoiceID"], Status="DELETED")
    again = xero.write([invoice(InvoiceNumber="A")], "POST")[0]
    assert messages(again) == ["Invoice not of valid status for modification"]


def test_put_never_takes_an_id(xero: Xero) -> None:
    """X6.7, X5.5: an unknown or a known InvoiceID on PUT is refused; 404 by the switch."""
    found = xero.make()["InvoiceID"]
    for given in (found, "11111111-2222-4333-8444-555555555555"):
        assert "could not be found" in xero.refusal(InvoiceID=given)[0]
    xero.switch(unknown_id_in_body="404")
    assert xero.call("PUT", "Invoices", invoice(InvoiceID=found)).status_code == 404


def test_dates_are_days(xero: Xero) -> None:
    """X11.1: a local midnight with an offset is turned to UTC and loses a day; plain days stay."""
    assert xero.make(Date="2026-11-03")["DateString"] == "2026-11-03T00:00:00"
    assert xero.make(Date="2026-11-03T00:00:00+11:00")["DateString"] == "2026-11-02T00:00:00"
    assert xero.make(Date="/Date(1793491200000+0000)/")["DateString"] == "2026-11-01T00:00:00"


def test_contacts_inside_invoices(xero: Xero) -> None:
    """X6.1, X7: an unknown Name makes a contact, a known one (any case) is used, an archived one refused."""
    first = xero.make(Contact={"Name": "Acme"})["Contact"]
    assert xero.make(Contact={"Name": "ACME"})["Contact"]["ContactID"] == first["ContactID"]
    assert xero.make(Contact={"ContactID": first["ContactID"]})["Contact"]["Name"] == "Acme"
    gone = [{"ContactID": first["ContactID"], "ContactStatus": "ARCHIVED"}]
    xero.write(gone, "POST", name="Contacts")
    assert "has been archived" in xero.refusal(Contact={"ContactID": first["ContactID"]})[0]
    assert xero.make(Contact={"Name": "Acme"})["Contact"]["ContactID"] != first["ContactID"]
    unknown = xero.refusal(Contact={"ContactID": "11111111-2222-4333-8444-555555555555"})
    assert "could not be found" in unknown[0]


def test_contact_details_inside_an_invoice_rewrite_the_contact(xero: Xero) -> None:
    """X7, X11.11: contact persons left out are deleted."""
    raw = {"Name": "Acme", "ContactPersons": [{"FirstName": "A", "EmailAddress": "a@b.example"}]}
    made = xero.write([raw], name="Contacts")[0]
    sent = {"ContactID": made["ContactID"], "EmailAddress": "new@b.example"}
    contact = xero.make(Contact=sent)["Contact"]
    assert (contact["EmailAddress"], contact["ContactPersons"]) == ("new@b.example", [])
