"""Does a connect tie a tenant to the right organisation, and a disconnect end no more than it should?"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from server.store.engine import from_ms
from server.store.tables import connection, grant, link, organisation
from tests.api import walk
from tests.api.looks import all_rows, listed
from tests.api.walk import Edge, Popup, connect_xero, control, data_of, office, start_connect

LINK: dict[str, Any] = {
    "id": "l1",
    "module": "Invoices",
    "record_id": "1",
    "created_at": 0,
    "former_ids": [],
    "line_ids": {},
    "payments": [],
    "crm_stamps": [],
}


@pytest.fixture
def org(edge: Edge) -> walk.Doc:
    return edge.new_org()


@pytest.fixture
def token(edge: Edge, org: walk.Doc) -> str:
    return str(walk.sign_in(edge, org["administrator"]["id"])["access_token"])


def test_one_organisation_in_the_consent_is_chosen(edge: Edge, org: walk.Doc, token: str) -> None:
    """Connected, chosen, and to be scanned from the beginning before the first create (4a.16)."""
    books = edge.new_organisation()
    page = connect_xero(edge, token, books["person"], books["organisation"])
    assert page.status_code == 200
    row = all_rows(edge, organisation)[0]
    assert (row.xero_id, row.scan_since) == (books["organisation"], from_ms(0))
    assert listed(edge, token)["xero"]["name"] == row.name
    settings = edge.call("GET", "/settings", token).get_json()
    assert settings["organisation"] == books["organisation"]
    assert settings["missing"] == ["zoho", "account", "taxes", "statuses", "number"]


def test_xero_is_asked_for_one_organisation_and_granular_scopes(edge: Edge, token: str) -> None:
    """No multi-organisation consent (X2.1), offline access, no broad scope (X2.4)."""
    query = parse_qs(urlsplit(Popup(edge).leave(start_connect(edge, token, "xero"))).query)
    assert query["acr_values"] == ["bulk_connect:false"]
    assert query["scope"][0].split() == [
        *("openid", "profile", "email", "offline_access"),
        *("accounting.invoices", "accounting.contacts", "accounting.settings.read", "accounting.payments.read"),
    ]
    assert query["redirect_uri"] == [f"{edge.base}/oauth/xero/callback"]


def test_a_link_from_outside_asks_first(edge: Edge, org: walk.Doc, token: str) -> None:
    """Somebody who is sent a connect link reads whose CRM would get their books, before Xero is asked."""
    popup, door = Popup(edge), start_connect(edge, token, "xero")
    for site in ("none", "cross-site", "same-site"):
        page = popup.open(door, **{"Sec-Fetch-Site": site})
        assert page.status_code == 200
        assert org["name"] in page.text
        assert org["administrator"]["full_name"] in page.text
        assert f'href="{door}"' in page.text
    assert popup.open(door, **{"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_a_xero_person_has_one_grant_for_all_tenants(edge: Edge) -> None:
    """Two tenants, one bookkeeper: one token set, each tenant its own organisation."""
    first = office(edge, "dana.brooks@example.test")
    second = office(edge, "dana.brooks@example.test")
    grants = [row for row in all_rows(edge, grant) if row.service == "xero"]
    assert len(grants) == 1
    used = {row.grant_id for row in all_rows(edge, connection) if row.service == "xero"}
    assert used == {grants[0].id}
    for each in (first, second):
        assert each.settings().get_json()["organisation"] == each.organisation["organisation"]


def test_a_reconnect_mends_every_tenant_of_the_person(edge: Edge) -> None:
    """A refused grant breaks both; one new consent sets both right."""
    first, second = (office(edge, "dana.brooks@example.test") for _ in range(2))
    break_grant(edge)
    assert listed(edge, second.token)["xero"]["state"] == "disconnected"
    assert listed(edge, second.token)["xero"]["trouble"] == "token_refused"
    with edge.services.store.begin() as c:
        c.execute(update(connection).where(connection.c.service == "xero").values(state="disconnected"))
    connect_xero(edge, first.token, "dana.brooks@example.test", first.organisation["organisation"])
    for each in (first, second):
        state = listed(edge, each.token)["xero"]
        assert (state["state"], state["trouble"]) == ("ok", None)


def break_grant(edge: Edge) -> None:
    with edge.services.store.begin() as c:
        broken = {"broken_why": "token_refused", "broken_at": from_ms(1_700_000_000_000)}
        c.execute(update(grant).where(grant.c.service == "xero").values(**broken))


def test_a_disconnect_touches_no_other_tenant(edge: Edge) -> None:
    """The person's grant is revoked only with its last connection (X2.5)."""
    first, second = (office(edge, "dana.brooks@example.test") for _ in range(2))
    assert edge.call("DELETE", "/connections/xero", first.token).status_code == 204
    assert listed(edge, first.token)["xero"]["state"] == "none"
    assert listed(edge, second.token)["xero"]["state"] == "ok"
    assert edge.xero_calls().get("POST /connect/revocation", 0) == 0
    reached = {each["id"] for each in second.settings().get_json()["choices"]["organisations"]}
    assert second.organisation["organisation"] in reached
    assert first.organisation["organisation"] not in reached
    assert edge.call("DELETE", "/connections/xero", second.token).status_code == 204
    assert edge.xero_calls().get("POST /connect/revocation") == 1
    assert [row for row in all_rows(edge, grant) if row.service == "xero"] == []


