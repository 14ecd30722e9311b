"""Does the pretend CRM notify as the real one does: who subscribed, until when, of what, and with what disorder?"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.simulator.zoho_stage import Api, Stage

Doc = dict[str, Any]
SCOPES = "ZohoCRM.notifications.ALL,ZohoCRM.modules.ALL"


class Listener:
    """A program that hears notifications on this machine."""

    def __init__(self) -> None:
        heard: list[Doc] = []
        self.heard, self.came = heard, threading.Condition()
        came = self.came

        class Hear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with came:
                    heard.append(json.loads(body))
                    came.notify_all()
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Hear)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hear?who=us"

    def until(self, count: int, patience: float = 10) -> list[Doc]:
        with self.came:
            assert self.came.wait_for(lambda: len(self.heard) >= count, patience), self.heard
        return self.heard


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


def channel(listener: Listener, **more: Any) -> Doc:
    usual: Doc = {
        "channel_id": "1000000068001",
        "events": ["Invoices.all"],
        "notify_url": listener.url,
        "token": "made-up",
    }
    return usual | more


def program(stage: Stage, org: Doc, scope: str = SCOPES) -> Api:
    return stage.api(org["administrator"]["id"], scope=scope)


def watch(stage: Stage, org: Doc, *channels: Doc, scope: str = SCOPES) -> TestResponse:
    return program(stage, org, scope).post("/actions/watch", {"watch": list(channels)})


def an_invoice(stage: Stage, org: Doc) -> str:
    account = stage.record(org, "Accounts", {"Account_Name": "Corner Café"})
    return stage.record(org, "Invoices", {"Subject": "Desk", "Account_Name": {"id": account}})


def test_who_watches_hears_of_every_deed(stage: Stage, listener: Listener) -> None:
    """Made, edited, deleted: with the token, the fields and the query of the address; of other modules nothing."""
    org = stage.org()
    made = watch(stage, org, channel(listener))
    assert made.status_code == 201, made.text
    details = made.get_json()["watch"][0]["details"]["events"][0]
    assert (details["resource_name"], details["channel_id"]) == ("Invoices", "1000000068001")
    record = an_invoice(stage, org)
    stage.change(org, record, {"Subject": "Chair"})
    stage.do("delete", org, record)
    heard = listener.until(3)
    assert [each["operation"] for each in heard] == ["insert", "update", "delete"]
    assert {each["token"] for each in heard} == {"made-up"}
    assert heard[1]["affected_fields"] == [{record: ["Subject"]}]
    assert heard[0]["query_params"] == {"who": "us"}
    assert {tuple(each["ids"]) for each in heard} == {(record,)}


@pytest.mark.parametrize(
    ("given", "kept"),
    [(None, timedelta(hours=1)), (timedelta(days=3), timedelta(days=3)), (timedelta(days=8), timedelta(hours=1))],
)
def test_a_channel_lives_a_week_at_most(
    stage: Stage, listener: Listener, given: timedelta | None, kept: timedelta
) -> None:
    """Absent or too far away is an hour (Z5.8)."""
    now = datetime.now(UTC)
    asked = {} if given is None else {"channel_expiry": (now + given).isoformat(timespec="seconds")}
    answer = watch(stage, stage.org(), channel(listener, **asked)).get_json()
    until = datetime.fromisoformat(answer["watch"][0]["details"]["events"][0]["channel_expiry"])
    assert abs(until - now - kept) < timedelta(minutes=1)


def test_what_is_renewed_narrowed_and_ended(stage: Stage, listener: Listener) -> None:
    org = stage.org()
    events = ["Invoices.create", "Invoices.edit"]
    watch(stage, org, channel(listener, events=events))
    narrowed = channel(listener, events=["Invoices.create"], _delete_events=True)
    api = program(stage, org)
    changed = api.client.patch("/crm/v8/actions/watch", json={"watch": [narrowed]}, headers=api.headers)
    assert changed.status_code == 200
    record = an_invoice(stage, org)
    stage.change(org, record, {"Subject": "Chair"})
    assert [each["operation"] for each in listener.until(1)] == ["update"]
    listed = api.get("/actions/watch").get_json()["watch"]
    assert [each["resource_name"] for each in listed] == ["Invoices"]
    ended = api.delete("/actions/watch", channel_ids="1000000068001")
    assert ended.get_json()["watch"][0]["message"] == "Successfully un-subscribed from actions-watch"
    assert api.get("/actions/watch").status_code == 204


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"token": "x" * 51}, "INVALID_DATA"),
        ({"notify_url": "https://crm.example.com/hear"}, "INVALID_DATA"),
        ({"events": ["Invoices.burn"]}, "INVALID_DATA"),
        ({"events": "Invoices.all"}, "INVALID_DATA"),
        ({"channel_id": "ours"}, "INVALID_DATA"),
        ({"channel_expiry": "tomorrow"}, "INVALID_DATA"),
        ({"notify_url": None}, "MANDATORY_NOT_FOUND"),
    ],
)
def test_what_can_not_be_watched_is_refused(stage: Stage, listener: Listener, more: Doc, code: str) -> None:
    """Each entry by itself; a good one beside it is kept."""
    bad, good = channel(listener, **more), channel(listener, channel_id="7")
    answer = watch(stage, stage.org(), bad, good)
    assert [row["code"] for row in answer.get_json()["watch"]] == [code, "SUCCESS"]
    assert answer.status_code == 201


def test_notifications_may_come_twice(stage: Stage, listener: Listener) -> None:
    """Order and doubles are undocumented: a switch plays them."""
    org = stage.org()
    stage.switch(notice_doubled=True)
    watch(stage, org, channel(listener))
    an_invoice(stage, org)
    first, second = listener.until(2)
    assert first == second


def test_another_org_hears_nothing(stage: Stage, listener: Listener) -> None:
    mine, other = stage.org(), stage.org(name="Other Pty Ltd")
    watch(stage, mine, channel(listener))
    an_invoice(stage, other)
    an_invoice(stage, mine)
    assert len(listener.until(1)) == 1


def test_without_the_scope_nobody_watches(stage: Stage, listener: Listener) -> None:
    answer = watch(stage, stage.org(), channel(listener), scope="ZohoCRM.org.READ")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "OAUTH_SCOPE_MISMATCH")
