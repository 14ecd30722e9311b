"""Who listens by webhook, and how do events get there?"""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections import deque
from typing import Any

from simulator.calls import Calls, stamp
from simulator.facts import Switches
from simulator.state import State
from simulator.xero import webhook_wire
from simulator.xero.changes import CONFIG
from simulator.xero.webhook_queue import Queue
from simulator.xero.webhook_wire import Reply, payload

Doc = dict[str, Any]
ACTIVE, FAILED, DISABLED = "active", "intent failed", "disabled"
_LOOK_EVERY, _LOG = 0.1, 200


class Webhooks:
    """One app's subscription: checked once, then served by one thread that ends with the process (X9)."""

    def __init__(self, state: State, switches: Switches, calls: Calls) -> None:
        self._state, self._switches, self._calls = state, switches, calls
        self.queue = Queue(state, switches)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._log: deque[Doc] = deque(maxlen=_LOG)
        self._doubles = 0
        self._again_at = 0.0
        self._work()

    # What the developer portal does

    def configure(self, url: str, key: str, categories: list[str]) -> Doc:
        """A new address is checked before anything is sent to it."""
        self.queue.clear()
        self._state.put(CONFIG, "config", {"url": url, "key": key, "categories": categories, "status": FAILED})
        return self.check()

    def check(self) -> Doc:
        """The intent-to-receive series: all right ones need 200, all wrong ones 401, else no activation."""
        config = self._config()
        assert config is not None
        spoilt = [False, True, False, True]
        secrets.SystemRandom().shuffle(spoilt)
        series = [(bad, webhook_wire.post(config, payload([], 0, 0), self._switches, spoilt=bad)) for bad in spoilt]
        right = all(reply.wrong is None for _, reply in series)
        status = ACTIVE if right else FAILED if config["status"] == FAILED else DISABLED
        self._change(status=status, failing_since=None)
        self._again_at = 0.0
        self._calls.note(f"Webhook address {'accepted' if right else 'refused'}")
        self._work()
        rows = [{"signature": "bad" if bad else "good", **_told(reply)} for bad, reply in series]
        return {"status": status, "intent": rows}

    def remove(self) -> None:
        """Nobody listens any more; the thread sees it and ends."""
        self._state.delete(CONFIG, "config")
        self.queue.clear()

    def double_next(self) -> None:
        """The next delivery goes out twice."""
        with self._lock:
            self._doubles += 1

    @property
    def doubles(self) -> int:
        """How many deliveries will go out twice."""
        return self._doubles

    def calm(self) -> None:
        """No doubled deliveries after all."""
        with self._lock:
            self._doubles = 0

    def report(self) -> Doc:
        """The subscription without its key, what waits, and the last deliveries."""
        config = {k: v for k, v in (self._config() or {}).items() if k != "key"}
        return {"webhook": config or None, **self.queue.counts(), "deliveries": list(self._log)}

    # The thread

    def _config(self) -> Doc | None:
        return self._state.peek(CONFIG, "config")

    def _change(self, **values: Any) -> None:
        with self._state.together():
            config = self._state.get(CONFIG, "config")
            if config is not None:
                self._state.put(CONFIG, "config", {**config, **values})

    def _serves(self) -> Doc | None:
        config = self._config()
        return config if config and config["status"] == ACTIVE else None

    def _work(self) -> None:
        """Start the one thread, where there is something to serve."""
        with self._lock:
            if self._serves() and not (self._thread and self._thread.is_alive()):
                self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        try:
            while config := self._serves():
                if time.monotonic() >= self._again_at:
                    self._step(config)
                time.sleep(_LOOK_EVERY)
        except sqlite3.Error:
            # The store was closed: the process is about to end.
            return

    def _step(self, config: Doc) -> None:
        rows = self.queue.take()
        if not rows:
            return
        numbers = [row["number"] for row in rows]
        body = payload([row["event"] for row in rows], min(numbers), max(numbers))
        # Asked before it goes out: who has the delivery and only then orders doubles does not mean this one.
        always, once = self._switches["webhook_duplicates"], self._doubles > 0
        reply = self._deliver(config, body, len(rows))
        if reply.wrong and not config.get("failing_since"):
            # X9: a retry at once, then every 15 minutes.
            reply = self._deliver(config, body, len(rows))
        if reply.wrong:
            self._failed(config)
            return
        self.queue.delivered(rows)
        self._change(failing_since=None)
        if always or (once and self._use_double()):
            self._deliver(config, body, len(rows))

    def _deliver(self, config: Doc, body: bytes, count: int) -> Reply:
        reply = webhook_wire.post(config, body, self._switches)
        self._log.append({"at": stamp(), "events": count, **_told(reply)})
        answered = f"answered {reply.status}" if reply.status else f"not answered ({reply.wrong})"
        self._calls.note(f"Webhook of {count} event{'' if count == 1 else 's'} {answered}")
        return reply

    def _failed(self, config: Doc) -> None:
        """Disabled after 24 hours of failing; the events stay (X9)."""
        now = time.time()
        since = config.get("failing_since") or now
        over = now - since >= self._switches["webhook_give_up_seconds"]
        self._change(failing_since=since, **({"status": DISABLED} if over else {}))
        self._again_at = time.monotonic() + self._switches["webhook_retry_seconds"]
        if over:
            self._calls.note("Webhook disabled: it failed for too long")

    def _use_double(self) -> bool:
        with self._lock:
            used = self._doubles > 0
            self._doubles -= used
        return used


def _told(reply: Reply) -> Doc:
    return {"answered": reply.status, "right": reply.wrong is None, "wrong": reply.wrong}
