"""Do payment terms of contacts and organisations follow X7 and X8.5?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, messages

Doc = dict[str, Any]
SALES: Doc = {"Day": 20, "Type": "OFFOLLOWINGMONTH"}
BILLS: Doc = {"Day": 5, "Type": "DAYSAFTERBILLMONTH"}


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def save(xero: Xero, terms: Any, name: str = "Acme") -> Doc:
    return xero.write([{"Name": name, "PaymentTerms": terms}], "POST", name="Contacts")[0]


def terms_of(xero: Xero, query: str) -> Doc | None:
    found: Doc | None = xero.get(f"Contacts{query}").json["Contacts"][0].get("PaymentTerms")
    return found


def test_terms_are_kept_and_shown_where_a_contact_is_shown_in_full(xero: Xero) -> None:
    """The write's answer, the single read and paged lists hold both sides; a list without paging by the switch."""
    both = {"Bills": BILLS, "Sales": SALES}
    made = save(xero, both)
    assert made["PaymentTerms"] == both
    assert terms_of(xero, f"/{made['ContactID']}") == both
    assert terms_of(xero, "?page=1") == both
    assert terms_of(xero, f"?IDs={made['ContactID']}&page=1") == both
    assert terms_of(xero, "") is None
    xero.switch(terms_in_unpaged_list=True)
    assert terms_of(xero, "") == both


def test_a_contact_without_terms_shows_none(xero: Xero) -> None:
    """X5.1: what is null is left out."""
    made = xero.write([{"Name": "Acme"}], name="Contacts")[0]
    assert "PaymentTerms" not in xero.get(f"Contacts/{made['ContactID']}").json["Contacts"][0]


def test_the_side_that_is_not_sent_stays_or_goes_by_the_switch(xero: Xero) -> None:
    save(xero, {"Bills": BILLS})
    assert save(xero, {"Sales": SALES})["PaymentTerms"] == {"Bills": BILLS, "Sales": SALES}
    xero.switch(terms_side_kept=False)
    assert save(xero, {"Sales": SALES})["PaymentTerms"] == {"Sales": SALES}


def test_other_changes_leave_the_terms(xero: Xero) -> None:
    save(xero, {"Sales": SALES})
    made = xero.write([{"Name": "Acme", "EmailAddress": "a@example.test"}], "POST", name="Contacts")[0]
    assert made["PaymentTerms"] == {"Sales": SALES}


@pytest.mark.parametrize("kind", ["DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH"])
def test_the_four_types(xero: Xero, kind: str) -> None:
    side = {"Day": 10, "Type": kind}
    assert save(xero, {"Sales": side})["PaymentTerms"]["Sales"] == side


@pytest.mark.parametrize(
    "side", [{"Day": 10, "Type": "NEXTWEEK"}, {"Day": 10, "Type": "ofcurrentmonth"}, {"Day": 1.5, "Type": "X"}, 30]
)
def test_what_cannot_be_read_is_refused_as_a_whole(xero: Xero, side: Any) -> None:
    """X11.15: enums are spelled exactly, ErrorNumber 14."""
    answer = xero.call("POST", "Contacts?summarizeErrors=false", {"Name": "Acme", "PaymentTerms": {"Sales": side}})
    assert (answer.status_code, answer.json["ErrorNumber"]) == (400, 14)


@pytest.mark.parametrize(
    ("side", "long", "fine"),
    [
        ({"Day": 60, "Type": "DAYSAFTERBILLDATE"}, True, True),
        ({"Day": 60, "Type": "DAYSAFTERBILLDATE"}, False, False),
        ({"Day": 31, "Type": "DAYSAFTERBILLDATE"}, False, True),
        ({"Day": 366, "Type": "DAYSAFTERBILLDATE"}, True, False),
        ({"Day": 32, "Type": "OFFOLLOWINGMONTH"}, True, False),
        ({"Day": -1, "Type": "OFCURRENTMONTH"}, True, False),
        ({"Type": "OFCURRENTMONTH"}, True, False),
        ({"Day": 3}, True, False),
    ],
)
def test_days_that_there_are(xero: Xero, side: Doc, long: bool, fine: bool) -> None:
    """A day of a month ends at 31; days after the invoice's date go further by the switch."""
    xero.switch(terms_over_31_days=long)
    row = save(xero, {"Sales": side})
    assert row["StatusAttributeString"] == "OK" if fine else messages(row)


def test_an_organisation_has_terms_once_a_person_sets_them(xero: Xero) -> None:
    """GET Organisation: an empty object before (X8.5), and after they were taken back."""
    assert xero.get("Organisation").json["Organisations"][0]["PaymentTerms"] == {}
    said = xero.bookkeeper("set_own_terms", day="14", type="DAYSAFTERBILLDATE").json
    assert said["said"] == "Test & Sons: customers pay 14 days after the invoice date"
    shown = xero.get("Organisation").json["Organisations"][0]["PaymentTerms"]
    assert shown == {"Sales": {"Day": 14, "Type": "DAYSAFTERBILLDATE"}}
    xero.bookkeeper("set_own_terms", day="")
    assert xero.get("Organisation").json["Organisations"][0]["PaymentTerms"] == {}
    assert xero.bookkeeper("set_own_terms", day="40", type="OFCURRENTMONTH").status_code == 400


def test_the_bookkeeper_sets_a_contacts_terms_by_control(xero: Xero) -> None:
    """By name, for sales unless bills are said; it moves UpdatedDateUTC as every change of a contact."""
    made = save(xero, {"Bills": BILLS})
    said = xero.bookkeeper("set_terms", contact="Acme", day=20, type="OFFOLLOWINGMONTH").json["said"]
    assert said == "Acme: customers pay day 20 of the following month"
    assert terms_of(xero, f"/{made['ContactID']}") == {"Bills": BILLS, "Sales": SALES}
    xero.bookkeeper("set_terms", contact="Acme", side="Bills", day=None)
    assert terms_of(xero, f"/{made['ContactID']}") == {"Sales": SALES}
    for wrong in ({"day": "soon"}, {"day": 3, "type": "LATER"}, {"day": 3, "side": "Both"}, {"contact": "Nobody"}):
        wish = {"contact": "Acme", "type": "OFCURRENTMONTH", **wrong}
        assert xero.bookkeeper("set_terms", **wish).status_code == 400, wrong


def test_terms_on_the_pages(xero: Xero) -> None:
    """A contact's on the page of contacts, the organisation's on that of tax rates and terms."""
    made = save(xero, {"Bills": BILLS})
    start = f"/bookkeeper/{xero.code}"
    form = {"action": "set_terms", "contact": made["ContactID"], "day": "20", "type": "OFFOLLOWINGMONTH"}
    assert xero.web.post(f"{start}/contacts", data=form).status_code == 303
    assert "<td>day 20 of the following month</td>" in xero.web.get(f"{start}/contacts").text
    form = {"action": "set_own_terms", "day": "7", "type": "DAYSAFTERBILLDATE"}
    assert xero.web.post(f"{start}/setup", data=form).headers["Location"] == f"{start}/setup"
    assert "7 days after the invoice date." in xero.web.get(f"{start}/setup").text
    refused = xero.web.post(f"{start}/setup", data={**form, "day": "400"})
    assert (refused.status_code, "is not valid" in refused.text) == (400, True)
