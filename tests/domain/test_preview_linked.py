"""What does a preview show of an invoice that is in Xero already? Both sides, in what they differ, and who did it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from server.domain.decide import KEEP_XERO, Decision
from server.domain.preview import preview_json
from server.domain.values import TrackingRule
from tests.domain.records import (
    AT,
    BOOKS,
    SETTINGS,
    D,
    inv_2041,
    keyed,
    pushed,
    read,
    record,
    row,
    with_row,
)
from tests.domain.xero_rules import edited, xero_day

DRAFT = {**inv_2041(), "Status": "Created"}
REMOVING = replace(SETTINGS, statuses={**SETTINGS.statuses, "Cancelled": "REMOVED"})


def shown(found: Decision, raw: dict[str, object]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(preview_json(found, read(raw), BOOKS, AT)))
    return copy


def test_what_agrees_shows_its_lines_and_what_xero_holds() -> None:
    """Nothing is to be confirmed: no digest, no differences."""
    sent = pushed(inv_2041())
    found = shown(sent.now(), sent.raw)
    assert (found["decision"], found["digest"], found["differences"]) == ("unchanged", None, [])
    assert len(found["lines"]) == 4
    assert found["held"] == {
        "number": "INV-2041",
        "status": "AUTHORISED",
        "total": "3274.25",
        "due": "3274.25",
        "currency": "AUD",
        "payment_status": "awaiting_payment",
    }


def test_a_change_shows_both_sides_of_it() -> None:
    """Money as money, numbers as short as they are, days as days; the line by its place and name."""
    sent = pushed(DRAFT)
    raw = {**with_row(sent.raw, 1, Quantity=D("7.50"), List_Price=D("140")), "Due_Date": "2026-12-04"}
    decision = sent.now(raw)
    found = shown(decision, raw)
    assert (found["decision"], found["digest"]) == ("update", decision.shown)  # type: ignore[union-attr]
    none = {"line": None, "name": None, "what": None}
    days = {"kind": "day", "crm": "2026-12-04", "xero": "2026-11-27"}
    chair = {"part": "line", "line": 2, "name": "Visitor chair", "by": "crm", "stays": False}
    assert found["differences"] == [
        {"part": "due_date", **none, **days, "by": "crm", "stays": False},
        {**chair, "what": "quantity", "kind": "number", "crm": "7.5", "xero": "6"},
        {**chair, "what": "price", "kind": "money", "crm": "140.00", "xero": "145.00"},
    ]


def test_a_conflict_names_accounts_and_rates_as_people_know_them() -> None:
    """And what only Xero has beside them."""
    sent = pushed(DRAFT)
    doc = edited(sent.doc, 0, AccountCode="220", TaxType="OUTPUT15", ItemCode="DESK")
    doc = edited(doc, 1, Tracking=[{"Name": "Region", "Option": "North"}, {"Name": "Team", "Option": "B"}])
    doc = edited(doc, 2, TaxAmount=D("24.01"))
    found = shown(sent.now(doc=doc), sent.raw)
    assert found["decision"] == "conflict"
    seen = [(each["line"], each["what"], each["kind"], each["crm"], each["xero"]) for each in found["differences"]]
    assert seen == [
        (1, "account", "account", "200 Sales", "220 Services"),
        (1, "tax", "tax", "GST on Income", "GST on Income 15"),
        (1, "product", "text", None, "DESK"),
        (2, "tracking", "text", None, "Region: North, Team: B"),
        (3, "tax", "money", "24.00", "24.01"),
    ]
    assert {each["by"] for each in found["differences"]} == {"xero"}
    assert [each["stays"] for each in found["differences"]] == [False, False, True, True, True]


def test_lines_of_one_side_are_shown_by_name_and_amount() -> None:
    sent = pushed(record(row("Desk"), row("Chair"), Status="Created"))
    raw = record(row("Desk"), row("Lamp", id="7009", List_Price=D(40)), Status="Created")
    added, removed = shown(sent.now(raw), raw)["differences"]
    assert (added["what"], added["line"], added["name"], added["crm"], added["xero"]) == (
        "added",
        2,
        "Lamp",
        "40.00",
        None,
    )
    assert (removed["what"], removed["name"], removed["crm"], removed["xero"]) == ("removed", "Chair", None, "100.00")


def test_what_was_kept_is_called_so() -> None:
    """It has no lines of CRM's: they are not what Xero holds."""
    sent = pushed(DRAFT)
    doc = edited(sent.doc, DueDate=xero_day("2026-12-24"))
    keep = sent.now(doc=doc, choice=KEEP_XERO)
    kept = sent.now(doc=doc, link=replace(sent.link, kept_digest=keyed(keep.digest)))  # type: ignore[union-attr]
    assert [shown(each, sent.raw)["decision"] for each in (keep, kept)] == ["kept", "kept"]
    assert (shown(kept, sent.raw)["lines"], shown(kept, sent.raw)["held"]["status"]) == ([], "DRAFT")


