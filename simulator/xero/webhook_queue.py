"""Which events wait to be delivered, and which were?"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.facts import Switches
from simulator.state import State
from simulator.xero.changes import PENDING

Doc = dict[str, Any]
_SENT, _KEPT = "xero_event_sent", 1000


class Queue:
    """Events in the store: they outlive the process and a webhook that is down (X9)."""

    def __init__(self, state: State, switches: Switches) -> None:
        self._state, self._switches = state, switches

    def take(self) -> list[Doc]:
        """The next batch, oldest first unless the switch says otherwise; what may not be told is dropped."""
        with self._state.together():
            rows = [row for row in self._state.view(PENDING) if self._stays(row)]
        ready = _stamp(timedelta(milliseconds=self._switches["webhook_delay_ms"]))
        rows = sorted((row for row in rows if row["event"]["eventDateUtc"] <= ready), key=lambda row: row["number"])
        order = self._switches["webhook_order"]
        if order == "reversed":
            rows.reverse()
        elif order == "shuffled":
            secrets.SystemRandom().shuffle(rows)
        return rows[: max(1, int(self._switches["webhook_batch"]))]

    def _stays(self, row: Doc) -> bool:
        """Payment events by a switch, and nothing for longer than 31 days (X9)."""
        kept_from = _stamp(timedelta(days=self._switches["webhook_kept_days"]))
        unwanted = row["by_payment"] and not self._switches["webhook_on_payment"]
        if unwanted or row["event"]["eventDateUtc"] < kept_from:
            self._state.delete(PENDING, str(row["number"]))
            return False
        return True

    def delivered(self, rows: list[Doc]) -> None:
        """These arrived; the last thousand are kept for a replay."""
        with self._state.together():
            for row in rows:
                self._state.delete(PENDING, str(row["number"]))
                self._state.put(_SENT, str(row["number"]), row)
            for key, _ in self._state.pairs(_SENT)[:-_KEPT]:
                self._state.delete(_SENT, key)

    def replay(self, count: int) -> int:
        """Put the last delivered events back, to be sent once more in their order."""
        rows = sorted(self._state.view(_SENT), key=lambda row: row["number"])[-count:] if count > 0 else []
        with self._state.together():
            for row in rows:
                self._state.delete(_SENT, str(row["number"]))
                self._state.put(PENDING, str(row["number"]), row)
        return len(rows)

    def counts(self) -> Doc:
        """How many wait, how many arrived."""
        return {"waiting": len(self._state.view(PENDING)), "delivered": len(self._state.view(_SENT))}

    def clear(self) -> None:
        """Forget all of them."""
        with self._state.together():
            for kind in (PENDING, _SENT):
                for key, _ in self._state.pairs(kind):
                    self._state.delete(kind, key)


def _stamp(before: timedelta) -> str:
    at = datetime.now(UTC) - before
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
