"""Which calls read the organisation, its accounts and its tax rates?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from simulator.control import switches_of
from simulator.xero import listing, rights
from simulator.xero.books import rates_of
from simulator.xero.charts import COUNTRIES
from simulator.xero.guard import caller
from simulator.xero.where import Getter
from simulator.xero.wire import day_ms, envelope, instant_ms, not_found, without_nulls

Doc = dict[str, Any]
_ACCOUNT_FIELDS: dict[str, Getter] = {
    **{
        name: (lambda row, key=name: row.get(key))  # type: ignore[misc]
        for name in ("AccountID", "Code", "Name", "Type", "Class", "Status", "TaxType", "SystemAccount")
    },
    "EnablePaymentsToAccount": lambda row: row["EnablePaymentsToAccount"],
    "UpdatedDateUTC": lambda row: row["Updated"],
}
_RATE_FIELDS: dict[str, Getter] = {
    **{
        name: (lambda row, key=name: row.get(key))  # type: ignore[misc]
        for name in ("TaxType", "Name", "Status")
    },
    "CanApplyToRevenue": lambda row: row["Revenue"],
    "CanApplyToExpenses": lambda row: row["Expenses"],
}


def add_routes(routes: Blueprint) -> None:
    """GET Organisation, Organisation/Actions, Accounts, TaxRates (X8)."""

    @routes.get("/Organisation")
    @routes.get("/Organisations")
    def organisation() -> Response:
        return envelope("Organisations", [_organisation(caller().org)])

    @routes.get("/Organisation/Actions")
    def actions() -> Response:
        allowed = rights.actions(caller().org, caller().role, switches_of())
        rows = [{"Name": name, "Status": "ALLOWED" if yes else "NOT-ALLOWED"} for name, yes in allowed.items()]
        return envelope("Actions", rows)

    @routes.get("/Accounts")
    def accounts() -> Response:
        stamp = caller().org["Created"]
        rows = [{**account, "Updated": stamp} for account in caller().org["Accounts"]]
        rows = listing.ordered(listing.filtered(rows, [], _ACCOUNT_FIELDS), _ACCOUNT_FIELDS, "Code", "AccountID")
        return envelope("Accounts", [_account(row, caller().org) for row in rows])

    @routes.get("/Accounts/<account>")
    def one_account(account: str) -> Response:
        org = caller().org
        found = [a for a in org["Accounts"] if a["AccountID"] == account.lower()]
        rows = [_account({**a, "Updated": org["Created"]}, org) for a in found]
        return envelope("Accounts", rows) if rows else not_found()

    @routes.get("/TaxRates")
    def tax_rates() -> Response:
        org = caller().org
        rows = [{**rate, "Updated": org["Created"]} for rate in rates_of(org)]
        rows = listing.ordered(listing.filtered(rows, [], _RATE_FIELDS), _RATE_FIELDS, "Name", "TaxType")
        return envelope("TaxRates", [rate_row(row, COUNTRIES[org["country"]].tax) for row in rows])


def _organisation(org: Doc) -> Doc:
    """The recorded keys of X8.5; the lock dates only when set (X6.4)."""
    land = COUNTRIES[org["country"]]
    locks = {name: day_ms(org[name]) for name in ("PeriodLockDate", "EndOfYearLockDate") if org[name]}
    return {
        "Name": org["Name"],
        "LegalName": org["Name"],
        "PaysTax": True,
        "Version": land.version,
        "OrganisationType": "COMPANY",
        "BaseCurrency": org["BaseCurrency"],
        "CountryCode": land.code,
        "IsDemoCompany": bool(org.get("Demo")),
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 30 if land.code == "AU" else 31,
        "FinancialYearEndMonth": 6 if land.code == "AU" else 3,
        "SalesTaxBasis": "INVOICE" if land.code == "NZ" else "ACCRUALS",
        "SalesTaxPeriod": "TWOMONTHS" if land.code == "NZ" else "QUARTERLY",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
        **locks,
        "CreatedDateUTC": instant_ms(org["Created"], offset=False),
        "OrganisationEntityType": "COMPANY",
        "Timezone": land.timezone,
        "ShortCode": org["ShortCode"],
        "OrganisationID": org["id"],
        "Edition": "BUSINESS",
        "Class": "DEMO" if org.get("Demo") else "STANDARD",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": org.get("PaymentTerms", {}),
    }


def _account(row: Doc, org: Doc) -> Doc:
    bank = row["Type"] == "BANK"
    return without_nulls(
        {
            "AccountID": row["AccountID"],
            "Code": row["Code"],
            "Name": row["Name"],
            "Status": row["Status"],
            "Type": row["Type"],
            "TaxType": row["TaxType"],
            "Class": row["Class"],
            "SystemAccount": row["SystemAccount"],
            "EnablePaymentsToAccount": row["EnablePaymentsToAccount"],
            "ShowInExpenseClaims": False,
            "BankAccountNumber": "0000000000" if bank else None,
            "BankAccountType": "BANK" if bank else "",
            "CurrencyCode": org["BaseCurrency"] if bank else None,
            "ReportingCode": "",
            "HasAttachments": False,
            "UpdatedDateUTC": instant_ms(row["Updated"]),
            "AddToWatchlist": False,
        }
    )


def rate_row(row: Doc, tax: str) -> Doc:
    """X8.3; `EffectiveRate` is what applies: what the parts come to."""
    percent = Decimal(row["Rate"])
    only = {"Name": tax, "Rate": percent, "IsCompound": False, "IsNonRecoverable": False}
    parts = [{**part, "Rate": Decimal(part["Rate"])} for part in row.get("Components", [only])]
    return {
        "Name": row["Name"],
        "TaxType": row["TaxType"],
        "ReportTaxType": row.get("Report") or ("OUTPUT" if row["Revenue"] else "INPUT"),
        "CanApplyToAssets": True,
        "CanApplyToEquity": True,
        "CanApplyToExpenses": row["Expenses"],
        "CanApplyToLiabilities": True,
        "CanApplyToRevenue": row["Revenue"],
        "DisplayTaxRate": percent,
        "EffectiveRate": percent,
        "Status": row["Status"],
        "TaxComponents": parts,
    }
