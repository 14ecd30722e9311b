"""Does a sign-in end with the right person in the right browser, and nobody else?"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, update

from server.store.engine import db_now_ms
from server.store.tables import grant, sign_in, tenant, ticket
from tests.api import walk
from tests.api.walk import Edge, Popup, SignIn, data_of


def rows(edge: Edge, table: object) -> int:
    with edge.services.store.read() as c:
        return int(c.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def expire(edge: Edge, ticket_id: str) -> None:
    with edge.services.store.begin() as c:
        c.execute(update(ticket).where(ticket.c.id == ticket_id).values(expires_at=db_now_ms() - 1))


@pytest.fixture
def admin(edge: Edge) -> str:
    return str(edge.org()["administrator"]["id"])


@pytest.fixture
def seller(edge: Edge, admin: str) -> str:
    """A salesperson of an org whose administrator has been here."""
    walk.sign_in(edge, admin)
    return str(edge.org()["salesperson"]["id"])


def test_an_administrators_sign_in_makes_the_tenant(edge: Edge, admin: str) -> None:
    """The first administrator finds an unconnected tenant; the session names person and org."""
    session = walk.sign_in(edge, admin)
    assert session["user"] == {"id": admin, "name": "Tom Alvarez", "administrator": True}
    assert session["org"] == {"name": "Harbour & Pine Pty Ltd", "data_centre": "au"}
    answer = edge.call("GET", "/connections", session["access_token"])
    assert answer.get_json()["zoho"]["state"] == "none"


def test_a_colleague_is_signed_in_as_no_administrator(edge: Edge, seller: str) -> None:
    """Zoho's list of administrators decides, nothing else."""
    session = walk.sign_in(edge, seller)
    assert session["user"]["administrator"] is False
    assert edge.call("GET", "/settings", session["access_token"]).status_code == 403
    assert edge.call("GET", "/connections", session["access_token"]).status_code == 200


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
    assert (rows(edge, tenant), rows(edge, sign_in), rows(edge, grant)) == (0, 0, 0)


def test_an_org_of_another_data_centre_is_asked_there(edge: Edge) -> None:
    """The callback's accounts server is on our table, so its own API tells who came (Z5.1, Z5.2)."""
    org = edge.org("600000002")
    widget, popup = SignIn(edge), Popup(edge)
    address = popup.leave(widget.door).replace(edge.zoho, edge.zoho_eu)
    page = popup.outside.get(
        address,
        headers={"Cookie": f"crm_user_{urlsplit(edge.zoho_eu).port}={org['administrator']['id']}"},
        timeout=20,
        allow_redirects=False,
    )
    answer = popup.open(popup._path(popup._send(page, {"user": org["administrator"]["id"], "decision": "allow"})))
    session = widget.finish(data_of(answer)["code"]).get_json()
    assert session["org"]["data_centre"] == "eu"
    assert session["user"]["name"] == "Greta Vogel"


def test_zoho_is_asked_with_pkce_for_little_and_online(edge: Edge) -> None:
    """State, S256, online access (an offline one could push out the connection's token), three scopes."""
    address = urlsplit(Popup(edge).leave(SignIn(edge).door))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == edge.zoho
    assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "online")
    assert len(asked["state"]) >= 43
    assert len(asked["code_challenge"]) == 43
    assert asked["scope"] == "ZohoCRM.users.READ,ZohoCRM.org.READ,ZohoCRM.modules.invoices.READ"
    assert "prompt" not in asked


