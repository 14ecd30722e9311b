"""Does an invoice of every kind arrive in Xero with CRM's own total, to the cent?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.flow.changes import draft, held, shown
from tests.flow.scenes import FREE, GST, OtherProgram, codes, invoice, line, push
from tests.tenants import Tenant

Make = Callable[..., Tenant]
Doc = dict[str, Any]
D = Decimal
PLAIN: list[Doc] = []


def goods(mine: Tenant, *rows: Doc) -> list[Doc]:
    usual: Doc = {"Quantity": 1, "Discount": 0}
    return [line(mine, **{**usual, **row}) for row in rows]


def pushed(mine: Tenant, record: str) -> Doc:
    """What Xero holds after a push; its total is the CRM's."""
    run = mine.run("push", record)
    assert run["counts"] == {"created": 1}, run["tasks"]
    [doc] = mine.in_xero(record)
    assert D(doc["Total"]) == D(str(mine.record(record)["Grand_Total"]))
    return doc


def texts(doc: Doc) -> list[str]:
    return [each["Description"].split("\n")[0] for each in doc["Lines"]]


def test_a_discount_on_the_whole_of_lines_with_taxes(tenant: Make) -> None:
    """One negative line a tax type; CRM's discount is gross and leaves its taxes as they are (Z6)."""
    mine = tenant()
    rows = goods(mine, {"List_Price": 600, "Line_Tax": GST}, {"List_Price": 333.33, "Line_Tax": FREE})
    doc = pushed(mine, invoice(mine, Invoiced_Items=rows, Discount=50))
    assert texts(doc)[2:] == ["Discount, GST on Income", "Discount, GST Free Income"]
    assert [each["TaxType"] for each in doc["Lines"]] == ["OUTPUT", "EXEMPTOUTPUT"] * 2
    assert all(D(each["LineAmount"]) < 0 for each in doc["Lines"][2:])


def test_a_tax_on_the_whole_invoice_with_a_discount(tenant: Make) -> None:
    """Every line takes the type of that tax; the discount is one net line."""
    mine = tenant()
    rows = goods(mine, {"List_Price": 600, "Line_Tax": PLAIN}, {"List_Price": 400, "Line_Tax": PLAIN})
    more = {"$line_tax": [{"name": "GST 10%"}], "Discount": 100}
    doc = pushed(mine, invoice(mine, Invoiced_Items=rows, **more))
    assert [each["TaxType"] for each in doc["Lines"]] == ["OUTPUT"] * 3
    assert [D(each["LineAmount"]) for each in doc["Lines"]] == [600, 400, -100]
    assert D(doc["TotalTax"]) == 90


@pytest.mark.parametrize("adjustment", ["-12.35", "0.4"])
def test_an_adjustment_of_either_sign(tenant: Make, adjustment: str) -> None:
    mine = tenant(accounts={"adjustment": "260"})
    doc = pushed(mine, invoice(mine, Adjustment=float(adjustment)))
    last = doc["Lines"][-1]
    assert (last["Description"], last["AccountCode"], last["TaxType"]) == ("Adjustment", "260", "EXEMPTOUTPUT")
    assert D(last["LineAmount"]) == D(adjustment)


def test_a_total_tax_that_xero_rounds_otherwise_gets_a_visible_line(tenant: Make) -> None:
    """Three lines of 0.05 at 10 %: CRM counts 0.02 of tax, Xero 0.03."""
    mine = tenant()
    rows = goods(mine, *[{"List_Price": 0.05, "Line_Tax": PLAIN}] * 3)
    record = invoice(mine, Invoiced_Items=rows, **{"$line_tax": [{"name": "GST 10%"}]})
    preview = shown(mine, record)
    assert preview["totals"]["crm"]["total"] == preview["totals"]["xero"]["total"] == "0.17"
    doc = pushed(mine, record)
    last = doc["Lines"][-1]
    assert (last["Description"], last["AccountCode"], D(last["LineAmount"])) == ("Rounding", "860", D("-0.01"))


def test_without_a_rounding_line_allowed_it_is_blocked_with_the_remedy(tenant: Make) -> None:
    mine = tenant(rounding_limit="0")
    rows = goods(mine, *[{"List_Price": 0.05, "Line_Tax": PLAIN}] * 3)
    record = invoice(mine, Invoiced_Items=rows, **{"$line_tax": [{"name": "GST 10%"}]})
    [reason] = push(mine, record)["reasons"]
    assert (reason["code"], reason["setting"]) == ("rounding_beyond_limit", "rounding")
    assert "AUD 0.01" in reason["next_step"]
    assert mine.in_xero(record) == []


def test_prices_that_hold_their_tax(tenant: Make) -> None:
    mine = tenant(amounts={"inclusive": True, "tax_type": "OUTPUT"})
    rows = goods(mine, {"List_Price": 541.25, "Line_Tax": PLAIN}, {"List_Price": 10, "Line_Tax": PLAIN})
    doc = pushed(mine, invoice(mine, Invoiced_Items=rows, Discount=5, Adjustment=0.25))
    assert doc["LineAmountTypes"] == "Inclusive"
    assert [D(each["LineAmount"]) for each in doc["Lines"]] == [D("541.25"), 10, -5, D("0.25")]


