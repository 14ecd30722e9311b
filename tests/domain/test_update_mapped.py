"""What of reference, way of tax, product and tracking is sent when it changes, and what stays the bookkeeper's?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.domain.content import LinkedState, answer_parts, held_hash, wanted_hash
from server.domain.decide import SEND_CRM, Conflict, Create, Unchanged, Update
from server.domain.values import AmountsRule, RateRule, Settings, ThemeRule, TrackingRule
from server.domain.xero_invoice import read_xero_invoice
from tests.domain.kinds import Raw, entry, invoice, tax
from tests.domain.records import BRIGHTWATER, SETTINGS, XERO_ID, D, Pushed, body_of, keyed, parts, pushed, read
from tests.domain.xero_rules import applied, edited

GST = tax(10)
REFERRED = replace(SETTINGS, reference_field="Purchase_Order")
TRACKED = replace(SETTINGS, tracking=(TrackingRule("Region", "invoice", "Area"),))
CODED = replace(SETTINGS, products="without")
BY_FIELD = replace(SETTINGS, amounts=AmountsRule(tax_type="OUTPUT", field="Prices"))
NORTH, SOUTH = [{"Name": "Region", "Option": "North"}], [{"Name": "Region", "Option": "South"}]


def draft(**fields: Any) -> Raw:
    return invoice(entry(100, GST), entry(50, GST), Status="Created", **fields)


def plain(**fields: Any) -> Raw:
    return invoice(entry(100), entry(50), Status="Created", **fields)


def without_reference(sent: Pushed) -> Pushed:
    """A link from before references were remembered."""

    def older(parts_: Any) -> Any:
        return {name: value for name, value in parts_.items() if name != "reference"}

    link = replace(sent.link, sent_parts=older(sent.link.sent_parts), answer_parts=older(sent.link.answer_parts))
    return Pushed(sent.raw, sent.doc, link)


@pytest.mark.parametrize(("before", "now"), [("PO 1", "PO 2"), (None, "PO 2"), ("PO 1", None)])
def test_a_reference_goes_alone(before: str | None, now: str | None) -> None:
    """Also when it is emptied in CRM after CRM had filled it."""
    sent = pushed(draft(Purchase_Order=before), settings=REFERRED)
    found = sent.now(draft(Purchase_Order=now), settings=REFERRED)
    assert body_of(found) == {"InvoiceID": XERO_ID, "Reference": now or ""}
    assert parts(found) == {"reference": "crm"}


def test_a_reference_that_only_the_bookkeeper_gave_stays() -> None:
    """CRM's field is empty and was so before: it has no word for it, and nobody is asked."""
    sent = pushed(draft(), settings=REFERRED)
    doc = edited(sent.doc, Reference="Their order 7")
    assert isinstance(sent.now(doc=doc, settings=REFERRED), Unchanged)
    beside = sent.now(draft(Due_Date="2026-12-04"), doc, settings=REFERRED)
    assert body_of(beside) == {"InvoiceID": XERO_ID, "DueDate": "2026-12-04"}
    assert isinstance(sent.now(doc=doc), Unchanged)


def test_a_reference_that_both_gave_is_a_conflict() -> None:
    sent = pushed(draft(Purchase_Order="PO 1"), settings=REFERRED)
    doc = edited(sent.doc, Reference="Their order 7")
    alone = sent.now(doc=doc, settings=REFERRED)
    both = sent.now(draft(Purchase_Order="PO 2"), doc, settings=REFERRED)
    assert isinstance(alone, Conflict) and isinstance(both, Conflict)
    assert (parts(alone), parts(both)) == ({"reference": "xero"}, {"reference": "both"})


def test_the_same_reference_on_both_sides_is_no_conflict() -> None:
    """However Xero ends its lines."""
    sent = pushed(draft(Purchase_Order="PO 1"), settings=REFERRED)
    doc = edited(sent.doc, Reference="PO 2\r\nlot 3 ")
    assert isinstance(sent.now(draft(Purchase_Order="PO 2\nlot 3"), doc, settings=REFERRED), Unchanged)


def test_a_link_that_knows_of_no_reference_yet_is_no_conflict() -> None:
    """It was remembered before references were: that says nothing about who wrote what."""
    sent = without_reference(pushed(draft()))
    doc = edited(sent.doc, Reference="Their order 7")
    assert isinstance(sent.now(), Unchanged)
    assert isinstance(sent.now(doc=doc), Unchanged)
    assert isinstance(sent.now(doc=doc, settings=REFERRED), Unchanged)
    beside = sent.now(draft(Due_Date="2026-12-04"), doc)
    assert body_of(beside) == {"InvoiceID": XERO_ID, "DueDate": "2026-12-04"}


