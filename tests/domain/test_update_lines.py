"""Does a change of one line leave all that Xero knows of the others, and of that line, as it is?"""

from __future__ import annotations

from typing import Any

import pytest

from server.domain.decide import SEND_CRM, Unchanged, Update
from tests.domain.records import (
    LINE_ID,
    D,
    Pushed,
    after_agreement,
    body_of,
    parts,
    pushed,
    record,
    row,
    with_row,
    with_rows,
)
from tests.domain.xero_rules import applied, edited

FREE = [{"name": "GST free", "percentage": D(0)}]
FIRST, SECOND, THIRD = (LINE_ID.format(place) for place in (1, 2, 3))
NORTH = [{"Name": "Region", "Option": "North"}]


def three() -> Pushed:
    """Three lines: one with a discount, one with a price of four decimals, one without tax."""
    return pushed(
        record(
            row("Oak desk", Discount=D("5.00")),
            row("Screws", Quantity=D("2.5"), List_Price=D("0.3333")),
            row("Warranty", Line_Tax=FREE),
            Status="Created",
        )
    )


CHANGES = [
    ({"Description": "Oak, 2 m"}, "text", {"Description": "Oak desk\nOak, 2 m"}),
    ({"Quantity": D(3)}, "quantity", {"Quantity": 3, "LineAmount": D("295.00")}),
    ({"List_Price": D("80.1234")}, "price", {"UnitAmount": D("80.1234"), "LineAmount": D("75.12")}),
    ({"Discount": D("7.50")}, "discount", {"DiscountAmount": D("7.5"), "LineAmount": D("92.50")}),
    ({"Discount": D(0)}, "discount", {"DiscountAmount": 0, "LineAmount": D("100.00")}),
    ({"Line_Tax": FREE}, "tax", {"TaxType": "EXEMPTOUTPUT"}),
]


@pytest.mark.parametrize(("change", "what", "expected"), CHANGES)
def test_a_changed_line_goes_in_its_place(change: dict[str, object], what: str, expected: dict[str, object]) -> None:
    """By its LineItemID, with all others beside it in their order: who is left out would be deleted (X6.6)."""
    sent = three()
    found = sent.now(with_row(sent.raw, 0, **change))
    body = body_of(found)
    assert set(body) == {"InvoiceID", "LineAmountTypes", "LineItems"}
    assert [line["LineItemID"] for line in body["LineItems"]] == [FIRST, SECOND, THIRD]
    before = {
        "LineItemID": FIRST,
        "Description": "Oak desk",
        "Quantity": 1,
        "UnitAmount": 100,
        "DiscountAmount": 5,
        "AccountCode": "200",
        "TaxType": "OUTPUT",
        "LineAmount": D("95.00"),
    }
    assert body["LineItems"][0] == {**before, **expected}
    assert parts(found) == {f"1.{what}": "crm"}


def test_lines_that_stay_are_echoed_as_they_are() -> None:
    """Price of four decimals, rate of discount, tracking, product, corrected tax: nothing of it is touched. Without
    LineAmount, because beside a rate that Xero rounded it may not add up (X6.5)."""
    sent = three()
    doc = edited(sent.doc, 0, DiscountAmount=None, DiscountRate=D(5), ItemCode="DESK", Tracking=NORTH)
    doc = edited(doc, 1, TaxAmount=D("0.09"), Description="Screws \r\n")
    body = body_of(after_agreement(sent, doc).now(with_row(sent.raw, 2, Quantity=D(2))))
    assert body["LineItems"][:2] == [
        {
            "LineItemID": FIRST,
            "Description": "Oak desk",
            "Quantity": 1,
            "UnitAmount": 100,
            "DiscountRate": 5,
            "AccountCode": "200",
            "TaxType": "OUTPUT",
            "ItemCode": "DESK",
            "Tracking": NORTH,
        },
        {
            "LineItemID": SECOND,
            "Description": "Screws",
            "Quantity": D("2.5"),
            "UnitAmount": D("0.3333"),
            "AccountCode": "200",
            "TaxType": "OUTPUT",
            "TaxAmount": D("0.09"),
        },
    ]


def test_a_discount_of_an_amount_is_echoed_too() -> None:
    """Left out, it could be gone."""
    sent = three()
    first, second, _ = body_of(sent.now(with_row(sent.raw, 2, Quantity=D(2))))["LineItems"]
    assert (first["DiscountAmount"], "DiscountRate" in first) == (5, False)
    assert "DiscountAmount" not in second


