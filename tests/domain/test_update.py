"""What is sent when CRM changed one thing of an invoice that is in Xero? That one thing, and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.customer import NewContact
from server.domain.decide import Unchanged, Update
from server.domain.reasons import Code
from server.domain.values import NumberRule
from tests.domain.records import (
    BRIGHTWATER,
    CORNER_CAFE,
    SETTINGS,
    XERO_ID,
    D,
    body_of,
    codes,
    inv_2041,
    parts,
    pushed,
    record,
    row,
)
from tests.domain.xero_rules import edited, xero_day

HEADS: list[tuple[dict[str, object], str, dict[str, object]]] = [
    ({"Invoice_Date": "2026-10-30"}, "date", {"Date": "2026-10-30"}),
    ({"Due_Date": "2026-12-04"}, "due_date", {"DueDate": "2026-12-04"}),
    ({"Invoice_Number": "INV-2042"}, "number", {"InvoiceNumber": "INV-2042"}),
    ({"Status": "Submitted"}, "status", {"Status": "SUBMITTED"}),
    ({"Status": "Approved"}, "status", {"Status": "AUTHORISED"}),
]


@pytest.mark.parametrize("status", ["Created", "Submitted", "Approved"])
def test_nothing_changed_sends_nothing(status: str) -> None:
    """Whatever its status; the verdict knows both sides, so that what they say is remembered anew."""
    sent = pushed({**inv_2041(), "Status": status})
    found = sent.now()
    assert isinstance(found, Unchanged)
    assert found.both is not None and not found.kept
    assert sent.link.sent_digest == sent.link.hashed(found.digest or "")


@pytest.mark.parametrize(("change", "part", "body"), HEADS)
def test_a_part_of_the_head_goes_alone(change: dict[str, object], part: str, body: dict[str, object]) -> None:
    """Lines that did not change are not sent at all: they cannot be lost then."""
    sent = pushed()
    found = sent.now({**sent.raw, **change})
    assert body_of(found) == {"InvoiceID": XERO_ID, **body}
    assert parts(found) == {part: "crm"}


def test_another_customer_goes_alone() -> None:
    """By its id; CRM's account is what changed."""
    sent = pushed()
    raw = {**sent.raw, "Account_Name": {"name": "Corner Café Pty Ltd", "id": "9002"}}
    found = sent.now(raw, customer=CORNER_CAFE)
    assert body_of(found) == {"InvoiceID": XERO_ID, "Contact": {"ContactID": CORNER_CAFE.contact_id}}
    assert parts(found) == {"customer": "crm"}


def test_a_customer_that_is_still_to_be_made_is_not_in_the_body_yet() -> None:
    """Its contact goes first; then the change is decided again, with the same meaning for who saw it."""
    sent = pushed()
    raw = {**sent.raw, "Account_Name": {"name": "Corner Café Pty Ltd", "id": "9002"}}
    new = NewContact("9002", "Corner Café Pty Ltd", "Z9002")
    before, after = sent.now(raw, customer=new), sent.now(raw, customer=CORNER_CAFE)
    assert body_of(before) == {"InvoiceID": XERO_ID}
    assert isinstance(before, Update) and isinstance(after, Update)
    assert before.contact == new
    assert (before.digest, before.shown) == (after.digest, after.shown)


def test_several_changes_go_together() -> None:
    sent = pushed()
    found = sent.now({**sent.raw, "Due_Date": "2026-12-04", "Invoice_Number": "INV-2042", "Status": "Approved"})
    assert set(body_of(found)) == {"InvoiceID", "DueDate", "InvoiceNumber", "Status"}


def test_a_contact_that_xero_merged_into_another_is_no_change() -> None:
    """The invoice moved with it, and the customer's link follows."""
    merged = replace(BRIGHTWATER, contact_id="c0ffee00-0000-0000-0000-000000000009", matched_by="link")
    sent = pushed()
    doc = edited(sent.doc, Contact={"ContactID": merged.contact_id, "Name": "Brightwater"})
    assert isinstance(sent.now(doc=doc, customer=merged), Unchanged)


