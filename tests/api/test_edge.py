"""What does every route have in common? One error shape, closed headers and quiet logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from server.api import widgets
from server.app import create_app
from server.wiring import make_services
from tests.api import walk
from tests.api.walk import Edge, Popup, SignIn, data_of, office

SHAPE = {"code", "message", "fields"}


def test_the_description_names_every_route_of_the_api(edge: Edge) -> None:
    """OpenAPI 3.1; every operation but the open ones wants the bearer."""
    spec = edge.client().get("/openapi.json", base_url=edge.base).get_json()
    assert spec["openapi"] == "3.1.0"
    rules = {rule.rule.replace("<", "{").replace(">", "}") for rule in edge.app.url_map.iter_rules()}
    assert {path for path in spec["paths"] if path.startswith("/api/v1")} <= {
        rule.replace("any(zoho, xero):", "").replace("string:", "") for rule in rules
    }
    assert spec["security"] == [{"bearer": []}]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/connections", 405, "method_not_allowed"),
        ("GET", "/connections", 401, "sign_in_needed"),
    ],
)
def test_one_shape_for_what_goes_wrong(edge: Edge, method: str, path: str, status: int, code: str) -> None:
    """Stable code, one sentence, fields."""
    more = {"json": {}} if method == "POST" else {}
    answer = edge.call(method, path, **more)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert set(answer.get_json()) == SHAPE


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "not_json"),
        (b"\xff\xfe", "application/json", 400, "not_json"),
        (b"", "application/json", 400, "not_json"),
        (b'{"a": 1e999, "b": NaN}', "application/json", 400, "not_json"),
        (b"[" * 100_000, "application/json", 400, "not_json"),
        (b'{"challenge": "\\ud800"}', "application/json", 400, "not_json"),
        (b'{"challenge": "a\\u0000b"}', "application/json", 400, "not_json"),
        (b"[]", "application/json", 422, "not_valid"),
        (b"{}", "text/plain", 415, "not_json"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "not_json"),
        (b'{"a": "' + b"x" * 300_000 + b'"}', "application/json", 413, "too_large"),
    ],
)
def test_bodies_that_no_route_ever_sees(edge: Edge, raw: bytes, kind: str, status: int, code: str) -> None:
    """Refused at the door, before anything is looked up."""
    answer = edge.call("POST", "/sign-in/start", data=raw, headers={"Content-Type": kind})
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert set(answer.get_json()) == SHAPE


def test_the_api_is_closed_to_frames_scripts_and_cookies(edge: Edge) -> None:
    """Also on errors; no cookie is set or needed."""
    for answer in (edge.call("GET", "/connections"), edge.call("POST", "/sign-in/start", json={})):
        headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in headers
        assert "Access-Control-Allow-Origin" not in headers


def test_no_answer_of_the_api_sets_a_cookie(edge: Edge) -> None:
    """Through a whole sign-in and a look at the settings."""
    widget, popup = SignIn(edge), Popup(edge)
    page = popup.open(popup.zoho_says(popup.leave(widget.door), edge.org()["administrator"]["id"]))
    done = widget.finish(data_of(page)["code"])
    token = done.get_json()["access_token"]
    for answer in (done, edge.call("GET", "/settings", token), edge.call("DELETE", "/sign-in", token)):
        assert "Set-Cookie" not in answer.headers


def test_people_get_a_page_and_programs_json(edge: Edge) -> None:
    """An address that is not there, asked by a browser."""
    answer = edge.client().get("/nothing", base_url=edge.base)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "There is nothing here." in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.fixture
def broken(edge: Edge) -> Flask:
    """The application with one route that fails in its middle."""
    app = create_app(edge.services)

    @app.get("/api/v1/broken")
    def fail() -> str:
        raise RuntimeError("token 1000.secret.of.somebody")

    return app


def test_an_unexpected_failure_tells_nothing(broken: Flask, heard: list[str]) -> None:
    """An opaque reference outside; inside, the same reference with the type and the place, without the text."""
    answer = broken.test_client().get("/api/v1/broken")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "unexpected")
    assert "secret" not in answer.text
    reference = answer.get_json()["message"].split("reference ")[1].rstrip(").")
    line = next(line for line in heard if reference in line)
    assert "RuntimeError" in line
    assert "test_edge.py" in line
    assert "secret.of" not in "".join(heard)


def test_our_own_database_away(edge: Edge, tmp_path: Any) -> None:
    """503 with a code and a time; readiness is red and says what; the process stays alive."""
    gone = replace(edge.services.config, database_url=f"sqlite:///{tmp_path}/no/such/folder/x.db")
    services = make_services(gone)
    client = create_app(services).test_client()
    start = {"challenge": "a" * 43, "widget_origin": edge.base}
    answer = client.post("/api/v1/sign-in/start", json=start)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "store_away")
    assert answer.headers["Retry-After"]
    assert client.get("/api/v1/connections", headers={"Authorization": "Bearer x"}).status_code == 503
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.get_json()) == (503, {"database": "away", "redis": "ok"})
    assert client.get("/health/live").status_code == 200
    page = client.get("/sign-in/made-up")
    assert (page.status_code, page.mimetype, data_of(page)["reason"]) == (503, "text/html", "store_away")


def test_redis_away(edge: Edge) -> None:
    """Readiness is red; people still sign in and read settings, because the database decides."""
    services = make_services(replace(edge.services.config, redis_url="redis://127.0.0.1:1/0"))
    away = Edge(services, edge.zoho, edge.zoho_eu, edge.xero)
    ready = away.client().get("/health/ready")
    assert (ready.status_code, ready.get_json()) == (503, {"database": "ok", "redis": "away"})
    session = walk.sign_in(away, away.org()["administrator"]["id"])
    assert away.call("GET", "/settings", session["access_token"]).status_code == 200


def test_health_is_green(edge: Edge) -> None:
    """Database, its version, and Redis."""
    ready = edge.client().get("/health/ready")
    assert (ready.status_code, ready.get_json()) == (200, {"database": "ok", "redis": "ok"})


@pytest.fixture
def heard(edge: Edge) -> Iterator[list[str]]:
    """Everything the process writes, as it is written."""
    lines: list[str] = []
    root = logging.getLogger()
    written = next(handler.formatter for handler in root.handlers if handler.formatter is not None)

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(written.format(record))

    keep = Keep()
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(keep)
    root.setLevel(logging.INFO)


def test_the_log_holds_no_secret_and_no_name(edge: Edge, heard: list[str]) -> None:
    """Through sign-in, both connects, settings and a renewal, at the most talkative level."""
    widget, popup = SignIn(edge), Popup(edge)
    admin = edge.org()["administrator"]["id"]
    back = popup.zoho_says(popup.leave(widget.door), admin)
    page = popup.open(back)
    code = data_of(page)["code"]
    session = widget.finish(code).get_json()
    mine = office(edge)
    mine.settings()
    renewed = edge.call("POST", "/sign-in/renew", json={"renewal": session["renewal"]}).get_json()
    log = "\n".join(line for line in heard if "request" in line or "server." in line)
    assert "/sign-in/<door>" in log
    secrets = [widget.door.rsplit("/", 1)[1], widget.secret, widget.started["digits"], code, mine.token]
    secrets += [session["access_token"], session["renewal"], renewed["access_token"], "demo-zoho-secret"]
    secrets += [part.split("=", 1)[1] for part in back.split("?")[1].split("&") if part.startswith(("code", "state"))]
    whole = "\n".join(heard)
    assert [secret for secret in secrets if secret in whole] == []
    assert "Tom Alvarez" not in whole


# --- pages for people, and the widget's files ---


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/go/au/production/600000001/6000000010001000999", "/crm/org600000001/tab/Invoices/6000000010001000999"),
        ("/go/au/production/1/2", "/crm/org1/tab/Invoices/2"),
    ],
)
def test_a_link_in_xero_leads_to_the_record(edge: Edge, path: str, location: str) -> None:
    """Also for an org that we do not know: the link outlives our database."""
    answer = edge.client().get(path, base_url=edge.base)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{edge.zoho}{location}")


@pytest.mark.parametrize(
    "path",
    [
        "/go/moon/production/1/2",
        "/go/au/Production/1/2",
        "/go/au/production/1/2%0d%0aSet-Cookie:x",
        "/go/au/production/../2",
        "/go/au/production/1/" + "9" * 40,
        "/go/au/production/1/%EF%BC%91",
    ],
)
def test_links_that_are_none_of_ours(edge: Edge, path: str) -> None:
    """Nobody is sent anywhere that is not on our table."""
    answer = edge.client().get(path, base_url=edge.base)
    assert answer.status_code in {404, 308}
    assert "Set-Cookie" not in answer.headers


def test_widget_pages_are_framed_by_crm_alone(edge: Edge, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts from us and the SDK's host, calls to us, frames in the configured CRM hosts."""
    (tmp_path / "panel.html").write_text('<!doctype html><html lang="en" data-sdk="__SDK__"></html>')
    (tmp_path / "panel.js").write_text("export const a = 1;")
    (tmp_path / "secret.py").write_text("x = 1")
    monkeypatch.setattr(widgets, "FOLDER", tmp_path)
    page = edge.client().get("/widget/panel.html", base_url=edge.base)
    sdk = edge.services.config.zoho.sdk
    assert f'data-sdk="{sdk}"' in page.text
    rules = dict(rule.split(" ", 1) for rule in page.headers["Content-Security-Policy"].split("; "))
    assert rules["frame-ancestors"] == f"{edge.zoho} {edge.zoho_eu}"
    assert rules["script-src"] == f"'self' {edge.zoho}"
    assert rules["connect-src"] == "'self'"
    assert rules["default-src"] == "'none'"
    assert "X-Frame-Options" not in page.headers
    script = edge.client().get("/widget/panel.js", base_url=edge.base)
    assert script.mimetype == "text/javascript"
    again = edge.client().get("/widget/panel.html", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    for path in ("secret.py", "../app.py", "%2e%2e/secret", "nothing.html", "", "panel.html/x"):
        assert edge.client().get(f"/widget/{path}", base_url=edge.base).status_code == 404
