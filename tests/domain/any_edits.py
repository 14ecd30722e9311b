"""What may people do to one invoice on both sides between two pushes? Edits of CRM's record and of Xero's document."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.domain.records import CORNER_CAFE, LINE_ID, counted, record, row
from tests.domain.xero_rules import Doc, edited, xero_day
from tests.domain.xero_rules import counted as counted_by_xero

D = Decimal
Raw = dict[str, Any]
CrmEdit = Callable[[Raw], Raw]
XeroEdit = Callable[[Doc], Doc]

TEXTS = st.sampled_from(["Oiled", "Oak, 2 m\nwith drawers", "Délivery ☃", "5% off", "x" * 60])
QUANTITIES = st.sampled_from([D(1), D(2), D("2.5"), D("0.3333"), D(12)])
PRICES = st.sampled_from([D("100.00"), D("80.1234"), D("99.9999"), D("1850"), D("20.05")])
DISCOUNTS = st.sampled_from([D(0), D("1.50"), D("2.05"), D("5.00")])
RATES = st.sampled_from([D(0), D(10), D(15)])
DAYS = st.sampled_from(["2026-10-27", "2026-10-28", "2026-10-29"])
DUE_DAYS = st.sampled_from(["2026-11-27", "2026-12-04", "2026-12-24"])
PLACES = st.integers(0, 3)


def taxed(rate: Decimal) -> list[dict[str, object]]:
    return [{"name": f"GST {rate}%", "percentage": rate}]


ROWS = st.builds(
    lambda product, quantity, price, discount, rate: row(
        product, Quantity=quantity, List_Price=price, Discount=discount, Line_Tax=taxed(rate)
    ),
    st.sampled_from(["Oak desk", "Visitor chair", "Lamp"]),
    QUANTITIES,
    PRICES,
    DISCOUNTS,
    RATES,
)
RECORDS = st.builds(
    lambda rows, status: record(*rows, Status=status),
    st.lists(ROWS, min_size=1, max_size=4),
    st.sampled_from(["Created", "Created", "Submitted"]),
)


def _row_edit(place: int, fields: Raw) -> CrmEdit:
    def edit(raw: Raw) -> Raw:
        rows = list(raw["Invoiced_Items"])
        rows[place % len(rows)] = {**rows[place % len(rows)], **fields}
        return {**raw, "Invoiced_Items": rows}

    return edit


def _head_edit(fields: Raw) -> CrmEdit:
    return lambda raw: {**raw, **fields}


def _row_added(place: int, new: Raw) -> CrmEdit:
    def edit(raw: Raw) -> Raw:
        rows = list(raw["Invoiced_Items"])
        named = {**new, "id": str(7100 + sum(each["id"] >= "7100" for each in rows))}
        return {**raw, "Invoiced_Items": [*rows[:place], named, *rows[place:]]}

    return edit


def _row_removed(place: int) -> CrmEdit:
    def edit(raw: Raw) -> Raw:
        rows = list(raw["Invoiced_Items"])
        return {**raw, "Invoiced_Items": [each for at, each in enumerate(rows) if at != place] or rows}

    return edit


CRM_FIELDS = st.one_of(
    st.fixed_dictionaries({"Description": TEXTS}),
    st.fixed_dictionaries({"Quantity": QUANTITIES}),
    st.fixed_dictionaries({"List_Price": PRICES}),
    st.fixed_dictionaries({"Discount": DISCOUNTS}),
    st.fixed_dictionaries({"Line_Tax": RATES.map(taxed)}),
)
CRM_HEADS = st.one_of(
    st.fixed_dictionaries({"Invoice_Date": DAYS}),
    st.fixed_dictionaries({"Due_Date": DUE_DAYS}),
    st.fixed_dictionaries({"Invoice_Number": st.sampled_from(["INV-2041", "INV-2042", "BK-1"])}),
    st.fixed_dictionaries({"Status": st.sampled_from(["Created", "Submitted", "Approved"])}),
    st.just({"Account_Name": {"name": "Corner Café Pty Ltd", "id": "9002"}}),
)
CRM_EDITS = st.one_of(
    st.builds(_row_edit, PLACES, CRM_FIELDS),
    st.builds(_head_edit, CRM_HEADS),
    st.builds(_row_added, PLACES, ROWS),
    st.builds(_row_removed, PLACES),
    st.just(lambda raw: {**raw, "Invoiced_Items": raw["Invoiced_Items"][::-1]}),
)


def _line_edit(place: int, fields: Doc) -> XeroEdit:
    return lambda doc: edited(doc, place % len(doc["LineItems"]), **fields) if doc["LineItems"] else doc


def _line_added(line: Doc) -> XeroEdit:
    def edit(doc: Doc) -> Doc:
        taken = {each["LineItemID"] for each in doc["LineItems"]}
        fresh = next(name for name in map(LINE_ID.format, range(100, 200)) if name not in taken)
        new = {**line, "LineItemID": fresh, "Tracking": []}
        return counted_by_xero({**doc, "LineItems": [*doc["LineItems"], new]})

    return edit


def _line_removed(place: int) -> XeroEdit:
    def edit(doc: Doc) -> Doc:
        left = [each for at, each in enumerate(doc["LineItems"]) if at != place]
        return counted_by_xero({**doc, "LineItems": left or doc["LineItems"]})

    return edit


XERO_FIELDS = st.one_of(
    st.fixed_dictionaries({"Description": TEXTS}),
    st.fixed_dictionaries({"Quantity": QUANTITIES}),
    st.fixed_dictionaries({"UnitAmount": PRICES}),
    st.fixed_dictionaries({"DiscountAmount": DISCOUNTS, "DiscountRate": st.none()}),
    st.fixed_dictionaries({"DiscountRate": st.sampled_from([D(5), D("12.5")]), "DiscountAmount": st.none()}),
    st.fixed_dictionaries({"AccountCode": st.sampled_from(["200", "220"])}),
    st.fixed_dictionaries({"TaxType": st.sampled_from(["OUTPUT", "EXEMPTOUTPUT", "OUTPUT15"])}),
    st.fixed_dictionaries({"TaxAmount": st.sampled_from([D("1.01"), D("9.51")])}),
    st.fixed_dictionaries({"ItemCode": st.sampled_from(["DESK", None])}),
    st.fixed_dictionaries({"Tracking": st.sampled_from([[], [{"Name": "Region", "Option": "North"}]])}),
)
XERO_HEADS = st.one_of(
    st.fixed_dictionaries({"Date": DAYS.map(xero_day)}),
    st.fixed_dictionaries({"DueDate": DUE_DAYS.map(xero_day)}),
    st.fixed_dictionaries({"InvoiceNumber": st.sampled_from(["INV-2041", "BK-1"])}),
    st.fixed_dictionaries({"Status": st.sampled_from(["DRAFT", "SUBMITTED"])}),
    st.fixed_dictionaries({"CurrencyCode": st.sampled_from(["AUD", "NZD"])}),
    st.fixed_dictionaries({"LineAmountTypes": st.sampled_from(["Exclusive", "Inclusive", "NoTax"])}),
    st.fixed_dictionaries({"Reference": TEXTS}),
    st.just({"Contact": {"ContactID": CORNER_CAFE.contact_id, "Name": CORNER_CAFE.name}}),
)
XERO_EDITS = st.one_of(
    st.builds(_line_edit, PLACES, XERO_FIELDS),
    st.builds(lambda fields: lambda doc: edited(doc, **fields), XERO_HEADS),
    st.builds(
        _line_added,
        st.fixed_dictionaries(
            {
                "Description": TEXTS,
                "Quantity": QUANTITIES,
                "UnitAmount": PRICES,
                "AccountCode": st.just("200"),
                "TaxType": st.just("OUTPUT"),
            }
        ),
    ),
    st.builds(_line_removed, PLACES),
    st.just(lambda doc: {**doc, "LineItems": doc["LineItems"][::-1]}),
)


def in_crm(raw: Raw, edits: list[CrmEdit]) -> Raw:
    for edit in edits:
        raw = edit(raw)
    return counted(raw)


def in_xero(doc: Doc, edits: list[XeroEdit]) -> Doc:
    for edit in edits:
        doc = edit(doc)
    return doc
