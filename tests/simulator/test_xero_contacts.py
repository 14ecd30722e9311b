"""Do contacts, accounts and tax rates follow X7 and X8?"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.simulator.xero_stage import Xero, messages


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def put(xero: Xero, **fields: Any) -> dict[str, Any]:
    return xero.write([fields], name="Contacts")[0]


def post(xero: Xero, **fields: Any) -> dict[str, Any]:
    return xero.write([fields], "POST", name="Contacts")[0]


def names(xero: Xero, query: str = "") -> list[str]:
    return sorted(row["Name"] for row in xero.get(f"Contacts?{query}").json["Contacts"])


def test_a_taken_name_gives_the_recorded_body(xero: Xero) -> None:
    """X5.5: 400 by default, whatever the letter case."""
    put(xero, Name="Acme")
    answer = xero.call("PUT", "Contacts", {"Contacts": [{"Name": "ACME"}]})
    assert answer.status_code == 400
    assert answer.json == {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [
            {
                "ContactID": "00000000-0000-0000-0000-000000000000",
                "Name": "ACME",
                "Addresses": [],
                "Phones": [],
                "ContactGroups": [],
                "ContactPersons": [],
                "HasValidationErrors": True,
                "ValidationErrors": [
                    {
                        "Message": "The contact name ACME is already assigned to another contact. "
                        "The contact name must be unique across all active contacts."
                    }
                ],
            }
        ],
    }


def test_a_taken_contact_number(xero: Xero) -> None:
    """X7: archived contacts hold theirs too."""
    made = put(xero, Name="Acme", ContactNumber="Z1")
    post(xero, ContactID=made["ContactID"], ContactStatus="ARCHIVED")
    assert messages(put(xero, Name="Other", ContactNumber="Z1")) == [
        "Another contact has this contact number. Please enter a different contact number."
    ]


@pytest.mark.parametrize("name", [" Acme", "Acme ", "Ac  me", "<Acme>", "A" * 256, ""])
def test_names_that_are_refused(xero: Xero, name: str) -> None:
    """X7."""
    assert messages(put(xero, Name=name))


@pytest.mark.parametrize("email", ["nobody", "jürgen@example.test", "a@b"])
def test_bad_email_addresses(xero: Xero, email: str) -> None:
    """X7, X10: no umlauts."""
    assert messages(put(xero, Name="Acme", EmailAddress=email)) == ["Email address must be valid."]


def test_post_updates_its_match_and_leaves_the_rest(xero: Xero) -> None:
    """X7: by ContactID, ContactNumber or Name; one phone sent leaves the others."""
    phone = {"PhoneType": "MOBILE", "PhoneNumber": "0400 000 000"}
    made = put(xero, Name="Acme", ContactNumber="Z1", Phones=[phone])
    post(xero, Name="acme", EmailAddress="a@b.example")
    post(xero, ContactNumber="Z1", FirstName="Ada")
    row = post(xero, ContactID=made["ContactID"], Phones=[{"PhoneType": "FAX", "PhoneNumber": "1"}])
    assert (row["EmailAddress"], row["FirstName"], row["ContactID"]) == ("a@b.example", "Ada", made["ContactID"])
    assert {p["PhoneType"]: p["PhoneNumber"] for p in row["Phones"]} == {
        "DDI": "", "DEFAULT": "", "FAX": "1", "MOBILE": "0400 000 000",
    }  # fmt: skip
    assert len(names(xero)) == 1


def test_archived_contacts(xero: Xero) -> None:
    """X7: hidden unless asked for, never edited, their name is free (X11.10, a switch)."""
    made = put(xero, Name="Acme")
    assert post(xero, ContactID=made["ContactID"], ContactStatus="ARCHIVED")["ContactStatus"] == "ARCHIVED"
    found = messages(post(xero, ContactID=made["ContactID"], ContactStatus="ARCHIVED"))
    assert found[0].startswith("The specified contact details matched an archived contact.")
    assert names(xero) == []
    assert names(xero, f"IDs={made['ContactID']}") == []
    assert names(xero, "includeArchived=true") == ["Acme"]
    assert xero.get(f"Contacts/{made['ContactID']}").json["Contacts"][0]["ContactStatus"] == "ARCHIVED"
    xero.switch(archived_name_free=False)
    assert messages(put(xero, Name="Acme"))
    xero.switch(archived_name_free=True)
    assert put(xero, Name="Acme")["ContactID"] != made["ContactID"]


def test_switches_of_contacts(xero: Xero) -> None:
    """X7, unverified: un-archiving by API, and whether AccountNumber is unique."""
    made = put(xero, Name="Acme", AccountNumber="A1")
    assert put(xero, Name="Other", AccountNumber="A1")["StatusAttributeString"] == "OK"
    xero.switch(account_number_unique=True, unarchive_by_api=True)
    assert messages(put(xero, Name="Third", AccountNumber="a1")) == ["Another contact has this account number."]
    post(xero, ContactID=made["ContactID"], ContactStatus="ARCHIVED")
    assert messages(post(xero, ContactID=made["ContactID"], FirstName="Ada"))
    assert post(xero, ContactID=made["ContactID"], ContactStatus="ACTIVE")["ContactStatus"] == "ACTIVE"


def test_a_demo_company(xero: Xero) -> None:
    """X1, X8.5: marked as one; its data and its connection end with its days."""
    made = xero.new_organisation("Demo Company (AU)", "AU", demo=True, person=xero.person)
    xero.tokens, xero.org = xero.sign_in(xero.person, [xero.org, made["organisation"]]), made["organisation"]
    org = xero.get("Organisation").json["Organisations"][0]
    assert (org["IsDemoCompany"], org["Class"]) == (True, "DEMO")
    put(xero, Name="Acme")
    xero.bookkeeper("set_own_terms", day=7, type="DAYSAFTERBILLDATE")
    xero.bookkeeper("add_tax_rate", name="Levy", components=[{"name": "Levy", "rate": "2"}])
    xero.call("PUT", "Currencies", {"Code": "EUR"})
    assert xero.bookkeeper("reset_demo").status_code == 200
    assert xero.get("Contacts").status_code == 403
    xero.tokens = xero.sign_in(xero.person, [xero.org])
    assert names(xero) == []
    assert xero.get("Organisation").json["Organisations"][0]["PaymentTerms"] == {}
    assert [row["Code"] for row in xero.get("Currencies").json["Currencies"]] == ["AUD"]
    assert not [row for row in xero.get("TaxRates").json["TaxRates"] if row["Name"] == "Levy"]
    xero.switch(demo_days=0)
    assert xero.get("Contacts").status_code == 403


def test_sent_customer_marks_are_ignored(xero: Xero) -> None:
    """X7, recorded: the first approved invoice sets it."""
    row = put(xero, Name="Brightwater Dental", IsCustomer=True)
    assert row["IsCustomer"] is False
    xero.make(Status="DRAFT")
    assert xero.get("Contacts").json["Contacts"][0]["IsCustomer"] is False
    xero.make()
    assert xero.get("Contacts").json["Contacts"][0]["IsCustomer"] is True


def test_finding_contacts(xero: Xero) -> None:
    """X7: by number in the path, by name in `where`, by a search term, page by page."""
    put(xero, Name="Müller Küchen GmbH", ContactNumber="Z42", EmailAddress="info@kuechen.example")
    put(xero, Name="Acme")
    assert xero.get("Contacts/Z42").json["Contacts"][0]["Name"] == "Müller Küchen GmbH"
    assert xero.get("Contacts/Z43").status_code == 404
    where = quote('Name=="müller KÜCHEN gmbh"')
    assert names(xero, f"where={where}&includeArchived=true") == ["Müller Küchen GmbH"]
    assert names(xero, "where=" + quote('ContactNumber=="Z42"')) == ["Müller Küchen GmbH"]
    assert names(xero, "searchTerm=KUECHEN") == ["Müller Küchen GmbH"]
    answer = xero.get("Contacts?page=1&pageSize=1&order=Name").json
    assert answer["pagination"]["itemCount"] == 2
    assert [row["Name"] for row in answer["Contacts"]] == ["Acme"]
    summary = xero.get("Contacts?summaryOnly=true").json
    assert "pagination" in summary
    assert "IsCustomer" not in summary["Contacts"][0]


def test_a_name_twice_in_one_batch(xero: Xero) -> None:
    """X5.4, X7: done in order, the second one fails."""
    rows = xero.write([{"Name": "A"}, {"Name": "a"}, {"Name": "B"}], name="Contacts")
    assert [row["StatusAttributeString"] for row in rows] == ["OK", "ERROR", "OK"]


def test_accounts_have_system_archived_and_bank_ones(xero: Xero) -> None:
    """X8.2."""
    rows = {row["Code"]: row for row in xero.get("Accounts").json["Accounts"]}
    assert rows["610"]["SystemAccount"] == "DEBTORS"
    assert rows["860"]["SystemAccount"] == "ROUNDING"
    assert rows["250"]["Status"] == "ARCHIVED"
    assert rows["090"]["Type"] == "BANK"
    assert rows["200"]["TaxType"] == "OUTPUT"
    where = quote('Type=="REVENUE" AND Status=="ACTIVE"')
    found = [row["Code"] for row in xero.get(f"Accounts?where={where}").json["Accounts"]]
    assert found == ["200", "210", "215", "260"]


@pytest.mark.parametrize(
    ("country", "code", "percent", "zone"),
    [
        ("AU", "OUTPUT", 10.0, "AUSEASTERNSTANDARDTIME"),
        ("NZ", "OUTPUT2", 15.0, "NEWZEALANDSTANDARDTIME"),
        ("GB", "OUTPUT2", 20.0, "GMTSTANDARDTIME"),
    ],
)
def test_countries(xero: Xero, country: str, code: str, percent: float, zone: str) -> None:
    """X8.3, X8.5."""
    made = xero.new_organisation("Land", country)
    xero.org, xero.tokens = made["organisation"], xero.sign_in(made["person"], [made["organisation"]])
    rates = {row["TaxType"]: row for row in xero.get("TaxRates").json["TaxRates"] if row["Status"] == "ACTIVE"}
    assert (rates[code]["EffectiveRate"], rates[code]["CanApplyToRevenue"]) == (percent, True)
    org = xero.get("Organisation").json["Organisations"][0]
    assert (org["Timezone"], org["CountryCode"]) == (zone, country)
    assert org["ShortCode"].startswith("!")
    assert xero.make()["TotalTax"] == percent
