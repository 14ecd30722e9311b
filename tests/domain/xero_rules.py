"""What does Xero make of a document? Its rules of lines, tax and sums (X6.5, X6.6), written apart from ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

D = Decimal
Doc = dict[str, Any]
RATES = {"OUTPUT": D(10), "EXEMPTOUTPUT": D(0), "OUTPUT15": D(15), "TAX001": D(12), "NONE": D(0)}
NAMES = {
    "c0ffee00-0000-0000-0000-000000000001": "Brightwater Dental Pty Ltd",
    "c0ffee00-0000-0000-0000-000000000002": "Corner Café Pty Ltd",
}


def xero_day(iso: str) -> str:
    """/Date(ms+0000)/ of midnight UTC (X5.2)."""
    return f"/Date({(date.fromisoformat(iso) - date(1970, 1, 1)).days * 86_400_000}+0000)/"


def round2(amount: Decimal) -> Decimal:
    return amount.quantize(D("0.01"), "ROUND_HALF_UP")


def line_total(line: Mapping[str, Any]) -> Decimal:
    gross = D(line.get("Quantity", 0)) * D(line.get("UnitAmount", 0))
    if line.get("DiscountRate"):
        return round2(gross * (100 - D(line["DiscountRate"])) / 100)
    return round2(gross - D(line.get("DiscountAmount") or 0))


def line_tax(line: Mapping[str, Any], kind: str) -> Decimal:
    rate, amount = RATES[line.get("TaxType") or "NONE"], D(line["LineAmount"])
    if kind == "NoTax":
        return D("0.00")
    return amount - round2(amount * 100 / (100 + rate)) if kind == "Inclusive" else round2(amount * rate / 100)


def counted(doc: Doc) -> Doc:
    """With what Xero works out: amounts, taxes that nobody gave, sums."""
    kind = doc["LineAmountTypes"]
    lines = [{**line, "LineAmount": line_total(line)} for line in doc["LineItems"]]
    lines = [{"TaxAmount": line_tax(line, kind), **line} for line in lines]
    amounts = sum((line["LineAmount"] for line in lines), D("0.00"))
    tax = sum((line["TaxAmount"] for line in lines), D("0.00"))
    net = amounts - tax if kind == "Inclusive" else amounts
    total = net + tax
    due = total - D(doc.get("AmountPaid", 0)) - D(doc.get("AmountCredited", 0))
    return {**doc, "LineItems": lines, "SubTotal": net, "TotalTax": tax, "Total": total, "AmountDue": due}


def edited(doc: Doc, place: int | None = None, **fields: Any) -> Doc:
    """The document after somebody else's edit of its head, or of one line; None takes a field away."""
    if place is None:
        lines = doc["LineItems"]
        if fields.get("LineAmountTypes", doc["LineAmountTypes"]) != doc["LineAmountTypes"]:
            lines = [_without(line, "TaxAmount") for line in lines]
        return counted({**doc, "LineItems": lines, **fields})
    lines = list(doc["LineItems"])
    changed = {**_without(lines[place], "TaxAmount"), **fields} if moves_tax(fields) else {**lines[place], **fields}
    lines[place] = {name: value for name, value in changed.items() if value is not None}
    return counted({**doc, "LineItems": lines})


def moves_tax(fields: Mapping[str, Any]) -> bool:
    derived = {"Quantity", "UnitAmount", "DiscountAmount", "DiscountRate", "TaxType", "AccountCode"}
    return bool(derived & set(fields))


def _without(line: Doc, *names: str) -> Doc:
    return {name: value for name, value in line.items() if name not in names}


def applied(doc: Doc, body: Mapping[str, Any], *, keeps: bool = True) -> Doc:
    """The document after a POST of this body. `keeps`: fields that a sent line leaves out stay as they were; else they
    are gone. Xero does not say which (X6.6), so what is sent must be right either way."""
    new = dict(doc)
    for name, value in body.items():
        if name == "InvoiceID":
            assert value == doc["InvoiceID"]
        elif name in ("Date", "DueDate"):
            new[name] = xero_day(value)
        elif name == "Contact":
            new[name] = {**value, "Name": NAMES[value["ContactID"]]}
        elif name != "LineItems":
            new[name] = value
    if "LineItems" not in body:
        assert new["LineAmountTypes"] == doc["LineAmountTypes"], "the lines of another way of tax"
        return counted(new)
    old = {line["LineItemID"]: line for line in doc["LineItems"]}
    ids = [line["LineItemID"] for line in body["LineItems"] if "LineItemID" in line]
    assert len(ids) == len(set(ids)) and set(ids) <= set(old), "a line twice, or one that is not there"
    same_kind = new["LineAmountTypes"] == doc["LineAmountTypes"]
    sent = list(enumerate(body["LineItems"], 1))
    lines = [_line(old.get(line.get("LineItemID")), line, place, keeps, same_kind) for place, line in sent]
    return counted({**new, "LineItems": lines})


def _line(old: Doc | None, sent: Doc, place: int, keeps: bool, same_kind: bool) -> Doc:
    assert not (sent.get("DiscountAmount") and sent.get("DiscountRate")), "one discount only (X6.1)"
    assert {"Description", "Quantity", "UnitAmount", "AccountCode", "TaxType"} <= set(sent)
    base = dict(old) if old and keeps else {"Tracking": []}
    if not same_kind or moves_tax(sent):
        base = _without(base, "TaxAmount")
    if "DiscountAmount" in sent or "DiscountRate" in sent:
        base = _without(base, "DiscountAmount", "DiscountRate")
    new = {"LineItemID": f"22220000-0000-0000-0000-{place:012d}", **base, **sent}
    if "LineAmount" in sent:
        assert D(sent["LineAmount"]) == line_total(new), "the line total does not match the expected line total"
    return new
