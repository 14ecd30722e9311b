"""Does the API tell of both connections who is behind them, what they may, and what is the matter?"""

from __future__ import annotations

import pytest
from sqlalchemy import update

from server.domain.scopes import scopes_for
from server.store.engine import from_ms
from server.store.tables import connection, grant
from server.sync.troubles import Trouble, told_of
from tests.api import walk
from tests.api.looks import all_rows, listed
from tests.api.walk import Edge, Office, Popup, control, office, start_connect

SERVICES = ("zoho", "xero")


@pytest.fixture
def mine(edge: Edge) -> Office:
    return office(edge)


def checked(mine: Office, service: str) -> walk.Doc:
    answer = mine.edge.call("POST", f"/connections/{service}/test", mine.token, json={})
    assert answer.status_code == 200, answer.text
    found: walk.Doc = answer.get_json()
    return found


def set_scopes(edge: Edge, service: str, scopes: str) -> None:
    with edge.services.store.begin() as c:
        c.execute(update(grant).where(grant.c.service == service).values(scopes=scopes))


def test_the_person_behind_is_named_as_crm_names_him(mine: Office) -> None:
    """And nothing is the matter."""
    found, name = listed(mine.edge, mine.token), mine.org["administrator"]["full_name"]
    assert found["zoho"]["person"] == {"name": name, "active": True}
    assert found["xero"]["person"] == {"name": name, "active": True}
    assert [found[service]["told"] for service in SERVICES] == [None, None]
    assert [found[service]["lacking"] for service in SERVICES] == [[], []]
    assert found["zoho"]["last_good_at"] is not None


def test_names_are_in_no_row_of_the_connection(mine: Office) -> None:
    """A person is a CRM user id there."""
    listed(mine.edge, mine.token)
    rows = [*all_rows(mine.edge, connection), *all_rows(mine.edge, grant)]
    told = " ".join(str(value) for row in rows for value in row)
    assert mine.org["administrator"]["full_name"] not in told
    assert mine.organisation["person"] not in told


def leaves(mine: Office, user_id: str) -> None:
    control("PATCH", mine.edge.zoho, "users", json={"zgid": mine.org["zgid"], "id": user_id, "status": "inactive"})


def test_somebody_who_left_is_told(mine: Office) -> None:
    """Who connected Xero is gone from CRM: it still works, and the page says that it should not stay so."""
    second = control(
        "POST", mine.edge.zoho, "users", json={"zgid": mine.org["zgid"], "name": "Kim Vale", "profile": "Administrator"}
    )
    token = walk.sign_in(mine.edge, second["id"])["access_token"]
    walk.connect_xero(mine.edge, token, mine.organisation["person"], mine.organisation["organisation"])
    leaves(mine, second["id"])
    found = listed(mine.edge, mine.token)["xero"]
    assert found["person"] == {"name": "Kim Vale", "active": False}
    assert (found["state"], found["told"]) == ("ok", told_of("person_left", "xero", "Kim Vale"))


def test_a_consent_ends_with_who_gave_it(mine: Office) -> None:
    """Zoho takes no token of somebody who left: seen at the first look, told, and nobody is named."""
    leaves(mine, mine.org["administrator"]["id"])
    found = listed(mine.edge, mine.token)["zoho"]
    assert (found["state"], found["person"]) == ("disconnected", None)
    assert found["told"] == told_of(found["trouble"], "zoho")


def test_nobody_is_named_while_crm_is_away(mine: Office) -> None:
    """Both connections are listed all the same."""
    control("POST", mine.edge.zoho, "faults", json={"kind": "503", "path": "/crm/v8/users", "times": 9})
    found = listed(mine.edge, mine.token)
    assert [found[service]["person"] for service in SERVICES] == [None, None]
    assert [found[service]["state"] for service in SERVICES] == ["ok", "ok"]


def test_needed_rights_are_those_that_were_asked_for(mine: Office) -> None:
    """What Zoho and Xero granted covers what the settings need, right by right."""
    found = listed(mine.edge, mine.token)
    for service in SERVICES:
        assert found[service]["needed"] == [each.name for each in scopes_for(service, {})]
        assert set(found[service]["needed"]) == set(found[service]["granted"])
        assert "read invoices" in found["zoho"]["purposes"]


def test_a_switch_that_needs_more_is_lacking_it_until_the_next_consent(mine: Office) -> None:
    """To add products Xero must allow more than it was asked for."""
    answer = mine.put({"products": "create"})
    assert answer.status_code == 200, answer.text
    found = listed(mine.edge, mine.token)["xero"]
    assert found["lacking"] == ["accounting.settings"]
    assert "granted" in found["told"]
    assert checked(mine, "xero") == {"ok": False, "told": found["told"]}
    walk.connect_xero(mine.edge, mine.token, mine.organisation["person"], mine.organisation["organisation"])
    assert listed(mine.edge, mine.token)["xero"]["lacking"] == []


@pytest.mark.parametrize(
    ("service", "granted", "missing"),
    [
        ("zoho", "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.READ,ZohoCRM.users.READ", []),
        ("zoho", "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.READ", ["ZohoCRM.users.READ"]),
        ("xero", "accounting.invoices accounting.contacts accounting.settings accounting.payments", []),
        ("xero", "accounting.invoices.read accounting.contacts accounting.settings accounting.payments",
         ["accounting.invoices"]),
        ("xero", "", []),
    ],
)  # fmt: skip
def test_a_wider_right_covers_a_narrow_one_and_not_the_reverse(
    mine: Office, service: str, granted: str, missing: list[str]
) -> None:
    set_scopes(mine.edge, service, granted)
    assert listed(mine.edge, mine.token)[service]["lacking"] == missing


