"""Which of Xero's tax types does a set of CRM's taxes become, and what becomes of a set without one?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.decide import Blocked
from server.domain.taxes import tax_set, zero_rule
from server.domain.values import Account, Settings, TaxRule
from tests.domain.kinds import Raw, amounts, entry, invoice, sent, tax
from tests.domain.records import BOOKS, SETTINGS, D, codes, decided, read

GST, LEVY = tax(10, "GST"), tax(2, "Levy")
BOTH = TaxRule(D(12), "TAX001", frozenset({"GST", "Levy"}))


def ruled(*rules: TaxRule) -> Settings:
    return replace(SETTINGS, taxes=rules)


def with_sets(*more: TaxRule) -> Settings:
    return ruled(*SETTINGS.taxes, *more)


def types(raw: Raw, settings: Settings) -> list[str]:
    return [line.tax_type for line in sent(raw, settings).draft.lines]


def test_several_taxes_on_a_line_are_one_type_of_their_sum() -> None:
    """Whatever their order; CRM's sum of two rounded taxes and Xero's one tax meet where they are the same."""
    raw = invoice(entry(100, GST, LEVY), entry(50, LEVY, GST), entry(10, GST))
    found = sent(raw, with_sets(BOTH))
    assert amounts(found) == ["row 100.00 TAX001", "row 50.00 TAX001", "row 10.00 OUTPUT"]
    assert [line.tax_rate for line in found.draft.lines] == [12, 12, 10]


def test_the_rule_of_exactly_these_names_counts_before_the_one_for_their_rate() -> None:
    """In whichever order the rules stand."""
    named = TaxRule(D(0), "TAX0", frozenset({"Export"}))
    more = replace(BOOKS, tax_rates=(*BOOKS.tax_rates, replace(BOOKS.tax_rates[1], tax_type="TAX0")))
    raw = invoice(entry(100, tax(0, "Export")), entry(100, tax(0, "GST free")), entry(5))
    for settings in (with_sets(named), ruled(named, *SETTINGS.taxes)):
        found = decided(raw, settings=settings, books=more)
        assert not isinstance(found, Blocked)
        assert [line.tax_type for line in found.draft.lines] == ["TAX0", "EXEMPTOUTPUT", "EXEMPTOUTPUT"]  # type: ignore[union-attr]


def test_a_rule_for_some_of_the_names_is_no_rule_for_all() -> None:
    """Neither a part of the set nor more than it."""
    part = TaxRule(D(12), "TAX001", frozenset({"GST"}))
    more = TaxRule(D(12), "TAX001", frozenset({"GST", "Levy", "City"}))
    assert codes(invoice(entry(100, GST, LEVY)), settings=with_sets(part, more)) == ["tax_unmapped"]


def test_a_set_without_a_rule_is_named_in_full_with_its_line() -> None:
    found = decided(invoice(entry(100, GST), entry(100, LEVY, GST)))
    assert isinstance(found, Blocked)
    assert [each.sentence for each in found.reasons] == ["Line 2, Visitor chair: tax “Levy + GST” is not matched"]


def test_the_rate_of_a_set_must_be_the_sum_of_its_taxes() -> None:
    """A name that is matched, at another percentage than it had then."""
    moved = invoice(entry(100, tax(10, "GST"), tax(3, "Levy")))
    found = decided(moved, settings=with_sets(BOTH))
    assert isinstance(found, Blocked)
    assert [each.sentence for each in found.reasons] == ["Xero's rate “GST and levy” is 12 %, not 13 %"]


@pytest.mark.parametrize("rows", [[GST, tax(0, "Old")], [tax(0, "Old"), GST]])
def test_a_tax_that_was_taken_off_is_none_of_the_set(rows: list[dict[str, object]]) -> None:
    """CRM takes a tax off by setting it to 0 % (Z7.2)."""
    only = TaxRule(D(10), "OUTPUT", frozenset({"GST"}))
    assert types(invoice(entry(100, *rows)), ruled(only)) == ["OUTPUT"]


def test_the_same_name_twice_is_one_name_and_both_percentages() -> None:
    found = tax_set(read(invoice(entry(100, GST, GST))).rows[0].taxes)
    assert (found.names, found.rate) == (("GST",), D(20))


def test_lines_without_any_tax_need_the_rule_for_none() -> None:
    """A rule for a tax of 0 % by name is another matter."""
    exempt = TaxRule(D(0), "EXEMPTOUTPUT", frozenset({"GST free"}))
    none = TaxRule(D(0), "EXEMPTOUTPUT", frozenset())
    raw = invoice(entry(100), entry(100, tax(0, "GST free")))
    assert codes(raw, settings=ruled(exempt)) == ["tax_none_unmapped"]
    assert codes(raw, settings=ruled(none)) == ["tax_unmapped"]
    assert types(raw, ruled(none, exempt)) == ["EXEMPTOUTPUT", "EXEMPTOUTPUT"]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ((TaxRule(D(0), "EXEMPTOUTPUT"),), "EXEMPTOUTPUT"),
        ((TaxRule(D(0), "A"), TaxRule(D(0), "B", frozenset())), "B"),
        ((TaxRule(D(0), "A", frozenset({"Export"})),), None),
        ((TaxRule(D(10), "OUTPUT", frozenset()),), None),
        ((), None),
    ],
)
def test_the_type_for_what_bears_no_tax(rules: tuple[TaxRule, ...], found: str | None) -> None:
    """Never one that adds a tax, whatever the settings say."""
    rule = zero_rule(ruled(*rules))
    assert (rule.tax_type if rule else None) == found


def test_a_negative_percentage_is_never_taken_for_no_tax() -> None:
    """-1 stands for a rate that cannot be read; any other one is simply not matched."""
    assert codes(invoice(entry(100, tax(-1)))) == ["line_unreadable"]
    assert codes(invoice(entry(100, tax(-10)))) == ["tax_unmapped"]


def test_a_type_goes_on_accounts_of_its_side_only() -> None:
    """Xero refuses a rate for sales on an account for expenses (X8.3), and takes either on all others."""
    owed = Account("800", "Deposits", "ACTIVE", "CURRLIAB", "", "LIABILITY")
    books = replace(BOOKS, accounts=(*BOOKS.accounts, owed))
    raw = invoice(entry(100, tax(10)))
    found = decided(raw, settings=replace(SETTINGS, account="400"))
    assert isinstance(found, Blocked)
    assert [each.sentence for each in found.reasons] == [
        "Xero's rate GST on Income can't go on account 400 Advertising"
    ]
    assert codes(raw, settings=replace(SETTINGS, account="800"), books=books) == []
