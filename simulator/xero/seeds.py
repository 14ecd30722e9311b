"""What lies in the pretend Xero at its first start?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simulator.facts import Switches
from simulator.state import State
from simulator.xero import invoice_writes, payments, tax_rates
from simulator.xero.bookkeeper import BANK
from simulator.xero.books import ADVISER, STANDARD, Books, today_of
from simulator.xero.invoice_input import parse
from simulator.xero.price_list import PriceList
from simulator.xero.tracking import Tracking
from simulator.xero.writer import Writer

Doc = dict[str, Any]
# Product codes of the pretend CRM that are items here; WARR-1 and SVC-MEASURE are not, so that one can see both.
_ITEMS = (
    ("DESK-OAK", "Oak reception desk"),
    ("CHAIR-V", "Visitor chair"),
    ("TABLE-R", "Café table, round"),
    ("DESK-S", "Standing desk"),
    ("CHAIR-L", "Lounge chair"),
    ("SHELF-5", "Bookcase, five shelves"),
    ("COUNTER-2", "Shop counter, 2 m"),
    ("PANEL-A", "Acoustic panel"),
)
_TRACKING = {"Region": ("North", "South"), "Department": ("Retail", "Contract")}
_CURRENCIES = ["AUD", "EUR", "JPY"]
_LEVY = (("GST", "10"), ("Building levy", "2"))
_TERMS = {"Sales": {"Day": 14, "Type": "DAYSAFTERBILLDATE"}, "Bills": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}}
_OWN_TERMS = {"Harbour View Hotel": {"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}}}
_CUSTOMERS = (
    ("Brightwater Dental Pty Ltd", "accounts@brightwaterdental.example"),
    ("Corner Café Pty Ltd", "hello@cornercafe.example"),
    ("Harbour View Hotel", "payables@harbourview.example"),
    ("Tidewater Surf Co", "books@tidewatersurf.example"),
    ("Oakridge Primary School", "office@oakridge.example"),
)


def plant(state: State, books: Books, switches: Switches) -> None:
    """Three organisations and two people, once; later starts find them."""
    with state.together():
        if books.organisations():
            return
        harbour = books.add_organisation("Harbour & Pine Pty Ltd", "AU", first=3001)
        northwind = books.add_organisation("Northwind Joinery", "GB", first=1001)
        demo = books.add_organisation("Demo Company (AU)", "AU", first=55, demo=True)
        books.add_person("dana.brooks@example.test", "Dana Brooks")
        books.add_person("owen.hart@example.test", "Owen Hart")
        books.join("dana.brooks@example.test", harbour["id"], ADVISER)
        books.join("dana.brooks@example.test", northwind["id"], ADVISER)
        books.join("owen.hart@example.test", northwind["id"], STANDARD)
        books.join("owen.hart@example.test", demo["id"], ADVISER)
        _set_up(books, harbour["id"], switches)
        _harbour(Writer(state, books.organisation(harbour["id"]) or harbour, switches, ADVISER))
        Writer(state, northwind, switches, ADVISER).contacts.create({"Name": "Fenwick Interiors Ltd"})


def _set_up(books: Books, org_id: str, switches: Switches) -> None:
    """What the books of the demo's company keep besides accounts (X8.1, X8.3, X8.4): for every kind of invoice."""
    org = books.organisation(org_id)
    assert org is not None
    levy = [tax_rates.component({"Name": name, "Rate": rate}) for name, rate in _LEVY]
    tax_rates.add(books, org, "GST and levy 12%", "OUTPUT", levy)
    books.change(org_id, Currencies=_CURRENCIES, PaymentTerms=_TERMS)
    items = PriceList(books.state, org, switches)
    for code, name in _ITEMS:
        items.create({"Code": code, "Name": name, "Description": name})
    tracking = Tracking(books.state, org, switches)
    for category, options in _TRACKING.items():
        made = tracking.save_category(None, {"Name": category})
        for option in options:
            tracking.save_option(tracking.get(made["TrackingCategoryID"]) or made, None, {"Name": option})


def _harbour(writer: Writer) -> None:
    for name, email in _CUSTOMERS:
        terms = {"PaymentTerms": _OWN_TERMS[name]} if name in _OWN_TERMS else {}
        writer.contacts.create({"Name": name, "EmailAddress": email, **terms})
    _invoice(writer, "INV-2019", "Harbour View Hotel", "Lounge seating", "3800.00", 26)
    voided = _invoice(writer, "INV-2024", "Oakridge Primary School", "Library shelving", "1260.00", 24)
    void = parse({"InvoiceID": voided["InvoiceID"], "Status": "VOIDED"})
    invoice_writes.update(writer, voided, void)
    paid = _invoice(writer, "INV-2036", "Tidewater Surf Co", "Counter and display", "2145.50", 20)
    amount = Decimal(paid["AmountDue"])
    payments.pay(writer, paid, {"amount": amount, "day": _ago(writer, 3), "code": BANK})


def _invoice(writer: Writer, number: str, customer: str, text: str, price: str, days: int) -> Doc:
    raw = {
        "Type": "ACCREC",
        "InvoiceNumber": number,
        "Contact": {"Name": customer},
        "Date": _ago(writer, days),
        "DueDate": _ago(writer, days - 30),
        "Status": "AUTHORISED",
        "LineItems": [{"Description": text, "Quantity": 1, "UnitAmount": price, "AccountCode": "200"}],
    }
    return invoice_writes.create(writer, parse(raw))


def _ago(writer: Writer, days: int) -> str:
    return (date.fromisoformat(today_of(writer.org)) - timedelta(days=days)).isoformat()