@pytest.mark.parametrize("keeps", [True, False])
def test_a_changed_line_keeps_what_crm_has_no_word_for(keeps: bool) -> None:
    """The bookkeeper's tracking, product and corrected tax stay on a line whose words change in CRM, whichever way
    Xero takes a field that is not sent."""
    sent = three()
    doc = edited(sent.doc, 0, ItemCode="DESK", Tracking=NORTH, TaxAmount=D("9.51"))
    body = body_of(after_agreement(sent, doc).now(with_row(sent.raw, 0, Description="Oak, 2 m")))
    line = applied(doc, body, keeps=keeps)["LineItems"][0]
    assert line["Description"] == "Oak desk\nOak, 2 m"
    assert (line["ItemCode"], line["Tracking"], line["TaxAmount"]) == ("DESK", NORTH, D("9.51"))


def test_a_corrected_tax_goes_when_the_amount_it_was_of_goes() -> None:
    """Xero works it out anew; an old correction would be wrong."""
    sent = three()
    doc = edited(sent.doc, 0, TaxAmount=D("9.51"))
    body = body_of(after_agreement(sent, doc).now(with_row(sent.raw, 0, Quantity=D(2))))
    assert applied(doc, body)["LineItems"][0]["TaxAmount"] == D("19.50")


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("discount", ["0", "2.50"])
def test_crms_discount_takes_the_place_of_a_rate(discount: str, keeps: bool) -> None:
    """Never two discounts on one line, and none where CRM has none (X6.1)."""
    sent = three()
    doc = edited(sent.doc, 0, DiscountAmount=None, DiscountRate=D(5))
    raw = with_row(sent.raw, 0, Discount=D(discount))
    line = applied(doc, body_of(sent.now(raw, doc, choice=SEND_CRM)), keeps=keeps)["LineItems"][0]
    assert line["LineAmount"] == 100 - D(discount)


def test_a_new_row_is_a_new_line() -> None:
    """Without id, so that Xero makes one; in CRM's order."""
    sent = three()
    rows: Any = sent.raw["Invoiced_Items"]
    new = row("Lamp", id="7009", List_Price=D("40.00"))
    found = sent.now(with_rows(sent.raw, rows[0], new, *rows[1:]))
    lines = body_of(found)["LineItems"]
    assert [line.get("LineItemID") for line in lines] == [FIRST, None, SECOND, THIRD]
    assert lines[1] == {
        "Description": "Lamp",
        "Quantity": 1,
        "UnitAmount": 40,
        "AccountCode": "200",
        "TaxType": "OUTPUT",
        "LineAmount": D("40.00"),
    }
    assert parts(found) == {"2.added": "crm"}


def test_a_removed_row_is_left_out() -> None:
    """Which deletes it (X6.6); the others stay the same lines."""
    sent = three()
    rows: Any = sent.raw["Invoiced_Items"]
    found = sent.now(with_rows(sent.raw, rows[0], rows[2]))
    assert [line["LineItemID"] for line in body_of(found)["LineItems"]] == [FIRST, THIRD]
    assert parts(found) == {"3.removed": "crm"}


def test_another_order_alone_is_no_change() -> None:
    sent = three()
    rows: Any = sent.raw["Invoiced_Items"]
    assert isinstance(sent.now(with_rows(sent.raw, *reversed(rows))), Unchanged)


def test_rows_that_crm_made_anew_take_the_lines_by_place() -> None:
    """Where no row is known any more, as after a restored backup of CRM: changed, not doubled."""
    sent = three()
    rows: Any = sent.raw["Invoiced_Items"]
    again = [{**each, "id": f"9{each['id']}"} for each in rows]
    assert isinstance(sent.now(with_rows(sent.raw, *again)), Unchanged)
    again[1] = {**again[1], "Quantity": D(4)}
    found = sent.now(with_rows(sent.raw, *again))
    assert isinstance(found, Update)
    assert [line["LineItemID"] for line in body_of(found)["LineItems"]] == [FIRST, SECOND, THIRD]


def test_line_ends_and_blanks_are_nobodys_words() -> None:
    """Xero may end lines otherwise than CRM (X6.8)."""
    sent = pushed(record(row("Desk", Description="Oak, 2 m\nwith drawers"), Status="Created"))
    assert isinstance(sent.now(doc=edited(sent.doc, 0, Description="Desk \r\nOak, 2 m\r\nwith drawers ")), Unchanged)
