"""Do themes, currencies, users and tax rates obey X8.3 to X8.5?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.xero.tax_rates import effective
from tests.simulator.xero_stage import SCOPES, Xero, line, messages


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def test_themes(xero: Xero) -> None:
    """X8.4, X6.1: SortOrder 0 is the default, which an invoice shows; another may be sent, an unknown not."""
    rows = xero.get("BrandingThemes").json["BrandingThemes"]
    assert [(row["Name"], row["SortOrder"]) for row in rows] == [("Standard", 0), ("Special Projects", 1)]
    assert set(rows[0]) == {"BrandingThemeID", "Name", "Type", "SortOrder", "CreatedDateUTC"}
    first, second = (row["BrandingThemeID"] for row in rows)
    assert xero.get(f"BrandingThemes/{second}").json["BrandingThemes"] == rows[1:]
    assert xero.get("BrandingThemes/none").status_code == 404
    made = xero.make()
    assert made["BrandingThemeID"] == first
    assert xero.change(made["InvoiceID"], BrandingThemeID=second)["BrandingThemeID"] == second
    assert len(xero.refusal(BrandingThemeID="11111111-2222-4333-8444-555555555555")) == 1


def test_currencies(xero: Xero) -> None:
    """X8.4: only the organisation's own until one is added."""
    own = [{"Code": "AUD", "Description": "Australian Dollar"}]
    assert xero.get("Currencies").json["Currencies"] == own
    assert xero.refusal(CurrencyCode="EUR") == ["Organisation is not subscribed to currency EUR"]
    actions = {a["Name"]: a["Status"] for a in xero.get("Organisation/Actions").json["Actions"]}
    assert actions["UseMulticurrency"] == "NOT-ALLOWED"
    assert xero.call("PUT", "Currencies", {"Code": "ABC"}).status_code == 400
    xero.switch(multicurrency=False)
    assert xero.call("PUT", "Currencies", {"Code": "EUR"}).status_code == 400
    xero.switch(multicurrency=True)
    for _ in range(2):
        made = xero.call("PUT", "Currencies", {"Code": "EUR", "Description": "Euro"}).json["Currencies"]
        assert made == [{"Code": "EUR", "Description": "Euro"}]
    assert [row["Code"] for row in xero.get("Currencies").json["Currencies"]] == ["AUD", "EUR"]
    assert len(xero.get('Currencies?where=Code=="EUR"').json["Currencies"]) == 1


def test_rates_of_foreign_invoices(xero: Xero) -> None:
    """X6.1: the day's rate when none is sent, six decimals; an odd one warns (X5.4)."""
    xero.call("PUT", "Currencies", {"Code": "EUR"})
    assert xero.make(CurrencyRate="2.5")["CurrencyRate"] == 1.0, "the own currency has no rate"
    made = xero.make(CurrencyCode="EUR")
    assert (made["CurrencyCode"], made["CurrencyRate"], made["Total"]) == ("EUR", 0.6, 110.0)
    changed = xero.change(made["InvoiceID"], CurrencyRate="0.6123456")
    assert (changed["CurrencyRate"], changed["StatusAttributeString"]) == (0.612346, "OK")
    assert xero.change(made["InvoiceID"], Reference="x")["CurrencyRate"] == 0.612346
    odd = xero.change(made["InvoiceID"], CurrencyRate="6")
    assert (odd["StatusAttributeString"], odd["HasErrors"], len(odd["Warnings"])) == ("WARNING", False, 1)
    xero.switch(odd_rate_warns=False)
    assert "Warnings" not in xero.change(made["InvoiceID"], CurrencyRate="7")
    assert xero.change(made["InvoiceID"], CurrencyCode="AUD")["CurrencyRate"] == 1.0
    for wrong in ("0", "-1", "1e30"):
        assert len(messages(xero.change(made["InvoiceID"], CurrencyCode="EUR", CurrencyRate=wrong))) == 1


