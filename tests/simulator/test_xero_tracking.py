"""Do tracking categories and tracking on lines obey X8.4 and X6.8?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, line


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def category(xero: Xero, name: str, *options: str) -> dict[str, Any]:
    answer = xero.call("PUT", "TrackingCategories", {"name": name})
    assert answer.status_code == 200, answer.text
    made = answer.json["TrackingCategories"][0]
    for option in options:
        path = f"TrackingCategories/{made['TrackingCategoryID']}/Options"
        assert xero.call("PUT", path, {"name": option}).json["Options"][0]["IsActive"] is True
    found = xero.get(f"TrackingCategories/{made['TrackingCategoryID']}").json["TrackingCategories"][0]
    assert set(found) == {"Name", "Status", "TrackingCategoryID", "Options"}
    return dict(found)


def test_two_are_active_and_four_are_all(xero: Xero) -> None:
    """X8.4: an archived one leaves room; names are given once and are at most 100 long."""
    made = [category(xero, "Region")]
    for wrong in ("region", "x" * 101, ""):
        assert xero.call("PUT", "TrackingCategories", {"Name": wrong}).status_code == 400
    for name in ("Team", "Site", "Van"):
        made.append(category(xero, name))
        refused = xero.call("PUT", "TrackingCategories", {"Name": "One more"}) if name == "Team" else None
        assert refused is None or "2 tracking categories" in refused.text
        gone = {"Status": "ARCHIVED"}
        path = f"TrackingCategories/{made[-1]['TrackingCategoryID']}"
        assert xero.call("POST", path, gone).json["TrackingCategories"][0]["Status"] == "ARCHIVED"
    assert "4 tracking categories" in xero.call("PUT", "TrackingCategories", {"Name": "Fifth"}).text
    assert [row["Name"] for row in xero.get("TrackingCategories").json["TrackingCategories"]] == ["Region"]
    assert len(xero.get("TrackingCategories?includeArchived=true").json["TrackingCategories"]) == 4
    assert xero.call("DELETE", f"TrackingCategories/{made[0]['TrackingCategoryID']}").status_code == 501
    assert xero.get("TrackingCategories/none").status_code == 404


def test_options_are_renamed_and_archived(xero: Xero) -> None:
    """X8.4."""
    made = category(xero, "Region", "North", "South")
    option = made["Options"][0]["TrackingOptionID"]
    path = f"TrackingCategories/{made['TrackingCategoryID']}/Options"
    assert xero.call("POST", f"{path}/{option}", {"Name": "Far north"}).json["Options"][0]["Name"] == "Far north"
    assert xero.call("PUT", path, {"Name": "SOUTH"}).status_code == 400
    assert xero.call("POST", f"{path}/{option}", {"Status": "ARCHIVED"}).json["Options"][0]["IsArchived"] is True
    (row,) = xero.get("TrackingCategories").json["TrackingCategories"]
    assert [one["Name"] for one in row["Options"]] == ["South"]
    assert xero.call("POST", f"{path}/none", {"Name": "x"}).status_code == 404
    assert xero.call("PUT", "TrackingCategories/none/Options", {"Name": "x"}).status_code == 404


def test_a_line_names_its_options_by_name_or_by_id(xero: Xero) -> None:
    """X6.1, X6.8: single answers carry both ids, lists leave the option's out and add Options."""
    region, team = category(xero, "Region", "North", "South"), category(xero, "Team", "Fit-out")
    by_id = {
        "TrackingCategoryID": team["TrackingCategoryID"],
        "TrackingOptionID": team["Options"][0]["TrackingOptionID"],
    }
    made = xero.make(LineItems=[line(Tracking=[{"Name": "region", "Option": "north"}, by_id])])
    whole = {
        "Name": "Region",
        "Option": "North",
        "TrackingCategoryID": region["TrackingCategoryID"],
        "TrackingOptionID": region["Options"][0]["TrackingOptionID"],
    }
    assert made["LineItems"][0]["Tracking"] == [whole, {"Name": "Team", "Option": "Fit-out", **by_id}]
    single = xero.get(f"Invoices/{made['InvoiceID']}").json["Invoices"][0]
    assert single["LineItems"][0]["Tracking"][0] == whole
    listed = xero.get("Invoices?page=1").json["Invoices"][0]["LineItems"][0]["Tracking"][0]
    assert listed == {**{k: v for k, v in whole.items() if k != "TrackingOptionID"}, "Options": []}


def test_tracking_stays_until_it_is_sent(xero: Xero) -> None:
    """X6.6, X6.3: an empty list takes it off; it may change on a paid sales invoice."""
    category(xero, "Region", "North", "South")
    made = xero.make(LineItems=[line(Tracking=[{"Name": "Region", "Option": "North"}])])
    found = {"LineItemID": made["LineItems"][0]["LineItemID"]}
    row = xero.change(made["InvoiceID"], LineItems=[{**found, "Quantity": 2}])
    assert row["LineItems"][0]["Tracking"][0]["Option"] == "North"
    xero.bookkeeper("pay", made["InvoiceID"], amount="10")
    south = [{**found, "Tracking": [{"Name": "Region", "Option": "South"}]}]
    assert xero.change(made["InvoiceID"], LineItems=south)["LineItems"][0]["Tracking"][0]["Option"] == "South"
    assert xero.change(made["InvoiceID"], LineItems=[{**found, "Tracking": []}])["LineItems"][0]["Tracking"] == []


def test_wrong_tracking(xero: Xero) -> None:
    """X8.4: the text for an unknown option is ours; whether it is refused is a switch."""
    region = category(xero, "Region", "North", "South")
    unknown = [line(Tracking=[{"Name": "Region", "Option": "West"}])]
    twice = [line(Tracking=[{"Name": "Region", "Option": "North"}, {"Name": "Region", "Option": "South"}])]
    for wrong in (unknown, twice, [line(Tracking=[{"Name": "None", "Option": "North"}])]):
        assert len(xero.refusal(LineItems=wrong)) == 1
    path = f"TrackingCategories/{region['TrackingCategoryID']}"
    xero.call("POST", path, {"Status": "ARCHIVED"})
    assert len(xero.refusal(LineItems=[line(Tracking=[{"Name": "Region", "Option": "North"}])])) == 1
    xero.switch(unknown_tracking="ignored")
    assert xero.make(LineItems=unknown)["LineItems"][0]["Tracking"] == []
    answer = xero.call("PUT", "Invoices", {"LineItems": [line(Tracking="North")]})
    assert (answer.status_code, answer.json["ErrorNumber"]) == (400, 14)
