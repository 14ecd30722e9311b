"""Which accounts and tax rates does a new organisation of a country start with?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Doc = dict[str, Any]


@dataclass(frozen=True)
class Country:
    """What differs between countries (X8.3, X8.5)."""

    code: str
    currency: str
    version: str
    timezone: str
    zone: str
    tax: str
    sale: str
    purchase: str
    rates: tuple[Doc, ...]


def _rate(kind: str, name: str, percent: str, use: str, status: str = "ACTIVE") -> Doc:
    """A tax rate; `use` holds R (revenue) and E (expenses), the sides it can be applied to."""
    return {
        "TaxType": kind,
        "Name": name,
        "Rate": percent,
        "Revenue": "R" in use,
        "Expenses": "E" in use,
        "Status": status,
    }


COUNTRIES = {
    "AU": Country(
        *("AU", "AUD", "AU", "AUSEASTERNSTANDARDTIME", "Australia/Sydney", "GST", "OUTPUT", "INPUT"),
        (
            _rate("OUTPUT", "GST on Income", "10", "R"),
            _rate("INPUT", "GST on Expenses", "10", "E"),
            _rate("EXEMPTOUTPUT", "GST Free Income", "0", "R"),
            _rate("EXEMPTEXPENSES", "GST Free Expenses", "0", "E"),
            _rate("BASEXCLUDED", "BAS Excluded", "0", "RE"),
        ),
    ),
    "NZ": Country(
        *("NZ", "NZD", "NZ", "NEWZEALANDSTANDARDTIME", "Pacific/Auckland", "GST", "OUTPUT2", "INPUT2"),
        (
            _rate("OUTPUT2", "15% GST on Income", "15", "R"),
            _rate("INPUT2", "15% GST on Expenses", "15", "E"),
            _rate("ZERORATED", "Zero Rated", "0", "R"),
            _rate("NONE", "No GST", "0", "RE"),
            # X8.3: lists also hold rates deleted long ago.
            _rate("OUTPUT", "12.5% GST on Income", "12.5", "R", "DELETED"),
        ),
    ),
    "GB": Country(
        *("GB", "GBP", "UK", "GMTSTANDARDTIME", "Europe/London", "VAT", "OUTPUT2", "INPUT2"),
        (
            _rate("OUTPUT2", "20% (VAT on Income)", "20", "R"),
            _rate("INPUT2", "20% (VAT on Expenses)", "20", "E"),
            _rate("RROUTPUT", "5% (VAT on Income)", "5", "R"),
            _rate("ZERORATEDOUTPUT", "Zero Rated Income", "0", "R"),
            _rate("EXEMPTOUTPUT", "Exempt Income", "0", "R"),
            _rate("NONE", "No VAT", "0", "RE"),
        ),
    ),
}

_EXPENSE_CLASS = "EXPENSE"
# code, name, type, class, system account, payments may go to it, status
_ACCOUNTS = (
    ("090", "Business Bank Account", "BANK", "ASSET", "", True, "ACTIVE"),
    ("200", "Sales", "REVENUE", "REVENUE", "", False, "ACTIVE"),
    ("210", "Services", "REVENUE", "REVENUE", "", False, "ACTIVE"),
    ("215", "Warranties", "REVENUE", "REVENUE", "", False, "ACTIVE"),
    ("250", "Workshop hire", "REVENUE", "REVENUE", "", False, "ARCHIVED"),
    ("260", "Other Revenue", "REVENUE", "REVENUE", "", False, "ACTIVE"),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "EXPENSE", "", False, "ACTIVE"),
    ("400", "Advertising", "EXPENSE", "EXPENSE", "", False, "ACTIVE"),
    ("610", "Accounts Receivable", "CURRENT", "ASSET", "DEBTORS", False, "ACTIVE"),
    ("800", "Accounts Payable", "CURRLIAB", "LIABILITY", "CREDITORS", False, "ACTIVE"),
    ("820", "GST", "CURRLIAB", "LIABILITY", "GST", False, "ACTIVE"),
    ("860", "Rounding", "CURRLIAB", "LIABILITY", "ROUNDING", False, "ACTIVE"),
    ("880", "Owner Drawings", "EQUITY", "EQUITY", "", True, "ACTIVE"),
)


def accounts_of(country: Country) -> list[Doc]:
    """The chart; X11.12: codes are an organisation's own, and system accounts are refused on lines."""
    fields = ("Code", "Name", "Type", "Class", "SystemAccount", "EnablePaymentsToAccount", "Status")
    chart = [dict(zip(fields, row, strict=True)) for row in _ACCOUNTS]
    for account in chart:
        account["TaxType"] = _default_tax(country, account)
        if account["SystemAccount"] == "GST":
            account["Name"] = country.tax
    return chart


def _default_tax(country: Country, account: Doc) -> str:
    if account["Class"] == "REVENUE":
        return country.sale
    if account["Class"] == _EXPENSE_CLASS:
        return country.purchase
    return "BASEXCLUDED" if country.code == "AU" else "NONE"
