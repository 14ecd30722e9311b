"""How does our server show an invoice of every kind? The domain's own previews of what a CRM user can write."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from server.domain.decide import Blocked
from server.domain.preview import preview_json, reason_json
from server.domain.values import AmountsRule, RateRule, Settings, TrackingRule
from tests.domain.records import AT, BOOKS, SETTINGS, D, decided, inv_2041, read, record, row
from tests.widget.samples import Doc, a_task

WHOLE_TAX = {"$line_tax": [{"name": "GST 10%", "percentage": D(10)}]}
INCLUSIVE = replace(SETTINGS, amounts=AmountsRule(inclusive=True, tax_type="OUTPUT15"))
MAPPED = replace(
    SETTINGS,
    reference_field="Subject",
    products="create",
    tracking=(TrackingRule("Region", "invoice", "Area"), TrackingRule("Department", "fixed", option="Retail")),
)
CRM_RATE = replace(SETTINGS, rate=RateRule("crm", home_total="Home_Total"))


def check_of(raw: dict[str, object], settings: Settings = SETTINGS) -> Doc:
    """The ended check of this invoice, as our server tells it."""
    decision = decided(raw, settings=settings)
    shown: Doc = json.loads(json.dumps(preview_json(decision, read(raw), BOOKS, AT)))
    reasons = [reason_json(each) for each in decision.reasons] if isinstance(decision, Blocked) else []
    return a_task("previewed", preview=shown, reasons=reasons)


def untaxed(product: str, price: str, **more: object) -> dict[str, object]:
    return row(product, List_Price=D(price), Line_Tax=[], **more)


def no_tax() -> Doc:
    return check_of(
        record(untaxed("Site visit", "300"), Discount=D(30), Adjustment=D("-0.50"), Grand_Total=D("269.50"))
    )


def row_taxes() -> Doc:
    """The invoice of the pictures, with a discount on the whole and an adjustment."""
    return check_of({**inv_2041(), "Discount": D(100), "Adjustment": D("5.25"), "Grand_Total": D("3179.50")})


def rounding() -> Doc:
    """CRM counts 0.05 of tax on the sum, Xero 0.03 on each line."""
    rows = (untaxed("Sticker", "0.25"), untaxed("Badge", "0.25"))
    return check_of(record(*rows, Sub_Total=D("0.50"), Tax=D("0.05"), Grand_Total=D("0.55"), **WHOLE_TAX))


def total_tax() -> Doc:
    rows = (untaxed("Oak reception desk", "1850"), untaxed("Visitor chair", "145", Quantity=D(2)))
    sums = {"Sub_Total": D(2140), "Discount": D(140), "Tax": D(200), "Adjustment": D(10), "Grand_Total": D(2210)}
    return check_of(record(*rows, **sums, **WHOLE_TAX))


def inclusive() -> Doc:
    return check_of(record(untaxed("Catering", "541.25"), Discount=D(41), Grand_Total=D("500.25")), INCLUSIVE)


def one_total() -> Doc:
    """More decimals than Xero's prices have: 1 x Total, with what it was worked out from."""
    fine = untaxed("Copper wire, per metre", "1.23456", Quantity=D(3), Total=D("3.70"), Description="Cut to length")
    return check_of(record(fine, untaxed("Visitor chair", "145"), Grand_Total=D("148.70")))


def yen() -> Doc:
    return check_of(record(untaxed("Translation", "128000"), Currency="JPY", Grand_Total=D(128000)))


def dinar() -> Doc:
    fine = untaxed("Pump, spare part", "6.175", Quantity=D(2))
    return check_of(record(fine, Currency="KWD", Grand_Total=D("12.350")))


def large() -> Doc:
    """As much as an invoice may come to, in a currency with a long sign."""
    rows = (untaxed("Pipeline", "8999999.99"), untaxed("Survey", "1000000.00"))
    return check_of(record(*rows, Currency="KWD", Adjustment=D("-0.99"), Grand_Total=D("9999999.000")))


def crm_rate() -> Doc:
    more = {"Currency": "EUR", "Exchange_Rate": D("0.625"), "Home_Total": D(160), "Grand_Total": D(100)}
    return check_of(record(untaxed("Workshop", "100"), **more), CRM_RATE)


def mapped() -> Doc:
    """Products that Xero lacks, tracking, a reference."""
    new = {"name": "Lamp with a long arm", "id": "8002", "Product_Code": "LAMP-LONG"}
    known = {"name": "Oak reception desk", "id": "8003", "Product_Code": "DESK-OAK"}
    rows = (row("Visitor chair"), row("", Product_Name=new), row("", Product_Name=known))
    return check_of(record(*rows, Subject="PO 2026-118, second floor", Area="North", Grand_Total=D(330)), MAPPED)


def many() -> Doc:
    """34 rows with a discount, an adjustment and a rounding line, names in two scripts."""
    names = ["Visitor chair", "כיסא משרדי מתכוונן", "A name that goes on and on, because somebody typed all of it"]
    rows = [untaxed(names[at % 3], f"{at + 1}.35") for at in range(34)]
    net = sum((D(f"{at + 1}.35") for at in range(34)), D(0)) - D(20)
    tax = (net / 10).quantize(D("0.01"), "ROUND_HALF_UP")
    sums = {"Sub_Total": net + 20, "Discount": D(20), "Tax": tax, "Adjustment": D("1.10")}
    limit = replace(SETTINGS, rounding_limit=D("0.20"))
    return check_of(record(*rows, **sums, Grand_Total=net + tax + D("1.10"), **WHOLE_TAX), limit)


def beyond() -> Doc:
    """Rounding makes more than the tenant allows."""
    rows = [untaxed("Badge", "0.25") for _ in range(14)]
    sums = {"Sub_Total": D("3.50"), "Tax": D("0.35"), "Grand_Total": D("3.85")}
    return check_of(record(*rows, **sums, **WHOLE_TAX))


KINDS: dict[str, Any] = {
    "no tax": no_tax,
    "row taxes": row_taxes,
    "rounding": rounding,
    "total tax": total_tax,
    "inclusive": inclusive,
    "one total": one_total,
    "yen": yen,
    "dinar": dinar,
    "large": large,
    "crm rate": crm_rate,
    "mapped": mapped,
    "many": many,
}
