"""Are lines, taxes and totals predicted as Xero rounds them?"""

from __future__ import annotations

import pytest

from server.domain.money import Line, cents, totals, trimmed
from tests.domain.records import D, created, inv_2041, record, row


def line(quantity: str, price: str, discount: str = "0", rate: str = "15") -> Line:
    return Line(1, None, "Chair", None, "200", D(quantity), D(price), D(discount), "OUTPUT", D(rate), D(0))


def test_tax_is_rounded_on_each_line_before_it_is_summed() -> None:
    """Xero's own example: 3.76 + 3.84 + 3.84 = 11.44 and not 11.45 (X6.5)."""
    lines = [line("1", "25.06"), line("1", "25.61"), line("1", "25.63")]
    assert [each.tax for each in lines] == [D("3.76"), D("3.84"), D("3.84")]
    assert totals(lines).tax == D("11.44")


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "rate", "amount", "tax"),
    [
        ("2", "10.50", "0", "15", "21.00", "3.15"),
        ("1", "2.165", "0", "0", "2.17", "0.00"),
        ("2", "100", "20", "10", "180.00", "18.00"),
        ("1", "1850", "92.5", "10", "1757.50", "175.75"),
        ("3", "0.3333", "0", "10", "1.00", "0.10"),
        ("0.5", "0.01", "0", "10", "0.01", "0.00"),
        ("0", "100", "0", "10", "0.00", "0.00"),
        ("7", "0.05", "0", "15", "0.35", "0.05"),
        ("1", "0.10", "0", "15", "0.10", "0.02"),
        ("1", "99999999.99", "0", "17.5", "99999999.99", "17500000.00"),
    ],
)
def test_a_line_is_rounded_half_up(quantity: str, price: str, discount: str, rate: str, amount: str, tax: str) -> None:
    """Worked by hand: LineAmount to the cent, then its tax to the cent, halves up (X6.5)."""
    found = line(quantity, price, discount, rate)
    assert (str(found.amount), str(found.tax)) == (amount, tax)


def test_halves_go_up_and_not_to_the_even_cent() -> None:
    assert [str(cents(D(each))) for each in ("2.165", "2.175", "2.1649999", "0.005")] == [
        "2.17",
        "2.18",
        "2.16",
        "0.01",
    ]


def test_very_long_amounts_are_rounded_and_do_not_raise() -> None:
    """Thirty digits by thirty digits is more than the usual context keeps."""
    long = line("9" * 30, "9" * 30)
    assert str(long.amount) == "9" * 29 + "8" + "0" * 29 + "1.00"
    assert str(trimmed(D("100.00"))) == "1E+2"


def test_the_row_of_zohos_own_arithmetic() -> None:
    """2 x 100 less 20 at 10 %: Net_Total 198 (Z6)."""
    raw = record(row(Quantity=D(2), Discount=D(20), Total=D(200), Tax=D(18), Net_Total=D(198)))
    assert created(raw).total == D("198.00")


def test_the_invoice_of_the_pictures_comes_to_its_grand_total() -> None:
    found = created(inv_2041())
    assert (found.draft.totals.subtotal, found.draft.totals.tax) == (D("2987.50"), D("286.75"))
    assert found.total == D("3274.25") == inv_2041()["Grand_Total"]


def test_the_three_lines_of_xeros_example_are_sent_when_crm_counts_like_xero() -> None:
    rows = [
        row(List_Price=D(each), Line_Tax=[{"name": "GST", "percentage": 15}]) for each in ("25.06", "25.61", "25.63")
    ]
    assert created(record(*rows)).total == D("87.74")
