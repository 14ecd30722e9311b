"""What does our API answer in these tests? Data made by hand, and reasons in the server's own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from server.domain.preview import reason_json
from server.domain.reasons import Code, reason

Doc = dict[str, Any]
RECORD_ID = "4876876000000320001"
TOM = {"id": "700000001", "name": "Tom Alvarez", "administrator": True}
MIA = {"id": "700000002", "name": "Mia Chen", "administrator": False}
DIGEST = "a" * 64


def instant(seconds: float = 0) -> str:
    """Now, or so many seconds later."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def a_reason(code: Code, *, line: int | None = None, **values: str | int) -> Doc:
    """As the server words it."""
    return reason_json(reason(code, line=line, **values))


def two_reasons() -> list[Doc]:
    """A field that a salesperson mends, and a setting that an admin mends."""
    return [
        a_reason(Code.DUE_BEFORE_DATE, due="3 Nov 2026", date="5 Nov 2026"),
        a_reason(Code.TAX_UNMAPPED, line=2, product="Visitor chair", tax="VAT 19%"),
    ]


def a_preview(**changes: Any) -> Doc:
    """INV-2041 of the demo: four lines, two taxes, totals that agree."""
    return {
        "decision": "create",
        "digest": DIGEST,
        "number": "INV-2041",
        "customer": {"name": "Brightwater Dental Pty Ltd", "action": "use", "matched_by": "name"},
        "arrives_as": "AUTHORISED",
        "crm_status": "Approved",
        "date": "2026-10-28",
        "due_date": "2026-11-27",
        "currency": "AUD",
        "lines": [
            a_line(1, "Oak reception desk", "DESK-OAK", "1", "1850.00", "92.50", "1757.50"),
            a_line(2, "Visitor chair", "CHAIR-V", "6", "145.00", None, "870.00"),
            a_line(3, "Delivery and fitting", None, "1", "240.00", None, "240.00"),
            {
                **a_line(4, "Extended warranty, year 1", "WARR-1", "1", "120.00", None, "120.00"),
                "tax": "GST Free Income",
            },
        ],
        "totals": {
            "crm": {"subtotal": "2987.50", "tax": "286.75", "total": "3274.25"},
            "xero": {"subtotal": "2987.50", "tax": "286.75", "total": "3274.25"},
            "taxes": [
                {"name": "GST on Income", "rate": "10", "net": "2867.50", "crm": "286.75", "xero": "286.75"},
                {"name": "GST Free Income", "rate": "0", "net": "120.00", "crm": "0.00", "xero": "0.00"},
            ],
        },
        "held": None,
        "removal": None,
        "differences": [],
        "found": None,
        "may_unlink": False,
        "at": instant(),
        **changes,
    }


def a_line(
    position: int, text: str, code: str | None, quantity: str, price: str, discount: str | None, net: str
) -> Doc:
    return {
        "position": position,
        "text": text,
        "code": code,
        "account": "200",
        "account_name": "Sales",
        "quantity": quantity,
        "price": price,
        "discount": discount,
        "tax": "GST on Income",
        "tax_type": "OUTPUT",
        "amount": net,
    }


def a_task(outcome: str | None = None, **changes: Any) -> Doc:
    """Ended where it has an outcome, else under way."""
    return {
        "id": "t-1",
        "record_id": RECORD_ID,
        "state": "ended" if outcome else "working",
        "step": "checking",
        "cause": None,
        "until": None,
        "outcome": outcome,
        "reasons": [],
        "warnings": [],
        "crm_written": None,
        "crm_refused": None,
        "preview": None,
        "created_at": instant(-1),
        "ended_at": instant() if outcome else None,
        **changes,
    }


def a_check(*reasons: Doc, **preview: Any) -> Doc:
    """An ended preview: sendable, or with what is wrong."""
    shown = a_preview(**({"decision": "blocked", "digest": None} if reasons else {}), **preview)
    return a_task("previewed", reasons=list(reasons), preview=shown)


def held_of(link: Doc) -> Doc:
    """What Xero has, as a preview tells it."""
    return {name: link[name] for name in ("number", "status", "total", "due", "currency", "payment_status")}


def compared(link: Doc, decision: str, *differences: Doc, **more: Any) -> Doc:
    """An ended check of an invoice that is in Xero; with `reasons` what is in the way."""
    reasons = more.pop("reasons", [])
    arrives = {"DRAFT": "DRAFT", "SUBMITTED": "SUBMITTED"}.get(link["status"], "AUTHORISED")
    held = held_of(link) | more.pop("held", {})
    told = {"decision": decision, "differences": list(differences), "held": held, "arrives_as": arrives}
    return a_task("previewed", reasons=reasons, preview=a_preview(**(told | more)))


def a_difference(part: str, crm: str | None, xero: str | None, **more: Any) -> Doc:
    """One thing that CRM and Xero say otherwise; changed in CRM."""
    kind = {"date": "day", "due_date": "day", "status": "status"}.get(part, "text")
    return {"part": part, "line": None, "name": None, "what": None, "kind": kind, "by": "crm"} | {
        "crm": crm,
        "xero": xero,
        **more,
    }


