"""How do tests and the bench steer a pretend service and play its troubles?"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator import recording
from simulator.calls import Call, Calls, stamp
from simulator.facts import SHARED, BadSwitchError, Fact, Switches
from simulator.faults import BadFaultError, Fault, Faults
from simulator.state import State

Environ = dict[str, Any]
_LOOPBACK = ("127.0.0.1", "::1", None)
_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_ID = re.compile(r"^([0-9a-f]{8}-[0-9a-f-]{27}|\d{6,})$", re.IGNORECASE)


def _no_org() -> str | None:
    return None


def _plain_answer(fault: Fault) -> Response:
    status = fault.status or 500
    headers = {"Retry-After": str(int(fault.seconds))} if status == 429 else {}
    return Response("", status, headers)


def group_by_id(path: str) -> str:
    """A path with its ids replaced by {id}, so that calls of one sort are counted together."""
    return "/".join("{id}" if _ID.match(part) else part for part in path.split("/"))


@dataclass(frozen=True)
class Service:
    """What `install` must know of a service.

    `api` are path prefixes whose calls are counted, delayed and may be troubled; `sign_in` prefixes are
    counted in `by`, and troubled only by rules that name their path. `answer` builds the service's own
    401, 403, 429, 500 and 503.
    """

    name: str = "service"
    api: tuple[str, ...] = ("/",)
    sign_in: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    org_of: Callable[[], str | None] = _no_org
    group: Callable[[str], str] = group_by_id
    answer: Callable[[Fault], Response] = _plain_answer


def install(app: Flask, state: State, faults: Faults, calls: Calls, service: Service | None = None) -> Switches:
    """Add hooks and /_control routes to a service's app and return its switches.

    Hooks that must count a call as in flight while it is slowed down have to be registered before.
    """
    service = service or Service()
    switches = Switches(state, service.name, (*SHARED, *service.facts))
    app.extensions["simulator.switches"] = switches
    app.before_request(lambda: _trouble(service, switches))
    app.after_request(lambda response: _late_trouble(service, response))
    app.register_blueprint(_routes(faults, calls, switches), url_prefix="/_control")
    app.wsgi_app = _Wire(app, service, faults, calls)  # type: ignore[method-assign]
    return switches


def _trouble(service: Service, switches: Switches) -> Response | None:
    call: _Open | None = request.environ.get("simulator.call")
    if call is None:
        return None
    if call.api and switches["delay_ms"]:
        time.sleep(switches["delay_ms"] / 1000)
    fault = call.fault
    if fault is None:
        return None
    if fault.kind == "slow" and fault.when == "before":
        time.sleep(fault.seconds)
    return _instead(service, fault) if fault.when == "before" else None


def _late_trouble(service: Service, response: Response) -> Response:
    """The work was done, yet the answer says otherwise."""
    call: _Open | None = request.environ.get("simulator.call")
    if call is None or call.fault is None or call.fault.when == "before":
        return response
    return _instead(service, call.fault) or response


def _instead(service: Service, fault: Fault) -> Response | None:
    if fault.kind == "html":
        return Response("<html><body>Something went wrong upstream.</body></html>", 200, mimetype="text/html")
    return service.answer(fault) if fault.status else None


@dataclass
class _Open:
    """A call that is being answered."""

    api: bool
    fault: Fault | None = None
    status: int = 0
    org: str | None = None


def belongs_to(org: str) -> None:
    """Say whose the call is that is being answered, where its path and headers do not tell: the log keeps it."""
    call: _Open | None = request.environ.get("simulator.call")
    if call is not None:
        call.org = org


class _Wire:
    """WSGI layer around the app: counts calls and cuts connections, which no Flask hook can do."""

    def __init__(self, app: Flask, service: Service, faults: Faults, calls: Calls) -> None:
        self._app, self._service, self._faults, self._calls = app, service, faults, calls
        self._inner = recording.around(app.wsgi_app, service.name, (*service.api, *service.sign_in))

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        api = path.startswith(self._service.api) and not path.startswith("/_control")
        if not api and not (self._service.sign_in and path.startswith(self._service.sign_in)):
            return self._inner(environ, start_response)
        with self._app.request_context(environ):
            org = self._service.org_of()
        sent = partial(recording.body_of, environ)
        call = _Open(api, self._faults.take(environ["REQUEST_METHOD"], path, org, named_only=not api, body=sent))
        environ["simulator.call"] = call
        try:
            return self._play(call, environ, start_response)
        finally:
            self._calls.record(self._line(call, environ, org))

    def _play(self, call: _Open, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        kind = call.fault.kind if call.fault else None
        if kind == "reset":
            _cut(environ, hard=True)
        head: list[Any] = []
        answer = self._inner(environ, lambda *parts: _keep(head, parts))
        with contextlib.closing(_Closable(answer)):
            body = b"".join(answer)
        if kind == "lost_reply":
            _cut(environ, hard=False)
        if call.fault and kind == "slow" and call.fault.when == "after":
            time.sleep(call.fault.seconds)
        call.status = int(head[-1][0].split(" ", 1)[0])
        start_response(*head[-1])
        return [body]

    def _line(self, call: _Open, environ: Environ, org: str | None) -> Call:
        path = environ.get("PATH_INFO", "")
        return Call(
            at=stamp(),
            method=environ["REQUEST_METHOD"],
            path=path,
            query=environ.get("QUERY_STRING", ""),
            status=call.status,
            org=org or call.org,
            key=environ.get("HTTP_IDEMPOTENCY_KEY"),
            fault=call.fault.kind if call.fault else None,
            group=self._service.group(path),
            api=call.api,
        )


def _keep(head: list[Any], parts: tuple[Any, ...]) -> Callable[[bytes], None]:
    head.append(parts)
    return lambda _: None


class _Closable:
    """Gives every WSGI answer a close()."""

    def __init__(self, answer: Iterable[bytes]) -> None:
        self._answer = answer

    def close(self) -> None:
        close = getattr(self._answer, "close", None)
        if close is not None:
            close()


def _cut(environ: Environ, *, hard: bool) -> None:
    """End the connection without an answer; werkzeug drops a request that raises ConnectionError."""
    wire: socket.socket | None = environ.get("werkzeug.socket")
    if wire is not None:
        if hard:
            # Linger 0 makes the close a reset instead of a polite end.
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("cut on purpose")


def read_json() -> dict[str, Any]:
    """The JSON object of a control request; 400 otherwise (a JSON type keeps foreign web forms out)."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400, "a JSON object is needed")
    return body


