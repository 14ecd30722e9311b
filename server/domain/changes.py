"""What is sent to change an invoice in Xero? Only what differs; lines that stay go along by their LineItemID (X6.6)."""

from __future__ import annotations

from decimal import Decimal

from server.domain.content import is_withdrawn, same_line, tracked_elsewhere
from server.domain.customer import UseContact
from server.domain.differences import Both, Comparison, Pair
from server.domain.draft import line_body
from server.domain.money import Line, cents
from server.domain.xero_invoice import XeroLine

Body = dict[str, object]
# What of a line in Xero stays when CRM changes the line, unless CRM has a word for it.
KEPT = ("LineItemID", "ItemCode", "Tracking")


def update_body(both: Both, seen: Comparison) -> Body:
    """The body of an update; without its contact while that one is still to be created.

    A list of lines replaces the whole list: lines that are left out would be deleted, lines without id doubled (X6.6).
    So either no lines go, or all of them do.
    """
    body: Body = {"InvoiceID": both.held.xero_id}
    if seen.differs_in("customer") and isinstance(both.customer, UseContact):
        body["Contact"] = {"ContactID": both.customer.contact_id}
    if seen.differs_in("date"):
        body["Date"] = str(both.crm.date)
    if seen.differs_in("due_date"):
        body["DueDate"] = str(both.draft.due_date)
    if seen.differs_in("reference"):
        body["Reference"] = both.draft.reference
    if seen.differs_in("number"):
        body["InvoiceNumber"] = both.draft.number
    if seen.differs_in("status"):
        body["Status"] = both.draft.status
    if seen.differs_in("currency"):
        body["CurrencyCode"] = both.draft.currency
        if both.draft.rate is not None:
            body["CurrencyRate"] = both.draft.rate
    if seen.lines_differ or seen.differs_in("amounts"):
        body["LineAmountTypes"] = both.draft.amount_types
        body["LineItems"] = [_line(pair, seen) for pair in seen.pairs if pair.crm is not None]
    return body


def total_left(both: Both, seen: Comparison) -> Decimal:
    """Xero's total after the update: that of the lines it writes, with the taxes that stay corrected, or as it is."""
    if not seen.lines_differ and not seen.differs_in("amounts"):
        return both.draft.totals.total if both.held.total is None else both.held.total
    kept = [(pair.crm, _corrected_tax(pair.crm, pair.xero, seen)) for pair in seen.pairs if pair.crm and pair.xero]
    moved = [cents(tax["TaxAmount"]) - line.tax for line, tax in kept if tax]
    return both.draft.totals.total + sum(moved, Decimal(0))


def _line(pair: Pair, seen: Comparison) -> Body:
    assert pair.crm is not None
    if pair.xero is None:
        return line_body(pair.crm)
    tax = _corrected_tax(pair.crm, pair.xero, seen)
    if not any(each.part == "line" and each.line == pair.crm.position for each in seen.differences):
        return {**echo(pair.xero), **tax}
    kept = {name: value for name, value in echo(pair.xero).items() if name in KEPT}
    if is_replaced(pair):
        del kept["LineItemID"]
    if pair.crm.product_code == "":
        kept.pop("ItemCode", None)
    chosen = [each for each in pair.crm.tracking or () if each[1]]
    tracked = _tracking([*chosen, *tracked_elsewhere(pair.crm, pair.xero)])
    return {**kept, **line_body(pair.crm), **tracked, **_discount_ended(pair.crm, pair.xero), **tax}


def _tracking(pairs: list[tuple[str, str]]) -> Body:
    """CRM's options beside those of the categories that CRM says nothing of."""
    return {"Tracking": [{"Name": name, "Option": option} for name, option in pairs]} if pairs else {}


def is_replaced(pair: Pair) -> bool:
    """Whether a new line takes the place of Xero's: an amount off beside a rate that Xero still holds would be two
    discounts, of which it takes one (X6.1); and how a line is told to lose its product or tracking, nobody knows."""
    line, held = pair.crm, pair.xero
    if line is None or held is None or same_line(line, held):
        return False
    return is_withdrawn(line, held) or bool(line.discount and held.discount_rate and not held.discount)


def _corrected_tax(line: Line, held: XeroLine, seen: Comparison) -> dict[str, Decimal]:
    """A tax that the bookkeeper corrected stays as long as all stays that it was worked out from."""
    stays = held.amount == line.amount and held.tax_type == line.tax_type and not seen.differs_in("amounts")
    return {"TaxAmount": held.tax} if stays and cents(held.tax) != line.tax else {}


def _discount_ended(line: Line, held: XeroLine) -> Body:
    """CRM's line has no discount any more: taken off in the way in which Xero has it."""
    if line.discount or not (held.discount or held.discount_rate):
        return {}
    return {"DiscountAmount": 0} if held.discount else {"DiscountRate": 0}


def echo(line: XeroLine) -> Body:
    """A line as it is, so that it stays as it is. LineAmount stays away: beside a rate that Xero rounded it may not
    add up (X6.5)."""
    body: Body = {
        "LineItemID": line.line_id,
        "Description": line.text,
        "Quantity": line.quantity,
        "UnitAmount": line.price,
        "AccountCode": line.account,
        "TaxType": line.tax_type,
        "ItemCode": line.product_code,
        "DiscountAmount": line.discount or None,
        "DiscountRate": None if line.discount else line.discount_rate or None,
    }
    if line.tracking:
        body["Tracking"] = [{"Name": each.name, "Option": each.option} for each in line.tracking]
    return {name: value for name, value in body.items() if value is not None}