def line_difference(line: int, name: str, what: str, crm: str | None, xero: str | None, **more: Any) -> Doc:
    kind = {"quantity": "number", "account": "account", "text": "text", "tax": "tax"}.get(what, "money")
    return a_difference("line", crm, xero, **({"line": line, "name": name, "what": what, "kind": kind} | more))


def a_link(**changes: Any) -> Doc:
    """Approved and unpaid, due in seven days."""
    return {
        "number": "INV-2041",
        "url": "https://go.xero.com/organisationlogin/default.aspx?shortcode=!abc&redirecturl=/x",
        "status": "AUTHORISED",
        "payment_status": "awaiting_payment",
        "currency": "AUD",
        "total": "3274.25",
        "paid": "0.00",
        "credited": "0.00",
        "due": "3274.25",
        "crm_total": "3274.25",
        "date": "2026-10-28",
        "due_date": day(7),
        "paid_on": None,
        "today": day(),
        "payments": [],
        "lock": {"state": "locked", "reason": "approved", "closed_up_to": None},
        "crm_changed": False,
        "kept": False,
        "gone_from_crm": False,
        "checked_at": instant(-65),
        "sent_at": instant(-7200),
        "sent_by": MIA["id"],
        **changes,
    }


def paid_link(**changes: Any) -> Doc:
    paid = {"status": "PAID", "payment_status": "paid", "paid": "3274.25", "due": "0.00", "paid_on": "2026-11-18"}
    payments = [{"date": "2026-11-18", "kind": "payment", "amount": "3274.25"}]
    return a_link(
        **paid, payments=payments, lock={"state": "locked", "reason": "paid", "closed_up_to": None}, **changes
    )


def part_paid_link() -> Doc:
    payments = [
        {"date": "2026-11-02", "kind": "payment", "amount": "1000.00"},
        {"date": "2026-11-10", "kind": "credit", "amount": "120.00"},
        {"date": "2026-11-12", "kind": "payment", "amount": "650.00"},
    ]
    sums = {"paid": "1650.00", "credited": "120.00", "due": "1504.25"}
    lock = {"state": "locked", "reason": "has_payments", "closed_up_to": None}
    return a_link(payment_status="partially_paid", payments=payments, lock=lock, **sums)


def draft_link(**changes: Any) -> Doc:
    lock = {"state": "editable", "reason": "not_approved", "closed_up_to": None}
    return a_link(**{"status": "DRAFT", "payment_status": "draft", "lock": lock, **changes})


def a_record(viewer: Doc = MIA, **changes: Any) -> Doc:
    """Connected, set up, nothing sent yet."""
    return {
        "module": "Invoices",
        "record_id": RECORD_ID,
        "as_of": instant(),
        "viewer": {"user_id": viewer["id"], "name": viewer["name"], "administrator": viewer["administrator"]},
        "setup": {"ready": True, "missing": []},
        "connections": {"zoho": a_connection("Harbour & Pine"), "xero": a_connection("Harbour & Pine Pty Ltd")},
        "link": None,
        "check": None,
        "run": None,
        "last": None,
        **changes,
    }


def a_connection(name: str, state: str = "ok") -> Doc:
    return {"state": state, "since": instant(-9000), "last_good_at": instant(-4000), "trouble": None, "name": name}


def broken(service: str = "xero") -> Doc:
    """Connections, one of them disconnected."""
    fine = {"zoho": a_connection("Harbour & Pine"), "xero": a_connection("Harbour & Pine Pty Ltd")}
    return {**fine, service: a_connection("Harbour & Pine Pty Ltd", "disconnected")}


def crm_record(**changes: Any) -> Doc:
    """The invoice as CRM's getRecord hands it over, with our five fields empty."""
    return {
        "id": RECORD_ID,
        "Subject": "INV-2041, office fit-out",
        "Invoice_Number": "INV-2041",
        "Account_Name": {"name": "Brightwater Dental Pty Ltd", "id": "1"},
        "Status": "Approved",
        "Invoice_Date": "2026-10-28",
        "Due_Date": "2026-11-27",
        "Grand_Total": 3274.25,
        "Modified_Time": "2026-10-28T09:00:00+11:00",
        "Xero_Invoice_ID": None,
        "Xero_Invoice_Number1": None,
        "Payment_Status": None,
        "Lock_State": None,
        "Amount_Due": None,
        **changes,
    }


def sent_fields() -> Doc:
    """Our fields after a push; one of them has another API name here."""
    return {
        "Xero_Invoice_ID": "9b5e2a8c-0000-4000-8000-000000000000",
        "Xero_Invoice_Number1": "INV-2041",
        "Payment_Status": "Awaiting Payment",
        "Lock_State": "Locked: approved",
        "Amount_Due": 3274.25,
    }


FIELDS = [
    {"api_name": "Xero_Invoice_ID", "field_label": "Xero Invoice ID"},
    {"api_name": "Xero_Invoice_Number1", "field_label": "Xero Invoice Number"},
    {"api_name": "Payment_Status", "field_label": "Payment Status"},
    {"api_name": "Lock_State", "field_label": "Lock State"},
    {"api_name": "Amount_Due", "field_label": "Amount Due"},
]