def control_blueprint(name: str) -> Blueprint:
    """A blueprint for /_control routes: answers this machine only, and errors as JSON {"error"}."""
    routes = Blueprint(name, __name__)
    routes.before_request(_only_here)
    routes.register_error_handler(HTTPException, _json_error)
    routes.register_error_handler(BadFaultError, _bad_wish)
    routes.register_error_handler(BadSwitchError, _bad_wish)
    return routes


def _only_here() -> None:
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if request.remote_addr not in _LOOPBACK or host not in _HOSTS:
        abort(403, "only this machine may steer the simulator")


def _json_error(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description), error.code or 500


def _bad_wish(error: Exception) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


def _routes(faults: Faults, calls: Calls, switches: Switches) -> Blueprint:
    routes = control_blueprint("control")

    @routes.post("/faults")
    def order_fault() -> tuple[Response, int]:
        return jsonify(id=faults.order(read_json())), 201

    @routes.get("/faults")
    def list_faults() -> Response:
        return jsonify(faults=faults.listing())

    @routes.delete("/faults")
    def clear_faults() -> tuple[str, int]:
        faults.clear()
        return "", 204

    @routes.get("/calls")
    def list_calls() -> Response:
        return jsonify(calls.report())

    @routes.delete("/calls")
    def clear_calls() -> tuple[str, int]:
        calls.clear()
        return "", 204

    @routes.get("/switches")
    def list_switches() -> Response:
        return jsonify(switches.all())

    @routes.put("/switches")
    def put_switches() -> Response:
        switches.put(read_json())
        return jsonify(switches.all())

    return routes


def switches_of(app: Flask | None = None) -> Switches:
    """The switches that `install` made for an app (the current one when none is given)."""
    found: Switches = (app or current_app).extensions["simulator.switches"]
    return found
