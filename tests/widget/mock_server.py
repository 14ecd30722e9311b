"""Which server do the widget's own tests talk to? A scripted one: our API's shapes, and a page that plays CRM.

The widget lives on http://localhost, the CRM page on http://127.0.0.1: two origins, as in real life. The SDK and the
host's side of the protocol are those of the simulator.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, jsonify, make_response, request, send_from_directory
from werkzeug.serving import make_server

from tests.widget.samples import FIELDS, MIA, RECORD_ID, Doc, a_check, a_record, a_task, compared, crm_record, instant

ROOT = Path(__file__).resolve().parents[2]
CRM_FILES = ROOT / "simulator" / "zoho" / "static"
OWN_FILES = Path(__file__).parent / "pages"


@dataclass
class Script:
    """What the server knows and does. Tests change it at any time."""

    record: Doc = field(default_factory=a_record)
    crm: Doc | None = field(default_factory=crm_record)
    user: Doc = field(default_factory=lambda: dict(MIA))
    crm_user: Doc | None = None  # who CRM says it is; None: the same
    play: dict[str, list[Doc]] = field(default_factory=dict)  # kind of run -> its task at each look
    then: dict[str, Callable[[], None]] = field(default_factory=dict)  # kind -> when its last task was shown
    refuse: dict[str, tuple[int, str]] = field(default_factory=dict)  # "METHOD /path" begins -> status, code
    away: bool = False
    sdk: str = "served"  # served | missing | silent
    popup: str = "tells"  # tells | lost | denied
    confirmed: bool = False
    host: Doc = field(default_factory=dict)  # knobs of the host page
    tokens: int = 0
    live: set[str] = field(default_factory=set)
    renewals: set[str] = field(default_factory=set)
    runs: dict[str, Doc] = field(default_factory=dict)
    tickets: dict[str, Doc] = field(default_factory=dict)
    calls: list[Doc] = field(default_factory=list)
    asked: list[Doc] = field(default_factory=list)  # what the widget asked of CRM's page

    def count(self, method: str, path: str) -> int:
        return sum(1 for call in self.calls if call["method"] == method and call["path"].startswith(path))

    def bodies(self, path: str) -> list[Doc]:
        return [call["body"] for call in self.calls if call["method"] == "POST" and call["path"] == path]

    def sign_everybody_out(self) -> None:
        self.live.clear()
        self.renewals.clear()


class MockServer:
    """Threaded, on a free port; `script` is put afresh for each test."""

    def __init__(self) -> None:
        self.script = Script()
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def widget(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def crm(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.shutdown()

    def _app(self) -> Flask:
        app = Flask("mock", static_folder=None)
        app.add_url_rule("/widget/<path:name>", view_func=self._widget_file)
        app.add_url_rule("/crm/<page>", view_func=self._crm_page)
        app.add_url_rule("/crm-static/<path:name>", view_func=self._crm_file)
        app.add_url_rule("/sdk.js", view_func=self._sdk)
        app.add_url_rule("/host-script", view_func=self._host_script)
        app.add_url_rule("/host-asked", view_func=self._host_asked, methods=["POST"])
        app.add_url_rule("/sign-in/<ticket>", view_func=self._popup_page)
        app.add_url_rule("/connect/<ticket>", view_func=self._connect_page)
        app.add_url_rule("/pages/<path:name>", view_func=self._own_file)
        app.add_url_rule("/api/v1/<path:path>", view_func=self._api, methods=["GET", "POST", "DELETE"])
        return app

    # --- files and pages ---

    def _widget_file(self, name: str) -> Response:
        if name.endswith(".html"):
            text = (ROOT / "widget" / name).read_text("utf-8").replace("__SDK__", f"{self.crm}/sdk.js")
            response = make_response(text)
        else:
            response = send_from_directory(ROOT / "widget", name)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self' {self.crm}; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self'; frame-ancestors {self.crm}; base-uri 'none'; form-action 'none'"
        )
        return response

    def _crm_page(self, page: str) -> Response:
        return send_from_directory(OWN_FILES, "host.html")

    def _crm_file(self, name: str) -> Response:
        return send_from_directory(CRM_FILES, name)

    def _own_file(self, name: str) -> Response:
        return send_from_directory(OWN_FILES, name)

    def _sdk(self) -> Response:
        if self.script.sdk == "missing":
            return make_response("", 404)
        return send_from_directory(CRM_FILES, "ZohoEmbededAppSDK.min.js")

    def _host_script(self) -> Response:
        script = self.script
        user = script.crm_user or script.user
        return jsonify(
            widget=self.widget,
            record=script.crm,
            fields=FIELDS,
            user={"id": user["id"], "full_name": user["name"]},
            page={"Entity": "Invoices", "EntityId": RECORD_ID},
            knobs={"pageload": "never" if script.sdk == "silent" else "", **script.host},
        )

    def _host_asked(self) -> Response:
        self.script.asked.append(request.get_json())
        return make_response("", 204)

    def _popup_page(self, ticket: str) -> Response:
        data = {"ticket": ticket, "code": "one-time-code", "how": self.script.popup, "kind": "sign-in"}
        return self._little_page(data)

    def _connect_page(self, ticket: str) -> Response:
        return self._little_page({"kind": "connected", "service": ticket, "how": "tells"})

    def _little_page(self, data: Doc) -> Response:
        attributes = " ".join(f'data-{name}="{value}"' for name, value in data.items())
        script = '<script src="/pages/popup.js"></script>'
        return make_response(f'<!doctype html><html lang="en"><title>Popup</title><body {attributes}>{script}')

    # --- our API ---

    def _api(self, path: str) -> Response:
        script = self.script
        body = request.get_json(silent=True)
        script.calls.append(
            {"method": request.method, "path": f"/{path}", "body": body, "headers": dict(request.headers)}
        )
        if script.away:
            return make_response("<h1>Bad gateway</h1>", 502)
        for wanted, (status, code) in script.refuse.items():
            if f"{request.method} /{path}".startswith(wanted):
                return _no(status, code)
        name = path.split("/")[0]
        if name == "sign-in":
            return self._sign_in(path, body or {})
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in script.live:
            return _no(401, "sign_in_needed")
        handlers = {"records": self._record, "runs": self._run, "connections": self._connect}
        return handlers[name](path, body or {})

    def _sign_in(self, path: str, body: Doc) -> Response:
        script = self.script
        if path == "sign-in/start":
            ticket = f"ticket-{len(script.tickets) + 1}"
            script.tickets[ticket] = {"challenge": body["challenge"], "used": False}
            url = f"{self.widget}/sign-in/{ticket}"
            answer = {"ticket": ticket, "url": url, "digits": "483920", "expires_at": _soon()}
            return make_response(jsonify(answer), 201)
        if path == "sign-in/renew":
            if body["renewal"] not in script.renewals:
                return _no(401, "sign_in_over")
            script.renewals.discard(body["renewal"])
            script.live.clear()
            return jsonify(self._session())
        return self._finish(body)

    def _finish(self, body: Doc) -> Response:
        script = self.script
        digest = hashlib.sha256(body["secret"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        ticket = script.tickets.get(body["ticket"])
        if ticket is None or ticket["challenge"] != challenge or ticket["used"]:
            return _no(410, "ticket_over")
        if script.popup == "denied":
            return _no(410, "ticket_over", "You did not allow it, so nothing was changed.")
        if body.get("code") != "one-time-code" and not script.confirmed:
            return make_response(jsonify(state="waiting"), 202)
        ticket["used"] = True
        return jsonify(self._session())

    def _session(self) -> Doc:
        script = self.script
        script.tokens += 1
        access, renewal = f"access-{script.tokens}", f"renewal-{script.tokens}"
        script.live.add(access)
        script.renewals.add(renewal)
        org = {"name": "Harbour & Pine", "data_centre": "au"}
        return {"access_token": access, "renewal": renewal, "expires_at": _soon(), "user": script.user, "org": org}

    def _record(self, path: str, body: Doc) -> Response:
        answer = jsonify(self.script.record)
        bare = {name: value for name, value in self.script.record.items() if name != "as_of"}
        answer.set_etag(hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest())
        return answer.make_conditional(request)

    def _run(self, path: str, body: Doc) -> Response:
        script = self.script
        if request.method == "POST":
            run = {"id": f"run-{len(script.runs) + 1}", "kind": body["kind"], "at": 0}
            script.runs[run["id"]] = run
            return make_response(jsonify(self._shown(run)), 202)
        run = script.runs.setdefault(path.split("/")[1], {"id": path.split("/")[1], "kind": "push", "at": 0})
        frames = self._frames(run["kind"])
        run["at"] = min(run["at"] + 1, len(frames) - 1)
        answer = self._shown(run)
        if answer["state"] == "ended" and run["kind"] in script.then:
            script.then.pop(run["kind"])()
        response = jsonify(answer)
        response.set_etag(hashlib.sha256(response.data).hexdigest())
        return response.make_conditional(request)

    def _frames(self, kind: str) -> list[Doc]:
        if kind in self.script.play:
            return self.script.play[kind]
        if kind == "preview":
            link = self.script.record["link"]
            return [a_task(), compared(link, "unchanged", digest=None) if link else a_check()]
        return [a_task(), a_task("unchanged")]

    def _shown(self, run: Doc) -> Doc:
        task = self._frames(run["kind"])[run["at"]]
        if run["kind"] == "preview" and task["state"] == "ended":
            self.script.record = {**self.script.record, "check": task}
        ended = task["state"] == "ended"
        return {
            "id": run["id"],
            "kind": run["kind"],
            "module": "Invoices",
            "state": "ended" if ended else "open",
            "created_at": task["created_at"],
            "ended_at": task["ended_at"],
            "asked_by": self.script.user["id"],
            "counts": {},
            "tasks": [task],
            "page": 1,
            "pages": 1,
        }

    def _connect(self, path: str, body: Doc) -> Response:
        service = path.split("/")[1]
        return make_response(jsonify(url=f"{self.widget}/connect/{service}", expires_at=_soon()), 201)


def _soon() -> str:
    return instant(600)


def _no(status: int, code: str, message: str | None = None) -> Response:
    return make_response(jsonify(code=code, message=message or f"The server said {code}.", fields={}), status)


def main() -> None:
    """For looking at it by hand: `python -m tests.widget.mock_server`."""
    server = MockServer()
    print(f"{server.crm}/crm/panel and {server.crm}/crm/popup; Ctrl-C ends it")
    threading.Event().wait()


if __name__ == "__main__":
    main()
