"""Is CRM's own total explained before anything is derived from it (Z6)?"""

from __future__ import annotations

import pytest

from server.domain.crm_invoice import read_invoice
from server.domain.crm_total import row_sum
from server.domain.decide import Blocked
from tests.domain.kinds import entry, invoice, sent, tax
from tests.domain.records import D, codes, decided, row

GST = tax(10)


def told(raw: dict[str, object]) -> tuple[str, str | None]:
    """The one reason: its detail, and the field it names."""
    found = decided(raw)
    assert isinstance(found, Blocked)
    [only] = found.reasons
    assert only.name == "crm_total_unexplained"
    return only.detail, only.field_name


def test_zohos_own_sample_of_a_tax_on_the_whole() -> None:
    """100,000 less 5,000 with 3 % of 95,000 is 97,850 (Z6)."""
    raw = invoice(entry("100000"), discount="5000", taxes=[tax(3)])
    assert raw["Grand_Total"] == D("97850")
    assert codes(raw) == ["header_tax_unmapped"]
    assert sent(invoice(entry("100000"), discount="5000", taxes=[tax(10)])).total == D("104500.00")


def test_a_row_is_counted_as_crm_counts_it() -> None:
    """2 x 100 less 20 at 10 %: 198. Each of several taxes is rounded by itself: 0.05 at 10 % twice is 2 cents."""
    raw = invoice(entry(100, GST, Quantity=D(2), Discount=D(20)), entry("0.05", GST, tax(10, "Levy")))
    first, second = read_invoice(raw).rows
    assert row_sum(first, D("0.01")).net == D("198.00") == first.net_total
    assert row_sum(second, D("0.01")).tax == D("0.02") == second.tax


def test_crms_own_total_of_a_row_counts_before_quantity_and_price() -> None:
    [first] = read_invoice({"Invoiced_Items": [row(Quantity=D(2), Total=D("150.00"))]}).rows
    assert row_sum(first, D("0.01")).net == D("165.00")


@pytest.mark.parametrize(("rows", "off", "fits"), [(1, "0.01", True), (1, "0.02", False), (3, "0.03", True)])
def test_a_cent_a_row_is_rounding(rows: int, off: str, fits: bool) -> None:
    """What is more is nobody's rounding; what is within is looked at again beside Xero's total."""
    raw = invoice(*[entry(100, GST) for _ in range(rows)])
    for sign in (1, -1):
        moved = {**raw, "Grand_Total": raw["Grand_Total"] + sign * D(off)}
        assert ("crm_total_unexplained" in codes(moved)) is not fits


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"Discount": D("10.00")}, "CRM says AUD 110.00, its lines make AUD 100.00. Look at {field}."),
        ({"Adjustment": D("-7.50")}, "CRM says AUD 110.00, its lines make AUD 102.50. Look at {field}."),
        ({"Grand_Total": D("1100.00")}, "CRM says AUD 1,100.00, its lines make AUD 110.00. Look at {field}."),
    ],
)
def test_a_part_that_the_total_does_not_hold_is_told_with_both_figures(fields: dict[str, object], detail: str) -> None:
    assert told({**invoice(entry(100, GST)), **fields}) == (detail, "Grand_Total")


def test_a_tax_that_is_not_the_percentage_of_what_is_taxed() -> None:
    """Also where the grand total adds up with it: it is the tax that would be booked wrong."""
    raw = invoice(entry(100), taxes=[GST])
    wrong = {**raw, "Tax": D("12.00"), "Grand_Total": D("112.00")}
    assert told(wrong) == ("CRM says AUD 12.00, its lines make AUD 10.00. Look at {field}.", "Tax")


def test_a_tax_without_a_name_is_no_tax_that_could_be_matched() -> None:
    """An amount in Tax, and none of the invoice's taxes that it comes from."""
    raw = invoice(entry(100))
    assert told({**raw, "Tax": D("10.00"), "Grand_Total": D("110.00")})[1] == "Tax"
    named = {"$line_tax": [tax(0, "Common Tax")]}
    assert told({**raw, **named, "Tax": D("10.00"), "Grand_Total": D("110.00")})[1] == "Tax"


def test_a_tax_of_nothing_on_the_whole_is_no_tax() -> None:
    """As in Zoho's own sample: `$line_tax` holds a tax of 0 % beside rows with theirs (Z6)."""
    raw = invoice(entry(100, GST), taxes=[tax(0, "Common Tax")])
    assert sent(raw).total == D("110.00")


@pytest.mark.parametrize("listed", [[{"name": "GST 10%"}], [{"name": "GST 10%", "percentage": "ten"}], ["GST"], "GST"])
def test_a_tax_on_the_whole_that_cannot_be_read_is_named_as_such(listed: object) -> None:
    """Not as a rate of some percent that nobody has entered."""
    raw = {**invoice(entry(100)), "$line_tax": listed, "Tax": D("10.00"), "Grand_Total": D("110.00")}
    found = decided(raw)
    assert isinstance(found, Blocked)
    assert [(each.name, each.field_name) for each in found.reasons] == [("amount_unreadable", "Tax")]


def test_nothing_is_said_of_a_total_while_a_row_cannot_be_read() -> None:
    """Half of the rows explain nothing."""
    raw = invoice(entry(100, GST), entry(50, GST))
    raw["Invoiced_Items"][0] = {**raw["Invoiced_Items"][0], "Quantity": None, "Total": None}
    assert codes(raw) == ["line_unreadable"]
