"""Are the bytes that are stored and sent the same for the same body, and exact?"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.encode import encode
from tests.domain.records import D

VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
        st.text(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_what_was_written_is_read_back(value: object) -> None:
    """Decimals are JSON numbers with all their digits."""
    assert json.loads(encode(value), parse_float=Decimal) == value


def test_the_order_of_keys_does_not_matter() -> None:
    one = {"b": 1, "a": {"d": D("2.50"), "c": None}}
    other = {"a": {"c": None, "d": D("2.50")}, "b": 1}
    assert encode(one) == encode(other) == b'{"a":{"c":null,"d":2.50},"b":1}'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (D("0.1"), "0.1"),
        (D("1E+3"), "1000"),
        (D("1E-7"), "0.0000001"),
        (D("1757.50"), "1757.50"),
        (True, "true"),
        (1, "1"),
        ("Müller “Küchen” 😀", '"Müller “Küchen” 😀"'),
        ('a"b\\c\nd', '"a\\"b\\\\c\\nd"'),
    ],
)
def test_it_is_plain_json_in_utf_8(value: object, written: str) -> None:
    """No exponents and no escaped umlauts: Xero reads plain UTF-8 (X11.16)."""
    assert encode(value).decode("utf-8") == written


def test_half_a_character_does_not_stop_the_others() -> None:
    assert encode("a\ud800b") == b'"a?b"'


def test_a_float_has_no_place_in_a_body() -> None:
    """0.1 + 0.2 would be 0.30000000000000004."""
    with pytest.raises(TypeError):
        encode({"Total": 0.1})
