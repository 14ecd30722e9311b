"""Which invoices could a CRM user have written? Ordinary ones, counted by the pretend CRM, and anything at all."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.zoho.arithmetic import Row, invoice_totals, row_totals

Doc = dict[str, Any]
D = Decimal
CENT = D("0.01")
# Name, percentage, and the tax type of Xero's that it is matched with.
TAXES = (
    ("GST 10%", D(10), "OUTPUT"),
    ("GST 15%", D(15), "OUTPUT15"),
    ("City 7%", D(7), "CITY7"),
    ("State 8.25%", D("8.25"), "STATE825"),
    ("VAT 19%", D(19), "VAT19"),
    ("GST free", D(0), "EXEMPTOUTPUT"),
)
LINE_TAX, TOTAL_TAX = "line tax", "total tax"
NASTY: tuple[Any, ...] = (
    *(None, True, False, "", " ", "NaN", "-0", "1e999", "5%", "\u0661\u0662", "\ud800", "😀" * 2100, "x" * 4001),
    *("שלום", "\u202eabc", "{field}", "2026-13-45", [], {}, [None], [[]], {"name": []}, {"id": {}}),
    *(-1, 0, 10**40, D("1E+30"), D("-0.005"), D("sNaN"), D("Infinity"), 1.5, float("nan")),
)


@dataclass(frozen=True)
class Written:
    """A record as CRM answers it, and whether its tax lies on the lines or on the whole."""

    kind: str
    record: Doc


def ordinary(r: random.Random, way: str = "half_up") -> Written:
    """1 to 30 lines with line or total tax, discounts on lines, on the whole, and adjustments; above zero."""
    while True:
        kind = r.choice((LINE_TAX, TOTAL_TAX))
        several = [_row(r, place, kind, way) for place in range(1, r.randint(1, 30) + 1)]
        found = with_totals(r, kind, several, way)
        if found["Grand_Total"] > 0:
            return Written(kind, found)


def _row(r: random.Random, place: int, kind: str, way: str) -> Doc:
    quantity = D(r.randint(1, 20)) if r.random() < 0.8 else D(r.randint(1, 2000)) / 100
    price = D(r.randint(1, 200_000)) / 100
    total = (quantity * price).quantize(CENT, "ROUND_HALF_UP" if way == "half_up" else "ROUND_HALF_EVEN")
    share = D(r.randint(1, 30)) / 100
    discount = (total * share).quantize(CENT, "ROUND_DOWN") if r.random() < 0.3 else D(0)
    taxes = [r.choice(TAXES)] if kind == LINE_TAX else []
    return row(place, quantity, price, discount, [(name, rate) for name, rate, _ in taxes], way)


def row(place: int, quantity: D, price: D, discount: D, taxes: list[tuple[str, D]], way: str = "half_up") -> Doc:
    """A row with what the CRM counts of it (Z6)."""
    counted = row_totals(Row(quantity, price, discount, tuple(rate for _, rate in taxes)), way)
    return {
        "id": str(7000 + place),
        "Product_Name": {"name": f"Chair {place}", "id": str(8000 + place), "Product_Code": f"CHAIR-{place}"},
        "Quantity": quantity,
        "List_Price": price,
        "Discount": discount,
        "Total": counted.total,
        "Tax": counted.tax,
        "Net_Total": counted.net_total,
        "Line_Tax": [{"name": name, "percentage": rate} for name, rate in taxes],
        "Description": None,
    }


def with_totals(r: random.Random, kind: str, rows: list[Doc], way: str) -> Doc:
    nets = [each["Net_Total"] for each in rows]
    sum_of = sum(nets, D(0))
    share = D(r.randint(1, 20)) / 100
    discount = (sum_of * share).quantize(CENT, "ROUND_DOWN") if r.random() < 0.4 else D(0)
    adjustment = D(r.randint(-500, 500)) / 100 if r.random() < 0.3 else D(0)
    taxes = [(name, rate) for name, rate, _ in (r.choice(TAXES[:-1]),)] if kind == TOTAL_TAX else []
    return record(rows, discount, adjustment, taxes, way)


def record(rows: list[Doc], discount: D, adjustment: D, taxes: list[tuple[str, D]], way: str = "half_up") -> Doc:
    """An approved invoice of these rows, with the CRM's totals (Z6)."""
    nets = [each["Net_Total"] for each in rows]
    counted = invoice_totals(nets, discount, [rate for _, rate in taxes], adjustment, way)
    values = zip(taxes, counted.tax_values, strict=True)
    return {
        "id": "5001",
        "Invoice_Number": "INV-5001",
        "Account_Name": {"name": "Brightwater Dental Pty Ltd", "id": "9001"},
        "Status": "Approved",
        "Invoice_Date": "2026-10-28",
        "Due_Date": "2026-11-27",
        "Currency": "AUD",
        "Invoiced_Items": rows,
        "Sub_Total": counted.sub_total,
        "Discount": discount,
        "Tax": counted.tax,
        "Adjustment": adjustment,
        "Grand_Total": counted.grand_total,
        "$line_tax": [{"name": name, "percentage": rate, "value": value} for (name, rate), value in values],
        "$approval_state": "approved",
    }


def wild(r: random.Random) -> Doc:
    """An ordinary record with some of it replaced by anything, or left out."""
    found = dict(ordinary(r).record)
    found["Invoiced_Items"] = [_spoilt(r, each, 0.1) for each in found["Invoiced_Items"][:4]]
    return _spoilt(r, found, 0.2)


def _spoilt(r: random.Random, fields: Doc, share: float) -> Doc:
    spoilt = {name: r.choice(NASTY) if r.random() < share else value for name, value in fields.items()}
    return {name: value for name, value in spoilt.items() if r.random() > share / 4}