def test_prices_that_come_to_hold_their_tax_send_every_line_anew() -> None:
    """With their ids; a tax of the other way would not add up."""
    sent = pushed(plain(), settings=BY_FIELD)
    raw = plain(Prices="Inclusive")
    found = sent.now(raw, settings=BY_FIELD)
    body = body_of(found)
    assert body["LineAmountTypes"] == "Inclusive"
    assert all("LineItemID" in line for line in body["LineItems"])
    assert "amounts" in parts(found)
    after = applied(sent.doc, body)
    assert (after["Total"], after["TotalTax"]) == (D("150.00"), D("13.64"))


def test_the_bookkeepers_other_way_of_tax_is_a_conflict() -> None:
    sent = pushed(plain(Prices="Inclusive"), settings=BY_FIELD)
    found = sent.now(doc=edited(sent.doc, LineAmountTypes="Exclusive"), settings=BY_FIELD)
    assert isinstance(found, Conflict)
    assert parts(found)["amounts"] == "xero"


def test_tracking_that_changes_in_crm_is_crms_change() -> None:
    """Every line bears the new option, and it is told who changed it."""
    sent = pushed(draft(Area="North"), settings=TRACKED)
    found = sent.now(draft(Area="South"), settings=TRACKED)
    assert parts(found) == {"1.tracking": "crm", "2.tracking": "crm"}
    assert [line["Tracking"] for line in body_of(found)["LineItems"]] == [SOUTH, SOUTH]


def test_tracking_that_changes_in_xero_is_the_bookkeepers() -> None:
    sent = pushed(draft(Area="North"), settings=TRACKED)
    found = sent.now(doc=edited(sent.doc, 0, Tracking=SOUTH), settings=TRACKED)
    assert isinstance(found, Conflict)
    assert parts(found) == {"1.tracking": "xero"}


def test_tracking_without_a_rule_stays_beside_a_change() -> None:
    """As it is: only what CRM has a word for is written."""
    sent = pushed(draft())
    doc = edited(sent.doc, 0, Tracking=NORTH)
    known = replace(sent.link, answer_parts=pushed_answer(doc))
    raw = invoice(entry(100, GST, Quantity=D(2)), entry(50, GST), Status="Created")
    body = body_of(sent.now(raw, doc, link=known))
    assert [line.get("Tracking") for line in body["LineItems"]] == [NORTH, None]


def test_a_category_that_crm_says_nothing_of_is_the_bookkeepers() -> None:
    """A department on a line whose region is CRM's: no difference by itself, and it stays beside CRM's change."""
    sent = pushed(draft(Area="North"), settings=TRACKED)
    retail = {"Name": "Department", "Option": "Retail"}
    doc = edited(sent.doc, 0, Tracking=[*NORTH, retail])
    assert isinstance(sent.now(doc=doc, settings=TRACKED), Unchanged)
    body = body_of(sent.now(draft(Area="South"), doc, settings=TRACKED, choice=SEND_CRM))
    assert [line["Tracking"] for line in body["LineItems"]] == [[*SOUTH, retail], SOUTH]


def test_an_option_that_crm_left_empty_takes_none_away() -> None:
    sent = pushed(draft(Area=None), settings=TRACKED)
    assert isinstance(sent.now(doc=edited(sent.doc, 0, Tracking=SOUTH), settings=TRACKED), Unchanged)


def test_an_option_that_crm_takes_back_goes() -> None:
    """By a new line in place of the old one: how Xero is told to empty the tracking of a line is not known."""
    sent = pushed(draft(Area="North"), settings=TRACKED)
    found = sent.now(draft(Area=None), settings=TRACKED)
    assert parts(found) == {"1.tracking": "crm", "2.tracking": "crm"}
    lines = body_of(found)["LineItems"]
    assert [(line.get("LineItemID"), line.get("Tracking")) for line in lines] == [(None, []), (None, [])]


def test_an_option_taken_back_in_crm_and_changed_in_xero_is_asked_about() -> None:
    sent = pushed(draft(Area="North"), settings=TRACKED)
    found = sent.now(draft(Area=None), edited(sent.doc, 0, Tracking=SOUTH), settings=TRACKED)
    assert isinstance(found, Conflict)
    assert parts(found)["1.tracking"] == "both"


def test_the_bookkeepers_option_stays_when_crm_changes_something_else() -> None:
    """CRM never said anything of it, not even when both were last found to agree."""
    sent = pushed(draft(Area=None), settings=TRACKED)
    doc = edited(sent.doc, 0, Tracking=SOUTH)
    known = replace(sent.link, answer_parts=pushed_answer(doc))
    found = sent.now(invoice(entry(70, GST), entry(50, GST), Status="Created"), doc, link=known, settings=TRACKED)
    assert body_of(found)["LineItems"][0]["Tracking"] == SOUTH


def pushed_answer(doc: Any) -> Any:
    return answer_parts(read_xero_invoice(doc), keyed)


def product(code: str) -> Raw:
    return {"name": "Desk", "id": "8001", "Product_Code": code}


