"""Does every wrong way into a sign-in end on a page with a stable code, with nothing written and nothing leaked?"""

from __future__ import annotations

import pytest

from server.store.tables import grant, sign_in, tenant, ticket
from tests.api import walk
from tests.api.looks import count, expire
from tests.api.walk import Edge, Popup, SignIn, data_of


@pytest.fixture
def admin(edge: Edge) -> str:
    return str(edge.org()["administrator"]["id"])


def test_nobody_of_an_unknown_org_gets_in_before_an_administrator(edge: Edge) -> None:
    """Not set up yet: told on the page and to the widget, nothing written."""
    widget, popup = SignIn(edge), Popup(edge)
    page = popup.open(popup.zoho_says(popup.leave(widget.door), edge.org()["salesperson"]["id"]))
    assert page.status_code == 403
    assert data_of(page)["reason"] == "not_set_up"
    assert "Ask an administrator" in page.text
    over = widget.finish()
    assert (over.status_code, over.get_json()["code"]) == (410, "ticket_over")
    assert "not set up" in over.get_json()["message"]
    assert (count(edge, tenant), count(edge, sign_in), count(edge, grant)) == (0, 0, 0)


def test_five_wrong_digits_end_it(edge: Edge, admin: str) -> None:
    """Each page says how many tries are left; after the fifth not even the right digits help."""
    widget, popup = SignIn(edge), Popup(edge)
    popup.open(popup.zoho_says(popup.leave(widget.door), admin))
    wrong = "000000" if widget.started["digits"] != "000000" else "000001"
    form = {"ticket": widget.started["ticket"], "digits": wrong}
    pages = [popup.ours.post("/sign-in/confirm", data=form, base_url=edge.base) for _ in range(5)]
    assert ["4 tries left" in pages[0].text, "1 try left" in pages[3].text] == [True, True]
    assert data_of(pages[4])["reason"] == "wrong_digits"
    right = {**form, "digits": widget.started["digits"]}
    assert popup.ours.post("/sign-in/confirm", data=right, base_url=edge.base).status_code == 400
    assert widget.finish().get_json()["fields"] == {"why": "wrong_digits"}


def test_a_strangers_link_hands_nothing_over(edge: Edge, admin: str) -> None:
    """A victim follows a stranger's link and consents: without the digits the stranger waits in vain."""
    stranger, victim = SignIn(edge), Popup(edge)
    victim.open(victim.zoho_says(victim.leave(stranger.door), admin))
    form = {"ticket": stranger.started["ticket"], "digits": stranger.started["digits"]}
    elsewhere = edge.client().post("/sign-in/confirm", data=form, base_url=edge.base)
    assert data_of(elsewhere)["reason"] == "state_unknown"
    assert stranger.finish().status_code == 202
    assert count(edge, sign_in) == 0


def test_a_door_opened_by_a_second_browser_ends_the_sign_in(edge: Edge) -> None:
    """Somebody has the link who should not; the widget hears why."""
    widget, first = SignIn(edge), Popup(edge)
    back = first.zoho_says(first.leave(widget.door), edge.org()["administrator"]["id"])
    second = Popup(edge).open(widget.door)
    assert (second.status_code, data_of(second)["reason"]) == (410, "link_used")
    assert first.open(back).status_code == 410
    assert widget.finish().get_json()["fields"] == {"why": "link_used"}
    assert count(edge, sign_in) == 0


def test_the_same_browser_opening_the_door_again_harms_nothing(edge: Edge, admin: str) -> None:
    """A double click shows a page that says so; the first window goes on."""
    widget, popup = SignIn(edge), Popup(edge)
    back = popup.zoho_says(popup.leave(widget.door), admin)
    assert popup.open(widget.door).status_code == 410
    assert widget.finish(data_of(popup.open(back))["code"]).status_code == 200


def test_a_link_checker_does_not_use_the_link_up(edge: Edge) -> None:
    """Neither HEAD nor a browser that looks ahead opens anything."""
    widget, popup = SignIn(edge), Popup(edge)
    assert popup.ours.head(widget.door, base_url=edge.base).status_code == 404
    assert popup.open(widget.door, **{"Sec-Purpose": "prefetch;prerender"}).status_code == 404
    assert popup.open(widget.door).status_code == 302


def test_a_callback_in_another_browser_ends_the_sign_in(edge: Edge, admin: str) -> None:
    """Whoever has no state cookie may not bring the code home; nothing is asked of Zoho."""
    widget, popup = SignIn(edge), Popup(edge)
    back = popup.zoho_says(popup.leave(widget.door), admin)
    page = Popup(edge).open(back)
    assert (page.status_code, data_of(page)["reason"]) == (403, "other_browser")
    assert popup.open(back).status_code == 410
    assert widget.finish().get_json()["fields"] == {"why": "other_browser"}
    assert "POST /oauth/v2/token" not in edge.zoho_calls()
    assert count(edge, grant) == 0


def test_a_callback_works_once(edge: Edge, admin: str) -> None:
    """A reloaded result page says so and takes nothing away."""
    widget, popup = SignIn(edge), Popup(edge)
    back = popup.zoho_says(popup.leave(widget.door), admin)
    code = data_of(popup.open(back))["code"]
    assert data_of(popup.open(back))["reason"] == "link_used"
    assert widget.finish(code).status_code == 200


@pytest.mark.parametrize("query", ["", "?state=", "?state=made-up&code=x", "?code=x&state=%00%ff"])
def test_a_callback_for_nothing(edge: Edge, query: str) -> None:
    """Unknown, empty and odd states get one page."""
    page = Popup(edge).open(f"/oauth/zoho/callback{query}")
    assert (page.status_code, data_of(page)["reason"]) == (400, "state_unknown")
    assert Popup(edge).open(f"/oauth/xero/callback{query}").status_code == 400