@pytest.mark.parametrize(("status", "becomes"), [("DRAFT", "DELETED"), ("AUTHORISED", "VOIDED")])
def test_a_removal_names_number_and_amount(status: str, becomes: str) -> None:
    """That is what the person confirms (design 5)."""
    sent = pushed(inv_2041())
    raw = {**sent.raw, "Status": "Cancelled"}
    found = shown(sent.now(raw, edited(sent.doc, Status=status), settings=REMOVING), raw)
    assert (found["decision"], found["removal"], found["crm_status"]) == ("remove", becomes, "Cancelled")
    assert (found["held"]["number"], found["held"]["total"]) == ("INV-2041", "3274.25")
    assert found["digest"]


def test_a_locked_one_shows_what_crm_would_change() -> None:
    sent = pushed(inv_2041())
    raw = {**sent.raw, "Due_Date": "2026-12-04"}
    found = shown(sent.now(raw, edited(sent.doc, AmountPaid=D("1000.00"))), raw)
    assert (found["decision"], found["digest"], found["may_unlink"]) == ("locked", None, False)
    assert [each["part"] for each in found["differences"]] == ["due_date"]
    assert (found["held"]["due"], found["held"]["payment_status"]) == ("2274.25", "partially_paid")


def test_a_blocked_one_still_shows_what_xero_holds() -> None:
    sent = pushed(DRAFT)
    raw = {**sent.raw, "Due_Date": "2026-10-01"}
    found = shown(sent.now(raw), raw)
    assert (found["decision"], found["digest"], found["held"]["status"]) == ("blocked", None, "DRAFT")


def test_what_crm_has_a_say_in_is_replaced_and_said_so() -> None:
    """Reference, the way of tax, product code and tracking of a line: with rules for them, CRM's side goes."""
    rules = {"reference_field": "Subject", "tracking": (TrackingRule("Region", "invoice", "Area"),)}
    settings = replace(SETTINGS, products="without", **rules)  # type: ignore[arg-type]
    raw = record(row(Product_Name={"name": "Desk", "Product_Code": "DESK-OAK"}), Status="Created")
    raw = {**raw, "Subject": "PO 12", "Area": "North"}
    sent = pushed(record(row("Desk"), Status="Created"))
    doc = edited(sent.doc, 0, Tracking=[{"Name": "Region", "Option": "South"}], ItemCode="LAMP")
    doc = edited(doc, Reference="PO 11", LineAmountTypes="Inclusive")
    found = shown(sent.now(raw, doc, settings=settings), raw)
    seen = [(each["part"], each["what"], each["kind"], each["crm"], each["xero"]) for each in found["differences"]]
    assert seen[:4] == [
        ("reference", None, "text", "PO 12", "PO 11"),
        ("amounts", None, "text", "Tax exclusive", "Tax inclusive"),
        ("line", "product", "text", "DESK-OAK", "LAMP"),
        ("line", "tracking", "text", "Region: North", "Region: South"),
    ]
    assert not any(each["stays"] for each in found["differences"][:4])
    assert (found["reference"], found["lines"][0]["product_code"]) == ("PO 12", "DESK-OAK")
