"""Which troubles can be ordered on a bookkeeper's page, and what happened last?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from simulator.calls import Call, Calls, Note
from simulator.faults import Faults
from simulator.xero.bookkeeper import Bookkeeper
from simulator.xero.webhooks import Webhooks

Doc = dict[str, Any]
_HAPPENED = 12
_API, _INVOICES = {"path": "/api.xro/"}, {"method": "PUT", "path": "/Invoices"}
TROUBLES: dict[str, tuple[str, Doc]] = {
    "401": ("Token not accepted (401)", {"kind": "401", **_API}),
    "403": ("Organisation not reachable (403)", {"kind": "403", **_API}),
    "429": ("Too many calls this minute (429)", {"kind": "429", "seconds": 20, "detail": "minute", **_API}),
    "429_day": ("Too many calls today (429)", {"kind": "429", "seconds": 3600, "detail": "day", **_API}),
    "429_concurrent": ("Too many calls at once (429)", {"kind": "429", "seconds": 1, "detail": "concurrent", **_API}),
    "500": ("Server error (500)", {"kind": "500", **_API}),
    "503": ("Offline for maintenance (503)", {"kind": "503", **_API}),
    "html": ("A web page for an answer", {"kind": "html", **_API}),
    "slow": ("Answer slowly", {"kind": "slow", "seconds": 8, **_API}),
    "lost_reply": ("Lose the reply to the next invoice", {"kind": "lost_reply", **_INVOICES}),
}
REVOKED, DOUBLED, NONE = "revoked", "webhook_doubled", "none"
_VERBS = {"GET": "read", "PUT": "created", "POST": "sent", "DELETE": "removed"}


class Troubles:
    """Orders troubles for one organisation, and shows what waits."""

    def __init__(self, faults: Faults, calls: Calls, bookkeeper: Bookkeeper, webhooks: Webhooks) -> None:
        self._faults, self._calls = faults, calls
        self._bookkeeper, self._webhooks = bookkeeper, webhooks

    def order(self, org: Doc, kind: str) -> bool:
        """Order one by its button's value, or call all of them off; False for an unknown one."""
        if kind == NONE:
            self._faults.clear()
            self._webhooks.calm()
        elif kind == REVOKED:
            self._bookkeeper.do(org, {"action": "revoke"})
        elif kind == DOUBLED:
            self._webhooks.double_next()
        elif kind in TROUBLES:
            self._faults.order({**TROUBLES[kind][1], "org": org["id"]})
        else:
            return False
        return True

    def view(self, org: Doc) -> Doc:
        """Which troubles wait, and the last calls and clicks of this organisation."""
        waiting = [_label(rule) for rule in self._faults.listing() if _waits(rule)]
        if self._webhooks.doubles:
            waiting.append("Webhook doubled")
        happened = [
            {"at": _clock(entry.at), "text": _sentence(entry)}
            for entry in self._calls.recent(200)
            if isinstance(entry, Note) or entry.org in (None, org["id"])
        ]
        told = self._webhooks.report()
        return {
            "troubles": {kind: label for kind, (label, _) in TROUBLES.items()},
            "waiting": waiting,
            "webhook": told["webhook"] and {**told["webhook"], "waiting": told["waiting"]},
            "happened": happened[:_HAPPENED],
        }


def _waits(rule: Doc) -> bool:
    return rule["times"] is None or bool(rule["hits"] < rule["times"])


def _label(rule: Doc) -> str:
    for label, order in TROUBLES.values():
        if (order["kind"], order.get("detail")) == (rule["kind"], rule["detail"]):
            return label
    return str(rule["kind"])


def _sentence(entry: Call | Note) -> str:
    if isinstance(entry, Note):
        return entry.text
    what = entry.group.strip("/").replace("/{id}", "").replace("connect/token", "tokens")
    answered = f"answered {entry.status}" if entry.status else "the answer was lost"
    return f"InvoiceBridge {_VERBS.get(entry.method, entry.method)} {what}, {answered}"


def _clock(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone().strftime("%H:%M:%S")