def test_a_disconnect_of_nothing_is_fine(edge: Edge, token: str) -> None:
    """It may be asked twice."""
    assert edge.call("DELETE", "/connections/xero", token).status_code == 204
    assert edge.call("DELETE", "/connections/zoho", token).status_code == 204


def test_a_disconnect_while_xero_is_away_changes_nothing(edge: Edge) -> None:
    """Told with a time; still connected, to be asked again."""
    mine = office(edge)
    control("POST", edge.xero, "faults", json={"kind": "503", "path": "/connections"})
    answer = edge.call("DELETE", "/connections/xero", mine.token)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "xero_away")
    assert int(answer.headers["Retry-After"]) >= 1
    assert listed(edge, mine.token)["xero"]["state"] == "ok"
    assert edge.call("DELETE", "/connections/xero", mine.token).status_code == 204


def test_zohos_consent_is_given_back_at_disconnect(edge: Edge) -> None:
    """The connection's refresh token is revoked; the administrator stays signed in."""
    mine = office(edge)
    control("DELETE", edge.zoho, "calls")
    assert edge.call("DELETE", "/connections/zoho", mine.token).status_code == 204
    assert edge.zoho_calls().get("POST /oauth/v2/token/revoke") == 1
    assert listed(edge, mine.token)["zoho"]["state"] == "none"


def test_an_organisation_belongs_to_one_tenant(edge: Edge, org: walk.Doc, token: str) -> None:
    """The second is refused with both names; nothing of the try stays, the first goes on."""
    first = office(edge, "dana.brooks@example.test")
    page = connect_xero(edge, token, "dana.brooks@example.test", first.organisation["organisation"])
    assert (page.status_code, data_of(page)["reason"]) == (409, "organisation_taken")
    assert first.org["name"] in page.text
    assert listed(edge, token)["xero"]["state"] == "none"
    assert first.settings().get_json()["choices"]["accounts"]


def test_a_reconnect_to_another_organisation_is_refused_with_both_names(edge: Edge) -> None:
    """The settings stay those of the first organisation, and Xero forgets the other one."""
    mine = office(edge, "dana.brooks@example.test")
    other = edge.new_organisation("dana.brooks@example.test", name="Somebody Else & Co")
    page = connect_xero(edge, mine.token, "dana.brooks@example.test", other["organisation"])
    assert (page.status_code, data_of(page)["reason"]) == (409, "other_organisation")
    assert "Somebody Else &amp; Co" in page.text
    now = mine.settings().get_json()
    assert now["organisation"] == mine.organisation["organisation"]
    assert other["organisation"] not in {each["id"] for each in now["choices"]["organisations"]}
    assert listed(edge, mine.token)["xero"]["state"] == "ok"


