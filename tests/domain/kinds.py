"""What does CRM make of an invoice of any kind, and Xero of what it is sent? Both counted here, apart from our code."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP
from typing import Any

from server.domain.decide import Create
from server.domain.values import Books, Settings
from tests.domain.records import BOOKS, SETTINGS, D, created, in_json, record
from tests.domain.xero_rules import RATES

Raw = dict[str, Any]


def tax(percent: str | int, name: str = "") -> dict[str, object]:
    return {"name": name or f"GST {percent}%", "percentage": D(percent)}


def entry(price: str | int = "100.00", *taxes: dict[str, object], **fields: object) -> Raw:
    """A row as somebody enters it: 1 x price with these taxes."""
    product = {"name": "Visitor chair", "id": "8001", "Product_Code": "CHAIR-V"}
    return {
        "Product_Name": product,
        "Quantity": D(1),
        "List_Price": D(price),
        "Discount": D(0),
        "Line_Tax": list(taxes),
        **fields,
    }


def invoice(
    *rows: Raw,
    discount: str = "0",
    adjustment: str = "0",
    taxes: Iterable[dict[str, object]] = (),
    unit: str = "0.01",
    **fields: object,
) -> Raw:
    """The record with all that CRM counts by itself (Z6): Total, Tax and Net_Total of rows, Tax and Grand_Total."""
    counted = [row_counted(each, unit) for each in rows]
    nets = sum((each["Net_Total"] for each in counted), D(0))
    left, on_all = nets - D(discount), list(taxes)
    header = sum((half_up(left * each["percentage"] / 100, unit) for each in on_all), D(0))
    raw = record(*counted, Sub_Total=nets, Discount=D(discount), Adjustment=D(adjustment), Tax=header)
    total = {"Grand_Total": left + header + D(adjustment), "$line_tax": on_all}
    return {**raw, **total, **fields}


def row_counted(row: Raw, unit: str) -> Raw:
    total = half_up(row["Quantity"] * row["List_Price"], unit) if "Total" not in row else row["Total"]
    after = total - row["Discount"]
    on_row = sum((half_up(after * each["percentage"] / 100, unit) for each in row["Line_Tax"]), D(0))
    return {**row, "Total": total, "Tax": on_row, "Net_Total": after + on_row}


def half_up(amount: D, unit: str) -> D:
    return amount.quantize(D(unit), ROUND_HALF_UP)


def sent(raw: Raw, settings: Settings = SETTINGS, books: Books = BOOKS) -> Create:
    """The verdict on an invoice that is sent: whichever way Xero rounds below zero, its total is CRM's (X6.5)."""
    create = created(raw, settings=settings, books=books)
    body = in_json(create.body)
    assert {xero_total(body, below_zero=way) for way in (ROUND_HALF_UP, ROUND_HALF_DOWN)} == {raw["Grand_Total"]}
    assert create.total == raw["Grand_Total"]
    return create


def xero_total(body: Raw, *, below_zero: str = ROUND_HALF_UP) -> D:
    """Tax of each line to the cent, then summed; a LineAmount that Xero would not come to is refused."""
    inclusive, total = body["LineAmountTypes"] == "Inclusive", D(0)
    for line in body["LineItems"]:
        assert max(places(line["UnitAmount"]), places(line["Quantity"])) <= 4
        assert len(f"{line['Quantity'].normalize():f}") <= 13
        gross = line["Quantity"] * line["UnitAmount"] - line.get("DiscountAmount", D(0))
        assert xero_cents(gross, below_zero) == line["LineAmount"]
        on_top = D(0) if inclusive else xero_cents(line["LineAmount"] * RATES[line["TaxType"]] / 100, below_zero)
        total += line["LineAmount"] + on_top
    return total


def xero_cents(amount: D, below_zero: str) -> D:
    return amount.quantize(D("0.01"), ROUND_HALF_UP if amount >= 0 else below_zero)


def places(amount: D) -> int:
    return -int(amount.normalize().as_tuple().exponent)


def amounts(create: Create) -> list[str]:
    """Of every line: its part, its amount, its tax type."""
    return [f"{line.part} {line.amount} {line.tax_type}" for line in create.draft.lines]
