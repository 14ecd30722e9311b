"""Which lines does a discount on the whole invoice become, so that the total is CRM's to the cent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.discounts import Share, discount_lines
from server.domain.money import Line, added, is_half_cent
from server.domain.values import AccountRule, TaxRule
from tests.domain.kinds import amounts, entry, invoice, sent, tax
from tests.domain.records import SETTINGS, D, codes

GST, MORE, FREE = tax(10), tax(15), tax(0, "GST free")
RULES = {10: TaxRule(D(10), "OUTPUT"), 15: TaxRule(D(15), "OUTPUT15"), 0: TaxRule(D(0), "EXEMPTOUTPUT")}


def shares(*each: tuple[int, str]) -> list[Share]:
    return [Share(RULES[rate], f"{rate} %", D(net)) for rate, net in each]


def gross(lines: Sequence[Line]) -> list[str]:
    return [str(line.amount + line.tax) for line in lines]


def test_of_lines_without_tax_it_is_one_line() -> None:
    found = sent(invoice(entry(100), entry(50, FREE), discount="12.34"))
    assert amounts(found)[2:] == ["discount -12.34 EXEMPTOUTPUT"]


def test_of_one_tax_type_it_is_one_line_net_of_its_tax() -> None:
    """CRM takes 11 off what holds 10 % of tax, and leaves its tax as it is: 10 net and 1 of tax."""
    found = sent(invoice(entry(100, GST), discount="11"))
    assert amounts(found) == ["row 100.00 OUTPUT", "discount -10.00 OUTPUT"]
    [line] = found.draft.lines[1:]
    assert (line.text, line.quantity, line.price, line.account) == ("Discount", 1, D("-10.00"), "200")


def test_each_tax_type_bears_its_share_and_says_so() -> None:
    """Over what the rows come to with their taxes: 110 + 115 + 100."""
    found = sent(invoice(entry(100, GST), entry(100, MORE), entry(100, FREE), discount="32.50"))
    assert amounts(found)[3:] == ["discount -10.00 OUTPUT", "discount -10.00 OUTPUT15", "discount -10.00 EXEMPTOUTPUT"]
    assert [line.text for line in found.draft.lines[3:]] == [
        "Discount, GST on Income",
        "Discount, GST on Income 15",
        "Discount, GST Free Income",
    ]


def test_what_does_not_divide_goes_by_the_largest_remainder() -> None:
    """1.00 over three equal types: 0.34, 0.33, 0.33; over 2 : 1 : 1 it is 0.50, 0.25, 0.25."""
    even = discount_lines(D("1.00"), shares((0, "100"), (0, "100"), (0, "100")), "200", D("-1.00"))
    assert gross(even) == ["-0.34", "-0.33", "-0.33"]
    uneven = discount_lines(D("1.00"), shares((0, "200"), (0, "100"), (0, "100")), "200", D("-1.00"))
    assert gross(uneven) == ["-0.50", "-0.25", "-0.25"]
    last = discount_lines(D("0.10"), shares((0, "33"), (0, "33"), (0, "34")), "200", D("-0.10"))
    assert gross(last) == ["-0.03", "-0.03", "-0.04"]


def test_a_net_moves_by_a_cent_where_that_makes_the_total_exact() -> None:
    """1.06 gross at 10 % is 0.96 net and 0.10 of tax; where a cent more is wanted, 0.97."""
    [line] = discount_lines(D("1.06"), shares((10, "110")), "200", D("-1.06"))
    assert (line.amount, line.tax) == (D("-0.96"), D("-0.10"))
    [moved] = discount_lines(D("1.06"), shares((10, "110")), "200", D("-1.07"))
    assert (moved.amount, moved.tax) == (D("-0.97"), D("-0.10"))


def test_among_two_types_only_one_moves() -> None:
    """The fewest moves: the other one stays as near to its share as it is."""
    two = shares((10, "110"), (15, "115"))
    usual = discount_lines(D("22.50"), two, "200", D("-22.50"))
    moved = discount_lines(D("22.50"), two, "200", D("-22.51"))
    assert gross(usual) == ["-11.00", "-11.50"]
    assert sorted([*gross(moved)]) == ["-11.00", "-11.51"] or sorted(gross(moved)) == ["-11.01", "-11.50"]


@pytest.mark.parametrize("cents", range(1, 60))
def test_no_tax_of_a_discount_is_exactly_half_a_cent(cents: int) -> None:
    """Below zero nobody knows which way Xero rounds it (X6.5); whatever the total would like."""
    for rate in (10, 15):
        for wanted in (0, 1, -1):
            off = D(cents) / 100
            [line] = discount_lines(off, shares((rate, "115")), "200", -off + D(wanted) / 100) or [None]
            assert line is None or not is_half_cent(line.amount, D(rate))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 10, 15]), st.decimals(min_value=-50, max_value=10_000, places=2)),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[0],
    ),
    st.decimals(min_value=-500, max_value=500, places=2),
)
def test_the_shares_come_to_the_discount_within_a_cent_a_type(parts: list[tuple[int, D]], discount: D) -> None:
    """Each is within a cent or two of its share, all have the discount's sign, and none of nothing goes along."""
    found = discount_lines(discount, [Share(RULES[rate], "", net) for rate, net in parts], "200", -discount)
    assert abs(added(line.amount + line.tax for line in found) + discount) <= D("0.02") * len(parts)
    assert all((line.amount < 0) is (discount > 0) and line.amount for line in found)
    assert len({line.row_id for line in found}) == len(found)


def test_a_type_whose_rows_come_to_nothing_or_less_bears_none() -> None:
    raw = invoice(entry(100, GST), entry("-20", MORE), entry(0, FREE), discount="11")
    assert amounts(sent(raw))[3:] == ["discount -10.00 OUTPUT"]


def test_a_discount_on_rows_that_come_to_nothing_is_spread_evenly() -> None:
    """Nothing to divide by; the invoice may still have an adjustment that makes it more than zero."""
    raw = invoice(entry(0, GST), entry(0, FREE), discount="2.20", adjustment="50")
    assert amounts(sent(raw))[2:] == [
        "discount -1.00 OUTPUT",
        "discount -1.10 EXEMPTOUTPUT",
        "adjustment 50.00 EXEMPTOUTPUT",
    ]


def test_a_discount_below_zero_is_added_by_the_same_shares() -> None:
    """CRM takes one; it raises what is owed."""
    found = sent(invoice(entry(100, GST), entry(100, FREE), discount="-21.00"))
    assert amounts(found)[2:] == ["discount 10.00 OUTPUT", "discount 10.00 EXEMPTOUTPUT"]
    assert found.total == D("231.00")


def test_a_discount_of_all_there_is_leaves_nothing_to_send() -> None:
    assert codes(invoice(entry(100, GST), discount="110")) == ["total_zero"]
    assert codes(invoice(entry(100, GST), discount="120")) == ["total_negative"]


def test_a_discount_has_the_account_that_the_tenant_chose_for_it() -> None:
    own = replace(SETTINGS, accounts=AccountRule(discount="260"))
    for raw in (invoice(entry(100, GST), discount="11"), invoice(entry(100), discount="11", taxes=[GST])):
        assert [line.account for line in sent(raw, own).draft.lines] == ["200", "260"]


def test_xero_must_take_the_type_on_the_discounts_account() -> None:
    """A rate for sales on an account for expenses is refused: known before the call."""
    own = replace(SETTINGS, accounts=AccountRule(discount="400"))
    assert codes(invoice(entry(100, GST), discount="11"), settings=own) == ["tax_account_pair"]
