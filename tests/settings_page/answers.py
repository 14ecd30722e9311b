"""What does our API say of a tenant's settings in these tests? One of a fresh tenant, one that is all set up."""

from __future__ import annotations

from typing import Any

from server.domain.reasons import Code
from tests.widget.samples import a_preview, a_reason, instant

Doc = dict[str, Any]
GATES = ["crm", "xero", "organisation", "start", "accounts", "taxes", "statuses", "may", "preview", "live"]
PARTS = (
    "organisation start_date account number amounts accounts rounding_limit due rate products tracking theme "
    "reference_field customers rights"
).split()
ORGANISATION = "7f1c0000-0000-4000-8000-000000000001"
CHOICES: Doc = {
    "organisations": [
        {"id": ORGANISATION, "name": "Harbour & Pine Pty Ltd", "taken": False},
        {"id": "7f1c0000-0000-4000-8000-000000000002", "name": "Pine Demo Company", "taken": True},
    ],
    "accounts": [
        {"code": "200", "name": "Sales", "type": "REVENUE", "class": "REVENUE"},
        {"code": "210", "name": "Services", "type": "REVENUE", "class": "REVENUE"},
        {"code": "215", "name": "Service contracts", "type": "REVENUE", "class": "REVENUE"},
        {"code": "260", "name": "Other revenue", "type": "OTHERINCOME", "class": "REVENUE"},
        {"code": "268", "name": "Reserve income", "type": "OTHERINCOME", "class": "REVENUE"},
        {"code": "860", "name": "Rounding", "type": "CURRLIAB", "class": "LIABILITY"},
    ],
    "tax_rates": [
        {"tax_type": "OUTPUT", "name": "GST on Income", "rate": "10"},
        {"tax_type": "EXEMPTOUTPUT", "name": "GST Free Income", "rate": "0"},
        {"tax_type": "EXEMPTEXPORT", "name": "GST Free Exports", "rate": "0"},
    ],
    "tracking": [{"category": "Region", "options": ["North", "South"]}],
    "themes": ["Standard", "Very orange invoice"],
    "currencies": ["AUD"],
    "read_at": None,
}
CRM: Doc = {
    "organisation": "Harbour & Pine",
    "edition": "Enterprise",
    "environment": "production",
    "statuses": [{"value": each} for each in ("Created", "Approved", "Delivered", "Cancelled", "On hold")],
    "taxes": [
        {"name": "GST 10%", "rate": "10", "invoices": 6},
        {"name": "GST free", "rate": "0", "invoices": 2},
        {"name": "VAT 19%", "rate": "19", "invoices": 1},
    ],
    "categories": ["Fitting"],
    "profiles": [
        {"id": "26000000000", "name": "Administrator"},
        {"id": "26000000001", "name": "Standard"},
        {"id": "26000000002", "name": "Finance"},
    ],
    "fields": {
        "Invoices": [
            {
                "api_name": "Invoice_Number",
                "label": "Invoice Number",
                "data_type": "autonumber",
                "examples": ["INV-2049", "INV-2048", "INV-2047"],
            },
            {"api_name": "Our_Number", "label": "Our number", "data_type": "text", "examples": ["HP-90", "HP-89"]},
            {"api_name": "Territory", "label": "Territory", "data_type": "picklist", "examples": []},
            {"api_name": "Grand_Total_Home", "label": "Total in AUD", "data_type": "currency", "examples": []},
        ],
        "Products": [{"api_name": "Ledger_Code", "label": "Ledger code", "data_type": "text", "examples": []}],
        "Invoiced_Items": [],
        "Accounts": [{"api_name": "ABN", "label": "ABN", "data_type": "text", "examples": []}],
        "Contacts": [{"api_name": "Own_ABN", "label": "ABN of the person", "data_type": "text", "examples": []}],
    },
    "layouts": [{"name": "Standard", "has_our_fields": True}],
    "fields_trouble": None,
    "read_at": None,
}
SUGGESTED: Doc = {
    "account": "200",
    "taxes": [{"rate": "10", "tax_type": "OUTPUT"}, {"rate": "0", "tax_type": "EXEMPTOUTPUT"}],
    "statuses": {
        "Created": "DRAFT",
        "Approved": "AUTHORISED",
        "Delivered": "AUTHORISED",
        "Cancelled": "REMOVED",
    },
    "number": {"from": "field", "field": "Invoice_Number"},
}
INVOICES = [
    ("4876876000000320009", "INV-2049", "Corner Café Pty Ltd", "801.20"),
    ("4876876000000320008", "INV-2048", "Oakridge Primary School", "3274.25"),
    ("4876876000000320007", "INV-2047", "Brightwater Dental Pty Ltd", "240.00"),
]


