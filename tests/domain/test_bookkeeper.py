"""Is whatever the bookkeeper changed in Xero safe from CRM, part by part (promise 3)?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server.domain.content import LinkedState
from server.domain.decide import SEND_CRM, Conflict, Unchanged, Update
from tests.domain.records import (
    CORNER_CAFE,
    LINE_ID,
    XERO_ID,
    D,
    Pushed,
    body_of,
    parts,
    pushed,
    record,
    row,
    with_row,
    with_rows,
)
from tests.domain.xero_rules import Doc, counted, edited, xero_day

Edit = Callable[[Doc], Doc]
NORTH = [{"Name": "Region", "Option": "North"}]
SHIPPING = {"Description": "Shipping", "Quantity": D(1), "UnitAmount": D(20), "AccountCode": "200", "TaxType": "OUTPUT"}


def line(**fields: Any) -> Edit:
    return lambda doc: edited(doc, 0, **fields)


def head(**fields: Any) -> Edit:
    return lambda doc: edited(doc, **fields)


def added(doc: Doc) -> Doc:
    new = {**SHIPPING, "LineItemID": LINE_ID.format(9), "Tracking": []}
    return counted({**doc, "LineItems": [*doc["LineItems"], new]})


def removed(doc: Doc) -> Doc:
    return counted({**doc, "LineItems": doc["LineItems"][1:]})


# What CRM would write over: the edit, and the part that then differs.
OURS: list[tuple[str, Edit, dict[str, str]]] = [
    ("text", line(Description="Desk, oiled"), {"1.text": "xero"}),
    ("quantity", line(Quantity=D(2)), {"1.quantity": "xero"}),
    ("price", line(UnitAmount=D("99.9999")), {"1.price": "xero"}),
    ("discount", line(DiscountAmount=D("7.00")), {"1.discount": "xero"}),
    ("discount as a rate", line(DiscountAmount=None, DiscountRate=D(10)), {"1.discount": "xero"}),
    ("discount taken off", line(DiscountAmount=None), {"1.discount": "xero"}),
    ("account", line(AccountCode="220"), {"1.account": "xero"}),
    ("tax", line(TaxType="EXEMPTOUTPUT"), {"1.tax": "xero"}),
    ("date", head(Date=xero_day("2026-10-29")), {"date": "xero"}),
    ("due date", head(DueDate=xero_day("2026-12-24")), {"due_date": "xero"}),
    ("contact", head(Contact={"ContactID": CORNER_CAFE.contact_id, "Name": "Corner Café"}), {"customer": "xero"}),
    ("currency", head(CurrencyCode="NZD"), {"currency": "xero"}),
    ("tax inclusive", head(LineAmountTypes="Inclusive"), {"amounts": "xero"}),
    ("no tax", head(LineAmountTypes="NoTax"), {"amounts": "xero"}),
    ("added line", added, {"3.removed": "xero"}),
    ("removed line", removed, {"1.added": "xero"}),
]
# What CRM has no word for.
THEIRS: list[tuple[str, Edit]] = [
    ("tracking", line(Tracking=NORTH)),
    ("product", line(ItemCode="DESK")),
    ("tax amount", line(TaxAmount=D("9.51"))),
]
OURS_NAMED = pytest.mark.parametrize(("edit", "differs"), [each[1:] for each in OURS], ids=[each[0] for each in OURS])
ALL_NAMED = pytest.mark.parametrize(
    "edit", [*(each[1] for each in OURS), *(each[1] for each in THEIRS)], ids=[each[0] for each in (*OURS, *THEIRS)]
)


@OURS_NAMED
def test_an_edit_alone_is_a_conflict(edit: Edit, differs: dict[str, str]) -> None:
    """CRM did not change: a push shows what the bookkeeper did and sends nothing."""
    sent = pushed()
    found = sent.now(doc=edit(sent.doc))
    assert isinstance(found, Conflict)
    assert parts(found) == differs


@OURS_NAMED
def test_an_edit_beside_a_change_in_crm_is_a_conflict(edit: Edit, differs: dict[str, str]) -> None:
    """Both are shown with who made them; CRM's change waits, too. Another way of tax is a change of every line."""
    sent = pushed()
    found = sent.now(with_row(sent.raw, 1, Quantity=D(7)), edit(sent.doc))
    assert isinstance(found, Conflict)
    assert parts(found) == {**differs, "2.quantity": "both" if "amounts" in differs else "crm"}


