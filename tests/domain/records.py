"""What do the tests of the domain decide about? One good invoice, settings and books that take it, and variations."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from server.domain.content import answer_parts, sent_parts
from server.domain.crm_invoice import CrmInvoice, read_invoice
from server.domain.customer import Customer, UseContact
from server.domain.decide import Blocked, Create, Decision, LinkedState, Unchanged, Update, decide
from server.domain.differences import compare
from server.domain.encode import encode
from server.domain.values import Account, Books, NumberRule, Settings, TaxRate, TaxRule
from server.domain.xero_invoice import XeroInvoice, read_xero_invoice
from tests.domain.xero_rules import NAMES, Doc, xero_day
from tests.domain.xero_rules import counted as counted_by_xero

D = Decimal
AT = datetime(2026, 11, 20, 4, 22, 8, 123456, tzinfo=UTC)
MARKER = "https://bridge.example/go/au/production/600000001/5001"
BRIGHTWATER = UseContact("9001", "c0ffee00-0000-0000-0000-000000000001", "Brightwater Dental Pty Ltd", "name")
CORNER_CAFE = UseContact("9002", "c0ffee00-0000-0000-0000-000000000002", "Corner Café Pty Ltd", "link")
XERO_ID = "60aa0000-0000-0000-0000-000000000001"
LINE_ID = "11110000-0000-0000-0000-{:012d}"
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
        Account("220", "Services", "ACTIVE", "REVENUE", ""),
        Account("210", "Old sales", "ARCHIVED", "REVENUE", ""),
        Account("090", "Bank", "ACTIVE", "BANK", ""),
        Account("260", "Other revenue", "ACTIVE", "REVENUE", ""),
        Account("400", "Advertising", "ACTIVE", "EXPENSE", "", "EXPENSE"),
        Account("610", "Accounts Receivable", "ACTIVE", "CURRENT", "DEBTORS", "ASSET"),
        Account("860", "Rounding", "ACTIVE", "CURRLIAB", "ROUNDING", "LIABILITY"),
    ),
    tax_rates=(
        TaxRate("OUTPUT", "GST on Income", D(10), "ACTIVE", True),
        TaxRate("EXEMPTOUTPUT", "GST Free Income", D(0), "ACTIVE", True),
        TaxRate("OUTPUT15", "GST on Income 15", D(15), "ACTIVE", True),
        TaxRate("INPUT", "GST on Expenses", D(10), "ACTIVE", False, expense=True),
        TaxRate("OLD", "GST before 2000", D("12.5"), "DELETED", True),
        TaxRate("TAX001", "GST and levy", D(12), "ACTIVE", True),
    ),
    currencies=frozenset({"AUD", "EUR", "JPY", "KWD"}),
    product_codes=frozenset({"DESK-OAK"}),
    tracking={"Region": ("North", "South"), "Department": ("Retail",)},
    themes={"Standard": "78890000-0000-0000-0000-000000000001"},
    today=date(2026, 11, 20),
    period_lock=date(2026, 9, 30),
)


def row(product: str = "Visitor chair", **fields: object) -> dict[str, object]:
    """A row of CRM's as it answers for one record: 1 x 100.00 at GST 10 %."""
    return {
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
            "Invoiced_Items": [{"id": str(7000 + at), **each} for at, each in enumerate(rows or [row()], 1)],
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
    choice: str | None = None,
) -> Decision:
    return decide(read_invoice(raw), customer, settings, books, link, xero, MARKER, choice)


def created(
    raw: dict[str, object],
    customer: Customer | None = BRIGHTWATER,
    settings: Settings = SETTINGS,
    books: Books = BOOKS,
) -> Create:
    found = decided(raw, customer, settings, books)
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


def with_row(raw: dict[str, Any], place: int, **fields: object) -> dict[str, object]:
    """The record after somebody in CRM changed one of its rows."""
    rows = list(raw["Invoiced_Items"])
    rows[place] = {**rows[place], **fields}
    return with_rows(raw, *rows)


def with_rows(raw: dict[str, object], *rows: dict[str, object]) -> dict[str, object]:
    return counted({**raw, "Invoiced_Items": list(rows)})


def keyed(words: str) -> str:
    """As the keyed hash of the store: what was remembered says nothing by itself."""
    return hashlib.sha256(f"key:{words}".encode()).hexdigest()


def in_json(body: object) -> Any:
    """What arrives of a body, with exact numbers."""
    return json.loads(encode(body), parse_float=D, parse_int=D)


