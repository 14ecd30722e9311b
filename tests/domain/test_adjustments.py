"""Is an adjustment one visible line without tax, of either sign, on an account and a rate that Xero takes?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.decide import Blocked
from server.domain.values import AccountRule, AmountsRule, Settings, TaxRule
from tests.domain.kinds import Raw, amounts, entry, invoice, sent, tax
from tests.domain.records import BOOKS, SETTINGS, D, codes, decided

GST, FREE = tax(10), tax(0, "GST free")
TAXED_ONLY = replace(SETTINGS, taxes=(TaxRule(D(10), "OUTPUT"),))
INSIDE = replace(SETTINGS, amounts=AmountsRule(inclusive=True, tax_type="OUTPUT"))


def sentences(raw: Raw, settings: Settings, **how: object) -> list[str]:
    found = decided(raw, settings=settings, **how)  # type: ignore[arg-type]
    assert isinstance(found, Blocked)
    return [each.sentence for each in found.reasons]


@pytest.mark.parametrize("amount", ["-7.35", "0.01", "-0.05", "250"])
@pytest.mark.parametrize("way", ["no tax", "rows", "whole", "inside"])
def test_it_is_one_line_whichever_way_the_tax_is_counted(amount: str, way: str) -> None:
    """Exactly CRM's amount, never with a tax of its own."""
    rows = [entry(100, GST)] if way == "rows" else [entry(100)]
    raw = invoice(*rows, adjustment=amount, taxes=[GST] if way == "whole" else [])
    found = sent(raw, INSIDE if way == "inside" else SETTINGS)
    line = found.draft.lines[-1]
    assert (line.part, line.text, line.amount, line.tax) == ("adjustment", "Adjustment", D(amount), 0)
    assert (line.tax_type, line.account, line.row_id) == ("EXEMPTOUTPUT", "200", "adjustment")


def test_it_has_the_account_that_the_tenant_chose_for_it() -> None:
    own = replace(SETTINGS, accounts=AccountRule(adjustment="260"))
    assert [line.account for line in sent(invoice(entry(100, GST), adjustment="5"), own).draft.lines] == ["200", "260"]


def test_without_a_rate_of_zero_percent_it_can_not_be_sent() -> None:
    """Lines with tax alone go; the adjustment needs a type that adds none."""
    assert codes(invoice(entry(100, GST)), settings=TAXED_ONLY) == []
    assert sentences(invoice(entry(100, GST), adjustment="5"), TAXED_ONLY) == [
        "There is no 0 % rate for the adjustment"
    ]


@pytest.mark.parametrize(
    ("tax_type", "sentence"),
    [
        ("GONE", "Xero's rate “GONE” can't be used any more"),
        ("INPUT", "Xero's rate “GST on Expenses” can't be used any more"),
        ("OUTPUT", "Xero's rate “GST on Income” is 10 %, not 0 %"),
    ],
)
def test_the_rate_of_zero_percent_must_be_one_that_xero_has_at_zero(tax_type: str, sentence: str) -> None:
    """No row asks for it, so nobody else would see that it has gone, or that it adds a tax now."""
    settings = replace(SETTINGS, taxes=(TaxRule(D(10), "OUTPUT"), TaxRule(D(0), tax_type)))
    assert codes(invoice(entry(100, GST)), settings=settings) == []
    assert sentences(invoice(entry(100, GST), adjustment="5"), settings) == [sentence]


def test_a_discount_of_rows_without_tax_needs_it_too() -> None:
    """The rows have a rule of their own; the discount takes the one for what bears no tax."""
    named = (TaxRule(D(0), "EXEMPTOUTPUT", frozenset({"GST free"})), TaxRule(D(0), "GONE"))
    raw = invoice(entry(100, FREE), discount="5")
    assert sentences(raw, replace(SETTINGS, taxes=named)) == ["Xero's rate “GONE” can't be used any more"]
    assert amounts(sent(raw, replace(SETTINGS, taxes=named[:1])))[1:] == ["discount -5.00 EXEMPTOUTPUT"]


def test_xero_must_take_the_rate_on_its_account() -> None:
    own = replace(SETTINGS, accounts=AccountRule(adjustment="400"))
    raw = invoice(entry(100, GST), adjustment="5")
    assert sentences(raw, own) == ["Xero's rate GST Free Income can't go on account 400 Advertising"]
    fits = tuple(replace(each, expense=True) for each in BOOKS.tax_rates)
    assert codes(raw, settings=own, books=replace(BOOKS, tax_rates=fits)) == []


@pytest.mark.parametrize(("discount", "adjustment"), [("610", None), (None, "210"), ("999", "090")])
def test_accounts_that_cannot_take_them_are_named_where_they_are_needed(
    discount: str | None, adjustment: str | None
) -> None:
    """An invoice without discount and adjustment is not held up by them."""
    own = replace(SETTINGS, accounts=AccountRule(discount=discount, adjustment=adjustment))
    named = [f"Account {code} can't take invoices" for code in (discount, adjustment) if code]
    more = {"discount": "11" if discount else "0", "adjustment": "5" if adjustment else "0"}
    assert sentences(invoice(entry(100, GST), **more), own) == named
    assert codes(invoice(entry(100, GST)), settings=own) == []


def test_an_adjustment_alone_may_make_the_invoice() -> None:
    found = sent(invoice(entry(100, GST, Quantity=D(0)), adjustment="12.00"))
    assert amounts(found) == ["row 0.00 OUTPUT", "adjustment 12.00 EXEMPTOUTPUT"]


def test_an_adjustment_that_takes_all_is_asked_for_as_a_credit_note() -> None:
    assert codes(invoice(entry(100, GST), adjustment="-110")) == ["total_zero"]
    assert codes(invoice(entry(100, GST), adjustment="-110.01")) == ["total_negative"]
