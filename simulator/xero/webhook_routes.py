"""How do tests and the demo set up the webhook of the pretend Xero?"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify

from simulator.control import control_blueprint, read_json
from simulator.xero.changes import CATEGORIES
from simulator.xero.webhook_wire import is_loopback
from simulator.xero.webhooks import Webhooks

Doc = dict[str, Any]


def blueprint(webhooks: Webhooks) -> Blueprint:
    """What the developer portal has, for this machine only; Xero has no API for it (X9)."""
    routes = control_blueprint("xero_webhooks")

    @routes.put("/webhooks")
    def configure() -> Response:
        url, key, categories = _wish(read_json())
        return jsonify(webhooks.configure(url, key, categories))

    @routes.get("/webhooks")
    def report() -> Response:
        return jsonify(webhooks.report())

    @routes.delete("/webhooks")
    def remove() -> tuple[str, int]:
        webhooks.remove()
        return "", 204

    @routes.post("/webhooks/<deed>")
    def do(deed: str) -> Response:
        if deed not in ("check", "double", "replay"):
            abort(404, "check, double or replay")
        if webhooks.report()["webhook"] is None:
            abort(409, "no webhook is configured")
        if deed == "check":
            return jsonify(webhooks.check())
        if deed == "double":
            webhooks.double_next()
            return jsonify(doubles=webhooks.doubles)
        return jsonify(replayed=webhooks.queue.replay(_count(read_json())))

    return routes


def _wish(body: Doc) -> tuple[str, str, list[str]]:
    url, key = str(body.get("url") or ""), str(body.get("key") or "")
    categories = body.get("categories") or ["INVOICE", "CONTACT"]
    if not is_loopback(url):
        abort(400, "url must be an address of this machine")
    if not key:
        abort(400, "key is needed")
    if not isinstance(categories, list) or not set(categories) <= set(CATEGORIES):
        abort(400, f"categories must be some of {', '.join(CATEGORIES)}")
    return url, key, [str(one) for one in categories]


def _count(body: Doc) -> int:
    count = body.get("count", 1000)
    if not isinstance(count, int) or isinstance(count, bool):
        abort(400, "count must be a number")
    return count
