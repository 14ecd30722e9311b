"""What may stand in Xero, and how may CRM differ from it? One record for each state of a linked invoice."""

from __future__ import annotations

from server.domain.reasons import Code
from tests.widget.samples import (
    Doc,
    a_difference,
    a_link,
    a_reason,
    a_record,
    compared,
    draft_link,
    line_difference,
)

DUE = a_difference("due_date", "2026-12-11", "2026-12-04")
STOOLS = line_difference(2, "Bar stool", "quantity", "3", "2")
DESKS = line_difference(1, "Oak reception desk", "quantity", "2", "1")
PRICE = line_difference(2, "Bar stool", "price", "145.00", "120.00", by="xero")
LAMP = line_difference(3, "Lamp", "removed", None, "80.00", by="xero")
STAYS = {"kind": "text", "by": "xero", "stays": True}
TRACKED = line_difference(1, "Oak reception desk", "tracking", None, "Region: North", **STAYS)
SUBMITTED = draft_link(status="SUBMITTED", payment_status="awaiting_approval")
GONE = {"state": "locked", "reason": "voided", "closed_up_to": None}
VOIDED = a_link(status="VOIDED", payment_status="voided", due="0.00", lock=GONE)


def changed(link: Doc | None = None, **more: object) -> Doc:
    """State 3: CRM is ahead of the draft."""
    link = link or draft_link(total="2310.00", due="2310.00", crm_total="2310.00", crm_changed=True)
    return a_record(link=link, check=compared(link, "update", DUE, STOOLS, **more))


def conflict(**more: object) -> Doc:
    link = draft_link(total="2310.00", due="2310.00", crm_total="2500.00", crm_changed=True)
    return a_record(link=link, check=compared(link, "conflict", DUE, PRICE, LAMP, TRACKED, **more))


def kept() -> Doc:
    link = draft_link(kept=True, total="2310.00", due="2310.00")
    return a_record(link=link, check=compared(link, "kept"))


def differs(link: Doc | None = None) -> Doc:
    """State 10: locked, and CRM was changed after that."""
    link = link or a_link(crm_changed=True, total="1516.75", due="1516.75")
    return a_record(link=link, check=compared(link, "locked", DESKS, digest=None))


def removal(link: Doc | None = None, removes: str = "DELETED") -> Doc:
    link = link or draft_link(crm_changed=True)
    more = {"removal": removes, "crm_status": "Cancelled", "lines": [], "totals": None, "customer": None}
    return a_record(link=link, check=compared(link, "remove", **more))


def voided(**more: object) -> Doc:
    return a_record(link=VOIDED, check=compared(VOIDED, "locked", **more))


def used() -> Doc:
    """Voided, and CRM still gives the old number."""
    where = a_reason(Code.NUMBER_USED, number="INV-2041", status="voided", number_field="Invoice_Number")
    return voided(reasons=[where], digest=None)


def held_up(*reasons: Doc) -> Doc:
    """A draft that can't be changed before something is fixed."""
    link = draft_link()
    return a_record(link=link, check=compared(link, "blocked", reasons=list(reasons), digest=None))


def lost() -> Doc:
    """Xero does not show it any more."""
    more = {"held": {}, "reasons": [a_reason(Code.GONE_FROM_XERO)], "digest": None}
    return a_record(link=a_link(), check=compared(a_link(), "blocked", **more))
