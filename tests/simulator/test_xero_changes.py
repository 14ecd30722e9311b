"""Do changes of status, edits and closed periods obey X6.2 to X6.4 and X6.6?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulator.xero_stage import Xero, line, messages


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


@pytest.mark.parametrize(
    ("path", "last"),
    [
        (["SUBMITTED", "DRAFT", "AUTHORISED", "VOIDED"], "VOIDED"),
        (["SUBMITTED", "DELETED"], "DELETED"),
        (["AUTHORISED", "AUTHORISED"], "AUTHORISED"),
    ],
)
def test_legal_changes_of_status(xero: Xero, path: list[str], last: str) -> None:
    """X6.2: minimal status updates are accepted, lines stay."""
    row = xero.make(Status="DRAFT")
    for status in path:
        row = xero.change(row["InvoiceID"], Status=status)
        assert row["StatusAttributeString"] == "OK"
    assert row["Status"] == last
    assert (row["AmountDue"], row["LineItems"][0]["Description"]) == (110.0, "Desk")


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        ("AUTHORISED", "DELETED"),
        ("AUTHORISED", "DRAFT"),
        ("AUTHORISED", "SUBMITTED"),
        ("AUTHORISED", "PAID"),
        ("DRAFT", "VOIDED"),
        ("DRAFT", "PAID"),
        ("SUBMITTED", "VOIDED"),
    ],
)
def test_illegal_changes_of_status(xero: Xero, start: str, wanted: str) -> None:
    """X6.2, recorded: the echo shows the wanted status, the real id and no number."""
    made = xero.make(Status=start)
    row = xero.change(made["InvoiceID"], Status=wanted)
    assert messages(row) == ["Invoice not of valid status for modification"]
    assert (row["Status"], row["InvoiceID"], "InvoiceNumber" in row) == (wanted, made["InvoiceID"], False)


def test_final_states_take_no_edit(xero: Xero) -> None:
    """X6.3."""
    row = xero.make()
    xero.change(row["InvoiceID"], Status="VOIDED")
    for edit in ({"Reference": "x"}, {"Status": "VOIDED"}, {"Status": "DRAFT"}):
        found = messages(xero.change(row["InvoiceID"], **edit))
        assert found == ["Invoice not of valid status for modification"]


def test_what_may_change_once_something_is_paid(xero: Xero) -> None:
    """X6.3: reference, due date, number, link and line text; nothing that moves money; no void."""
    row = xero.make()
    xero.bookkeeper("pay", row["InvoiceID"], amount="10")
    lines = [{"LineItemID": row["LineItems"][0]["LineItemID"], "Description": "Other text"}]
    free = {"Reference": "x", "DueDate": "2026-12-24", "InvoiceNumber": "N-9", "LineItems": lines}
    assert xero.change(row["InvoiceID"], **free)["StatusAttributeString"] == "OK"
    dearer = [{**lines[0], "UnitAmount": 120}]
    assert messages(xero.change(row["InvoiceID"], LineItems=dearer)) == [
        "This document cannot be edited as it has a payment or credit note allocated to it."
    ]
    assert "Date cannot be changed" in messages(xero.change(row["InvoiceID"], Date="2026-11-02"))[0]
    assert "The status VOIDED cannot be applied" in messages(xero.change(row["InvoiceID"], Status="VOIDED"))[0]


def test_a_due_date_on_a_part_paid_invoice_moves_no_stamp(xero: Xero) -> None:
    """X5.3."""
    row = xero.make()
    xero.bookkeeper("pay", row["InvoiceID"], amount="10")
    before = xero.get(f"Invoices/{row['InvoiceID']}").json["Invoices"][0]
    after = xero.change(row["InvoiceID"], DueDate="2026-12-24")
    assert after["DueDateString"] == "2026-12-24T00:00:00"
    assert after["UpdatedDateUTC"] == before["UpdatedDateUTC"]
    assert xero.change(row["InvoiceID"], Reference="y")["UpdatedDateUTC"] != before["UpdatedDateUTC"]


def test_lines_by_their_ids(xero: Xero) -> None:
    """X6.6: with an id updated, without it new, left out deleted, list left out kept."""
    row = xero.make(Status="DRAFT", LineItems=[line(Description="one"), line(Description="two")])
    one = row["LineItems"][0]["LineItemID"]
    edit = [{"LineItemID": one, "Quantity": 3}, line(Description="three")]
    row = xero.change(row["InvoiceID"], LineItems=edit)
    assert [(found["Description"], found["LineAmount"]) for found in row["LineItems"]] == [
        ("one", 300.0),
        ("three", 100.0),
    ]
    assert row["LineItems"][0]["LineItemID"] == one
    same = xero.change(row["InvoiceID"], Reference="x")
    assert same["LineItems"] == row["LineItems"]
    found = messages(xero.change(row["InvoiceID"], LineItems=[]))
    assert found == ["One or more line items must be specified"]
    xero.switch(empty_lines_on_update="ignored")
    assert len(xero.change(row["InvoiceID"], LineItems=[])["LineItems"]) == 2


def lock(xero: Xero, day: str) -> None:
    assert xero.bookkeeper("close", date=day).status_code == 200


def test_a_closed_period_stops_all_but_advisers(xero: Xero) -> None:
    """X6.4: the date on the Organisation, both roles, drafts accepted, approval refused."""
    assert "PeriodLockDate" not in xero.get("Organisation").json["Organisations"][0]
    lock(xero, "2026-11-05")
    org = xero.get("Organisation").json["Organisations"][0]
    assert org["PeriodLockDate"] == "/Date(1793836800000+0000)/"
    assert "EndOfYearLockDate" not in org
    xero.make()
    other = xero.new_organisation("Standard", "AU", role="STANDARD")
    xero.org, xero.tokens = other["organisation"], xero.sign_in(other["person"], [other["organisation"]])
    row = xero.make(Status="DRAFT")
    approved = xero.make()
    lock(xero, "2026-11-05")
    text = "The document date cannot be before the period lock date, currently set at 05-Nov-2026"
    assert xero.refusal() == [text]
    assert messages(xero.change(row["InvoiceID"], Status="AUTHORISED")) == [text]
    assert messages(xero.change(approved["InvoiceID"], Status="VOIDED")) == [text]
    assert xero.change(row["InvoiceID"], Reference="x")["StatusAttributeString"] == "OK"
    assert xero.make(Date="2026-11-06")["StatusAttributeString"] == "OK"
    actions = {a["Name"]: a["Status"] for a in xero.get("Organisation/Actions").json["Actions"]}
    assert actions["ApproveTransactionsBeforePeriodLockDate"] == "NOT-ALLOWED"
    assert actions["CreateApprovedInvoice"] == "ALLOWED"
