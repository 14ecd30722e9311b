"""Are lines that are ours (discount, adjustment, rounding, the second part of a row) changed in their place, and safe
from CRM where the bookkeeper touched them?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.domain.content import LinkedState
from server.domain.decide import Conflict, Unchanged, Update
from server.domain.differences import pair_up
from server.domain.xero_invoice import read_xero_invoice
from tests.domain.kinds import Raw, entry, invoice, tax
from tests.domain.records import LINE_ID, SETTINGS, D, Pushed, after_update, body_of, parts, pushed
from tests.domain.xero_rules import applied, edited

GST, MORE = tax(10), tax(15)
ALLOWED = replace(SETTINGS, rounding_limit=D("0.50"))


def draft(*rows: Raw, **fields: Any) -> Raw:
    return invoice(*rows, Status="Created", **fields)


def two(discount: str = "22.50", adjustment: str = "5.00", **fields: Any) -> Raw:
    """Rows of two tax types with a discount line each, and an adjustment: five lines."""
    return draft(entry(100, GST), entry(100, MORE), discount=discount, adjustment=adjustment, **fields)


def line_ids(body: Any) -> list[str | None]:
    return [line.get("LineItemID") for line in body["LineItems"]]


def places(*several: int) -> list[str]:
    return [LINE_ID.format(place) for place in several]


def test_an_invoice_with_lines_of_ours_is_unchanged_the_next_time() -> None:
    for raw in (two(), draft(entry("-0.05", GST), entry(50, GST)), draft(*[entry("0.05")] * 3, taxes=[GST])):
        sent = pushed(raw)
        found = sent.now()
        assert isinstance(found, Unchanged)
        assert found.agreed
        assert len(sent.link.line_ids) == len(sent.doc["LineItems"])


def test_what_is_remembered_names_each_of_them() -> None:
    assert list(pushed(two()).link.line_ids) == ["7001", "7002", "discount/OUTPUT", "discount/OUTPUT15", "adjustment"]


def test_a_discount_that_changes_is_changed_in_its_place() -> None:
    """By its LineItemID: one line less or more in Xero would be another total."""
    sent = pushed(two())
    found = sent.now(two(discount="45.00"))
    body = body_of(found)
    assert line_ids(body) == places(1, 2, 3, 4, 5)
    assert parts(found) == {"3.price": "crm", "4.price": "crm"}
    assert applied(sent.doc, body)["Total"] == D("185.00")


def test_a_discount_that_goes_takes_its_lines_along() -> None:
    sent = pushed(two())
    body = body_of(sent.now(two(discount="0")))
    assert line_ids(body) == places(1, 2, 5)
    assert applied(sent.doc, body)["Total"] == D("230.00")


def test_a_discount_that_comes_is_a_new_line() -> None:
    """Rows keep theirs; the new ones stand behind them."""
    sent = pushed(two(discount="0", adjustment="0"))
    found = sent.now(two(adjustment="0"))
    body = body_of(found)
    assert line_ids(body) == [*places(1, 2), None, None]
    assert parts(found) == {"3.added": "crm", "4.added": "crm"}
    assert isinstance(found, Update)
    after = applied(sent.doc, body)
    assert after["Total"] == D("202.50")
    assert isinstance(after_update(sent, found, after).now(), Unchanged)


def test_an_adjustment_that_changes_its_sign_is_the_same_line() -> None:
    sent = pushed(two())
    found = sent.now(two(adjustment="-5.00"))
    assert parts(found) == {"5.price": "crm"}
    assert line_ids(body_of(found))[4] == LINE_ID.format(5)


def test_a_rounding_line_comes_and_goes_with_the_cents() -> None:
    """Three rows of half a cent have one, a single one has none."""
    three, one = draft(*[entry("0.05")] * 3, taxes=[GST]), draft(entry("0.05"), taxes=[GST])
    gone = pushed(three)
    assert list(gone.link.line_ids)[-1] == "rounding"
    assert line_ids(body_of(gone.now(one))) == places(1)
    come = pushed(one)
    assert line_ids(body_of(come.now(three))) == [LINE_ID.format(1), None, None, None]


def test_the_second_part_of_a_row_is_known_by_that_row() -> None:
    """A price below zero that needs two lines, and then one."""
    sent = pushed(draft(entry("-0.05", GST), entry(50, GST)))
    assert list(sent.link.line_ids) == ["7001", "7002", "7001/rest"]
    body = body_of(sent.now(draft(entry("-0.06", GST), entry(50, GST))))
    assert line_ids(body) == places(1, 2)
    assert applied(sent.doc, body)["Total"] == D("54.93")


@pytest.mark.parametrize(
    ("place", "edit", "what"),
    [
        (2, {"UnitAmount": D("-12.00")}, "3.price"),
        (3, {"Description": "Goodwill"}, "4.text"),
        (4, {"AccountCode": "220"}, "5.account"),
        (4, {"TaxType": "OUTPUT"}, "5.tax"),
    ],
)
def test_the_bookkeepers_edit_of_a_line_of_ours_is_a_conflict(place: int, edit: dict[str, Any], what: str) -> None:
    """It is as much the bookkeeper's as any other line."""
    sent = pushed(two())
    doc = edited(sent.doc, place, **edit)
    found = sent.now(doc=doc)
    assert isinstance(found, Conflict)
    assert parts(found) == {what: "xero"}
    beside = sent.now(two(Due_Date="2026-12-04"), doc)
    assert isinstance(beside, Conflict)


