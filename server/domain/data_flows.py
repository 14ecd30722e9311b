"""Which fields of the CRM leave it, where do they go, how long is what kept? One table; a test holds it to the code.

An invoice is read whole, because Zoho shows its lines only that way (Z5.5); what does not stand here is neither looked
at nor kept. Files that read a CRM field: crm_invoice, mapping, rates, taxes, customer_facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from server.domain.customer_facts import fields_to_read, sent_fields
from server.domain.values import CONTACT, Settings

INVOICES, LINES, PRODUCTS, ACCOUNTS, CONTACTS = "Invoices", "Invoiced_Items", "Products", "Accounts", "Contacts"
ORG, USERS = "Organisation", "Users"

NOT_KEPT = "not kept"
SHOWN = "in previews and results, 30 days"
HASHED = f"as a keyed hash, while your CRM uses InvoiceBridge; {SHOWN}"
TIED = "while your CRM uses InvoiceBridge"
CUSTOMER = f"its id while your CRM uses InvoiceBridge; its name {SHOWN}"
SESSION = "with the sign-in; names of administrators for a day"

Names = Callable[[Settings], Sequence[str | None]]


@dataclass(frozen=True)
class Flow:
    """`field`: its API name, or in words which one an administrator chose. `xero`: where it stands there, "" where it
    does not go. `names`: the API names under given settings; none, and it does not leave the CRM."""

    module: str
    field: str
    xero: str
    kept: str
    names: Names


@dataclass(frozen=True)
class Leaving:
    """One field that leaves the CRM of a tenant."""

    module: str
    field: str
    xero: str
    kept: str


def _always(module: str, field: str, xero: str, kept: str) -> Flow:
    return Flow(module, field, xero, kept, lambda _: [field])


def _where(module: str, field: str, xero: str, kept: str, on: Callable[[Settings], bool]) -> Flow:
    return Flow(module, field, xero, kept, lambda settings: [field] if on(settings) else [])


def _tracking(source: str) -> Names:
    return lambda settings: [rule.field for rule in settings.tracking if rule.source == source]


def _customer(settings: Settings, what: str) -> list[str]:
    """Matching alone reads the first kind; a new contact is told the second."""
    sent = set(sent_fields(settings.customers).values())
    return [name for name in fields_to_read(settings.customers) if (name in sent) is (what == "sent")]


def _bills_contacts(settings: Settings) -> bool:
    return settings.customers.source == CONTACT


FLOWS: tuple[Flow, ...] = (
    _always(INVOICES, "id", "Url, the link back to the CRM", TIED),
    _where(INVOICES, "Account_Name", "Contact: name and number", CUSTOMER, lambda s: not _bills_contacts(s)),
    _where(INVOICES, "Contact_Name", "Contact: name and number", CUSTOMER, _bills_contacts),
    _always(INVOICES, "Status", "Status", SHOWN),
    _always(INVOICES, "Invoice_Date", "Date", TIED),
    _always(INVOICES, "Due_Date", "DueDate", TIED),
    _always(INVOICES, "Currency", "CurrencyCode", TIED),
    Flow(
        INVOICES,
        "the field chosen for the number",
        "InvoiceNumber",
        TIED,
        lambda s: [s.number.field if s.number else None],
    ),
    Flow(INVOICES, "the field chosen for the reference", "Reference", HASHED, lambda s: [s.reference_field]),
    Flow(
        INVOICES,
        "the field chosen for the theme",
        "BrandingThemeID",
        NOT_KEPT,
        lambda s: [s.theme.field if s.theme else None],
    ),
    Flow(INVOICES, "the field chosen for prices with tax", "LineAmountTypes", HASHED, lambda s: [s.amounts.field]),
    Flow(
        INVOICES,
        "the field chosen for the exchange rate",
        "CurrencyRate",
        TIED,
        lambda s: [s.rate.field] if s.rate.source == "crm" else [],
    ),
    Flow(
        INVOICES,
        "the field chosen for the total in your home currency",
        "",
        NOT_KEPT,
        lambda s: [s.rate.home_total] if s.rate.source == "crm" else [],
    ),
    Flow(INVOICES, "the fields chosen for tracking", "LineItems: Tracking", HASHED, _tracking("invoice")),
    _always(INVOICES, "Sub_Total", "", NOT_KEPT),
    _always(INVOICES, "Discount", "LineItems: a line of its own", HASHED),
    _always(INVOICES, "Tax", "", SHOWN),
    _always(INVOICES, "$line_tax", "LineItems: TaxType", HASHED),
    _always(INVOICES, "Adjustment", "LineItems: a line of its own", HASHED),
    _always(INVOICES, "Grand_Total", "", TIED),
    _always(INVOICES, "Modified_Time", "", TIED),
    _always(INVOICES, "$approval_state", "", NOT_KEPT),
    _always(INVOICES, "$approved", "", NOT_KEPT),
    _always(INVOICES, "$review_process", "", NOT_KEPT),
    _always(INVOICES, "$in_merge", "", NOT_KEPT),
    _always(INVOICES, "$has_more", "", NOT_KEPT),
    _always(LINES, "id", "", TIED),
    _always(LINES, "Product_Name", "LineItems: Description, ItemCode", HASHED),
    _always(LINES, "Description", "LineItems: Description", HASHED),
    _always(LINES, "Quantity", "LineItems: Quantity", HASHED),
    _always(LINES, "List_Price", "LineItems: UnitAmount", HASHED),
    _always(LINES, "Discount", "LineItems: DiscountAmount", HASHED),
    _always(LINES, "Line_Tax", "LineItems: TaxType", HASHED),
    _always(LINES, "Total", "", NOT_KEPT),
    _always(LINES, "Tax", "", NOT_KEPT),
    _always(LINES, "Net_Total", "", NOT_KEPT),
    Flow(LINES, "the fields chosen for tracking", "LineItems: Tracking", HASHED, _tracking("line")),
    Flow(
        PRODUCTS,
        "the field chosen for the account",
        "LineItems: AccountCode",
        HASHED,
        lambda s: [s.accounts.product_field],
    ),
    _where(PRODUCTS, "Product_Category", "LineItems: AccountCode", HASHED, lambda s: bool(s.accounts.by_category)),
    Flow(PRODUCTS, "the fields chosen for tracking", "LineItems: Tracking", HASHED, _tracking("product")),
    Flow(
        ACCOUNTS,
        "address, phone and tax number of a new customer, as chosen",
        "Contact: Addresses, Phones, TaxNumber",
        NOT_KEPT,
        lambda s: [] if _bills_contacts(s) else _customer(s, "sent"),
    ),
    Flow(
        ACCOUNTS,
        "what tells one customer from another: account number, country",
        "",
        NOT_KEPT,
        lambda s: [] if _bills_contacts(s) else _customer(s, "matched"),
    ),
    Flow(
        CONTACTS,
        "address, phone and tax number of a new customer, as chosen",
        "Contact: Addresses, Phones, TaxNumber",
        NOT_KEPT,
        lambda s: _customer(s, "sent") if _bills_contacts(s) else [],
    ),
    Flow(
        CONTACTS,
        "what tells one customer from another: e-mail, country",
        "",
        NOT_KEPT,
        lambda s: _customer(s, "matched") if _bills_contacts(s) else [],
    ),
    _always(ORG, "zgid", "Url, the link back to the CRM", TIED),
    _always(ORG, "company_name", "", TIED),
    _always(ORG, "domain_name", "", TIED),
    _always(ORG, "iso_code", "CurrencyCode", TIED),
    _always(ORG, "type", "Url, the link back to the CRM", TIED),
    _always(USERS, "id", "", TIED),
    _always(USERS, "full_name", "", SESSION),
    _always(USERS, "status", "", NOT_KEPT),
    _always(USERS, "profile", "", SESSION),
)


def leaving(settings: Settings) -> Iterator[Leaving]:
    """What leaves the CRM of a tenant with these settings, each field once for each way it goes."""
    for flow in FLOWS:
        for name in dict.fromkeys(flow.names(settings)):
            if name:
                yield Leaving(flow.module, name, flow.xero, flow.kept)