@pytest.mark.parametrize("edit", [each[1] for each in THEIRS], ids=[each[0] for each in THEIRS])
def test_what_crm_has_no_word_for_is_nothing_to_send(edit: Edit) -> None:
    """Alone it is the bookkeeper's own business: unchanged, and from then on known."""
    sent = pushed()
    assert isinstance(sent.now(doc=edit(sent.doc)), Unchanged)


@pytest.mark.parametrize(("edit", "what"), [(each[1], each[0]) for each in THEIRS], ids=[each[0] for each in THEIRS])
def test_what_crm_has_no_word_for_is_shown_beside_a_change(edit: Edit, what: str) -> None:
    """Not known yet, a change in CRM could go over it: a conflict that names it."""
    sent = pushed()
    found = sent.now(with_row(sent.raw, 0, Description="Oak, 2 m"), edit(sent.doc))
    assert isinstance(found, Conflict)
    assert parts(found) == {"1.text": "both"}
    assert [(each.what, each.by) for each in found.seen.only_in_xero] == [(what.split()[0], "xero")]


@ALL_NAMED
def test_it_is_sent_over_only_when_somebody_says_so(edit: Edit) -> None:
    """The same two sides, with and without the choice."""
    sent = pushed()
    raw = {**sent.raw, "Due_Date": "2026-12-04"}
    assert isinstance(sent.now(raw, edit(sent.doc)), Conflict)
    assert isinstance(sent.now(raw, edit(sent.doc), choice=SEND_CRM), Update)


BOTH: list[tuple[str, Callable[[Pushed], dict[str, object]], Edit]] = [
    ("text", lambda sent: with_row(sent.raw, 0, Description="Oiled"), line(Description="Oak desk\r\nOiled")),
    ("quantity", lambda sent: with_row(sent.raw, 0, Quantity=D(2)), line(Quantity=D("2.0"))),
    ("price", lambda sent: with_row(sent.raw, 0, List_Price=D(90)), line(UnitAmount=D("90.0000"))),
    ("discount", lambda sent: with_row(sent.raw, 0, Discount=D(10)), line(DiscountAmount=None, DiscountRate=D(10))),
    ("date", lambda sent: {**sent.raw, "Invoice_Date": "2026-10-29"}, head(Date=xero_day("2026-10-29"))),
    ("due date", lambda sent: {**sent.raw, "Due_Date": "2026-12-04"}, head(DueDate=xero_day("2026-12-04"))),
    ("removed line", lambda sent: with_rows(sent.raw, sent.raw["Invoiced_Items"][1]), removed),  # type: ignore[index]
]


@pytest.mark.parametrize(("change", "edit"), [each[1:] for each in BOTH], ids=[each[0] for each in BOTH])
def test_the_same_on_both_sides_is_no_conflict(change: Callable[[Pushed], dict[str, object]], edit: Edit) -> None:
    """Both corrected the same mistake: nothing is left to send."""
    sent = pushed()
    assert isinstance(sent.now(change(sent), edit(sent.doc)), Unchanged)