def test_a_discount_that_both_changed_names_both() -> None:
    sent = pushed(two())
    found = sent.now(two(discount="45.00"), edited(sent.doc, 2, UnitAmount=D("-12.00")))
    assert isinstance(found, Conflict)
    assert parts(found) == {"3.price": "both", "4.price": "crm"}


def test_a_discount_line_that_the_bookkeeper_took_out_is_not_put_back_by_itself() -> None:
    sent = pushed(two())
    doc = {**sent.doc, "LineItems": [line for at, line in enumerate(sent.doc["LineItems"]) if at != 2]}
    found = sent.now(doc=edited(doc))
    assert isinstance(found, Conflict)
    assert parts(found) == {"3.added": "xero"}


def made_anew(raw: Raw) -> Raw:
    """As after a restored backup of CRM: the same rows with other ids."""
    return {**raw, "Invoiced_Items": [{**each, "id": f"9{each['id']}"} for each in raw["Invoiced_Items"]]}


def test_rows_that_crm_made_anew_take_their_lines_beside_a_discount() -> None:
    """The discount is still known by its name; that must not make strangers of all rows."""
    sent = pushed(two())
    assert isinstance(sent.now(made_anew(two())), Unchanged)
    found = sent.now(
        made_anew(draft(entry(100, GST, Quantity=D(2)), entry(100, MORE), discount="22.50", adjustment="5"))
    )
    assert isinstance(found, Update)
    assert line_ids(body_of(found)) == places(1, 2, 3, 4, 5)


def test_a_line_of_ours_never_takes_the_line_of_a_row() -> None:
    """Where only some rows are known, the others are new: nothing is paired by place."""
    sent = pushed(two())
    update = sent.now(two(discount="45.00"))
    assert isinstance(update, Update)
    held = read_xero_invoice(sent.doc).lines or ()
    ids = {name: line for name, line in sent.link.line_ids.items() if name in ("7001", "adjustment")}
    pairs = list(pair_up(update.both.draft.lines, held, ids))
    found = [(pair.crm.position if pair.crm else None, pair.xero.line_id[-1] if pair.xero else None) for pair in pairs]
    assert found == [(1, "1"), (2, None), (3, None), (4, None), (5, "5"), (None, "2"), (None, "3"), (None, "4")]


def test_who_remembers_no_line_pairs_them_by_place() -> None:
    """A forgotten link: the same lines are no difference, and a change is a question."""
    sent = pushed(two())
    forgot = Pushed(sent.raw, sent.doc, LinkedState(None))
    assert isinstance(forgot.now(), Unchanged)
    assert isinstance(forgot.now(two(discount="45.00")), Conflict)


def test_a_rounding_line_that_is_not_allowed_any_more_holds_the_change_back() -> None:
    """The limit of today counts, not that of the first push."""
    raw = draft(*[entry("0.05")] * 12, taxes=[GST])
    sent = pushed(raw, settings=ALLOWED)
    assert isinstance(sent.now(settings=ALLOWED), Unchanged)
    found = sent.now({**raw, "Due_Date": "2026-12-04"}, settings=replace(SETTINGS, rounding_limit=D(0)))
    assert [each.name for each in found.reasons] == ["rounding_beyond_limit"]  # type: ignore[union-attr]