def test_the_rights_are_told_before_the_consent(mine: Office) -> None:
    """On the page that asks first, in words."""
    page = Popup(mine.edge).open(start_connect(mine.edge, mine.token, "xero"), **{"Sec-Fetch-Site": "none"})
    for each in scopes_for("xero", {}):
        assert f"<li>{each.purpose}</li>" in page.text


@pytest.mark.parametrize(("service", "path"), [("zoho", "/crm/v8/org"), ("xero", "/api.xro/2.0/Organisation")])
def test_a_test_makes_one_live_call(mine: Office, service: str, path: str) -> None:
    """Besides CRM's word on whether this is an administrator, which every change asks for."""
    base = mine.edge.zoho if service == "zoho" else mine.edge.xero
    control("DELETE", base, "calls")
    found = checked(mine, service)
    assert found["ok"] is True
    assert "answers for" in found["told"]
    made = [call["path"] for call in control("GET", base, "calls")["calls"]]
    assert [each for each in made if not each.endswith("/users")] == [path]


@pytest.mark.parametrize(("kind", "told"), [("500", "away"), ("lost_reply", "away"), ("429", "away")])
@pytest.mark.parametrize("service", SERVICES)
def test_a_test_during_a_trouble_says_so_and_changes_nothing(mine: Office, service: str, kind: str, told: str) -> None:
    """A service that is away is no broken connection."""
    base, path = (mine.edge.zoho, "/crm/v8/org") if service == "zoho" else (mine.edge.xero, "/api.xro/2.0/Organisation")
    control("POST", base, "faults", json={"kind": kind, "path": path, "times": 9})
    assert checked(mine, service) == {"ok": False, "told": told_of(told, service)}
    assert listed(mine.edge, mine.token)[service]["state"] == "ok"


def test_a_test_finds_that_the_app_was_disconnected_in_xero(mine: Office) -> None:
    """Told, shown as disconnected, and mended by a test that works."""
    control("POST", mine.edge.xero, "faults", json={"kind": "403", "path": "/api.xro/2.0/Organisation", "times": 1})
    found = checked(mine, "xero")
    assert found["ok"] is False
    broken = listed(mine.edge, mine.token)["xero"]
    assert (broken["state"], broken["told"]) == ("disconnected", found["told"])
    assert checked(mine, "xero")["ok"] is True
    assert listed(mine.edge, mine.token)["xero"]["state"] == "ok"


def test_a_consent_that_was_taken_back_is_told_without_a_call(mine: Office) -> None:
    """What broke elsewhere is the matter of every tenant of that Xero person (X2.3)."""
    with mine.edge.services.store.begin() as c:
        broken = {"broken_why": "token_refused", "broken_at": from_ms(1_700_000_000_000)}
        c.execute(update(grant).where(grant.c.service == "xero").values(**broken))
    told = told_of("token_refused", "xero")
    assert listed(mine.edge, mine.token)["xero"]["told"] == told
    assert checked(mine, "xero") == {"ok": False, "told": told}


def test_nothing_is_connected_yet(edge: Edge) -> None:
    """What will be asked for is told before it is."""
    org = edge.new_org()
    token = walk.sign_in(edge, org["administrator"]["id"])["access_token"]
    found = listed(edge, token)
    assert [found[service]["state"] for service in SERVICES] == ["none", "none"]
    assert "write and read sales invoices" in found["xero"]["purposes"]
    answer = edge.call("POST", "/connections/xero/test", token, json={})
    assert answer.get_json() == {"ok": False, "told": told_of("not_connected", "xero")}


def test_only_administrators_test(mine: Office) -> None:
    token = walk.sign_in(mine.edge, mine.org["salesperson"]["id"])["access_token"]
    assert mine.edge.call("POST", "/connections/xero/test", token, json={}).status_code == 403
    assert mine.edge.call("POST", "/connections/books/test", mine.token, json={}).status_code == 404


def test_every_sentence_is_plain(edge: Edge) -> None:
    """No jargon, nothing left unfilled, and an end."""
    assert edge
    for code in Trouble.__members__:
        for service in SERVICES:
            told = str(told_of(code, service, "Kim Vale"))
            assert told.endswith(".") and "{" not in told
            assert not any(word in told.lower() for word in ("error", "invalid", "oauth", "token", "scope"))


def test_what_leaves_crm_is_listed_by_the_own_settings(mine: Office) -> None:
    """To everybody who is signed in; a field that is chosen stands there from then on, by its own name."""
    assert mine.edge.call("GET", "/data").status_code == 401
    token = walk.sign_in(mine.edge, mine.org["salesperson"]["id"])["access_token"]
    before = mine.edge.call("GET", "/data", token).get_json()["fields"]
    assert {"Invoice_Date", "Grand_Total"} <= {each["field"] for each in before}
    assert mine.put({"reference_field": "Subject"}).status_code == 200
    after = mine.edge.call("GET", "/data", token).get_json()["fields"]
    [new] = [each for each in after if each not in before]
    assert (new["module"], new["field"], new["xero"]) == ("Invoices", "Subject", "Reference")
