"""Does a preview show both totals, the customer and every line, and nothing that could mislead?"""

from __future__ import annotations

import json

from server.domain.customer import NewContact
from server.domain.preview import preview_json
from tests.domain.records import AT, BOOKS, SETTINGS, D, created, decided, inv_2041, read, record, row

KEYS = {
    "decision",
    "digest",
    "number",
    "customer",
    "arrives_as",
    "crm_status",
    "date",
    "due_date",
    "currency",
    "base_currency",
    "way",
    "lines",
    "totals",
    "held",
    "removal",
    "differences",
    "found",
    "may_unlink",
    "amounts",
    "reference",
    "rate",
    "rounding",
    "new_products",
    "at",
}


def shown(raw: dict[str, object], **how: object) -> dict[str, object]:
    found = preview_json(decided(raw, **how), read(raw), BOOKS, AT)  # type: ignore[arg-type]
    assert set(found) == KEYS
    copy: dict[str, object] = json.loads(json.dumps(found))
    return copy


def test_the_invoice_of_the_pictures() -> None:
    """What stands above the lines."""
    found = shown(inv_2041())
    assert found == {
        "lines": found["lines"],
        "totals": found["totals"],
        "decision": "create",
        "digest": created(inv_2041()).shown,
        "number": "INV-2041",
        "customer": {"name": "Brightwater Dental Pty Ltd", "action": "use", "matched_by": "name"},
        "arrives_as": "AUTHORISED",
        "crm_status": "Approved",
        "date": "2026-10-28",
        "due_date": "2026-11-27",
        "currency": "AUD",
        "base_currency": "AUD",
        "way": "row_taxes",
        "held": None,
        "removal": None,
        "differences": [],
        "found": None,
        "may_unlink": False,
        "amounts": "exclusive",
        "reference": None,
        "rate": None,
        "rounding": None,
        "new_products": [],
        "at": "2026-11-20T04:22:08.123Z",
    }


def test_every_line_and_both_totals_of_it() -> None:
    """Side by side, per tax too."""
    found = shown(inv_2041())
    lines, totals = found["lines"], found["totals"]
    assert isinstance(lines, list)
    assert lines[0] == {
        "position": 1,
        "part": "row",
        "product_code": None,
        "tracking": [],
        "text": "Oak reception desk",
        "code": "CHAIR-V",
        "account": "200",
        "account_name": "Sales",
        "quantity": "1",
        "price": "1850.00",
        "discount": "92.50",
        "tax": "GST on Income",
        "tax_type": "OUTPUT",
        "amount": "1757.50",
    }
    assert lines[1]["discount"] is None
    both = {"subtotal": "2987.50", "tax": "286.75", "total": "3274.25"}
    assert totals == {
        "crm": {**both, "discount": "0.00", "adjustment": "0.00"},
        "xero": both,
        "parts": [{"part": "row", "crm": "2987.50", "xero": "2987.50"}],
        "taxes": [
            {"name": "GST on Income", "rate": "10", "net": "2867.50", "crm": "286.75", "xero": "286.75", "ours": False},
            {"name": "GST Free Income", "rate": "0", "net": "120.00", "crm": "0.00", "xero": "0.00", "ours": False},
        ],
    }


def test_half_a_sum_is_not_shown_as_xeros_total() -> None:
    """While one line could not be worked out, Xero's side stays empty; what is known is shown."""
    bad = row(Line_Tax=[{"name": "VAT 19%", "percentage": D(19)}], Tax=D(19))
    found = shown(record(row(Tax=D(10)), bad))
    assert found["decision"] == "blocked"
    assert found["digest"] is None
    assert len(found["lines"]) == 1  # type: ignore[arg-type]
    totals = found["totals"]
    assert isinstance(totals, dict)
    nothing = {"discount": "0.00", "adjustment": "0.00"}
    assert totals["crm"] == {"subtotal": "200.00", "tax": "29.00", "total": "229.00", **nothing}
    assert totals["xero"] == {"subtotal": None, "tax": None, "total": None}
    assert totals["parts"] == [{"part": "row", "crm": "200.00", "xero": None}]


def test_a_total_that_nobody_can_explain_leaves_xeros_side_open() -> None:
    totals = shown(record(row(Tax=D(10)), Discount=D(10), Grand_Total=D(90)))["totals"]
    assert isinstance(totals, dict)
    assert totals["crm"]["total"] == "90.00"
    assert totals["xero"]["total"] is None


def test_a_discount_on_the_whole_is_a_line_of_its_own() -> None:
    found = shown(record(row(Tax=D(10)), Discount=D(10), Grand_Total=D(100)))
    assert isinstance(found["totals"], dict)
    assert found["totals"]["xero"] == {"subtotal": "90.91", "tax": "9.09", "total": "100.00"}
    lines = found["lines"]
    assert isinstance(lines, list)
    assert [(each["part"], each["amount"]) for each in lines] == [("row", "100.00"), ("discount", "-9.09")]


def test_totals_that_differ_are_both_shown() -> None:
    totals = shown(record(row(Line_Tax=[]), row(Line_Tax=[]), Grand_Total=D("200.02")))["totals"]
    assert isinstance(totals, dict)
    assert (totals["crm"]["total"], totals["xero"]["total"]) == ("200.02", "200.00")


def test_a_missing_grand_total_is_not_zero() -> None:
    totals = shown(record(row(Tax=D(10)), Grand_Total=None))["totals"]
    assert isinstance(totals, dict)
    assert (totals["crm"]["subtotal"], totals["crm"]["tax"], totals["crm"]["total"]) == ("100.00", "10.00", None)


def test_a_row_that_cant_be_read_leaves_crms_parts_open() -> None:
    """Its total is CRM's own word, and stands."""
    totals = shown(record(row(), row()) | {"Invoiced_Items": [row(), row(Quantity="two")]})["totals"]
    assert isinstance(totals, dict)
    assert (totals["crm"]["subtotal"], totals["crm"]["tax"], totals["crm"]["total"]) == (None, None, "220.00")


def test_a_new_customer_is_named() -> None:
    found = shown(inv_2041(), customer=NewContact("9001", "Brightwater Dental Pty Ltd", "Z9001"))
    assert found["customer"] == {"name": "Brightwater Dental Pty Ltd", "action": "create", "matched_by": None}


def test_a_customer_that_could_not_be_chosen_is_shown_as_crm_calls_it() -> None:
    found = shown(inv_2041(), customer=None)
    assert found["customer"] == {"name": "Brightwater Dental Pty Ltd", "action": None, "matched_by": None}


def test_prices_keep_the_decimals_they_have() -> None:
    found = shown(record(row(Quantity=D("2.500"), List_Price=D("0.3333"))))
    lines = found["lines"]
    assert isinstance(lines, list)
    assert (lines[0]["quantity"], lines[0]["price"], lines[0]["amount"]) == ("2.5", "0.3333", "0.83")


def test_an_org_with_one_currency_is_shown_in_it() -> None:
    """Records have no Currency field there (Z6)."""
    assert shown(record(Currency=None))["currency"] == "AUD"
    assert SETTINGS.home_currency == "AUD"
