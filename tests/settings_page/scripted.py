"""Which server do the tests of the settings page talk to? The widget's scripted one, with the settings' routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response, jsonify, make_response, request

from tests.settings_page import answers
from tests.widget.mock_server import MockServer, Script
from tests.widget.samples import TOM, Doc, instant

PAGE = """<!doctype html><html lang="en"><title>Host page</title><link rel="stylesheet" href="/tab.css">
<iframe title="Widget"></iframe><script type="module" src="/pages/host.js"></script>"""
STYLE = "body{margin:0;background:#dfe4ea}iframe{display:block;width:100%;height:100vh;border:0}"


@dataclass
class SettingsScript(Script):
    """What the server knows of the settings. Tests change it at any time."""

    user: Doc = field(default_factory=lambda: dict(TOM))
    kept: Doc = field(default_factory=answers.ready)
    ties: Doc = field(
        default_factory=lambda: {
            "zoho": answers.a_tie("Harbour & Pine"),
            "xero": answers.a_tie("Harbour & Pine Pty Ltd"),
        }
    )
    notices: list[Doc] = field(default_factory=list)
    tried: bool = False
    before_save: list[Callable[[], None]] = field(default_factory=list)  # what another does just before
    not_valid: Doc = field(default_factory=dict)  # field -> sentence: the next save is refused
    outcomes: Doc = field(default_factory=dict)  # record -> (outcome, saved outcome)

    def saves(self) -> list[Doc]:
        """The bodies of all saves."""
        return [call["body"] for call in self.calls if call["method"] == "PUT" and call["path"] == "/settings"]

    def somebody_saves(self, **parts: object) -> None:
        """Sam saves these parts at this moment."""
        self.kept |= parts
        self.kept |= {"version": self.kept["version"] + 1, "changed_by_name": "Sam Okafor", "changed_at": instant(-120)}


class SettingsServer(MockServer):
    """Only administrators save; a save under another version than the present is refused."""

    script: SettingsScript

    def _app(self) -> Flask:
        app = super()._app()
        app.add_url_rule("/api/v1/settings", view_func=self._settings, methods=["GET", "PUT"])
        app.add_url_rule("/api/v1/settings/<what>", view_func=self._more, methods=["GET", "POST"])
        app.add_url_rule("/api/v1/connections", view_func=self._ties, methods=["GET"])
        app.add_url_rule("/api/v1/connections/<service>", view_func=self._tie, methods=["DELETE"])
        app.add_url_rule("/api/v1/connections/<service>/test", view_func=self._test, methods=["POST"])
        app.add_url_rule("/api/v1/notices", view_func=self._notices, methods=["GET"])
        app.add_url_rule("/api/v1/data", view_func=self._data, methods=["GET"])
        app.add_url_rule("/tab.css", view_func=lambda: Response(STYLE, content_type="text/css"))
        return app

    def _crm_page(self, page: str) -> Response:
        return make_response(PAGE)

    def _noted(self, path: str) -> Response | None:
        """Every call is noted; the script may be away, refuse it, or not know who asks."""
        script = self.script
        body = request.get_json(silent=True)
        headers = dict(request.headers)
        script.calls.append({"method": request.method, "path": path, "body": body, "headers": headers})
        if script.away:
            return make_response("<h1>Bad gateway</h1>", 502)
        for wanted, (status, code) in script.refuse.items():
            if f"{request.method} {path}".startswith(wanted):
                return no(status, code)
        if headers.get("Authorization", "").removeprefix("Bearer ") not in script.live:
            return no(401, "sign_in_needed")
        return None

    def _settings(self) -> Response:
        refused = self._noted("/settings")
        if refused is not None:
            return refused
        return self._save() if request.method == "PUT" else self._page()

    def _page(self) -> Response:
        script = self.script
        may = script.user["administrator"]
        body = {
            **script.kept,
            "may_change": may,
            "missing": [],
            "checklist": answers.checklist(script.kept, script.ties, tried=script.tried),
            "suggested": answers.suggested(script.kept) if may else {},
        }
        if script.ties["zoho"]["state"] == "none":
            body |= {"crm": None, "suggested": {}}
        if script.ties["xero"]["state"] == "none":
            body["choices"] = {name: [] for name in answers.CHOICES} | {"read_at": None}
        answer = jsonify(body)
        answer.headers["ETag"] = f'"v{script.kept["version"]}"'
        return answer

    def _save(self) -> Response:
        script = self.script
        if script.before_save:
            script.before_save.pop()()
        if request.headers.get("If-Match") != f'"v{script.kept["version"]}"':
            return no(412, "settings_changed")
        if script.not_valid:
            fields, script.not_valid = script.not_valid, {}
            body = {"code": "not_valid", "message": "Some fields are not right.", "fields": fields}
            return make_response(jsonify(body), 422)
        body = dict(request.get_json())
        confirmed = body.pop("organisation_confirmed", False)
        changes = body.get("organisation") not in (None, script.kept["organisation"])
        if script.kept["organisation"] and changes and not confirmed:
            return no(409, "confirm_organisation", "12 invoices and 3 customers are tied to Harbour & Pine Pty Ltd.")
        script.kept |= body
        if script.kept["organisation"] and not script.kept["start_date"]:
            script.kept["start_date"] = "2026-11-23"
        script.kept |= {
            "version": script.kept["version"] + 1,
            "changed_by_name": "Tom Alvarez",
            "changed_at": instant(),
        }
        return self._page()

    def _more(self, what: str) -> Response:
        refused = self._noted(f"/settings/{what}")
        if refused is not None:
            return refused
        return {"try": self._try, "invoices": self._invoices, "live": self._live}[what]()

    def _try(self) -> Response:
        record = request.get_json().get("record_id") or answers.INVOICES[0][0]
        outcome, saved = self.script.outcomes.get(record, ("create", "create"))
        self.script.tried = True
        return jsonify(answers.tried(record, outcome=outcome, saved=saved))

    def _invoices(self) -> Response:
        wanted = request.args.get("search", "").casefold()
        rows = [answers.invoice(position) for position in range(len(answers.INVOICES))]
        return jsonify(invoices=[row for row in rows if wanted in f"{row['number']} {row['customer']}".casefold()])

    def _live(self) -> Response:
        live = request.get_json()["live"]
        self.script.kept["live"] = {"since": instant(), "by": "Tom Alvarez"} if live else {"since": None, "by": None}
        self.script.kept["version"] += 1
        return self._page()

    def _notices(self) -> Response:
        return self._noted("/notices") or jsonify(notices=self.script.notices)

    def _data(self) -> Response:
        return self._noted("/data") or jsonify(fields=answers.LEAVING)

    def _ties(self) -> Response:
        return self._noted("/connections") or jsonify(self.script.ties)

    def _tie(self, service: str) -> Response:
        refused = self._noted(f"/connections/{service}")
        self.script.ties[service] = answers.no_tie()
        return refused or make_response("", 204)

    def _test(self, service: str) -> Response:
        return self._noted(f"/connections/{service}/test") or jsonify(ok=True, told="It answered just now.")

    def _connect(self, path: str, body: Doc) -> Response:
        """The consent window connects it at once."""
        service = path.split("/")[1]
        self.script.ties[service] = answers.a_tie({"zoho": "Harbour & Pine"}.get(service))
        return super()._connect(path, body)


def no(status: int, code: str, message: str | None = None) -> Response:
    return make_response(jsonify(code=code, message=message or f"The server said {code}.", fields={}), status)


def main() -> None:
    """For looking at it by hand: `python -m tests.settings_page.scripted`."""
    server = SettingsServer()
    server.script = SettingsScript()
    print(f"{server.crm}/crm/settings; Enter ends it")
    input()


if __name__ == "__main__":
    main()
