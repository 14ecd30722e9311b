"""Do closed periods stop what X6.4 says, for whom it says?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, line, messages

PERIOD = "The document date cannot be before the period lock date, currently set at 15-Nov-2026"
YEAR = "The document date cannot be before the end of year lock date, currently set at 10-Nov-2026"


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    """The app was connected by somebody with the standard role."""
    xero = Xero(tmp_path)
    other = xero.new_organisation("Standard", "AU", role="STANDARD")
    xero.org, xero.tokens = other["organisation"], xero.sign_in(other["person"], [other["organisation"]])
    return xero


def lock(xero: Xero, period: str | None = "2026-11-15", year: str | None = "2026-11-10") -> None:
    stored = xero.state.get("xero_org", xero.org)
    assert stored is not None
    xero.state.put("xero_org", xero.org, {**stored, "PeriodLockDate": period, "EndOfYearLockDate": year})


def pay(xero: Xero, row: dict[str, Any], day: str) -> dict[str, Any]:
    raw = {"Invoice": {"InvoiceID": row["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 5, "Date": day}
    return xero.write([raw], name="Payments")[0]


def test_both_dates_on_or_before_the_day(xero: Xero) -> None:
    """X6.4: two messages can come together; the day itself is closed; the organisation shows both."""
    lock(xero)
    assert xero.refusal(Date="2026-11-10") == [PERIOD, YEAR]
    assert xero.refusal(Date="2026-11-15") == [PERIOD]
    assert xero.make(Date="2026-11-16")["Status"] == "AUTHORISED"
    shown = xero.get("Organisation").json["Organisations"][0]
    assert {"PeriodLockDate", "EndOfYearLockDate"} <= set(shown)


def test_the_year_lock_stops_advisers_too(tmp_path: Path) -> None:
    """X6.4: the period lock does not."""
    xero = Xero(tmp_path)
    lock(xero)
    assert xero.refusal(Date="2026-11-10") == [YEAR]
    assert xero.make(Date="2026-11-15")["Status"] == "AUTHORISED"


def test_the_role_counts_that_the_person_has_now(xero: Xero) -> None:
    """X6.4: what counts is the role of whoever connected."""
    lock(xero, year=None)
    assert xero.refusal(Date="2026-11-10") == [PERIOD]
    (email,) = (user["EmailAddress"] for user in xero.get("Users").json["Users"])
    person = xero.state.get("xero_person", email)
    assert person is not None
    xero.state.put("xero_person", email, {**person, "organisations": {xero.org: "FINANCIALADVISER"}})
    assert xero.make(Date="2026-11-10")["Status"] == "AUTHORISED"


@pytest.mark.parametrize(
    "edit",
    [
        {"Reference": "x"},
        {"DueDate": "2027-01-01"},
        {"Status": "VOIDED"},
        {"Date": "2026-11-20"},
        {"LineItems": [line(UnitAmount=5)]},
    ],
)
def test_nothing_changes_on_an_approved_one_in_a_closed_period(xero: Xero, edit: dict[str, Any]) -> None:
    """X6.3, X6.4: not even by moving it out."""
    row = xero.make(Date="2026-11-12")
    lock(xero)
    assert messages(xero.change(row["InvoiceID"], **edit)) == [PERIOD]


def test_nothing_moves_into_a_closed_period(xero: Xero) -> None:
    """X6.4."""
    row = xero.make(Date="2026-11-20")
    lock(xero)
    assert messages(xero.change(row["InvoiceID"], Date="2026-11-12")) == [PERIOD]


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED"])
def test_drafts_in_a_closed_period(xero: Xero, status: str) -> None:
    """X6.3, X6.4: accepted, edited and deleted there, only approval fails; a switch closes them too."""
    lock(xero)
    row = xero.make(Status=status, Date="2026-11-12")
    assert xero.change(row["InvoiceID"], Reference="x")["StatusAttributeString"] == "OK"
    assert messages(xero.change(row["InvoiceID"], Status="AUTHORISED")) == [PERIOD]
    assert xero.change(row["InvoiceID"], Status="AUTHORISED", Date="2026-11-16")["Status"] == "AUTHORISED"
    xero.switch(drafts_in_locked_period=False)
    assert xero.refusal(Status=status, Date="2026-11-12") == [PERIOD]


def test_payments_dated_inside_are_blocked(xero: Xero) -> None:
    """X6.4: both making and deleting them."""
    row = xero.make(Date="2026-11-01")
    made = pay(xero, row, "2026-11-12")
    lock(xero)
    assert messages(pay(xero, row, "2026-11-12")) == [PERIOD]
    assert pay(xero, row, "2026-11-16")["StatusAttributeString"] == "OK"
    path = f"Payments/{made['PaymentID']}?summarizeErrors=false"
    answer = xero.call("POST", path, {"Status": "DELETED"})
    assert messages(answer.json["Payments"][0]) == [PERIOD]
