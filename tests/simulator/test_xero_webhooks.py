"""Does the pretend Xero tell changes by webhook as X9 says?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero

KEY = "a-key-of-the-portal"
Doc = dict[str, Any]


@dataclass
class Listener:
    """A receiver on a port of its own. `status` is its answer to a good signature, `bad` to a bad one."""

    status: int = 200
    bad: int = 401
    body: bytes = b""
    got: list[Doc] = field(default_factory=list)

    def __post_init__(self) -> None:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                good = base64.b64encode(hmac.new(KEY.encode(), raw, hashlib.sha256).digest()).decode()
                right = hmac.compare_digest(good, self.headers["x-xero-signature"])
                told = json.loads(raw)
                if right and told["events"]:
                    listener.got.append(told)
                self.send_response(listener.status if right else listener.bad)
                self.send_header("Content-Length", str(len(listener.body)))
                self.end_headers()
                self.wfile.write(listener.body)

            def log_message(self, *_: Any) -> None:
                """Nothing to say."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hooks"

    def events(self) -> list[tuple[str, str]]:
        return [(e["eventCategory"], e["eventType"]) for told in self.got for e in told["events"]]


@pytest.fixture
def xero(tmp_path: Path) -> Iterator[Xero]:
    made = Xero(tmp_path)
    made.switch(webhook_delay_ms=0, webhook_answer_seconds=30)
    yield made
    made.web.delete("/_control/webhooks")


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


def configure(xero: Xero, listener: Listener, *categories: str) -> Doc:
    wish = {"url": listener.url, "key": KEY, "categories": list(categories) or None}
    answer = xero.web.put("/_control/webhooks", json=wish)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def until(test: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not test():
        assert time.monotonic() < end
        time.sleep(0.02)


def report(xero: Xero) -> Doc:
    return dict(xero.web.get("/_control/webhooks").json)


def test_intent_to_receive(xero: Xero, listener: Listener) -> None:
    """Right ones need 200, wrong ones 401; else no activation, and nothing is kept for it."""
    found = configure(xero, listener)
    assert (found["status"], {row["signature"] for row in found["intent"]}) == ("active", {"good", "bad"})
    for wrong in ({"bad": 200}, {"status": 500}, {"body": b"thanks"}):
        listener.status, listener.bad, listener.body = 200, 401, b""
        for name, value in wrong.items():
            setattr(listener, name, value)
        assert configure(xero, listener)["status"] == "intent failed"
        xero.make()
        assert report(xero)["waiting"] == 0
    assert listener.got == []


def test_only_addresses_of_this_machine(xero: Xero) -> None:
    for url in ("http://example.com/x", "file:///etc/hosts", "http://127.0.0.1.example/x", ""):
        wish = {"url": url, "key": KEY}
        assert xero.web.put("/_control/webhooks", json=wish).status_code == 400
    assert xero.web.post("/_control/webhooks/check", json={}).status_code == 409
    assert report(xero)["webhook"] is None


def test_changes_by_api_and_by_hand_are_told(xero: Xero, listener: Listener) -> None:
    """The events of X9: category, type, resource, tenant; sequences and entropy around them."""
    configure(xero, listener, "INVOICE", "CONTACT", "CREDITNOTE")
    row = xero.make()
    until(lambda: len(listener.events()) == 2)
    assert sorted(listener.events()) == [("CONTACT", "CREATE"), ("INVOICE", "CREATE")]
    xero.change(row["InvoiceID"], Reference="x")
    xero.bookkeeper("archive_contact", contact="Brightwater Dental")
    until(lambda: len(listener.events()) == 4)
    assert sorted(listener.events()[2:]) == [("CONTACT", "UPDATE"), ("INVOICE", "UPDATE")]
    first = next(e for told in listener.got for e in told["events"] if e["eventCategory"] == "INVOICE")
    assert first["resourceUrl"] == f"https://api.xero.com/api.xro/2.0/Invoices/{row['InvoiceID']}"
    assert (first["resourceId"], first["tenantId"]) == (row["InvoiceID"], xero.org)
    assert (first["tenantType"], first["eventDateUtc"][-4]) == ("ORGANISATION", ".")
    told = listener.got[0]
    assert told["lastEventSequence"] - told["firstEventSequence"] + 1 == len(told["events"])
    assert "key" not in report(xero)["webhook"]


def test_credit_notes_say_type_and_status(xero: Xero, listener: Listener) -> None:
    """X9; whether the applied credit or a payment fires an event of the invoice is a switch."""
    row = xero.make()
    configure(xero, listener, "INVOICE", "CREDITNOTE", "OVERPAYMENT")
    xero.bookkeeper("credit", row["InvoiceID"], amount="10")
    xero.bookkeeper("pay", row["InvoiceID"], amount="10")
    until(lambda: len(listener.events()) == 2)
    assert listener.events() == [("CREDITNOTE", "CREATE"), ("CREDITNOTE", "UPDATE")]
    assert listener.got[0]["events"][0]["data"] == {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"}
    xero.switch(webhook_on_payment=True)
    xero.bookkeeper("pay", row["InvoiceID"], amount="10")
    until(lambda: ("INVOICE", "UPDATE") in listener.events())


def test_an_organisation_that_is_not_connected_tells_nothing(xero: Xero, listener: Listener) -> None:
    configure(xero, listener)
    row = xero.make()
    until(lambda: len(listener.events()) == 2 and report(xero)["waiting"] == 0)
    xero.bookkeeper("disconnect")
    xero.bookkeeper("void", row["InvoiceID"])
    assert report(xero)["waiting"] == 0


def test_retries_disabling_and_replay(xero: Xero, listener: Listener) -> None:
    """At once, then by the interval; after too long disabled; events wait and come in order once healthy."""
    xero.switch(webhook_retry_seconds=0.1, webhook_give_up_seconds=0.4)
    configure(xero, listener, "CONTACT")
    listener.status = 503
    xero.write([{"Name": "A"}], name="Contacts")
    until(lambda: report(xero)["webhook"]["status"] == "disabled")
    assert len(listener.got) >= 3
    xero.write([{"Name": "B"}], name="Contacts")
    assert report(xero)["waiting"] == 2
    listener.status, listener.got = 200, []
    assert xero.web.post("/_control/webhooks/check", json={}).json["status"] == "active"
    until(lambda: report(xero)["waiting"] == 0)
    sequences = [told["firstEventSequence"] for told in listener.got]
    assert sequences == sorted(sequences)
    listener.got = []
    assert xero.web.post("/_control/webhooks/replay", json={}).json == {"replayed": 2}
    until(lambda: len(listener.events()) == 2)


def test_duplicates_and_disorder(xero: Xero, listener: Listener) -> None:
    """At least once, and no order is promised (X9)."""
    configure(xero, listener, "CONTACT")
    xero.web.post("/_control/webhooks/double", json={})
    xero.write([{"Name": "A"}], name="Contacts")
    until(lambda: len(listener.got) == 2)
    assert listener.got[0] == listener.got[1]
    xero.switch(webhook_order="reversed", webhook_batch=1, webhook_delay_ms=300)
    xero.write([{"Name": "B"}, {"Name": "C"}], name="Contacts")
    until(lambda: len(listener.got) == 4)
    assert listener.got[2]["firstEventSequence"] > listener.got[3]["firstEventSequence"]
    xero.switch(webhook_duplicates=True)
    xero.write([{"Name": "D"}], name="Contacts")
    until(lambda: len(listener.got) == 6)
