"""Is every route behind a sign-in, but for a few with a reason?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from simulator.stack import environment
from simulator.stack.ports import Ports
from tests.guard.names_of_things import says_item
from tests.guard.sources import ROOT

# Nothing here shows, changes or tells anything about a tenant to somebody who has not proved who he is.
OPEN = {
    "GET /health/live": "a host asks whether the process lives",
    "GET /health/ready": "a host asks whether to send work; it says ok or not, no more",
    "GET /metrics": "numbers for whoever runs it: only with METRICS_TOKEN, 404 for everybody else",
    "GET /openapi.json": "the description of the API, the same for everybody",
    "GET /favicon.ico": "browsers ask for it on every top-level page",
    "GET /pages/<path:filename>": "style and script of the few top-level pages, the same for everybody",
    "GET /widget/<path:name>": "the widget's files, the same for everybody; what they show they ask for",
    "POST /api/v1/sign-in/start": "where a sign-in begins: gives a ticket that is worth nothing without its secret",
    "POST /api/v1/sign-in/finish": "the other end: takes the ticket's secret, which only the starter has",
    "POST /api/v1/sign-in/renew": "takes the single-use renewal handle, which is the proof",
    "GET /sign-in/<door>": "the popup's way in: a one-time secret is in the address",
    "POST /sign-in/confirm": "the six digits, bound to the flow's cookie",
    "GET /connect/<door>": "the popup's way in: a one-time secret, which only an administrator was given",
    "GET /oauth/zoho/callback": "Zoho sends the browser back: state and the flow's cookie are checked",
    "GET /oauth/xero/callback": "Xero sends the browser back: state and the flow's cookie are checked",
    "GET /go/<dc>/<environment>/<zgid>/<record_id>": "sends a person on to CRM, which asks for a sign-in itself",
}
LIST_ROUTES = """
import json
from server.app import create_app
app = create_app()
rows = []
for rule in app.url_map.iter_rules():
    view = app.view_functions[rule.endpoint]
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        of_class = getattr(view, "view_class", None)
        target = getattr(of_class, method.lower()) if of_class else view
        rows.append([f"{method} {rule.rule}", bool(getattr(target, "__signed_in__", False))])
print(json.dumps(rows))
"""


@cache
def routes() -> dict[str, bool]:
    """Every route of the running application, and whether it is behind a sign-in."""
    with TemporaryDirectory() as folder:
        keys = environment.kept_keys(Path(folder) / "keys.json")
        ours = environment.of_server(Ports(), keys, f"sqlite:///{folder}/empty.db", "redis://127.0.0.1:1/0")
        argv = [sys.executable, "-c", LIST_ROUTES]
        done = subprocess.run(argv, cwd=ROOT, env={**os.environ, **ours}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, bool] = dict(json.loads(done.stdout.splitlines()[-1]))
    return found


def test_every_route_needs_a_sign_in_but_a_listed_few() -> None:
    """A new route that forgets it fails here, not in somebody's books."""
    assert [route for route, signed in sorted(routes().items()) if not signed and route not in OPEN] == []


def test_the_list_of_exceptions_is_not_longer_than_it_must_be() -> None:
    """An exception for a route that is gone, or signed by now, would hide the next mistake."""
    assert [route for route in OPEN if routes().get(route, True)] == []


def test_no_route_says_item() -> None:
    """The API speaks of runs, tasks and records."""
    words = {word for route in routes() for word in route.replace("/", " ").replace("-", " ").split()}
    assert [word for word in sorted(words) if says_item(word)] == []


def test_everything_of_the_api_is_versioned() -> None:
    """/api/v1: a second version can live beside the first."""
    assert [route for route in routes() if "/api/" in route and "/api/v1/" not in route] == []