def settings(**saved: Any) -> Doc:
    """As GET /settings answers, with these parts saved."""
    return {
        "version": 6,
        "changed_by": "700000001",
        "changed_by_name": "Tom Alvarez",
        "changed_at": instant(-86_400),
        "administrators": ["Tom Alvarez", "Sam Okafor"],
        "live": {"since": None, "by": None},
        "organisation_name": None,
        **dict.fromkeys(PARTS),
        "taxes": [],
        "statuses": {},
        "choices": {**CHOICES, "read_at": instant(-180)},
        "crm": {**CRM, "read_at": instant(-60)},
        **saved,
    }


def ready(**more: Any) -> Doc:
    """All gates passed: what CRM has is mapped, one tax and one status excepted."""
    saved = {
        "organisation": ORGANISATION,
        "organisation_name": "Harbour & Pine Pty Ltd",
        "start_date": "2026-11-03",
        "live": {"since": instant(-86_400 * 3), "by": "Tom Alvarez"},
        "rights": {},
        **SUGGESTED,
        "statuses": {**SUGGESTED["statuses"], "On hold": ""},
        "crm": {**CRM, "taxes": CRM["taxes"][:2], "read_at": instant(-60)},
    }
    return settings(**{**saved, **more})


def with_organisation(**more: Any) -> Doc:
    """Both sides connected, the organisation chosen, the rest still to do."""
    return settings(
        organisation=ORGANISATION, organisation_name="Harbour & Pine Pty Ltd", start_date="2026-11-23", **more
    )


def checklist(kept: Doc, ties: Doc, *, tried: bool) -> list[Doc]:
    """By the server's rules."""
    live = bool(kept["live"]["since"])
    done = {
        "crm": ties["zoho"]["state"] != "none",
        "xero": ties["xero"]["state"] != "none",
        "organisation": bool(kept["organisation"]),
        "start": bool(kept["start_date"] and kept["number"]),
        "accounts": bool(kept["account"]),
        "taxes": bool(kept["taxes"]),
        "statuses": bool(kept["statuses"]),
        "may": kept["rights"] is not None or live,
        "preview": tried or live,
        "live": live,
    }
    first = next((gate for gate in GATES if not done[gate]), None)
    states = {gate: "done" if done[gate] else "now" if gate == first else "later" for gate in GATES}
    return [{"gate": gate, "state": states[gate], "told": []} for gate in GATES]


def suggested(kept: Doc) -> Doc:
    """What is not set yet; taxes are completed as the server does."""
    open_parts = {part: value for part, value in SUGGESTED.items() if not kept[part]}
    return open_parts if kept["organisation"] else {}


def a_tie(name: str | None, **more: Any) -> Doc:
    """A connection that works."""
    usual = {
        "state": "ok",
        "since": instant(-86_400 * 20),
        "last_good_at": instant(-40),
        "trouble": None,
        "told": None,
        "name": name,
        "purposes": [],
        "clearing": 0,
        "person": {"name": "Tom Alvarez", "active": True},
        "needed": ["invoices", "settings", "contacts"],
        "granted": ["invoices", "settings", "contacts"],
        "lacking": [],
    }
    return {**usual, **more}


def no_tie() -> Doc:
    empty = dict.fromkeys(("since", "last_good_at", "trouble", "told", "name", "person"))
    return {**empty, "state": "none", "purposes": ["write and read sales invoices", "read what is paid"], "clearing": 0}


LEAVING = [
    {"module": "Invoices", "field": "Invoice_Number", "xero": "InvoiceNumber", "kept": "in previews, 30 days"},
    {"module": "Users", "field": "full_name", "xero": "", "kept": "with the sign-in"},
]


def invoice(position: int) -> Doc:
    """A row of the invoices to try."""
    record, number, customer, total = INVOICES[position]
    return {
        "id": record,
        "number": number,
        "subject": number,
        "customer": customer,
        "status": "Created",
        "date": "2026-11-20",
        "total": total,
        "currency": "AUD",
    }


def tried(record_id: str, *, outcome: str = "create", saved: str = "create") -> Doc:
    """An answer of settings/try."""
    problems = [a_reason(Code.TAX_UNMAPPED, line=2, product="Care guide", tax="GST free")]
    return {
        "record_id": record_id,
        "outcome": outcome,
        "saved_outcome": saved,
        "preview": a_preview(arrives_as="DRAFT", decision=outcome),
        "problems": problems if outcome == "blocked" else [],
    }
