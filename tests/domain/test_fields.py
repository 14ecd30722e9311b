"""Is every field of somebody else's JSON read as what it is, or as nothing?"""

from __future__ import annotations

from datetime import date

import pytest

from server.domain.crm_invoice import read_invoice
from server.domain.fields import day, instant, number, text
from tests.domain.any_json import deep
from tests.domain.records import D, record


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (D("10.50"), D("10.50")),
        (1850, D(1850)),
        (0.1, D("0.1")),
        (" 5.90 ", D("5.90")),
        ("-3e2", D(-300)),
        ("5%", None),
        ("1,000.00", None),
        ("1_000", None),
        ("١٢", None),
        ("NaN", None),
        (float("nan"), None),
        (float("inf"), None),
        (D("sNaN"), None),
        (D("1E+31"), None),
        ("1e99999999999999999999", None),
        pytest.param(10**5000, None, id="five thousand digits"),
        ("9" * 10_000, None),
        (True, None),
        ([1], None),
        (None, None),
    ],
)
def test_numbers(value: object, found: object) -> None:
    assert number(value) == found


def test_zero_has_no_sign() -> None:
    """-0.00 would change the bytes for nothing."""
    assert str(number("-0.00")) == "0.00"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (" INV-1 ", "INV-1"),
        (5725767000009000003, "5725767000009000003"),
        (D("12.50"), "12.50"),
        ("", None),
        ("   ", None),
        (False, None),
        ({"id": 1}, None),
        pytest.param(10**5000, None, id="five thousand digits"),
        ("a\x00b\x1fc", "a b c"),
        ("a\ud800", "a\ufffd"),
        ("😀 עולם\n\t", "😀 עולם"),
    ],
)
def test_texts(value: object, found: str | None) -> None:
    """Control characters and halves of a pair would be refused by a database or by Xero (X11.16)."""
    assert text(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-10-28", date(2026, 10, 28)),
        ("2026-10-28T23:59:59-11:00", date(2026, 10, 28)),
        ("/Date(1793145600000+0000)/", date(2026, 10, 28)),
        ("/Date(1793145600000)/", date(2026, 10, 28)),
        ("20261028", None),
        ("2026-W44-3", None),
        ("2026-13-01", None),
        ("2026-10-28x", None),
        ("28 Oct 2026", None),
        ("/Date(9999999999999999)/", None),
        (20261028, None),
        (None, None),
    ],
)
def test_days_are_never_converted(value: object, found: date | None) -> None:
    """A day is what stands there, whatever the zone (X11.1)."""
    assert day(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-10-28T14:01:02+11:00", "2026-10-28T03:01:02+00:00"),
        ("2026-10-28T14:01:02Z", "2026-10-28T14:01:02+00:00"),
        ("/Date(1789378199100+0000)/", "2026-09-14T09:29:59.100000+00:00"),
        ("/Date(-1)/", "1969-12-31T23:59:59.999000+00:00"),
        ("2026-10-28T14:01:02", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        (12, None),
    ],
)
def test_instants_are_aware(value: object, found: str | None) -> None:
    """A stamp without offset is no instant."""
    at = instant(value)
    assert (at.isoformat() if at else None) == found


def test_the_recorded_shape_of_zoho_is_read() -> None:
    crm = read_invoice(record())
    assert crm.record_id == "5001"
    assert (crm.account_id, crm.account_name) == ("9001", "Brightwater Dental Pty Ltd")
    assert (crm.rows[0].code, crm.rows[0].quantity, crm.rows[0].taxes[0].rate) == ("CHAIR-V", D(1), D(10))
    assert crm.modified_time is not None
    assert crm.modified_time.isoformat() == "2026-10-28T03:01:02+00:00"
    assert crm.unreadable == crm.rows[0].unreadable == ()
    assert not crm.under_review and not crm.more_rows


def test_nothing_that_was_there_is_taken_for_nothing() -> None:
    """A row, a tax or an amount that cannot be read stays there as something unreadable."""
    crm = read_invoice({"Invoiced_Items": ["x", {"Line_Tax": [7], "Discount": "5%"}], "Tax": {}, "Adjustment": ""})
    assert len(crm.rows) == 2
    assert len(crm.rows[1].taxes) == 1
    assert crm.rows[1].taxes[0].rate < 0
    assert crm.rows[1].unreadable == ("Discount",)
    assert crm.unreadable == ("Tax",)


def test_lists_in_lists_do_no_harm() -> None:
    """Nothing of a foreign shape is followed into its depth."""
    crm = read_invoice({name: deep(10_000) for name in record()})
    assert crm.rows and crm.status is None