def test_a_sign_in_can_not_come_back_as_a_connect_to_xero(edge: Edge, admin: str) -> None:
    """Each flow has its own way back."""
    widget, popup = SignIn(edge), Popup(edge)
    back = popup.zoho_says(popup.leave(widget.door), admin)
    assert popup.open(back.replace("zoho", "xero", 1)).status_code == 400


def test_denied(edge: Edge, admin: str) -> None:
    """Told on the page and to the widget; nothing written."""
    widget, popup = SignIn(edge), Popup(edge)
    org = edge.new_org()
    page = popup.open(popup.zoho_says(popup.leave(widget.door), org["administrator"]["id"], "deny"))
    assert (page.status_code, data_of(page)["reason"]) == (403, "denied")
    assert "code" not in data_of(page) or not data_of(page).get("code")
    assert widget.finish().get_json()["fields"] == {"why": "denied"}


@pytest.mark.parametrize("server", ["https://accounts.zoho.evil.example", "http://127.0.0.1:1", ""])
def test_only_accounts_servers_of_our_table_are_called(edge: Edge, admin: str, server: str) -> None:
    """A forged callback can't send our client secret to another host."""
    widget, popup = SignIn(edge), Popup(edge)
    back = popup.zoho_says(popup.leave(widget.door), admin)
    forged = "&".join(
        f"accounts-server={server}" if part.startswith("accounts-server=") else part for part in back.split("&")
    )
    page = popup.open(forged)
    assert (page.status_code, data_of(page)["reason"]) == (403, "unknown_data_centre")
    assert widget.finish().status_code == 410


def test_links_and_tickets_end_after_ten_minutes(edge: Edge, admin: str) -> None:
    """At the door, on the way back, and when fetching."""
    late_door = SignIn(edge)
    expire(edge, late_door.started["ticket"])
    assert data_of(Popup(edge).open(late_door.door))["reason"] == "link_expired"
    assert late_door.finish().get_json()["fields"] == {"why": "link_expired"}
    late_back, popup = SignIn(edge), Popup(edge)
    back = popup.zoho_says(popup.leave(late_back.door), admin)
    expire(edge, late_back.started["ticket"])
    assert data_of(popup.open(back))["reason"] == "link_expired"


@pytest.mark.parametrize("door", ["/sign-in/made-up", "/connect/made-up", "/sign-in/%00", "/sign-in/" + "x" * 900])
def test_doors_that_nobody_made(edge: Edge, door: str) -> None:
    """One page, and nothing that tells them apart."""
    page = Popup(edge).open(door)
    assert (page.status_code, data_of(page)["reason"]) == (404, "link_unknown")


def test_a_sign_in_door_is_no_connect_door(edge: Edge) -> None:
    """The path and the ticket's purpose must agree."""
    assert Popup(edge).open(SignIn(edge).door.replace("/sign-in/", "/connect/")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "code"), [("503", "zoho_away"), ("lost_reply", "zoho_away"), ("html", "zoho_away"), ("429", "zoho_away")]
)
def test_zoho_in_trouble_during_a_sign_in(edge: Edge, admin: str, kind: str, code: str) -> None:
    """A page with a stable code, the widget hears it, nothing half-made stays."""
    widget, popup = SignIn(edge), Popup(edge)
    back = popup.zoho_says(popup.leave(widget.door), admin)
    walk.control("POST", edge.zoho, "faults", json={"kind": kind, "path": "/crm/v8/users"})
    page = popup.open(back)
    assert data_of(page)["reason"] == code
    assert widget.finish().get_json()["fields"] == {"why": code}
    assert count(edge, grant) == 0


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"challenge", "widget_origin"}),
        ({"challenge": "short", "widget_origin": "http://x"}, {"challenge"}),
        ({"challenge": "a" * 43, "widget_origin": "https://evil.example"}, {"widget_origin"}),
        ({"challenge": "a" * 43, "widget_origin": None}, {"widget_origin"}),
        ({"challenge": ["a" * 43], "widget_origin": 5}, {"challenge", "widget_origin"}),
        ({"challenge": "a" * 43 + "\n", "widget_origin": "x", "more": 1}, {"challenge", "more"}),
    ],
)
def test_a_start_that_is_not_right(edge: Edge, body: object, wrong: set[str]) -> None:
    """422 names the fields; a foreign origin is not accepted."""
    answer = edge.call("POST", "/sign-in/start", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "not_valid")
    assert set(answer.get_json()["fields"]) == wrong
    assert count(edge, ticket) == 0


@pytest.mark.parametrize("way", ["no_permission", "authorization_failed"])
def test_a_profile_without_api_access_is_named(edge: Edge, way: str) -> None:
    """A salesperson read "Zoho did not accept this. Go back", again and again, and no cause."""
    wish = {"zgid": edge.org()["zgid"], "name": "Kim Vale", "profile": "Field Crew"}
    crew = walk.control("POST", edge.zoho, "users", json=wish)["id"]
    widget, popup = SignIn(edge), Popup(edge)
    before = walk.control("GET", edge.zoho, "switches")["no_api_access"]
    walk.control("PUT", edge.zoho, "switches", json={"no_api_access": way})
    try:
        page = popup.open(popup.zoho_says(popup.leave(widget.door), crew))
    finally:
        walk.control("PUT", edge.zoho, "switches", json={"no_api_access": before})
    assert data_of(page)["reason"] == "no_api_access"
    assert "has no API access" in page.get_data(as_text=True)
