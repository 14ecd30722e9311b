"""Where is a line booked, and what else goes with it and with the invoice? By the tenant's rules; gaps are reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.domain.crm_invoice import CrmInvoice, CrmRow
from server.domain.reasons import Code, Reason, reason
from server.domain.values import Account, Books, Settings, TrackingRule

LONGEST_CODE = 30  # of an item (X8.1)
LONGEST_REFERENCE = 255
PRODUCTS_OFF, PRODUCTS_WITHOUT, PRODUCTS_BLOCK, PRODUCTS_CREATE = "off", "without", "block", "create"
Tracking = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """Where a line is booked. product_code, tracking: None where the tenant has no rule for them; "" where CRM names
    none that is in Xero, or no option of a category."""

    account: Account
    product_code: str | None
    tracking: Tracking | None


def place_of(crm: CrmInvoice, row: CrmRow, settings: Settings, books: Books) -> tuple[Place | None, list[Reason]]:
    """None, with every reason, where something of it cannot be told."""
    code = _account_code(crm, row, settings)
    account = books.account(code)
    problems: list[Reason] = []
    if settings.product_fields and row.product_id and row.product_id not in crm.products:
        problems.append(_at(Code.PRODUCT_HIDDEN, row))
    if code and code != settings.account and (account is None or not account.usable):
        problems.append(_at(Code.LINE_ACCOUNT_UNUSABLE, row, account=code))
    problems += _about_product_code(row, settings, books)
    tracking, more = tracking_of(crm, row, settings, books)
    problems += more
    if problems or account is None or not account.usable:
        return None, problems
    return Place(account, _product_code(row, settings, books), tracking), []


def _account_code(crm: CrmInvoice, row: CrmRow, settings: Settings) -> str | None:
    """The product's own account, else its category's, else the tenant's."""
    rule = settings.accounts
    own = crm.value_of_product(row, rule.product_field) if rule.product_field else None
    category = crm.value_of_product(row, "Product_Category") if rule.by_category else None
    return own or rule.by_category.get(category or "") or settings.account


def _product_code(row: CrmRow, settings: Settings, books: Books) -> str | None:
    if settings.products == PRODUCTS_OFF:
        return None
    known = books.product_code(row.code) if row.code else None
    return known or (row.code if row.code and settings.products == PRODUCTS_CREATE else "")


def _about_product_code(row: CrmRow, settings: Settings, books: Books) -> Iterator[Reason]:
    """X10: an ItemCode must exist; what we would create must fit."""
    if row.code is None or settings.products == PRODUCTS_OFF or books.product_code(row.code):
        return
    if settings.products == PRODUCTS_CREATE and not books.makes_products:
        yield _at(Code.PRODUCTS_NOT_ALLOWED, row, product_code=row.code)
    elif settings.products == PRODUCTS_BLOCK or (settings.products == PRODUCTS_CREATE and len(row.code) > LONGEST_CODE):
        yield _at(Code.PRODUCT_UNKNOWN, row, product_code=row.code)


def tracking_of(
    crm: CrmInvoice, row: CrmRow | None, settings: Settings, books: Books
) -> tuple[Tracking | None, list[Reason]]:
    """(category, option) pairs in Xero's spelling, "" where CRM chooses none. Without a row: what the whole invoice
    bears, for our own lines."""
    if not settings.tracking:
        return None, []
    found: list[tuple[str, str]] = []
    problems: list[Reason] = []
    for rule in settings.tracking:
        wanted = _option(crm, row, rule)
        if not wanted:
            found.append((rule.category, ""))
            continue
        options = books.tracking.get(rule.category)
        known = next((each for each in options or () if each.casefold() == wanted.casefold()), None)
        if known is not None:
            found.append((rule.category, known))
        elif options is None:
            problems.append(reason(Code.TRACKING_GONE, category=rule.category))
        else:
            problems.append(_not_an_option(row, rule, wanted))
    return tuple(found), problems


def _not_an_option(row: CrmRow | None, rule: TrackingRule, wanted: str) -> Reason:
    if rule.source == "fixed":
        return reason(Code.TRACKING_OPTION_GONE, option=wanted, category=rule.category)
    if row is not None and rule.source in ("line", "product"):
        return _at(Code.LINE_TRACKING_UNKNOWN, row, option=wanted, category=rule.category)
    where = rule.field or "Invoiced_Items"
    return reason(Code.TRACKING_UNKNOWN, that_field=where, option=wanted, category=rule.category)


def _option(crm: CrmInvoice, row: CrmRow | None, rule: TrackingRule) -> str | None:
    if rule.source == "fixed":
        return rule.option
    if rule.source == "invoice":
        return crm.value_of(rule.field or "")
    if row is None:
        return None
    given = crm.value_of_row if rule.source == "line" else crm.value_of_product
    return given(row, rule.field or "")


def theme_of(crm: CrmInvoice, settings: Settings, books: Books) -> tuple[str | None, list[Reason]]:
    """The id of its branding theme; None leaves it to Xero."""
    rule = settings.theme
    given = crm.value_of(rule.field) if rule is not None and rule.field else None
    name = given or (rule.name if rule is not None else None)
    if rule is None or name is None:
        return None, []
    found = next((theme_id for theme, theme_id in books.themes.items() if theme.casefold() == name.casefold()), None)
    if found is not None:
        return found, []
    return None, [
        reason(Code.THEME_MISSPELT, theme=name, that_field=rule.field or "")
        if given
        else reason(Code.THEME_UNKNOWN, theme=name)
    ]


def reference_of(crm: CrmInvoice, settings: Settings) -> tuple[str | None, list[Reason]]:
    """What stands in Reference; None where the tenant has no field for it, "" where the field is empty."""
    if settings.reference_field is None:
        return None, []
    value = crm.value_of(settings.reference_field) or ""
    if len(value) > LONGEST_REFERENCE:
        return value, [reason(Code.REFERENCE_LONG, that_field=settings.reference_field)]
    return value, []


def about_account(code: str | None, books: Books, unusable: Code) -> Iterator[Reason]:
    """An account that the settings name must be one that a line can name (X8.2)."""
    account = books.account(code)
    if code and (account is None or not account.usable):
        yield reason(unusable, account=code)


def _at(code: Code, row: CrmRow, **values: str) -> Reason:
    return reason(code, line=row.position, product=row.product or "", **values)
