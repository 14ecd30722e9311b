"""What do the tests of the domain decide about? One good invoice, settings and books that take it, and variations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from server.domain.crm_invoice import CrmInvoice, read_invoice
from server.domain.customer import Customer, UseContact
from server.domain.decide import Blocked, Create, Decision, LinkedState, decide
from server.domain.values import Account, Books, NumberRule, Settings, TaxRate, TaxRule
from server.domain.xero_invoice import XeroInvoice

D = Decimal
AT = datetime(2026, 11, 20, 4, 22, 8, 123456, tzinfo=UTC)
MARKER = "https://bridge.example/go/au/production/600000001/5001"
BRIGHTWATER = UseContact("9001", "c0ffee00-0000-0000-0000-000000000001", "Brightwater Dental Pty Ltd", "name")
SETTINGS = Settings(
    account="200",
    taxes=(TaxRule(D(10), "OUTPUT"), TaxRule(D(0), "EXEMPTOUTPUT"), TaxRule(D(15), "OUTPUT15")),
    statuses={"Created": "DRAFT", "Submitted": "SUBMITTED", "Approved": "AUTHORISED", "Delivered": "AUTHORISED"},
    number=NumberRule("field", "Invoice_Number"),
    home_currency="AUD",
)
BOOKS = Books(
    name="Harbour & Pine Pty Ltd",
    base_currency="AUD",
    accounts=(
        Account("200", "Sales", "ACTIVE", "REVENUE", ""),
        Account("210", "Old sales", "ARCHIVED", "REVENUE", ""),
        Account("090", "Bank", "ACTIVE", "BANK", ""),
        Account("610", "Accounts Receivable", "ACTIVE", "CURRENT", "DEBTORS"),
    ),
    tax_rates=(
        TaxRate("OUTPUT", "GST on Income", D(10), "ACTIVE", True),
        TaxRate("EXEMPTOUTPUT", "GST Free Income", D(0), "ACTIVE", True),
        TaxRate("OUTPUT15", "GST on Income 15", D(15), "ACTIVE", True),
        TaxRate("INPUT", "GST on Expenses", D(10), "ACTIVE", False),
        TaxRate("OLD", "GST before 2000", D("12.5"), "DELETED", True),
    ),
    today=date(2026, 11, 20),
    period_lock=date(2026, 9, 30),
)


def row(product: str = "Visitor chair", **fields: object) -> dict[str, object]:
    """A row of CRM's as it answers for one record: 1 x 100.00 at GST 10 %."""
    return {
        "id": "7001",
        "Product_Name": {"name": product, "id": "8001", "Product_Code": "CHAIR-V"},
        "Quantity": D(1),
        "List_Price": D("100.00"),
        "Discount": D(0),
        "Line_Tax": [{"name": "GST 10%", "percentage": D(10)}],
        **fields,
    }


def counted(record: dict[str, object]) -> dict[str, object]:
    """The record with Grand_Total as a CRM without rounding trouble has it: every line and its tax to the cent."""
    total = D(0)
    for each in record["Invoiced_Items"]:  # type: ignore[attr-defined]
        net = (each["Quantity"] * each["List_Price"] - each["Discount"]).quantize(D("0.01"), "ROUND_HALF_UP")
        rate = sum((tax["percentage"] for tax in each["Line_Tax"]), D(0))
        total += net + (net * rate / 100).quantize(D("0.01"), "ROUND_HALF_UP")
    return {**record, "Grand_Total": total}


def record(*rows: dict[str, object], **fields: object) -> dict[str, object]:
    """An approved invoice with these rows; fields replace or add."""
    good = counted(
        {
            "id": "5001",
            "Invoice_Number": "INV-2041",
            "Account_Name": {"name": "Brightwater Dental Pty Ltd", "id": "9001"},
            "Status": "Approved",
            "Invoice_Date": "2026-10-28",
            "Due_Date": "2026-11-27",
            "Currency": "AUD",
            "Invoiced_Items": list(rows) or [row()],
            "Discount": 0,
            "Tax": 0,
            "Adjustment": 0,
            "Modified_Time": "2026-10-28T14:01:02+11:00",
            "$approval_state": "approved",
            "$review_process": {"approve": False, "reject": False, "resubmit": False},
            "$in_merge": False,
            "$has_more": {"Invoiced_Items": False},
        }
    )
    return {**good, **fields}


def inv_2041() -> dict[str, object]:
    """The invoice of the pictures: four lines, one with a discount, one free of GST; 3,274.25."""
    free = [{"name": "GST free", "percentage": D(0)}]
    return record(
        row("Oak reception desk", List_Price=D("1850.00"), Discount=D("92.50"), Tax=D("175.75")),
        row("Visitor chair", Quantity=D(6), List_Price=D("145.00"), Tax=D("87.00")),
        row("Delivery and fitting", List_Price=D("240.00"), Tax=D("24.00")),
        row("Extended warranty, year 1", List_Price=D("120.00"), Line_Tax=free, Tax=D("0.00")),
    )


def read(raw: dict[str, object]) -> CrmInvoice:
    return read_invoice(raw)


def decided(
    raw: dict[str, object],
    customer: Customer | None = BRIGHTWATER,
    settings: Settings = SETTINGS,
    books: Books = BOOKS,
    link: LinkedState | None = None,
    xero: XeroInvoice | None = None,
) -> Decision:
    return decide(read_invoice(raw), customer, settings, books, link, xero, MARKER)


def created(raw: dict[str, object], customer: Customer | None = BRIGHTWATER, settings: Settings = SETTINGS) -> Create:
    found = decided(raw, customer, settings)
    assert isinstance(found, Create), [each.sentence for each in found.reasons] if isinstance(found, Blocked) else found
    return found


def codes(
    raw: dict[str, object],
    customer: Customer | None = BRIGHTWATER,
    settings: Settings = SETTINGS,
    books: Books = BOOKS,
) -> list[str]:
    """The codes of what stands against an invoice; none when it would be sent."""
    found = decided(raw, customer, settings, books)
    return [each.name for each in found.reasons] if isinstance(found, Blocked) else []
