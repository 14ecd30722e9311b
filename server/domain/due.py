"""When is it due? By CRM's date, by the customer's terms in Xero, or so many days on. Calendar days."""

from __future__ import annotations

from datetime import date

from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, UseContact
from server.domain.terms import Terms, due_by
from server.domain.values import Books, Settings
from server.domain.xero_invoice import XeroInvoice


def due_date(crm: CrmInvoice, customer: Customer | None, settings: Settings, books: Books) -> date | None:
    """None where the rule finds none: no date, no terms."""
    rule = settings.due
    if rule.source == "crm":
        return crm.due_date
    if crm.date is None:
        return None
    if rule.source == "days":
        return due_by(Terms(rule.days, "DAYSAFTERBILLDATE"), crm.date)
    terms = (customer.terms if isinstance(customer, UseContact) else None) or books.terms
    return due_by(terms, crm.date) if terms else None


def due_as_left(crm: CrmInvoice, due: date | None, settings: Settings, held: XeroInvoice | None) -> date | None:
    """A due date that is not CRM's word but worked out stays as Xero has it, as long as the invoice's date does."""
    if held is None or settings.due.source == "crm" or held.date != crm.date:
        return due
    return held.due_date or due