def test_both_changed_one_thing() -> None:
    """Neither is simply right: both are named."""
    sent = pushed()
    price = sent.now(with_row(sent.raw, 0, List_Price=D(80)), line(UnitAmount=D(90))(sent.doc))
    date = sent.now({**sent.raw, "Due_Date": "2026-12-04"}, head(DueDate=xero_day("2026-12-24"))(sent.doc))
    number = sent.now({**sent.raw, "Invoice_Number": "INV-2"}, head(InvoiceNumber="BK-2")(sent.doc))
    assert [parts(each) for each in (price, date, number)] == [
        {"1.price": "both"},
        {"due_date": "both"},
        {"number": "both"},
    ]
    assert all(isinstance(each, Conflict) for each in (price, date, number))


def test_one_took_a_line_out_that_the_other_changed() -> None:
    """Who only looked at one side would think that nobody else wanted that line."""
    sent = pushed()
    gone_in_xero = sent.now(with_row(sent.raw, 0, Quantity=D(2)), removed(sent.doc))
    gone_in_crm = sent.now(with_rows(sent.raw, sent.raw["Invoiced_Items"][1]), line(Quantity=D(2))(sent.doc))  # type: ignore[index]
    assert isinstance(gone_in_xero, Conflict) and isinstance(gone_in_crm, Conflict)
    assert parts(gone_in_xero) == {"1.added": "both"}
    assert parts(gone_in_crm) == {"2.removed": "both"}


def test_a_new_row_beside_the_bookkeepers_new_line() -> None:
    """Each is shown on its side, and neither is taken for the other."""
    sent = pushed()
    rows: Any = sent.raw["Invoiced_Items"]
    found = sent.now(with_rows(sent.raw, *rows, row("Lamp", id="7009")), added(sent.doc))
    assert parts(found) == {"3.added": "crm", "4.removed": "xero"}


def test_crms_lines_go_over_all_of_it_when_chosen() -> None:
    """The bookkeeper's line goes, the removed one comes back, the changed one is as in CRM; others are echoed."""
    sent = pushed(record(row("Desk"), row("Chair"), row("Lamp"), Status="Created"))
    doc = edited(added(removed(sent.doc)), 0, UnitAmount=D(1))
    body = body_of(sent.now(doc=doc, choice=SEND_CRM))
    assert [each.get("LineItemID") for each in body["LineItems"]] == [None, LINE_ID.format(2), LINE_ID.format(3)]
    assert [each["UnitAmount"] for each in body["LineItems"]] == [100, 100, 100]


@pytest.mark.parametrize("kind", ["Inclusive", "NoTax"])
def test_taxes_of_the_other_way_do_not_come_along(kind: str) -> None:
    """Back to tax on top: what was worked out from inclusive prices would make the total wrong."""
    sent = pushed()
    body = body_of(sent.now(doc=edited(sent.doc, LineAmountTypes=kind), choice=SEND_CRM))
    assert body["LineAmountTypes"] == "Exclusive"
    assert [("TaxAmount" in each) for each in body["LineItems"]] == [False, False]


def test_crms_currency_goes_over_another_when_chosen() -> None:
    sent = pushed()
    assert body_of(sent.now(doc=edited(sent.doc, CurrencyCode="NZD"), choice=SEND_CRM)) == {
        "InvoiceID": XERO_ID,
        "CurrencyCode": "AUD",
    }


def test_who_remembers_nothing_asks() -> None:
    """After a restored backup nobody knows what was left there: every difference is a question, none has an author."""
    sent = pushed()
    found = sent.now({**sent.raw, "Due_Date": "2026-12-04"}, link=LinkedState(None))
    assert isinstance(found, Conflict)
    assert parts(found) == {"due_date": None}
    assert isinstance(sent.now(link=LinkedState(None)), Unchanged)


def test_a_renumbering_beside_an_edit_is_not_sent_back() -> None:
    """The number is CRM's only where CRM changed it, also when CRM's version is chosen."""
    sent = pushed()
    doc = edited(line(UnitAmount=D(90))(sent.doc), InvoiceNumber="BK-1")
    assert "InvoiceNumber" not in body_of(sent.now(doc=doc, choice=SEND_CRM))
