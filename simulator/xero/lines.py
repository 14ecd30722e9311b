"""What does one line of an invoice become, and what is wrong with it?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.xero import inputs, tracking
from simulator.xero.books import account_of, rate_of
from simulator.xero.money import ZERO, Rounding, line_amount, line_tax
from simulator.xero.price_list import PriceList
from simulator.xero.tracking import Tracking
from simulator.xero.wire import new_id
from simulator.xero.writer import Writer

Doc = dict[str, Any]
_NUMBERS = ("Quantity", "UnitAmount", "LineAmount", "TaxAmount", "DiscountRate", "DiscountAmount")
_TEXTS = ("Description", "ItemCode", "AccountCode", "TaxType")
_MOST = Decimal("9999999999.99")
_QUANTITY_LENGTH = 13
# X6.1: what is no longer true once one of these changes, unless it is sent again.
_DERIVED_FROM = ("Quantity", "UnitAmount", "DiscountRate", "DiscountAmount")
_TAX_FROM = (*_DERIVED_FROM, "LineAmount", "TaxType", "AccountCode", "AccountID", "ItemCode")


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
    bill_discounts: str
    unknown_line_id: str
    same_kind: bool
    ended_rates_stay: bool
    prices: PriceList
    tracking: Tracking


def rules_of(writer: Writer, doc: Doc, old_kind: str | None = None) -> LineRules:
    """The rules for the lines of a document; `old_kind` is its LineAmountTypes before the change."""
    switches = writer.switches
    return LineRules(
        org=writer.org,
        kind=doc["LineAmountTypes"],
        status=doc["Status"],
        document=doc["Type"],
        rounding=writer.rounding,
        places=writer.places,
        decimals_limit=switches["unit_decimals_limit"],
        no_tax_type=switches["no_tax_type"],
        bill_discounts=switches["bill_discounts"],
        unknown_line_id=switches["unknown_line_id"],
        ended_rates_stay=not switches["ended_rate_stops_edits"],
        same_kind=old_kind == doc["LineAmountTypes"],
        prices=PriceList(writer.state, writer.org, switches),
        tracking=Tracking(writer.state, writer.org, switches),
    )


def parse(sent: Doc) -> Doc:
    """The known fields of a sent line, type-checked; keys sent as null count as not sent."""
    parsed: Doc = {name: inputs.number(sent, name) for name in _NUMBERS if sent.get(name) not in (None, "")}
    parsed |= {name: inputs.text(sent, name) for name in _TEXTS if sent.get(name) is not None}
    parsed |= {name: inputs.guid(sent, name) for name in ("LineItemID", "AccountID") if sent.get(name)}
    if sent.get("Tracking") is not None:
        parsed["Tracking"] = tracking.parse(sent["Tracking"])
    return parsed


def build(rules: LineRules, old: Doc | None, parsed: Doc) -> tuple[Doc, list[str]]:
    """A line to store (money as text) and the messages against it; with `old` that line is updated (X6.6)."""
    if rules.document != "ACCREC" and rules.bill_discounts == "ignored":
        parsed = {k: v for k, v in parsed.items() if not k.startswith("Discount")}
    item, filled, messages = _item(rules, old, parsed)
    fields = _merged(rules, old, parsed, filled)
    line: Doc = {
        "LineItemID": old["LineItemID"] if old else new_id(),
        "Description": fields.get("Description"),
        **item,
    }
    if old is None and parsed.get("LineItemID") and rules.unknown_line_id == "refused":
        messages.append("The LineItemID is not one of this document's lines.")
    messages += _description(fields) + _account(rules, fields, line) + _tracked(rules, old, parsed, line)
    if _text_only(fields):
        return {**line, "LineAmount": "0", "TaxAmount": "0"}, messages
    amount, more = _amounts(rules, fields, line)
    stays = bool(rules.ended_rates_stay and old and fields.get("TaxType") == old.get("TaxType"))
    messages += more + _tax(rules, fields, line, amount, stays=stays)
    return line, messages


def _item(rules: LineRules, old: Doc | None, parsed: Doc) -> tuple[Doc, Doc, list[str]]:
    """What the line keeps of its item, what it takes from it, and what is wrong (X6.1, X6.8)."""
    code = parsed.get("ItemCode")
    if old is not None and code in (None, old.get("ItemCode")):
        return {name: old[name] for name in ("ItemCode", "Item") if name in old}, {}, []
    if not code:
        return {}, {}, []
    found = rules.prices.by_code(code)
    if found is None:
        return {}, {}, [f"Item code '{code}' is not valid"]
    short = {name: found[name] for name in ("ItemID", "Name", "Code") if found.get(name)}
    return {"ItemCode": found["Code"], "Item": short}, rules.prices.fill(found, rules.document), []


def _tracked(rules: LineRules, old: Doc | None, parsed: Doc, line: Doc) -> list[str]:
    """Tracking as sent, or as it was (X6.1)."""
    if "Tracking" not in parsed:
        line["Tracking"] = old.get("Tracking", []) if old else []
        return []
    line["Tracking"], messages = rules.tracking.on_line(parsed["Tracking"])
    return messages


def _merged(rules: LineRules, old: Doc | None, parsed: Doc, filled: Doc) -> Doc:
    """The line as stored, over it what its item gives, over that what was sent."""
    filled = {k: v for k, v in filled.items() if k not in ("AccountCode",) or "AccountID" not in parsed}
    if old is None:
        return {**filled, **parsed}
    kept: Doc = {name: Decimal(old[name]) for name in _NUMBERS if old.get(name) is not None}
    kept |= {name: old[name] for name in (*_TEXTS, "AccountID") if old.get(name) is not None}
    if not rules.same_kind or any(name in parsed for name in _TAX_FROM):
        # X6.1: a tax that was sent once stands until what it was worked out from changes.
        kept.pop("TaxAmount", None)
    if "UnitAmount" in filled or any(name in parsed for name in _DERIVED_FROM):
        kept.pop("LineAmount", None)
    if "LineAmount" in parsed and "UnitAmount" not in parsed:
        kept.pop("UnitAmount", None)
    if "UnitAmount" in kept and "UnitAmount" not in {*parsed, *filled}:
        # A price that is not sent again keeps its own decimals.
        kept["_places"] = 4
    if {"AccountCode", "AccountID"} & {*parsed, *filled}:
        kept.pop("AccountCode", None)
        kept.pop("AccountID", None)
    return {**kept, **filled, **parsed}


def _text_only(fields: Doc) -> bool:
    """A line may be description only (X6.1)."""
    return not any(name in fields for name in ("Quantity", "UnitAmount", "LineAmount"))


def _description(fields: Doc) -> list[str]:
    text = fields.get("Description") or ""
    if not text:
        return ["Description must be at least 1 character long."]
    return ["Description must be at most 4000 characters long."] if len(text) > 4000 else []


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
    if rules.document != "ACCREC":
        # X11.14: refused or ignored; which is a switch.
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
    if len(f"{fields.get('Quantity', quantity).normalize():f}") > _QUANTITY_LENGTH:
        messages.append("The quantity is too long.")
    return messages


def _tax(rules: LineRules, fields: Doc, line: Doc, amount: Decimal, *, stays: bool) -> list[str]:
    if rules.kind == "NoTax":
        line.update(TaxType=rules.no_tax_type, TaxAmount="0")
        return []
    account = account_of(rules.org, code=line.get("AccountCode"))
    # X6.1: the default is the account's own tax rate.
    kind = fields.get("TaxType") or (account["TaxType"] if account else None)
    rate = rate_of(rules.org, kind, ended=stays) if kind else None
    messages = _pair(rate, kind, account) if kind else []
    tax = line_tax(rules.rounding, rules.kind, amount, Decimal(rate["Rate"]) if rate else ZERO)
    if "TaxAmount" in fields:
        tax = rules.rounding.round(fields["TaxAmount"])
        if abs(tax) > abs(amount):
            messages.append("The tax amount cannot be greater than the line amount")
    line.update(TaxAmount=str(tax), **({"TaxType": kind} if kind else {}))
    return messages


def _pair(rate: Doc | None, kind: str, account: Doc | None) -> list[str]:
    """X10: a tax code that does not go with the account's side."""
    if rate is None:
        return [f"The TaxType code '{kind}' does not exist or is archived."]
    if account is None:
        return []
    side = "Revenue" if account["Class"] == "REVENUE" else "Expenses" if account["Class"] == "EXPENSE" else None
    if side and not rate[side]:
        return [f"The TaxType code '{kind}' cannot be used with account code '{account['Code']}'."]
    return []
