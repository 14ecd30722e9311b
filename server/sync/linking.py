"""Which invoices does Xero have already under the numbers of these records, and how are they tied to them?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.checks import earlier_number, invoice_number
from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, UseContact
from server.domain.decide import LINK
from server.domain.linking import Link
from server.domain.reasons import Code, reason
from server.domain.rights import CHOOSE
from server.domain.xero_invoice import XeroInvoice, read_xero_invoice
from server.store import endings, leases, links, shown
from server.store.engine import now
from server.sync import settle
from server.sync.answers import path_of
from server.sync.claims import Claim, lease_ms
from server.sync.footing import Footing
from server.sync.markers import marker
from server.sync.reading import Reading
from server.sync.services import Services
from server.sync.told import reasons_json

LINKED = "linked"
XERO_INVOICE = "XeroInvoice"  # of a lease: who ties it to a record


def numbered_already(s: Services, ground: Footing, mine: Claim, reading: Reading) -> dict[str, XeroInvoice]:
    """By record id: what bears its number in Xero and is tied to no record. Asked for previews and for who links; a
    push is told by Xero. Raises the ladder of clients/errors.py."""
    asked = [task for task in mine.tasks if task.kind == "preview" or task.choice == LINK]
    fresh = {task.record_id: reading.crm.get(task.record_id) for task in asked if task.record_id not in reading.links}
    numbers = {record_id: number for record_id, crm in fresh.items() if (number := _number(crm, ground))}
    if not numbers or ground.books is None:
        return {}
    docs = s.xero.invoices_numbered(ground.books, dict.fromkeys(numbers.values()))
    by_number = {str(doc.get("InvoiceNumber")).casefold(): doc for doc in docs}
    found = {record_id: by_number.get(number.casefold()) for record_id, number in numbers.items()}
    return {
        record_id: read_xero_invoice(doc)
        for record_id, doc in found.items()
        if doc is not None and not _is_tied(s, ground, record_id, doc)
    }


def _number(crm: CrmInvoice | None, ground: Footing) -> str | None:
    if crm is None:
        return None
    return invoice_number(crm, ground.settings) or earlier_number(crm, ground.settings)


def _is_tied(s: Services, ground: Footing, record_id: str, doc: Mapping[str, Any]) -> bool:
    """Another record's; or this one's own, which a push adopts by its marker (4a.10)."""
    assert ground.books is not None
    if path_of(doc.get("Url")) == path_of(marker(s.config.public_base, ground.tenant, record_id)):
        return True
    with s.store.read() as c:
        return bool(links.of_xero_id(c, ground.books.organisation_id, str(doc["InvoiceID"])))


def tie(
    s: Services,
    c: Connection,
    ground: Footing,
    mine: Claim,
    reading: Reading,
    task: Row[Any],
    decision: Link,
    customer: Customer | None,
) -> None:
    """Within the caller's transaction: the link, Xero's state, the customer's link; the task ends. Whoever comes first
    has the invoice: its lease makes others wait for this transaction."""
    assert ground.books is not None and reading.books is not None
    home, held, crm = ground.books.organisation_id, decision.held, reading.crm[task.record_id]
    first = leases.take(c, task.tenant_id, [(XERO_INVOICE, held.xero_id)], mine.go.token, lease_ms(s))
    if not first or links.of_xero_id(c, home, held.xero_id):
        taken = reason(Code.NUMBER_TAKEN, number=held.number or "", number_field="Invoice_Number")
        endings.end(c, task.id, "blocked", reasons=reasons_json([taken]))
        return
    link = links.put(c, task.tenant_id, home, task.module, task.record_id, held.xero_id)
    # What either side says was never ours: until both agree, every difference is a person's to decide (promise 3).
    told = {
        "matched_by": LINKED,
        "chosen_by": shown.asked_by(c, task.id),
        "chosen_at": now(c),
        "crm_total": crm.grand_total if crm is not None else None,
    }
    links.change(c, link.id, told, dirty=True)
    settle.state(c, links.get(c, link.id), held, reading.books, reading.at)
    if crm is not None and crm.account_id and held.contact_id and _says_whose_it_is(task, customer, held):
        _tie_customer(c, task.tenant_id, home, crm.account_id, held.contact_id)
    endings.end(c, task.id, LINKED, crm_written="waiting", step="updating_crm")


def _says_whose_it_is(task: Row[Any], customer: Customer | None, held: XeroInvoice) -> bool:
    """Whether the contact of a linked invoice is the customer's from now on: where it was found to be anyway, or
    whoever links may choose customers."""
    found = isinstance(customer, UseContact) and customer.contact_id == held.contact_id
    return found or CHOOSE in (task.rights or ())


def _tie_customer(c: Connection, tenant_id: str, home: str, account_id: str, contact_id: str) -> None:
    """Its contact is the customer's from now on, unless it is another's, or a person said otherwise."""
    unknown = links.of_record(c, tenant_id, home, links.ACCOUNTS, account_id) is None
    if unknown and not any(each.module == links.ACCOUNTS for each in links.of_xero_id(c, home, contact_id)):
        made = links.put(c, tenant_id, home, links.ACCOUNTS, account_id, contact_id)
        links.change(c, made.id, {"matched_by": LINKED}, dirty=False)