def answer_to(create: Create, **fields: object) -> Doc:
    """Xero's document of an invoice that was created so (X6.8), and then read with its lines."""
    body = in_json(create.body)
    lines = [
        {"LineItemID": LINE_ID.format(place), "Tracking": [], **line} for place, line in enumerate(body["LineItems"], 1)
    ]
    return counted_by_xero(
        {
            **body,
            "InvoiceID": XERO_ID,
            "InvoiceNumber": body.get("InvoiceNumber", "XERO-0001"),
            "Contact": {**body["Contact"], "Name": NAMES[body["Contact"]["ContactID"]], "Addresses": []},
            "Date": xero_day(body["Date"]),
            **({"DueDate": xero_day(body["DueDate"])} if "DueDate" in body else {}),
            "Reference": body.get("Reference", ""),
            "BrandingThemeID": "78890000-0000-0000-0000-000000000001",
            "UpdatedDateUTC": "/Date(1793150000000+0000)/",
            "LineItems": lines,
            **fields,
        }
    )


def remembered(create: Create, raw: dict[str, object], doc: Doc) -> LinkedState:
    """What settle keeps of an invoice that was created and answered so."""
    return LinkedState(
        sent_digest=keyed(create.digest),
        hashed=keyed,
        sent_parts=sent_parts(read_invoice(raw), create.draft, create.contact.account_id, keyed),
        answer_parts=answer_parts(read_xero_invoice(doc), keyed),
        line_ids={
            line.row_id or str(line.position): xero["LineItemID"]
            for line, xero in zip(create.draft.lines, doc["LineItems"], strict=True)
        },
    )


@dataclass(frozen=True)
class Pushed:
    """An invoice that was pushed: the record as it was then, Xero's answer, and what is remembered of both."""

    raw: dict[str, object]
    doc: Doc
    link: LinkedState

    def now(self, raw: dict[str, object] | None = None, doc: Doc | None = None, **how: Any) -> Decision:
        """The verdict on the two as they are now; a side that is not given is as it was."""
        how = {"link": self.link, **how}
        return decided(raw or self.raw, xero=read_xero_invoice(doc or self.doc), **how)


def pushed(
    raw: dict[str, object] | None = None,
    customer: UseContact = BRIGHTWATER,
    settings: Settings = SETTINGS,
    **fields: object,
) -> Pushed:
    """A pushed draft, unless the record says otherwise; `fields`: what stands in Xero's answer besides."""
    raw = raw or record(row("Oak desk", Discount=D("5.00")), row("Visitor chair", Quantity=D(6)), Status="Created")
    create = created(raw, customer, settings)
    doc = answer_to(create, **fields)
    return Pushed(raw, doc, remembered(create, raw, doc))


def after_agreement(sent: Pushed, doc: Doc, raw: dict[str, object] | None = None) -> Pushed:
    """What is remembered after a push that found nothing to send, because both sides say the same."""
    raw = raw or sent.raw
    agreed = sent.now(raw, doc)
    assert isinstance(agreed, Unchanged) and agreed.both and agreed.digest, agreed
    pairs = compare(agreed.both).pairs
    link = LinkedState(
        sent_digest=keyed(agreed.digest),
        hashed=keyed,
        sent_parts=sent_parts(agreed.both.crm, agreed.both.draft, agreed.both.customer.account_id, keyed),
        answer_parts=answer_parts(agreed.held, keyed),
        line_ids={pair.crm.row_id or "": pair.xero.line_id for pair in pairs if pair.crm and pair.xero},
    )
    return Pushed(raw, doc, link)


def after_update(sent: Pushed, update: Update, after: Doc) -> Pushed:
    """What is remembered once Xero answered this update with that document: new lines come in the order of CRM's rows
    (X6.8)."""
    both, ids = update.both, [line["LineItemID"] for line in after["LineItems"]]
    there = {pair.crm.row_id: pair.xero.line_id for pair in update.seen.pairs if pair.crm and pair.xero}
    known = {row: line for row, line in there.items() if line in ids}
    fresh = iter([each for each in ids if each not in known.values()])
    link = LinkedState(
        sent_digest=keyed(update.digest),
        hashed=keyed,
        sent_parts=sent_parts(both.crm, both.draft, both.customer.account_id, keyed),
        answer_parts=answer_parts(read_xero_invoice(after), keyed),
        line_ids={str(line.row_id): known.get(line.row_id) or next(fresh) for line in both.draft.lines},
    )
    return Pushed(dict(both.crm.record), after, link)


def body_of(decision: Decision) -> Any:
    """What an update sends, as it arrives."""
    assert isinstance(decision, Update), decision
    return in_json(decision.body)


def parts(decision: Decision) -> dict[str, str | None]:
    """In what the two sides differ: part, or place and field of a line, and who changed it."""
    seen = decision.differences if hasattr(decision, "differences") else decision.seen.differences  # type: ignore[union-attr]
    return {f"{each.line}.{each.what}" if each.what else each.part: each.by for each in seen}