def test_users(xero: Xero) -> None:
    """X8.4."""
    (row,) = xero.get("Users").json["Users"]
    assert (row["EmailAddress"], row["OrganisationRole"]) == (xero.person, "FINANCIALADVISER")
    assert xero.get(f"Users/{row['UserID']}").json["Users"] == [row]
    assert xero.get('Users?where=OrganisationRole=="STANDARD"').json["Users"] == []
    assert xero.get("Users/none").status_code == 404


@pytest.mark.parametrize("path", ["Users", "BrandingThemes", "Currencies", "TrackingCategories", "TaxRates"])
def test_settings_need_their_scope(xero: Xero, path: str) -> None:
    """X2.4."""
    xero.tokens = xero.sign_in(xero.person, [xero.org], scope=SCOPES.replace("accounting.settings", ""))
    assert xero.get(path).status_code == 401


def part(rate: str, *, compound: bool = False) -> dict[str, Any]:
    return {"Name": "Part", "Rate": rate, "IsCompound": compound, "IsNonRecoverable": False}


def test_a_tax_rate_of_parts(xero: Xero) -> None:
    """X8.3, X6.5: TAX001 and on; EffectiveRate applies, and compound parts compound."""
    assert str(effective([part("10"), part("5", compound=True)])) == "15.5"
    wish = {"Name": "State and city", "TaxComponents": [part("5"), part("8", compound=True)]}
    made = xero.call("PUT", "TaxRates", wish).json["TaxRates"][0]
    assert (made["TaxType"], made["EffectiveRate"], len(made["TaxComponents"])) == ("TAX001", 13.4, 2)
    assert xero.call("PUT", "TaxRates", wish).json["TaxRates"][0]["TaxType"] == "TAX002"
    assert len(xero.get('TaxRates?where=TaxType=="TAX001"').json["TaxRates"]) == 1
    row = xero.make(LineItems=[line(TaxType="TAX001", UnitAmount="99.99")])
    assert (row["TotalTax"], row["Total"]) == (13.4, 113.39)
    assert xero.call("PUT", "TaxRates", {"Name": "x"}).status_code == 400
    assert xero.call("PUT", "TaxRates", {**wish, "Status": "DELETED"}).status_code == 501
    assert xero.call("PUT", "TaxRates", {"TaxRates": [wish, wish]}).status_code == 400


def join(xero: Xero, role: str) -> None:
    other = xero.new_organisation(role, "AU", role=role)
    xero.org, xero.tokens = other["organisation"], xero.sign_in(other["person"], [other["organisation"]])


NO_RIGHT = "The User specified does not have the correct permissions to perform this action"


def test_a_reader_writes_nothing(xero: Xero) -> None:
    """X8.4, X10: the rights of the person who connected."""
    join(xero, "READONLY")
    assert NO_RIGHT in xero.refusal()
    for path, body in (
        ("Items", {"Code": "X"}),
        ("Currencies", {"Code": "EUR"}),
        ("TrackingCategories", {"Name": "Region"}),
        ("Contacts", {"Name": "Acme"}),
    ):
        answer = xero.call("PUT", path, body)
        assert (answer.status_code, answer.json["Elements"][0]["ValidationErrors"]) == (400, [{"Message": NO_RIGHT}])
    actions = {a["Name"]: a["Status"] for a in xero.get("Organisation/Actions").json["Actions"]}
    assert actions["CreateDraftInvoice"] == "NOT-ALLOWED"


def test_invoice_only_people_make_drafts(xero: Xero) -> None:
    """X8.4, unverified: whether they approve is a switch."""
    join(xero, "INVOICEONLY")
    made = xero.make(Status="SUBMITTED")
    assert messages(xero.change(made["InvoiceID"], Status="AUTHORISED")) == [NO_RIGHT]
    actions = {a["Name"]: a["Status"] for a in xero.get("Organisation/Actions").json["Actions"]}
    assert (actions["CreateDraftInvoice"], actions["CreateApprovedInvoice"]) == ("ALLOWED", "NOT-ALLOWED")
    xero.switch(invoice_only_approves=True)
    assert xero.change(made["InvoiceID"], Status="AUTHORISED")["StatusAttributeString"] == "OK"
