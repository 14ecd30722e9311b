"""Which JSON could a service answer with? Anything, and records that are nearly right."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

NASTY_TEXT = st.sampled_from(
    [
        "",
        " ",
        "NaN",
        "Infinity",
        "-0",
        "1e999",
        "1E+99999999999999999999",
        "5%",
        "١٢",
        "1_000",
        "0x10",
        "𝟙𝟚",
        "😀" * 2500,
        "x" * 4100,
        "שלום עולם",
        "\u202eabc",
        "\ud800",
        "a\udfffb",
        "\x00",
        "{field}",
        "{0}{product}{{}}",
        "{number_field.__class__}",
        "%s%(a)s",
        "2026-10-28",
        "2026-13-45",
        "0000-00-00",
        "/Date(99999999999999999)/",
        "/Date(-9999999999999999+0000)/",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "Approved",
        "Created",
        "approved",
        "AUTHORISED",
        "PAID",
        "<img src=x onerror=1>",
        "a|b\nc",
    ]
)
NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=10**4000, max_value=10**4400),
    st.floats(),
    st.decimals(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12),
    st.sampled_from([Decimal("1E+30"), Decimal("-1E-59"), Decimal("9" * 30), Decimal("sNaN"), Decimal("1E+999999")]),
)
TEXT = st.one_of(NASTY_TEXT, st.text(max_size=40), st.text(st.characters(), max_size=10))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXT)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)


def deep(levels: int) -> object:
    """Lists in lists, deeper than a recursion would bear."""
    found: object = []
    for _ in range(levels):
        found = [found]
    return found


DEEP = st.just(deep(5000))
ANY = st.one_of(JSON, DEEP)


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Mostly what is expected, sometimes anything."""
    return st.one_of(strategy, strategy, strategy, ANY)


SMALL = st.one_of(st.just(0), st.decimals(min_value=-50, max_value=50, places=2))
CODES = st.sampled_from(["DESK-OAK", "LAMP-9", "9" * 31])
# A custom field that a setting may name, whatever for.
OWN = st.sampled_from(
    ["north", "Nowhere", "Inclusive", "no", True, "220", "INV-9", "STANDARD", Decimal("1.5"), "x" * 300]
)
AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)
TAXES = st.fixed_dictionaries(
    {"name": maybe(st.just("GST 10%")), "percentage": maybe(st.sampled_from([Decimal(0), Decimal(10), Decimal(15)]))}
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "id": ANY,
        "Product_Name": maybe(
            st.fixed_dictionaries(
                {"name": maybe(st.just("Chair")), "id": maybe(st.just("8001")), "Product_Code": maybe(CODES)}
            )
        ),
        "Quantity": maybe(st.integers(0, 50)),
        "List_Price": maybe(AMOUNTS),
        "Discount": maybe(SMALL),
        "Total": maybe(AMOUNTS),
        "Mine": maybe(OWN),
        "Tax": ANY,
        "Net_Total": ANY,
        "Line_Tax": maybe(st.lists(maybe(TAXES), max_size=3)),
        "Description": TEXT,
    },
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "id": ANY,
        "Invoice_Number": maybe(st.just("INV-1")),
        "Account_Name": maybe(st.fixed_dictionaries({"id": maybe(st.just("9")), "name": TEXT})),
        "Status": maybe(st.sampled_from(["Created", "Approved", "Cancelled"])),
        "Invoice_Date": maybe(st.dates().map(str)),
        "Due_Date": maybe(st.dates().map(str)),
        "Currency": maybe(st.sampled_from(["AUD", "EUR", "JPY", "KWD"])),
        "Invoiced_Items": maybe(st.lists(maybe(ROWS), max_size=5)),
        "Discount": maybe(SMALL),
        "Tax": maybe(SMALL),
        "Adjustment": maybe(SMALL),
        "$line_tax": maybe(st.lists(maybe(TAXES), max_size=3)),
        "Exchange_Rate": maybe(st.sampled_from([1, Decimal("0.61"), Decimal("1E-30"), Decimal("9E+29")])),
        "Mine": maybe(OWN),
        "Grand_Total": maybe(AMOUNTS),
        "Modified_Time": maybe(st.datetimes().map(lambda at: f"{at.isoformat()}+11:00")),
        "$approval_state": maybe(st.just("approved")),
        "$approved": ANY,
        "$review_process": ANY,
        "$in_merge": ANY,
        "$has_more": ANY,
    },
)
PRODUCT = st.fixed_dictionaries(
    {},
    optional={
        "Mine": maybe(OWN),
        "Ledger": maybe(st.sampled_from(["220", "999"])),
        "Team": maybe(st.just("retail")),
        "Product_Category": maybe(st.just("Desks")),
    },
)
# By id, as they were read beside the record.
PRODUCTS = st.one_of(st.fixed_dictionaries({"8001": PRODUCT}), st.just({}))
ANY_RECORD = st.one_of(RECORDS, st.dictionaries(st.text(max_size=8), ANY, max_size=5))
