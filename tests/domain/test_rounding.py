"""What becomes of cents between the two totals: a visible line, or a reason with its remedy?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.decide import Blocked
from server.domain.reasons import Reason
from server.domain.values import Account, AmountsRule, Books, Settings, TaxRule
from tests.domain.kinds import Raw, amounts, entry, invoice, sent, tax
from tests.domain.records import BOOKS, SETTINGS, D, codes, decided

GST = tax(10)


def allowing(limit: str) -> Settings:
    return replace(SETTINGS, rounding_limit=D(limit))


def without_account(*more: Account) -> Books:
    return replace(BOOKS, accounts=(*(each for each in BOOKS.accounts if each.system != "ROUNDING"), *more))


def many(rows: int) -> Raw:
    """Rows of 0.05 with 10 % on the whole: Xero rounds half a cent up on each of them, CRM once."""
    return invoice(*[entry("0.05") for _ in range(rows)], taxes=[GST])


def refused(raw: Raw, settings: Settings = SETTINGS, books: Books = BOOKS) -> Reason:
    found = decided(raw, settings=settings, books=books)
    assert isinstance(found, Blocked)
    [only] = found.reasons
    return only


def test_no_line_where_none_is_needed() -> None:
    """Also where rounding is allowed: two totals that meet have nothing to explain."""
    for raw in (invoice(entry("25.06", GST), entry("25.61", GST)), many(1), invoice(entry(100), adjustment="0.01")):
        assert sent(raw, allowing("0.50")).draft.rounding is None


@pytest.mark.parametrize(("rows", "rounding"), [(2, "-0.01"), (3, "-0.01"), (4, "-0.02"), (9, "-0.04")])
def test_cents_become_a_line_of_their_own(rows: int, rounding: str) -> None:
    """On the account that Xero rounds to, with no tax, after all other lines."""
    found = sent(many(rows))
    line = found.draft.lines[-1]
    assert (line.part, line.text, line.amount, line.tax) == ("rounding", "Rounding", D(rounding), 0)
    assert (line.account, line.tax_type, line.position) == ("860", "EXEMPTOUTPUT", rows + 1)
    assert found.draft.rounding == D(rounding)


def test_cents_may_be_missing_at_xero() -> None:
    """0.04 at 10 % is nothing on each line for Xero, and 1.2 cents on three for CRM."""
    found = sent(invoice(*[entry("0.04") for _ in range(3)], taxes=[GST]))
    assert found.draft.rounding == D("0.01")


@pytest.mark.parametrize(
    ("taxed", "free", "gap", "fits"),
    [
        (0, 1, 1, True),
        (1, 0, 1, True),
        (0, 3, 2, False),
        (2, 0, 2, True),
        (3, 0, 3, False),
        (3, 4, 2, True),
        (4, 0, 3, True),
    ],
)
def test_rounding_explains_half_a_cent_a_taxed_line_and_one_of_the_total(
    taxed: int, free: int, gap: int, fits: bool
) -> None:
    """Half of the smallest unit x (taxed lines + 1), rounded up to that unit; one cent more is somebody's mistake."""
    raw = invoice(*[entry(100, GST)] * taxed, *[entry(100)] * free)
    for sign in (1, -1):
        moved = {**raw, "Grand_Total": raw["Grand_Total"] + D(sign * gap) / 100}
        assert codes(moved) == ([] if fits else ["totals_differ"])


@pytest.mark.parametrize(
    ("limit", "rows", "found"),
    [
        ("0", 2, "rounding_beyond_limit"),
        ("0.00", 2, "rounding_beyond_limit"),
        ("0.01", 3, None),
        ("0.01", 4, "rounding_beyond_limit"),
        ("0.05", 11, None),
        ("0.05", 12, "rounding_beyond_limit"),
        ("0.50", 101, None),
        ("0.50", 102, "rounding_too_large"),
        ("100", 102, "rounding_too_large"),
        ("-1", 2, "rounding_beyond_limit"),
    ],
)
def test_no_more_than_the_tenant_allows(limit: str, rows: int, found: str | None) -> None:
    """The last one that fits, and the first that does not; of 102 rows CRM and Xero are 51 cents apart."""
    assert codes(many(rows), settings=allowing(limit)) == ([found] if found else [])


def test_what_is_not_allowed_names_what_to_allow() -> None:
    """Asked for to the cent, so that nobody has to try."""
    told = refused(many(12))
    assert told.sentence == "Rounding makes 6 cents, more than you allow"
    assert told.detail == "CRM says AUD 0.66, Xero would make it AUD 0.72. {setting} allows AUD 0.05."
    assert told.next_step == "Ask an admin to allow up to AUD 0.06."
    assert codes(many(12), settings=allowing("0.06")) == []
    assert refused(many(2), allowing("0")).detail.endswith("{setting} allows nothing.")