def test_a_product_that_changes_in_crm_is_crms_change() -> None:
    coded = invoice(entry(100, GST, Product_Name=product("DESK-OAK")), Status="Created")
    sent = pushed(invoice(entry(100, GST, Product_Name=product("OTHER")), Status="Created"), settings=CODED)
    found = sent.now(coded, settings=CODED)
    assert parts(found) == {"1.product": "crm"}
    assert [line["ItemCode"] for line in body_of(found)["LineItems"]] == ["DESK-OAK"]


def test_a_product_that_becomes_one_which_xero_lacks_goes() -> None:
    """Else Xero would count the sale for the old one."""
    sent = pushed(invoice(entry(100, GST, Product_Name=product("DESK-OAK")), Status="Created"), settings=CODED)
    found = sent.now(invoice(entry(100, GST, Product_Name=product("OTHER")), Status="Created"), settings=CODED)
    assert parts(found) == {"1.product": "crm"}
    [line] = body_of(found)["LineItems"]
    assert "ItemCode" not in line and "LineItemID" not in line


def test_without_the_rule_no_product_is_taken_away() -> None:
    sent = pushed(invoice(entry(100, GST, Product_Name=product("DESK-OAK")), Status="Created"), settings=CODED)
    assert isinstance(sent.now(), Unchanged)


def test_a_product_is_the_same_in_any_case() -> None:
    """Sent in Xero's spelling; nothing is made anew for it (X8.1: codes are unique)."""
    making = replace(SETTINGS, products="create")
    sent = pushed(invoice(entry(100, GST, Product_Name=product("desk-oak")), Status="Created"), settings=making)
    assert sent.doc["LineItems"][0]["ItemCode"] == "DESK-OAK"


def test_a_product_that_xero_has_by_itself_stays() -> None:
    """CRM's code is none of Xero's: the bookkeeper's choice is nothing to send."""
    sent = pushed(invoice(entry(100, GST, Product_Name=product("OTHER")), Status="Created"), settings=CODED)
    assert isinstance(sent.now(doc=edited(sent.doc, 0, ItemCode="LAMP"), settings=CODED), Unchanged)


@pytest.mark.parametrize(
    ("settings", "before", "now"),
    [
        (TRACKED, {"Area": "North"}, {"Area": "South"}),
        (REFERRED, {"Purchase_Order": "PO 1"}, {"Purchase_Order": "PO 2"}),
        (BY_FIELD, {"Prices": "Exclusive"}, {"Prices": "Inclusive"}),
    ],
)
def test_what_is_remembered_tells_each_of_them_apart(settings: Settings, before: Raw, now: Raw) -> None:
    """Else a change of it alone would look like none."""
    sent = pushed(plain(**before), settings=settings)
    found = sent.now(plain(**now), settings=settings)
    assert isinstance(found, Update)
    assert found.digest != getattr(sent.now(settings=settings), "digest", None)


def test_what_was_wanted_is_told_from_what_was_there_before() -> None:
    """After a change of unknown outcome: another currency or way of tax alone is not what was wanted."""
    sent = pushed(plain(Prices="Inclusive"), settings=BY_FIELD)
    found = sent.now(plain(Prices="Exclusive"), settings=BY_FIELD)
    assert isinstance(found, Update)
    wanted = wanted_hash(read(plain()), found.both.draft, BRIGHTWATER.contact_id, keyed)
    held = read_xero_invoice(sent.doc)
    assert wanted not in (held_hash(held, keyed), held_hash(held, keyed, due_date=False))
    assert wanted == held_hash(read_xero_invoice(applied(sent.doc, body_of(found))), keyed)
    other = read_xero_invoice(applied(sent.doc, {**body_of(found), "CurrencyCode": "EUR"}))
    assert wanted != held_hash(other, keyed)


@pytest.mark.parametrize(
    "settings",
    [replace(SETTINGS, theme=ThemeRule(name="Standard")), replace(SETTINGS, rate=RateRule("crm"))],
)
def test_a_rule_that_came_later_changes_nothing_that_is_there(settings: Settings) -> None:
    """Theme and rate are given with the first push; later they are the bookkeeper's."""
    sent = pushed(draft())
    assert isinstance(sent.now(settings=settings), Unchanged)
    assert body_of(sent.now(draft(Due_Date="2026-12-04"), settings=settings)) == {
        "InvoiceID": XERO_ID,
        "DueDate": "2026-12-04",
    }


def test_who_forgot_all_does_not_send_it_again() -> None:
    sent = pushed(
        draft(Purchase_Order="PO 1", Area="North"), settings=replace(TRACKED, reference_field="Purchase_Order")
    )
    found = sent.now(link=LinkedState(None), settings=replace(TRACKED, reference_field="Purchase_Order"))
    assert isinstance(found, Unchanged) and not isinstance(found, Create)
