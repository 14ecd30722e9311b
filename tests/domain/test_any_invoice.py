"""Is any invoice that a CRM user can write sent with CRM's own total, and an ordinary one never blocked?"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from server.domain.decide import Blocked, Create
from server.domain.values import AmountsRule, TaxRule
from tests.domain.kinds import Raw, entry, half_up, invoice, sent, tax, xero_total
from tests.domain.records import SETTINGS, D, decided, in_json

# As a tenant that has matched all its taxes and allows some cents.
MAPPED = replace(SETTINGS, taxes=(*SETTINGS.taxes, TaxRule(D(12), "TAX001")), rounding_limit=D("0.20"))
INSIDE = replace(MAPPED, amounts=AmountsRule(inclusive=True, tax_type="OUTPUT15"))
SETS: list[list[dict[str, object]]] = [[], [tax(0, "GST free")], [tax(10)], [tax(15)], [tax(10), tax(2, "Levy")]]
PLAIN: list[list[dict[str, object]]] = SETS[:2]
TOTAL_TAXES = st.sampled_from([[tax(10)], [tax(15)], [tax(10), tax(2, "Levy")]])
CENTS = st.decimals(min_value=0, max_value=2_000, places=2)
EXTRA = st.sampled_from(["0", "0", "0.01", "-0.37", "5", "-12.50"])


def rows(sets: list[list[dict[str, object]]], *, odd: bool) -> st.SearchStrategy[list[Raw]]:
    """Ordinary ones have whole cents and nothing below zero."""
    prices = st.decimals(min_value=-500, max_value=9_999, places=5) if odd else CENTS
    quantities = st.decimals(min_value=-9, max_value=99, places=5) if odd else st.integers(1, 40).map(D)
    shares = st.sampled_from([D(0), D(0), D("0.05"), D("0.333"), D(1), *([D("1.5"), D("-0.1")] if odd else [])])
    made = st.builds(_row, quantities, prices, shares, st.sampled_from(sets))
    return st.lists(made, min_size=1, max_size=30)


def _row(quantity: D, price: D, share: D, taxes: list[dict[str, object]]) -> Raw:
    off = half_up(quantity * price * share, "0.01")
    return entry("0", *taxes, Quantity=quantity, List_Price=price, Discount=off)


def made(rows_: list[Raw], share: D, adjustment: str, taxes: list[dict[str, object]]) -> Raw:
    """With a discount on the whole that is a share of it; never one of nothing."""
    raw = whole(rows_, share, adjustment, taxes)
    assume(raw["Grand_Total"] > 0)
    return raw


def whole(rows_: list[Raw], share: D, adjustment: str, taxes: list[dict[str, object]]) -> Raw:
    bare = invoice(*rows_, taxes=taxes)
    off = str(half_up(bare["Sub_Total"] * share, "0.01"))
    return invoice(*rows_, discount=off, adjustment=adjustment, taxes=taxes)


SHARES = st.sampled_from([D(0), D(0), D("0.05"), D("0.333"), D("0.9")])
LINE_TAX = st.builds(made, rows(SETS, odd=False), SHARES, EXTRA, st.just([]))
TOTAL_TAX = st.builds(made, rows(PLAIN, odd=False), SHARES, EXTRA, TOTAL_TAXES)
NO_TAX = st.builds(made, rows(PLAIN, odd=False), SHARES, EXTRA, st.just([]))
ODD: st.SearchStrategy[Raw] = st.one_of(
    st.builds(made, rows(SETS, odd=True), st.one_of(SHARES, st.just(D("-0.2"))), EXTRA, st.just([])),
    st.builds(made, rows(PLAIN, odd=True), st.one_of(SHARES, st.just(D("-0.2"))), EXTRA, TOTAL_TAXES),
)


TINY, TWICE = _row(D(21), D("0.01"), D(0), SETS[4]), _row(D(22), D("18.04"), D("0.333"), SETS[4])


def bound(create: Create) -> D:
    """Half a cent a taxed line and one for the total, in whole cents."""
    taxed = sum(1 for line in create.draft.lines if line.tax_rate)
    return (D("0.005") * (taxed + 1)).quantize(D("0.01"), "ROUND_CEILING")


def check_rounding(create: Create, raw: Raw) -> None:
    """None where Xero comes to CRM's total without it, none above what rounding can explain."""
    body: Any = in_json(create.body)
    lines = [line for line, ours in zip(body["LineItems"], create.draft.lines, strict=True) if ours.part != "rounding"]
    without = xero_total({**body, "LineItems": lines}, below_zero=ROUND_HALF_UP)
    assert (create.draft.rounding or 0) == raw["Grand_Total"] - without
    assert abs(create.draft.rounding or D(0)) <= bound(create)


@settings(max_examples=200, deadline=None)
@given(LINE_TAX)
@example(whole([TINY, TWICE, TWICE], D(0), "0", []))
def test_taxes_on_lines(raw: Raw) -> None:
    """CRM rounds each of a row's taxes, Xero their sum: up to a cent a row. Three such rows may go beyond the bound."""
    found = decided(raw, settings=MAPPED)
    if isinstance(found, Blocked):
        assert {each.name for each in found.reasons} == {"totals_differ"}
        assert sum(1 for row in raw["Invoiced_Items"] if len(row["Line_Tax"]) > 1) >= 3
    else:
        check_rounding(sent(raw, MAPPED), raw)


@settings(max_examples=200, deadline=None)
@given(TOTAL_TAX)
def test_a_tax_on_the_whole(raw: Raw) -> None:
    check_rounding(sent(raw, MAPPED), raw)


@settings(max_examples=100, deadline=None)
@given(NO_TAX)
def test_no_tax_and_tax_inside_the_prices_need_no_rounding(raw: Raw) -> None:
    assert sent(raw, MAPPED).draft.rounding is None
    assert sent(raw, INSIDE).draft.rounding is None


@settings(max_examples=300, deadline=None)
@given(ODD)
def test_odd_ones_are_sent_with_crms_total_or_refused_for_it(raw: Raw) -> None:
    """Five decimals, rows below zero, discounts above the row: never wrong, and refused for nothing but the cents."""
    found = decided(raw, settings=MAPPED)
    if isinstance(found, Create):
        check_rounding(sent(raw, MAPPED), raw)
    else:
        assert isinstance(found, Blocked)
        told = {each.name for each in found.reasons}
        assert told <= {"rounding_beyond_limit", "totals_differ"}, [each.sentence for each in found.reasons]