def test_what_no_setting_may_allow_does_not_ask_for_one() -> None:
    told = refused(many(102), allowing("0.50"))
    assert told.sentence == "Rounding makes 51 cents, more than one line may bear"
    assert told.next_step == "Put fewer lines on it, or ask your bookkeeper."


@pytest.mark.parametrize("more", [(), (Account("860", "Rounding", "ARCHIVED", "CURRLIAB", "ROUNDING", "LIABILITY"),)])
def test_without_an_account_for_it_it_is_told(more: tuple[Account, ...]) -> None:
    """Only where a line is needed."""
    books = without_account(*more)
    assert codes(many(1), books=books) == []
    assert refused(many(2), books=books).sentence == "Rounding makes 1 cent, and Xero has no account for it"


def test_the_account_is_the_one_that_xero_rounds_to_whatever_its_code() -> None:
    books = without_account(Account("4711", "Cents", "ACTIVE", "CURRLIAB", "ROUNDING", "LIABILITY"))
    assert sent(many(2), books=books).draft.lines[-1].account == "4711"


def test_without_a_rate_of_zero_percent_it_is_told() -> None:
    taxed = replace(SETTINGS, taxes=(TaxRule(D(10), "OUTPUT"),))
    assert refused(many(2), taxed).sentence == "There is no 0 % rate for the rounding"


def test_the_rate_of_zero_percent_must_be_one_that_xero_has_at_zero() -> None:
    """Else the line that is to make the totals meet would move them apart."""
    gone = replace(SETTINGS, taxes=(TaxRule(D(10), "OUTPUT"), TaxRule(D(0), "GONE")))
    moved = replace(SETTINGS, taxes=(TaxRule(D(10), "OUTPUT"), TaxRule(D(0), "OUTPUT15")))
    assert refused(many(2), gone).name == "tax_type_gone"
    assert refused(many(2), moved).name == "tax_rate_moved"


def test_of_prices_that_hold_their_tax_only_crms_own_cent_can_be_left() -> None:
    """No tax is added, so nothing else is rounded."""
    inside = replace(SETTINGS, amounts=AmountsRule(inclusive=True, tax_type="OUTPUT"))
    raw = invoice(*[entry("0.05")] * 5)
    assert sent(raw, inside).draft.rounding is None
    off = {**raw, "Grand_Total": D("0.26")}
    assert amounts(sent(off, inside))[-1] == "rounding 0.01 EXEMPTOUTPUT"


def test_the_part_that_differs_most_is_named() -> None:
    """Xero rounds the price of every row to the cent that CRM keeps finer: it is the lines."""
    fine = [entry("0.004", Total=D("0.004")) for _ in range(5)]
    raw = {**invoice(entry(100), *fine), "Grand_Total": D("100.02")}
    assert refused(raw).detail.startswith("CRM says AUD 100.02, Xero would make it AUD 100.00. Most of it: the lines.")


def test_a_discount_that_differs_most_is_named() -> None:
    """CRM's discount is finer than a cent, on rows without tax."""
    raw = {**invoice(entry(100), entry(100), discount="0.015"), "Grand_Total": D("200.00")}
    assert refused(raw).detail.startswith(
        "CRM says AUD 200.00, Xero would make it AUD 199.98. Most of it: the discount."
    )


def test_a_tax_that_differs_most_is_named() -> None:
    """CRM counts six taxes of half a cent, each up; one taxed set of Xero's explains four cents at most."""
    rows = [entry("0.05", tax(10, "GST"), tax(10, "Levy"), tax(10, "City")) for _ in range(3)]
    books = replace(BOOKS, tax_rates=(*BOOKS.tax_rates, replace(BOOKS.tax_rates[0], tax_type="ALL", rate=D(30))))
    settings = replace(SETTINGS, taxes=(TaxRule(D(30), "ALL"), TaxRule(D(0), "EXEMPTOUTPUT")))
    raw = invoice(*rows)
    assert raw["Grand_Total"] == D("0.24")
    assert refused(raw, settings, books).detail == (
        "CRM says AUD 0.24, Xero would make it AUD 0.21. Most of it: the tax. Look at {field}."
    )


def test_an_adjustment_that_differs_most_is_named() -> None:
    raw = {**invoice(entry(100), entry(100), adjustment="0.015"), "Grand_Total": D("200.00")}
    assert refused(raw).detail.startswith(
        "CRM says AUD 200.00, Xero would make it AUD 200.02. Most of it: the adjustment."
    )
