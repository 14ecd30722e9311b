"""Was this very write sent before under the same key?"""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime
from typing import Any

from flask import Response, g, request

from simulator.control import switches_of
from simulator.state import State
from simulator.xero.wire import ZERO_ID, api_error, validation_error

_METHODS = ("POST", "PUT", "PATCH")
_LONGEST = 128
_KIND = "xero_key"
_PURGE_ABOVE = 500


class Keys:
    """First answers by key, kept per app and not per organisation, six minutes long (X4)."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Condition()
        self._running: set[str] = set()

    def before(self, client: str) -> Response | None:
        """Replay or refuse a write whose key is known; else open the key for this call."""
        key = request.headers.get("Idempotency-Key")
        if not key or request.method not in _METHODS:
            return None
        if len(key) > _LONGEST:
            text = f"Idempotency Key: {key} has {len(key)} characters, at most {_LONGEST} are allowed."
            return api_error(10, "ValidationException", text)
        name = f"{client}|{key}"
        if not self._enter(name):
            return api_error(10, "ValidationException", f"Idempotency Key: {key} is in use by another request.")
        stored = self._live(name)
        if stored is None:
            g.key_open = name
            return None
        self._leave(name)
        return _replay(stored) if stored["print"] == fingerprint() else _mismatch(key)

    def after(self, response: Response) -> Response:
        """Store the answer of a call that ran under a key, errors included (X4)."""
        name = g.pop("key_open", None)
        if name is not None:
            if response.status_code != 400 or switches_of()["idempotency_stores_400"]:
                self._store(name, response)
            self._leave(name)
        return response

    def remember(self, client: str, response: Response) -> None:
        """Store an internal error under the key of this call: it is replayed for the window (X4)."""
        key = request.headers.get("Idempotency-Key")
        if key and request.method in _METHODS:
            self._store(f"{client}|{key}", response)

    def _enter(self, name: str) -> bool:
        """Two calls in flight with one key (X4, unverified): the switch says what the second does."""
        rule = switches_of()["idempotency_in_flight"]
        with self._lock:
            if name in self._running and rule == "refuse":
                return False
            while name in self._running and rule == "wait":
                self._lock.wait(timeout=60)
            self._running.add(name)
            return True

    def _leave(self, name: str) -> None:
        with self._lock:
            self._running.discard(name)
            self._lock.notify_all()

    def _live(self, name: str) -> dict[str, Any] | None:
        stored = self._state.peek(_KIND, name)
        if stored is None or _now() - stored["at"] > switches_of()["idempotency_seconds"]:
            return None
        return stored

    def _store(self, name: str, response: Response) -> None:
        live = self._live(name)
        doc = {
            "print": fingerprint(),
            "status": response.status_code,
            "type": response.headers.get("Content-Type"),
            "body": response.get_data(as_text=True),
            "at": live["at"] if live else _now(),
        }
        with self._state.together():
            self._state.put(_KIND, name, doc)
            self._purge()

    def _purge(self) -> None:
        pairs = self._state.pairs(_KIND)
        if len(pairs) <= _PURGE_ABOVE:
            return
        oldest = _now() - switches_of()["idempotency_seconds"]
        for name, stored in pairs:
            if stored["at"] < oldest:
                self._state.delete(_KIND, name)


def fingerprint() -> str:
    """URL, method and body of this call; the organisation's header is not part of it (X4)."""
    body = hashlib.sha256(request.get_data()).hexdigest()
    return f"{request.method} {request.full_path} {body}"


def _replay(stored: dict[str, Any]) -> Response:
    return Response(stored["body"], stored["status"], content_type=stored["type"])


def _mismatch(key: str) -> Response:
    text = f"Idempotency Key: {key} is used with a different request."
    if switches_of()["idempotency_mismatch_in"] == "elements":
        return validation_error([{"InvoiceID": ZERO_ID, "ValidationErrors": [{"Message": text}]}])
    return api_error(10, "ValidationException", text)


def _now() -> float:
    return datetime.now(UTC).timestamp()