@pytest.mark.parametrize(
    ("crm", "xero", "sends"),
    [
        ("Created", "DRAFT", None),
        ("Created", "SUBMITTED", None),
        ("Submitted", "DRAFT", "SUBMITTED"),
        ("Submitted", "SUBMITTED", None),
        ("Approved", "DRAFT", "AUTHORISED"),
        ("Approved", "SUBMITTED", "AUTHORISED"),
        ("Created", "AUTHORISED", None),
        ("Submitted", "AUTHORISED", None),
        ("Approved", "PAID", None),
    ],
)
def test_a_status_is_raised_and_never_lowered(crm: str, xero: str, sends: str | None) -> None:
    """Also beside another change: what the bookkeeper raised stays raised (promise 3)."""
    sent = pushed()
    doc = edited(sent.doc, Status=xero)
    alone = sent.now({**sent.raw, "Status": crm}, doc)
    assert isinstance(alone, Update) is (sends is not None)
    if sends:
        assert body_of(alone) == {"InvoiceID": XERO_ID, "Status": sends}
    if xero in ("DRAFT", "SUBMITTED"):
        beside = body_of(sent.now({**sent.raw, "Status": crm, "Due_Date": "2026-12-04"}, doc))
        assert beside.get("Status") == sends


def test_a_status_taken_back_in_xero_alone_stays_there() -> None:
    """The bookkeeper sent it back to draft: no push submits it again, until CRM's own status changes."""
    sent = pushed(record(Status="Submitted"))
    doc = edited(sent.doc, Status="DRAFT")
    assert isinstance(sent.now(doc=doc), Unchanged)
    beside = sent.now({**sent.raw, "Due_Date": "2026-12-04"}, doc)
    assert parts(beside) == {"due_date": "crm"}
    assert "Status" not in body_of(beside)


def test_approving_asks_nobody_about_what_the_bookkeeper_added() -> None:
    """It writes over nothing: tracking on a line stays where it is."""
    sent = pushed()
    doc = edited(sent.doc, 0, Tracking=[{"Name": "Region", "Option": "North"}])
    assert body_of(sent.now({**sent.raw, "Status": "Approved"}, doc)) == {"InvoiceID": XERO_ID, "Status": "AUTHORISED"}


@pytest.mark.parametrize("change", [{}, {"Due_Date": "2026-12-04"}])
def test_a_renumbering_in_xero_is_respected(change: dict[str, object]) -> None:
    """The number is sent only when CRM's own changed; no conflict either."""
    sent = pushed()
    found = sent.now({**sent.raw, **change}, edited(sent.doc, InvoiceNumber="BK-1"))
    if change:
        assert body_of(found) == {"InvoiceID": XERO_ID, "DueDate": "2026-12-04"}
    else:
        assert isinstance(found, Unchanged)


def test_both_gave_the_same_new_number() -> None:
    sent = pushed()
    same = sent.now({**sent.raw, "Invoice_Number": "BK-1"}, edited(sent.doc, InvoiceNumber="BK-1"))
    assert isinstance(same, Unchanged)


def test_xeros_own_numbers_are_never_changed() -> None:
    """Also where CRM's record has another one."""
    by_xero = replace(SETTINGS, number=NumberRule("xero"))
    sent = pushed()
    found = sent.now({**sent.raw, "Invoice_Number": "INV-9", "Due_Date": "2026-12-04"}, settings=by_xero)
    assert "InvoiceNumber" not in body_of(found)


def test_a_due_date_that_crm_does_not_have_is_xeros() -> None:
    """A draft may go without; what Xero or the bookkeeper then fills in is nothing to send."""
    sent = pushed(record(Status="Created", Due_Date=None))
    assert isinstance(sent.now(doc=edited(sent.doc, DueDate=xero_day("2026-11-30"))), Unchanged)
    cleared = pushed()
    assert isinstance(cleared.now({**cleared.raw, "Due_Date": None}), Unchanged)


def test_a_change_with_a_problem_is_held_back_with_its_reason() -> None:
    """The checks of a first push hold for every other."""
    sent = pushed()
    found = sent.now({**sent.raw, "Invoice_Date": "2026-12-24"})
    assert [each.code for each in found.reasons] == [Code.DUE_BEFORE_DATE]  # type: ignore[union-attr]
    assert codes({**sent.raw, "Invoice_Date": "2026-12-24"}) == ["due_before_date"]


def test_the_update_names_what_it_will_come_to() -> None:
    """Its total is compared with Xero's answer, as a create's is."""
    sent = pushed(record(row(), Status="Created"))
    found = sent.now(record(row(Quantity=D(3)), Status="Created"))
    assert isinstance(found, Update)
    assert (found.total, found.number) == (D("330.00"), None)
    renumbered = sent.now({**sent.raw, "Invoice_Number": "INV-7"})
    assert isinstance(renumbered, Update)
    assert renumbered.number == "INV-7"