def test_rows_that_go_whole(tenant: Make) -> None:
    """Five decimals, a row below zero, and one of nothing."""
    mine = tenant()
    rows = goods(
        mine,
        {"List_Price": 1.23456, "Quantity": 100, "Line_Tax": GST},
        {"List_Price": -5.05, "Line_Tax": GST},
        {"List_Price": 12, "Quantity": 0, "Line_Tax": GST},
    )
    doc = pushed(mine, invoice(mine, Invoiced_Items=rows))
    assert "100 × 1.23456" in doc["Lines"][0]["Description"]
    assert D(doc["Lines"][0]["Quantity"]) == 1


def test_tax_on_tax_is_never_sent(tenant: Make) -> None:
    mine = tenant()
    record = invoice(mine, **{"$line_tax": [{"name": "GST 10%"}]})
    assert codes(push(mine, record)) == ["tax_on_tax"]
    assert mine.in_xero(record) == []


def test_a_total_that_crm_itself_does_not_explain(tenant: Make) -> None:
    """Whatever wrote that total, the lines do not make it."""
    mine = tenant()
    record = invoice(mine)
    mine.change("Invoices", record, {"force": {"Grand_Total": 999}})
    assert codes(push(mine, record)) == ["crm_total_unexplained"]


def test_due_so_many_days_on(tenant: Make) -> None:
    mine = tenant(due={"from": "days", "days": 30})
    doc = pushed(mine, invoice(mine, Invoice_Date="2026-11-02", Due_Date=None))
    assert doc["DueDate"] == "2026-12-02"


def test_products_are_made_in_xero_once_where_the_consent_allows_it(tenant: Make) -> None:
    """Before a reconnect it is told; after it two invoices at once make the product once."""
    mine = tenant(products="create")
    rows = [line(mine, "Oak desk")]
    first, second = (invoice(mine, Invoiced_Items=rows) for _ in range(2))
    assert codes(push(mine, first)) == ["products_not_allowed"]
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    run = mine.run("push", first, second)
    assert run["counts"] == {"created": 2}, run["tasks"]
    held = [each for record in (first, second) for each in mine.in_xero(record)[0]["Lines"]]
    assert [each["ItemCode"] for each in held] == ["OAK DESK"] * 2


def test_tracking_theme_and_reference_go_along(tenant: Make) -> None:
    """By rules that name what Xero and CRM have; another option than Xero's is told."""
    mine = tenant()
    other = OtherProgram(mine)
    category = other.write("PUT", "TrackingCategories", Name="Region")
    path = f"TrackingCategories/{category['TrackingCategoryID']}/Options"
    other.option(path, "North")
    rule = {"category": "Region", "from": "invoice", "field": "Purchase_Order"}
    etag = mine.api.get("/settings").headers["ETag"]
    saved = mine.api.put("/settings", {"tracking": [rule], "reference_field": "Subject"}, headers={"If-Match": etag})
    assert saved.ok, saved.text
    doc = pushed(mine, invoice(mine, Purchase_Order="north", Subject="Fit-out, floor 2"))
    assert doc["Reference"] == "Fit-out, floor 2"
    [tracked] = doc["Lines"][0]["Tracking"]
    assert (tracked["Name"], tracked["Option"]) == ("Region", "North")
    assert codes(push(mine, invoice(mine, Purchase_Order="PO-1"))) == ["tracking_unknown"]


def test_a_discount_that_changes_in_crm_changes_its_line(tenant: Make) -> None:
    """Our lines keep their LineItemIDs as the rows do."""
    mine = tenant()
    record = draft(mine, Discount=20)
    before = held(mine, record)["Lines"]
    mine.change("Invoices", record, {"Discount": 30})
    assert push(mine, record)["outcome"] == "updated"
    after = held(mine, record)["Lines"]
    assert [each["LineItemID"] for each in after] == [each["LineItemID"] for each in before]
    assert D(after[-1]["LineAmount"]) < D(before[-1]["LineAmount"])
    assert D(held(mine, record)["Total"]) == D(str(mine.record(record)["Grand_Total"]))


def test_a_discount_that_the_bookkeeper_corrected_is_theirs(tenant: Make) -> None:
    """Promise 3 holds for lines that are not rows, too."""
    mine = tenant()
    record = draft(mine, Discount=20)
    doc = held(mine, record)
    corrected = [{"line_id": doc["Lines"][-1]["LineItemID"], "price": "-10"}]
    mine.bookkeeper("edit", invoice=doc["InvoiceID"], lines=corrected)
    mine.change("Invoices", record, {"Discount": 30})
    assert push(mine, record)["outcome"] == "conflict"
    assert D(held(mine, record)["Lines"][-1]["LineAmount"]) == -10
