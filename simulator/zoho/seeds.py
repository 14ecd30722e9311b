"""What is in the pretend CRM on the first day?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simulator.zoho.centre import Centre
from simulator.zoho.fields import create_field
from simulator.zoho.moments import now, zone_of
from simulator.zoho.people import ORGS, add_org, add_user
from simulator.zoho.profiles import allow
from simulator.zoho.seed_data import (
    ACCOUNTS,
    EU_ACCOUNTS,
    EU_INVOICES,
    EU_PRODUCTS,
    INVOICES,
    PRODUCTS,
    Good,
    Invoice,
)
from simulator.zoho.seed_kinds import CUSTOM_FIELDS, FILED, KINDS, LEVY, MORE_ACCOUNTS, MORE_PRODUCTS, Kind, Row
from simulator.zoho.writes import change, insert

Doc = dict[str, Any]
_AU = {
    "zgid": "600000001",
    "name": "Harbour & Pine Pty Ltd",
    "location": "au",
    "currency": "AUD",
    # With several currencies on, as a company that sells abroad has it; orgs that tests make keep one.
    "multi_currency": True,
    "currencies": ["AUD", "EUR", "JPY", "USD"],
    "taxes": [["GST 10%", "10"], ["GST free", "0"], ["VAT 19%", "19"], [LEVY, "2"]],
}
_EU = {
    "zgid": "600000002",
    "name": "Northwind Joinery GmbH",
    "location": "eu",
    "currency": "GBP",
    "taxes": [["VAT 20%", "20"], ["VAT 5%", "5"], ["VAT 0%", "0"]],
}


def sow(centre: Centre) -> None:
    """Fill an empty data centre; one that was filled before stays as it is."""
    org = _AU if centre.location == "au" else _EU
    with centre.state.together():
        if centre.state.peek(ORGS, str(org["zgid"])) is None:
            _harbour_and_pine(centre) if centre.location == "au" else _northwind(centre)


def _harbour_and_pine(centre: Centre) -> None:
    org = add_org(centre, _AU)
    tom = add_user(centre, org, "Tom Alvarez", "tom@harbourandpine.example", "Administrator")
    mia = add_user(centre, org, "Mia Chen", "mia@harbourandpine.example", "Standard")
    account_ids, product_ids = _fill(centre, org, (tom, mia), ACCOUNTS, PRODUCTS, INVOICES)
    add_user(centre, org, "Ivy Brook", "ivy@harbourandpine.example", "Order Desk")
    add_user(centre, org, "Finn Hale", "finn@harbourandpine.example", "Field Crew")
    for field in ("Status", "Adjustment"):
        allow(centre, org["zgid"], "Order Desk", "Invoices", field, "read_only")
    _every_kind(centre, org, (tom, mia), account_ids, product_ids)


def _northwind(centre: Centre) -> None:
    org = add_org(centre, _EU)
    greta = add_user(centre, org, "Greta Vogel", "greta@northwind-joinery.example", "Administrator")
    jonas = add_user(centre, org, "Jonas Weber", "jonas@northwind-joinery.example", "Standard")
    _fill(centre, org, (greta, jonas), EU_ACCOUNTS, EU_PRODUCTS, EU_INVOICES)


def _fill(
    centre: Centre,
    org: Doc,
    people: tuple[Doc, Doc],
    accounts: dict[str, Doc],
    products: dict[str, Good],
    invoices: tuple[Invoice, ...],
) -> tuple[dict[str, str], dict[str, str]]:
    admin, seller = people
    account_ids = _accounts(centre, org, admin, accounts)
    product_ids = {key: _product(centre, org, admin, good) for key, good in products.items()}
    for number, invoice in enumerate(invoices):
        user = admin if number % 4 == 3 else seller
        wish = _invoice(invoice, accounts, account_ids, products, product_ids)
        insert(centre, org, user, "Invoices", wish, "$", trusted=True)
    return account_ids, product_ids


def _accounts(centre: Centre, org: Doc, user: Doc, accounts: dict[str, Doc]) -> dict[str, str]:
    return {
        name: insert(centre, org, user, "Accounts", {"Account_Name": name, **more}, "$", trusted=True)["id"]
        for name, more in accounts.items()
    }


def _every_kind(
    centre: Centre, org: Doc, people: tuple[Doc, Doc], account_ids: dict[str, str], product_ids: dict[str, str]
) -> None:
    """Invoices of every kind, with what they need, behind everything else: so the others keep their ids."""
    admin, seller = people
    for module, fields in CUSTOM_FIELDS.items():
        for wish in fields:
            create_field(centre, org, module, wish, "$")
    account_ids = account_ids | _accounts(centre, org, admin, MORE_ACCOUNTS)
    product_ids = product_ids | {key: _product(centre, org, admin, good) for key, good in MORE_PRODUCTS.items()}
    for key, (category, account) in FILED.items():
        filed = {"id": product_ids[key], "Product_Category": category, "Sales_Account": account}
        change(centre, org, admin, "Products", filed, "$", None, trusted=True)
    for kind in KINDS:
        insert(centre, org, seller, "Invoices", _kind(kind, account_ids, product_ids), "$", trusted=True)


def _kind(kind: Kind, account_ids: dict[str, str], product_ids: dict[str, str]) -> Doc:
    today = _today()
    home = {"Home_Total": Decimal(kind.more["Home_Total"])} if "Home_Total" in kind.more else {}
    return {
        **(ACCOUNTS | MORE_ACCOUNTS)[kind.account],
        "Subject": kind.subject,
        "Invoice_Number": kind.number,
        "Status": kind.status,
        "Account_Name": {"id": account_ids[kind.account]},
        "Invoice_Date": (today - timedelta(days=1)).isoformat(),
        "Due_Date": (today + timedelta(days=28)).isoformat(),
        "Discount": Decimal(kind.discount),
        "Adjustment": Decimal(kind.adjustment),
        "$line_tax": [{"name": name} for name in kind.taxes],
        "force": kind.force,
        **kind.more,
        **home,
        "Invoiced_Items": [_row(row, product_ids) for row in kind.rows],
    }


def _row(row: Row, product_ids: dict[str, str]) -> Doc:
    price = row.price or (PRODUCTS | MORE_PRODUCTS)[row.product].price
    return {
        "Product_Name": {"id": product_ids[row.product]},
        "Quantity": Decimal(row.quantity),
        "List_Price": Decimal(price),
        "Discount": Decimal(row.discount),
        "Line_Tax": [{"name": name} for name in row.taxes],
        "Description": row.text or None,
    }


def _product(centre: Centre, org: Doc, user: Doc, good: Good) -> str:
    wish: Doc = {"Product_Name": good.name, "Unit_Price": Decimal(good.price), "Product_Active": True}
    if good.code:
        wish["Product_Code"] = good.code
    return str(insert(centre, org, user, "Products", wish, "$", trusted=True)["id"])


def _today() -> date:
    return now().astimezone(zone_of("Australia/Sydney")).date()


def _invoice(
    invoice: Invoice,
    accounts: dict[str, Doc],
    account_ids: dict[str, str],
    products: dict[str, Good],
    product_ids: dict[str, str],
) -> Doc:
    today = _today()
    billing = {k: v for k, v in accounts[invoice.account].items() if k.startswith("Billing_")}
    return billing | {
        "Subject": invoice.subject,
        "Invoice_Number": invoice.number,
        "Status": invoice.status,
        "Account_Name": {"id": account_ids[invoice.account]},
        "Invoice_Date": (today + timedelta(days=invoice.dated)).isoformat(),
        "Due_Date": (today + timedelta(days=invoice.due)).isoformat(),
        "Purchase_Order": invoice.purchase_order,
        "Invoiced_Items": [
            {
                "Product_Name": {"id": product_ids[key]},
                "Quantity": Decimal(quantity),
                "List_Price": Decimal(products[key].price),
                "Discount": Decimal(discount),
                "Line_Tax": [{"name": tax}],
                "Description": description or None,
            }
            for key, quantity, discount, tax, description in invoice.rows
        ],
    }
