"""What does one line of an invoice become, and what is wrong with it?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.xero import inputs
from simulator.xero.books import account_of, percent_of, rate_of
from simulator.xero.money import ZERO, Rounding, line_amount, line_tax
from simulator.xero.refusals import WholeRefusalError
from simulator.xero.wire import new_id, not_imitated

Doc = dict[str, Any]
_NUMBERS = ("Quantity", "UnitAmount", "LineAmount", "TaxAmount", "DiscountRate", "DiscountAmount")
_TEXTS = ("Description", "ItemCode", "AccountCode", "TaxType")
_MOST = Decimal("9999999999.99")
# X6.1: what is no longer true once one of these changes, unless it is sent again.
_DERIVED_FROM = ("Quantity", "UnitAmount", "DiscountRate", "DiscountAmount")


@dataclass(frozen=True)
class LineRules:
    """What a document means for its lines."""

    org: Doc
    kind: str
    status: str
    document: str
    rounding: Rounding
    places: int
    decimals_limit: int
    no_tax_type: str


def parse(sent: Doc) -> Doc:
    """The known fields of a sent line, type-checked; keys sent as null count as not sent."""
    if sent.get("Tracking"):
        raise WholeRefusalError(not_imitated("Tracking on lines"))
    parsed: Doc = {name: inputs.number(sent, name) for name in _NUMBERS if sent.get(name) not in (None, "")}
    parsed |= {name: inputs.text(sent, name) for name in _TEXTS if sent.get(name) is not None}
    parsed |= {name: inputs.guid(sent, name) for name in ("LineItemID", "AccountID") if sent.get(name)}
    return parsed


def build(rules: LineRules, old: Doc | None, parsed: Doc) -> tuple[Doc, list[str]]:
    """A line to store (money as text) and the messages against it; with `old` that line is updated (X6.6)."""
    fields = _merged(old, parsed)
    line: Doc = {
        "LineItemID": old["LineItemID"] if old else new_id(),
        "Description": fields.get("Description"),
    }
    messages = _description(fields) + _account(rules, fields, line) + _item(fields)
    if _text_only(fields):
        return {**line, "LineAmount": "0", "TaxAmount": "0"}, messages
    amount, more = _amounts(rules, fields, line)
    messages += more + _tax(rules, fields, line, amount)
    return line, messages


def _merged(old: Doc | None, parsed: Doc) -> Doc:
    if old is None:
        return parsed
    kept: Doc = {name: Decimal(old[name]) for name in _NUMBERS if old.get(name) is not None}
    kept |= {name: old[name] for name in (*_TEXTS, "AccountID") if old.get(name) is not None}
    kept.pop("TaxAmount", None)
    if any(name in parsed for name in _DERIVED_FROM):
        kept.pop("LineAmount", None)
    if "LineAmount" in parsed and "UnitAmount" not in parsed:
        kept.pop("UnitAmount", None)
    if "UnitAmount" in kept and "UnitAmount" not in parsed:
        # A price that is not sent again keeps its own decimals.
        kept["_places"] = 4
    if "AccountCode" in parsed or "AccountID" in parsed:
        kept.pop("AccountCode", None)
        kept.pop("AccountID", None)
    return {**kept, **parsed}


def _text_only(fields: Doc) -> bool:
    """A line may be description only (X6.1)."""
    return not any(name in fields for name in ("Quantity", "UnitAmount", "LineAmount"))


def _description(fields: Doc) -> list[str]:
    text = fields.get("Description") or ""
    if not text:
        return ["Description must be at least 1 character long."]
    return ["Description must be at most 4000 characters long."] if len(text) > 4000 else []


def _item(fields: Doc) -> list[str]:
    """No Items are kept yet, so every ItemCode is an unknown one (X6.1)."""
    code = fields.get("ItemCode")
    return [f"Item code '{code}' is not valid"] if code else []


def _account(rules: LineRules, fields: Doc, line: Doc) -> list[str]:
    code, account_id = fields.get("AccountCode"), fields.get("AccountID")
    if not code and not account_id:
        # X6.1: an account may be missing on DRAFT only.
        missing = rules.status != "DRAFT" and not _text_only(fields)
        return ["The account code or ID must be specified"] if missing else []
    account = account_of(rules.org, code=code, account_id=account_id)
    if account and account["Status"] != "ACTIVE":
        return [
            f"Account code '{account['Code']}' has been archived, or has been deleted. "
            "Each line item must reference a valid account."
        ]
    # X8.2: no bank and no system account, the rounding one excepted.
    system = account and account["SystemAccount"] not in ("", "ROUNDING")
    if account is None or system or account["Type"] == "BANK":
        return [f"Account code '{code or account_id}' is not a valid code for this document."]
    line.update(AccountCode=account["Code"], AccountID=account["AccountID"])
    return []


def _amounts(rules: LineRules, fields: Doc, line: Doc) -> tuple[Decimal, list[str]]:
    rate, off = fields.get("DiscountRate"), fields.get("DiscountAmount")
    messages = _discount(rules, rate, off)
    # X6.5: a discount rate is kept with two decimals, and it is the kept one that counts.
    rate = rules.rounding.round(rate) if rate is not None else None
    sent = fields.get("LineAmount")
    quantity, unit = _quantity_and_unit(rules, fields, off)
    messages += _sizes(rules, fields, quantity)
    expected = line_amount(rules.rounding, quantity, unit, rate, off)
    amount = expected
    if sent is not None:
        amount = rules.rounding.round(sent)
        if "UnitAmount" in fields and amount != expected:
            messages.append(f"The line total {amount:.2f} does not match the expected line total {expected:.2f}")
    if abs(amount) > _MOST:
        messages.append("The line amount is too large.")
    line.update(Quantity=str(quantity), UnitAmount=str(unit), LineAmount=str(amount))
    line.update({k: str(v) for k, v in (("DiscountRate", rate), ("DiscountAmount", off)) if v is not None})
    return amount, messages


def _quantity_and_unit(rules: LineRules, fields: Doc, off: Decimal | None) -> tuple[Decimal, Decimal]:
    """LineAmount may be sent instead of quantity or unit price (X6.1)."""
    sent, unit, quantity = (fields.get(name) for name in ("LineAmount", "UnitAmount", "Quantity"))
    if unit is not None:
        unit = rules.rounding.round(unit, max(rules.places, fields.get("_places", 0)))
    if quantity is None:
        quantity = Decimal(1)
        if sent is not None and unit:
            quantity = (sent + (off or ZERO)) / unit
    quantity = rules.rounding.round(quantity, 4)
    if unit is None:
        gross = (sent or ZERO) + (off or ZERO)
        unit = rules.rounding.round(gross / quantity if quantity else ZERO, rules.places)
    return quantity, unit


def _discount(rules: LineRules, rate: Decimal | None, off: Decimal | None) -> list[str]:
    if rate is None and off is None:
        return []
    if rules.document == "ACCPAY":
        return ["Discounts are for sales invoices only."]
    if rate and off:
        return ["Only one of DiscountRate and DiscountAmount can be given."]
    return ["The discount rate must lie between 0 and 100."] if rate and not 0 <= rate <= 100 else []


def _sizes(rules: LineRules, fields: Doc, quantity: Decimal) -> list[str]:
    messages = []
    unit = fields.get("UnitAmount")
    if unit is not None and -int(unit.normalize().as_tuple().exponent) > rules.decimals_limit:
        # X10: the misleading pair for too many decimals.
        messages += ["Account must be valid.", "Tax rate must be valid."]
    if len(str(quantity)) > 13 + len(".0000"):
        messages.append("The quantity is too long.")
    return messages


def _tax(rules: LineRules, fields: Doc, line: Doc, amount: Decimal) -> list[str]:
    if rules.kind == "NoTax":
        line.update(TaxType=rules.no_tax_type, TaxAmount="0")
        return []
    account = account_of(rules.org, code=line.get("AccountCode"))
    # X6.1: the default is the account's own tax rate.
    kind = fields.get("TaxType") or (account["TaxType"] if account else None)
    messages = _pair(rules, kind, account) if kind else []
    tax = line_tax(rules.rounding, rules.kind, amount, percent_of(rules.org, kind) if kind else ZERO)
    if "TaxAmount" in fields:
        tax = rules.rounding.round(fields["TaxAmount"])
        if abs(tax) > abs(amount):
            messages.append("The tax amount cannot be greater than the line amount")
    line.update(TaxAmount=str(tax), **({"TaxType": kind} if kind else {}))
    return messages


def _pair(rules: LineRules, kind: str, account: Doc | None) -> list[str]:
    """X10: a tax code that does not go with the account's side."""
    rate = rate_of(rules.org, kind)
    if rate is None:
        return [f"The TaxType code '{kind}' does not exist or is archived."]
    if account is None:
        return []
    side = "Revenue" if account["Class"] == "REVENUE" else "Expenses" if account["Class"] == "EXPENSE" else None
    if side and not rate[side]:
        return [f"The TaxType code '{kind}' cannot be used with account code '{account['Code']}'."]
    return []
