"""How do those who watch hear of a change? One thread posts what waits, in the disorder nobody rules out (Z5.8)."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from simulator.calls import Calls
from simulator.facts import Switches
from simulator.state import State
from simulator.zoho.watches import WAITING, waiting

Doc = dict[str, Any]
_LOOK_EVERY = 0.1


class Notices:
    """Callbacks of all orgs: the data centres share one store. The thread ends with the process or the store."""

    def __init__(self, state: State, switches: Switches, calls: Calls) -> None:
        self._state, self._switches, self._calls = state, switches, calls
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while True:
                self._step()
                time.sleep(_LOOK_EVERY)
        except sqlite3.Error:
            return

    def _step(self) -> None:
        """Everything that is old enough, in the order of the switch; what is not heard is not said again (Z5.8 knows of
        no retries), unless the switch says so."""
        old_enough = (datetime.now(UTC) - timedelta(milliseconds=self._switches["notice_delay_ms"])).isoformat()
        ready = [(key, notice) for key, notice in waiting(self._state) if notice["at"] <= old_enough]
        if self._switches["notice_order"] == "shuffled":
            secrets.SystemRandom().shuffle(ready)
        for key, notice in ready:
            for _ in range(2 if self._switches["notice_doubled"] else 1):
                self._tell(notice)
            self._state.delete(WAITING, key)

    def _tell(self, notice: Doc) -> None:
        body = {**notice["body"], "query_params": dict(parse_qsl(urlsplit(notice["url"]).query))}
        for _ in range(max(1, int(self._switches["notice_tries"]))):
            told = _post(notice["url"], body)
            self._calls.note(f"Notification of {body['operation']} in {body['module']} {told or 'not answered'}")
            if told is not None and told < 400:
                return


def _post(url: str, body: Doc) -> int | None:
    """The status, or None where nobody answered. Never beyond this machine: a channel with another host is refused."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            data = json.dumps(body, ensure_ascii=False).encode()
            headers = {"Content-Type": "application/json;charset=UTF-8"}
            return int(session.post(url, data=data, headers=headers, timeout=5, allow_redirects=False).status_code)
    except requests.RequestException:
        return None