def test_a_disconnected_tenant_must_come_back_to_its_organisation(edge: Edge) -> None:
    """The choice outlives the connection; the right one is taken again."""
    mine = office(edge, "dana.brooks@example.test")
    edge.call("DELETE", "/connections/xero", mine.token)
    other = edge.new_organisation("dana.brooks@example.test")
    refused = connect_xero(edge, mine.token, "dana.brooks@example.test", other["organisation"])
    assert data_of(refused)["reason"] == "other_organisation"
    assert listed(edge, mine.token)["xero"]["state"] == "none"
    assert [row for row in all_rows(edge, grant) if row.service == "xero"] == []
    connect_xero(edge, mine.token, "dana.brooks@example.test", mine.organisation["organisation"])
    assert mine.settings().get_json()["organisation"] == mine.organisation["organisation"]


def test_another_person_may_reconnect(edge: Edge, org: walk.Doc, token: str) -> None:
    """The new person's grant takes over; the old one, used by nobody now, is given back."""
    known = control("GET", edge.xero, "organisations")["organisations"]
    books = next(one for one in known if len(one["people"]) > 1)
    for person in books["people"][:2]:
        assert connect_xero(edge, token, person, books["organisation"]).status_code == 200
        grants = [row for row in all_rows(edge, grant) if row.service == "xero"]
        assert len(grants) == 1
    assert edge.xero_calls().get("POST /connect/revocation") == 1
    assert listed(edge, token)["xero"]["state"] == "ok"
    assert edge.call("GET", "/settings", token).get_json()["choices"]["accounts"]


def test_denied_at_xero(edge: Edge, token: str) -> None:
    """Nothing changes, the widget is told."""
    popup = Popup(edge)
    books = edge.new_organisation()
    address = popup.leave(start_connect(edge, token, "xero"))
    page = popup.open(popup.xero_says(address, books["person"], [books["organisation"]], "deny"))
    told = data_of(page)
    assert (told["reason"], told["kind"], told["service"]) == ("denied", "connected", "xero")
    assert "ok" not in told
    assert listed(edge, token)["xero"]["state"] == "none"


@pytest.mark.parametrize("path", ["/connect/token", "/connections"])
@pytest.mark.parametrize("kind", ["500", "lost_reply", "html"])
def test_xero_in_trouble_during_a_connect(edge: Edge, token: str, kind: str, path: str) -> None:
    """A page with a stable code; no half connection."""
    books = edge.new_organisation()
    popup = Popup(edge)
    back = popup.xero_says(popup.leave(start_connect(edge, token, "xero")), books["person"], [books["organisation"]])
    control("POST", edge.xero, "faults", json={"kind": kind, "path": path})
    page = popup.open(back)
    assert data_of(page)["reason"] in {"xero_away", "xero_refused"}
    assert listed(edge, token)["xero"]["state"] == "none"
    assert [row for row in all_rows(edge, connection) if row.service == "xero"] == []


def test_a_connect_link_works_once_and_in_one_browser(edge: Edge, token: str) -> None:
    """As with sign-ins; the second browser gets nothing."""
    door = start_connect(edge, token, "xero")
    Popup(edge).leave(door)
    assert data_of(Popup(edge).open(door))["reason"] == "link_used"


def test_scanning_starts_only_where_nothing_is_linked(edge: Edge) -> None:
    """A reconnect of a tenant that has links asks for no scan (4a.16)."""
    mine = office(edge)
    with edge.services.store.begin() as c:
        tie = c.execute(select(connection).where(connection.c.service == "xero")).one()
        c.execute(update(organisation).values(scan_since=None))
        c.execute(link.insert().values(**LINK, tenant_id=tie.tenant_id, organisation_id=tie.organisation_id))
    connect_xero(edge, mine.token, mine.organisation["person"], mine.organisation["organisation"])
    assert all_rows(edge, organisation)[0].scan_since is None
