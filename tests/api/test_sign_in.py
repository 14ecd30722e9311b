"""Does a sign-in end with the right person in the right browser, and nobody else?"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from server.store.engine import db_now_ms
from server.store.tables import grant, sign_in, ticket
from server.wiring import make_services
from tests.api import walk
from tests.api.looks import count
from tests.api.walk import Edge, Popup, SignIn, data_of


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
    assert edge.call("GET", "/settings/invoices", session["access_token"]).status_code == 403
    assert edge.call("GET", "/connections", session["access_token"]).status_code == 200


def test_an_org_of_another_data_centre_is_asked_there(edge: Edge) -> None:
    """The callback's accounts server is on our table, so its own API tells who came (Z5.1, Z5.2)."""
    org = edge.org("600000002")
    widget, popup = SignIn(edge), Popup(edge)
    address = popup.leave(widget.door).replace(edge.zoho, edge.zoho_eu)
    answer = popup.open(popup.zoho_says(address, org["administrator"]["id"]))
    session = widget.finish(data_of(answer)["code"]).get_json()
    assert session["org"]["data_centre"] == "eu"
    assert session["user"]["name"] == "Greta Vogel"


def test_zoho_is_asked_with_pkce_for_little_and_online(edge: Edge) -> None:
    """State, S256, online access (an offline one could push out the connection's token), four scopes."""
    address = urlsplit(Popup(edge).leave(SignIn(edge).door))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == edge.zoho
    assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "online")
    assert len(asked["state"]) >= 43
    assert len(asked["code_challenge"]) == 43
    assert asked["scope"] == (
        "ZohoCRM.users.READ,ZohoCRM.org.READ,ZohoCRM.modules.invoices.READ,ZohoCRM.settings.custom_views.READ"
    )
    assert "prompt" not in asked


def test_the_state_cookie_is_of_this_flow_alone(edge: Edge) -> None:
    """One cookie a flow, unreadable for scripts; without Secure because this is http on loopback."""
    widget = SignIn(edge)
    cookie = Popup(edge).open(widget.door).headers["Set-Cookie"]
    assert cookie.startswith(f"ib-{widget.started['ticket']}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_under_https_the_cookie_is_bound_to_this_host(edge: Edge) -> None:
    """__Host- and Secure: no other host of the domain can plant or read it."""
    secure = replace(edge.services.config, public_base="https://bridge.example.com")
    bridge = Edge(make_services(secure), edge.zoho, edge.zoho_eu, edge.xero)
    widget = SignIn(bridge)
    answer = Popup(bridge).open(widget.door)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"__Host-ib-{widget.started['ticket']}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]


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
    assert count(edge, sign_in) == 1


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
    assert (count(edge, sign_in), count(edge, grant)) == (0, 0)


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
