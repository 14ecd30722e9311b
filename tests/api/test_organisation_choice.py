"""Is one organisation chosen for one CRM, and asked about where a test meets what is live?"""

from __future__ import annotations

import pytest

from tests.api import walk
from tests.api.looks import listed
from tests.api.walk import Edge, Office, connect_xero, connect_zoho, control, office


def arrive(edge: Edge, *, crm: str, demo: bool) -> Office:
    """A CRM of that type, with books, both connected by the real routes."""
    wish = {"name": "Harbour Tests", "location": "au", "currency": "AUD", "type": crm}
    org = control("POST", edge.zoho, "orgs", json=wish)
    books = control("POST", edge.xero, "organisations", json={"name": "Sample Books", "country": "AU", "demo": demo})
    admin = org["administrator"]["id"]
    token = walk.sign_in(edge, admin)["access_token"]
    assert connect_zoho(edge, token, admin).status_code == 200
    assert connect_xero(edge, token, books["person"], books["organisation"]).status_code == 200
    return Office(edge, org, books, token)


@pytest.mark.parametrize(("crm", "demo"), [("production", False), ("sandbox", True), ("developer", True)])
def test_like_and_like_are_chosen_at_once(edge: Edge, crm: str, demo: bool) -> None:
    mine = arrive(edge, crm=crm, demo=demo)
    assert mine.settings().get_json()["organisation"] == mine.organisation["organisation"]


@pytest.mark.parametrize(
    ("crm", "demo", "told"),
    [
        ("production", True, "Sample Books is Xero's demo company, which loses its data after 28 days."),
        ("sandbox", False, "Harbour Tests is a test CRM, but Sample Books is a live organisation in Xero."),
    ],
)
def test_a_test_beside_what_is_live_is_asked_about(edge: Edge, crm: str, demo: bool, told: str) -> None:
    """Connected, but not chosen; a save without the tick keeps nothing, one with it does, and the tick is not kept."""
    mine = arrive(edge, crm=crm, demo=demo)
    assert listed(edge, mine.token)["xero"]["state"] == "ok"
    assert mine.settings().get_json()["organisation"] is None
    wanted = {"organisation": mine.organisation["organisation"], "rounding_limit": "0.02"}
    asked = mine.put(wanted)
    assert (asked.status_code, asked.get_json()["code"]) == (409, "confirm_organisation")
    assert asked.get_json()["message"] == told
    assert asked.get_json()["fields"] == {"organisation": told, "invoices": "0", "customers": "0", "fields": "0"}
    assert mine.put({**wanted, "organisation_confirmed": False}).status_code == 409
    assert mine.settings().get_json()["rounding_limit"] is None
    saved = mine.put({**wanted, "organisation_confirmed": True})
    assert saved.status_code == 200, saved.text
    assert saved.get_json()["organisation"] == mine.organisation["organisation"]
    assert "organisation_confirmed" not in saved.get_json()
    assert mine.put(wanted).status_code == 200  # it is the tenant's own by now


def test_what_cannot_be_asked_is_not_chosen_unasked(edge: Edge) -> None:
    """Xero was away when the connect wanted to know what kind of organisation it is."""
    control("POST", edge.xero, "faults", json={"kind": "503", "path": "/api.xro/2.0/Organisation", "times": 1})
    mine = arrive(edge, crm="production", demo=False)
    assert mine.settings().get_json()["organisation"] is None
    assert mine.put({"organisation": mine.organisation["organisation"]}).status_code == 200


def test_a_taken_organisation_stays_taken_whatever_is_confirmed(edge: Edge) -> None:
    """With both names; the second goes on with its own."""
    first, second = (office(edge, "dana.brooks@example.test") for _ in range(2))
    wanted = {"organisation": first.organisation["organisation"], "organisation_confirmed": True}
    answer = second.put(wanted)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "organisation_taken")
    name = next(
        each["name"]
        for each in second.settings().get_json()["choices"]["organisations"]
        if each["id"] == first.organisation["organisation"]
    )
    assert answer.get_json()["message"] == f"{name} is already connected to the CRM of {first.org['name']}."
    assert second.settings().get_json()["organisation"] == second.organisation["organisation"]


@pytest.mark.parametrize("wrong", ["yes", 2, None, []])
def test_a_tick_is_true_or_false(edge: Edge, wrong: object) -> None:
    answer = office(edge).put({"organisation_confirmed": wrong})
    assert answer.status_code == 422
    assert list(answer.get_json()["fields"]) == ["organisation_confirmed"]