def test_the_state_cookie_is_of_this_flow_alone(edge: Edge) -> None:
    """One cookie a flow, unreadable for scripts; without Secure because this is http on loopback."""
    widget = SignIn(edge)
    cookie = Popup(edge).open(widget.door).headers["Set-Cookie"]
    assert cookie.startswith(f"ib-{widget.started['ticket']}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_the_result_goes_to_the_exact_widget_origin(edge: Edge, admin: str) -> None:
    """The page carries ticket, code and the one origin; a script from our own file does the rest."""
    widget, popup = SignIn(edge), Popup(edge)
    page = popup.open(popup.zoho_says(popup.leave(widget.door), admin))
    told = data_of(page)
    assert (told["kind"], told["origin"], told["ticket"]) == ("sign-in", edge.base, widget.started["ticket"])
    assert "<script>" not in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_a_code_works_once(edge: Edge, admin: str) -> None:
    """The second fetch hears that it is over; there is one sign-in."""
    widget, popup = SignIn(edge), Popup(edge)
    code = data_of(popup.open(popup.zoho_says(popup.leave(widget.door), admin)))["code"]
    assert widget.finish(code).status_code == 200
    again = widget.finish(code)
    assert (again.status_code, again.get_json()["code"]) in {(410, "ticket_over"), (403, "wrong_code")}
    assert rows(edge, sign_in) == 1


def test_the_code_alone_is_worth_nothing(edge: Edge, admin: str) -> None:
    """Without the widget's secret the ticket does not exist; a wrong code changes nothing."""
    widget, popup = SignIn(edge), Popup(edge)
    code = data_of(popup.open(popup.zoho_says(popup.leave(widget.door), admin)))["code"]
    assert widget.finish(code, secret="not the secret").get_json()["code"] == "ticket_over"
    assert widget.finish("not the code").get_json()["code"] == "wrong_code"
    assert widget.finish(code).status_code == 200


def test_waiting_is_no_error(edge: Edge, admin: str) -> None:
    """Before anybody came back, and after that until the digits were typed."""
    widget, popup = SignIn(edge), Popup(edge)
    assert (widget.finish().status_code, widget.finish().get_json()) == (202, {"state": "waiting"})
    popup.open(popup.zoho_says(popup.leave(widget.door), admin))
    assert widget.finish().status_code == 202


def test_the_digits_hand_over_where_the_opener_was_lost(edge: Edge, admin: str) -> None:
    """The page names user and org; with the right digits the widget's next question gets the session."""
    widget, popup = SignIn(edge), Popup(edge)
    page = popup.open(popup.zoho_says(popup.leave(widget.door), admin))
    assert "Tom Alvarez" in page.text
    assert "Harbour &amp; Pine Pty Ltd" in page.text
    form = {"ticket": widget.started["ticket"], "digits": widget.started["digits"]}
    done = popup.ours.post("/sign-in/confirm", data=form, base_url=edge.base)
    assert done.status_code == 200
    assert widget.finish().get_json()["user"]["id"] == admin


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
    assert rows(edge, sign_in) == 0


def test_a_door_opened_by_a_second_browser_ends_the_sign_in(edge: Edge) -> None:
    """Somebody has the link who should not; the widget hears why."""
    widget, first = SignIn(edge), Popup(edge)
    back = first.zoho_says(first.leave(widget.door), edge.org()["administrator"]["id"])
    second = Popup(edge).open(widget.door)
    assert (second.status_code, data_of(second)["reason"]) == (410, "link_used")
    assert first.open(back).status_code == 410
    assert widget.finish().get_json()["fields"] == {"why": "link_used"}
    assert rows(edge, sign_in) == 0


def test_the_same_browser_opening_the_door_again_harms_nothing(edge: Edge, admin: str) -> None:
    """A double click shows a page that says so; the first window goes on."""
    widget, popup = SignIn(edge), Popup(edge)
    back = popup.zoho_says(popup.leave(widget.door), admin)
    assert popup.open(widget.door).status_code == 410
    assert widget.finish(data_of(popup.open(back))["code"]).status_code == 200


def test_a_link_checker_does_not_use_the_link_up(edge: Edge) -> None:
    """HEAD opens nothing."""
    widget, popup = SignIn(edge), Popup(edge)
    assert popup.ours.head(widget.door, base_url=edge.base).status_code == 404
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
    assert rows(edge, grant) == 0


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
    assert rows(edge, grant) == 0


def test_renewal_works_once(edge: Edge, admin: str) -> None:
    """Fresh tokens; the old access token and the spent handle are worth nothing."""
    first = walk.sign_in(edge, admin)
    answer = edge.call("POST", "/sign-in/renew", json={"renewal": first["renewal"]})
    second = answer.get_json()
    assert (answer.status_code, second["user"], second["org"]) == (200, first["user"], first["org"])
    assert edge.call("GET", "/connections", first["access_token"]).status_code == 401
    assert edge.call("GET", "/connections", second["access_token"]).status_code == 200
    again = edge.call("POST", "/sign-in/renew", json={"renewal": first["renewal"]})
    assert (again.status_code, again.get_json()["code"]) == (401, "sign_in_over")
    assert edge.call("GET", "/connections", second["access_token"]).status_code == 200


def test_an_access_token_ends_and_a_renewal_outlives_it(edge: Edge, admin: str) -> None:
    """Half an hour, and twelve hours."""
    session = walk.sign_in(edge, admin)
    with edge.services.store.begin() as c:
        c.execute(update(sign_in).values(access_until=db_now_ms() - 1))
    assert edge.call("GET", "/connections", session["access_token"]).get_json()["code"] == "sign_in_needed"
    assert edge.call("POST", "/sign-in/renew", json={"renewal": session["renewal"]}).status_code == 200
    with edge.services.store.begin() as c:
        c.execute(update(sign_in).values(renewal_until=db_now_ms() - 1))
    assert edge.call("POST", "/sign-in/renew", json={"renewal": session["renewal"]}).status_code == 401


def test_signing_out_forgets_the_tokens_and_the_persons_consent(edge: Edge, admin: str) -> None:
    """At once, and with everything that was kept for it."""
    session = walk.sign_in(edge, admin)
    assert edge.call("DELETE", "/sign-in", session["access_token"]).status_code == 204
    assert edge.call("GET", "/connections", session["access_token"]).status_code == 401
    assert edge.call("POST", "/sign-in/renew", json={"renewal": session["renewal"]}).status_code == 401
    assert (rows(edge, sign_in), rows(edge, grant)) == (0, 0)


def test_the_database_holds_no_token(edge: Edge, admin: str) -> None:
    """Hashes under our key and ciphertext only."""
    session = walk.sign_in(edge, admin)
    with edge.services.store.read() as c:
        kept = repr(c.execute(select(sign_in)).all()) + repr(c.execute(select(grant)).all())
        kept += repr(c.execute(select(ticket)).all())
    assert session["access_token"] not in kept
    assert session["renewal"] not in kept
    assert "1000." not in kept


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer made-up", "Basic abc", "Bearer \u00ff\u00fe"]
)
def test_without_a_live_token(edge: Edge, header: str | None) -> None:
    """401 with one code, whatever is wrong with it."""
    headers = {} if header is None else {"Authorization": header}
    answer = edge.client().get("/api/v1/connections", headers=headers, base_url=edge.base)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in_needed")


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
    assert rows(edge, ticket) == 0
