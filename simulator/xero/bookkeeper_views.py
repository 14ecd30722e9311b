"""What does a bookkeeper's page show of invoices, contacts and organisations?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request

from simulator.facts import Switches
from simulator.state import State
from simulator.xero import demo_company, payment_terms
from simulator.xero.bookkeeper_words import credit_label, label, money
from simulator.xero.books import Books, rates_of, today_of
from simulator.xero.charts import COUNTRIES
from simulator.xero.contact_store import Directory
from simulator.xero.credit_store import Credits
from simulator.xero.ledger import Ledger

Doc = dict[str, Any]
_SHOWN = 100
STATUS_WORDS = {
    "DRAFT": "Draft",
    "SUBMITTED": "Awaiting Approval",
    "AUTHORISED": "Awaiting Payment",
    "PAID": "Paid",
    "VOIDED": "Voided",
    "DELETED": "Deleted",
}


def organisations_view(state: State, books: Books, switches: Switches) -> list[Doc]:
    """All books, with who may open them and who has let the app in."""
    connected = [c for c in state.view("xero_connection") if c["active"]]
    rows = []
    for org in books.organisations():
        people = [p for p in books.people() if org["id"] in p["organisations"]]
        linked = {c["person"] for c in connected if c["org"] == org["id"]}
        rows.append(
            {
                **org,
                "code": COUNTRIES[org["country"]].code,
                "people": [{"name": p["name"], "connected": p["email"] in linked} for p in people],
                "reset_on": demo_company.over_on(org, switches) if org.get("Demo") else None,
            }
        )
    return rows


def books_view(state: State, org: Doc) -> Doc:
    """The invoices of an organisation, the last changed first."""
    directory = Directory(state, org["id"])
    wanted = _wanted()
    rows = sorted(Ledger(state, org).all(), key=lambda doc: doc["Updated"], reverse=True)
    rows = [_row(doc, directory) for doc in rows]
    if wanted:
        rows = [r for r in rows if wanted.casefold() in f"{r['number']} {r['customer']}".casefold()]
    return {"rows": rows[:_SHOWN], "total": len(rows), "q": wanted}


def contacts_view(state: State, org: Doc) -> Doc:
    """The contacts of an organisation by name, archived ones last, and its credits that are open."""
    directory, wanted = Directory(state, org["id"]), _wanted()
    every = sorted(directory.all(), key=lambda c: (c["ContactStatus"] != "ACTIVE", c["Name"].casefold()))
    rows = [c for c in every if wanted.casefold() in c["Name"].casefold()]
    merged = {c["ContactID"]: directory.get(c["MergedToContactID"]) for c in rows if c.get("MergedToContactID")}
    active = [c for c in every if c["ContactStatus"] == "ACTIVE"]
    unused = [_credit_row(c, directory) for c in Credits(state, org["id"]).everything() if _is_open(c)]
    terms = {c["ContactID"]: payment_terms.words(c.get("PaymentTerms", {}).get("Sales")) for c in rows}
    shown = {"rows": rows[:_SHOWN], "total": len(rows), "q": wanted, "merged": merged, "terms": terms}
    return {**shown, "active": active, "credits": unused, "kinds": payment_terms.CHOICES}


def setup_view(org: Doc) -> Doc:
    """The tax rates of an organisation with their parts, and its own payment terms."""
    own = {rate["TaxType"] for rate in org.get("TaxRates", ()) if rate["Status"] == "ACTIVE"}
    rates = [
        {
            "name": rate["Name"],
            "code": rate["TaxType"],
            "parts": ", ".join(_part(part) for part in rate.get("Components", ())),
            "percent": rate["Rate"],
            "status": rate["Status"].capitalize(),
            "added": rate["TaxType"] in own,
        }
        for rate in rates_of(org)
    ]
    terms = payment_terms.words(org.get("PaymentTerms", {}).get("Sales"))
    return {"rates": rates, "own_terms": terms.capitalize() + "." if terms else "", "kinds": payment_terms.CHOICES}


def _part(part: Doc) -> str:
    return f"{part['Name']} {part['Rate']} %" + (" of price and tax" if part["IsCompound"] else "")


def _wanted() -> str:
    return (request.args.get("q") or "").strip()


def _is_open(credit: Doc) -> bool:
    return bool(credit["Status"] == "AUTHORISED" and Decimal(credit["RemainingCredit"]) > 0)


def _credit_row(credit: Doc, directory: Directory) -> Doc:
    contact = directory.get(credit["ContactID"])
    return {
        "id": credit["ID"],
        "note": credit["Kind"] == "CreditNote",
        "unused": not credit["Allocations"],
        "label": credit["Number"] or credit_label(credit).removeprefix("the ").capitalize(),
        "customer": contact["Name"] if contact else "",
        "left": money(credit["RemainingCredit"], credit["CurrencyCode"]),
    }


def _row(doc: Doc, directory: Directory) -> Doc:
    contact = directory.get(doc["ContactID"])
    ended = doc["Status"] in ("VOIDED", "DELETED")
    return {
        "id": doc["InvoiceID"],
        "number": label(doc),
        "customer": contact["Name"] if contact else "",
        "status": STATUS_WORDS[doc["Status"]],
        "due": "" if ended else money(doc["AmountDue"], doc["CurrencyCode"]),
    }


def invoice_view(state: State, org: Doc, doc: Doc) -> Doc:
    """One invoice with what may be pressed on it (X6.2, X8.6)."""
    directory = Directory(state, org["id"])
    status, currency = doc["Status"], doc["CurrencyCode"]
    applied = Decimal(doc["AmountPaid"]) + Decimal(doc["AmountCredited"]) > 0
    ledger = Ledger(state, org)
    stored = [ledger.payment(p["PaymentID"]) or p for p in doc["Payments"]]
    invoice = {
        **_row(doc, directory),
        "doc": doc,
        "lines": [_line(line, currency) for line in doc["Lines"]],
        "total": money(doc["Total"], currency),
        "tax": money(doc["TotalTax"], currency),
        "payments": [{**p, "shown": money(p["Amount"], currency)} for p in stored],
        "credits": [
            {**c, "shown": money(c["Amount"], currency), "label": credit_label(c)} for c in doc.get("Credits", [])
        ],
        "open_credits": [
            _credit_row(c, directory)
            for c in Credits(state, org["id"]).everything()
            if _is_open(c) and c["ContactID"] == doc["ContactID"] and c["CurrencyCode"] == currency
        ],
        "can_submit": status == "DRAFT",
        "can_revert": status == "SUBMITTED",
        "can_approve": status in ("DRAFT", "SUBMITTED"),
        "can_pay": status == "AUTHORISED",
        "can_void": status == "AUTHORISED" and not applied,
        "can_delete": status in ("DRAFT", "SUBMITTED"),
        "can_edit": status not in ("VOIDED", "DELETED"),
        "has_payments": Decimal(doc["AmountPaid"]) > 0,
        "has_credits": Decimal(doc["AmountCredited"]) > 0,
    }
    return {"invoice": invoice, "today": today_of(org), **_choices(org, directory)}


def _choices(org: Doc, directory: Directory) -> Doc:
    """What an edit may choose from."""
    return {
        "accounts": [a for a in org["Accounts"] if a["Status"] == "ACTIVE" and a["Type"] != "BANK"],
        "taxes": [rate["TaxType"] for rate in rates_of(org) if rate["Status"] == "ACTIVE"],
        "customers": sorted(c["Name"] for c in directory.all() if c["ContactStatus"] == "ACTIVE"),
    }


def _line(line: Doc, currency: str) -> Doc:
    shown = {name: line.get(name) or "" for name in ("Description", "AccountCode", "TaxType", "LineItemID")}
    numbers = {name: _plain(line.get(name)) for name in ("Quantity", "DiscountRate")}
    return {
        **shown,
        **numbers,
        "UnitAmount": _price(line.get("UnitAmount")),
        "Amount": money(line["LineAmount"], currency),
    }


def _plain(number: str | None) -> str:
    """A number without zeros that say nothing."""
    return f"{Decimal(number).normalize():f}" if number else ""


def _price(number: str | None) -> str:
    """A price with two places, or as many as it has."""
    shown = _plain(number)
    return shown and shown.split(".")[0] + "." + (shown.partition(".")[2]).ljust(2, "0")
