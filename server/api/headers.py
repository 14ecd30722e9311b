"""Which headers does every answer carry, and what is written about it?"""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request

from server.logs import about

log = structlog.get_logger(__name__)

# What an answer gets that brings no policy of its own: it may load nothing and stand in no frame.
_CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def register(app: Flask, *, secure: bool) -> None:
    """Security headers on everything, no cookie on the API, one log line for each request."""
    app.before_request(_start)
    app.after_request(_protect)
    if secure:
        app.after_request(_only_https)
    app.after_request(_write_down)


def _start() -> None:
    structlog.contextvars.clear_contextvars()
    g.started = time.monotonic()


def _protect(response: Response) -> Response:
    headers = response.headers
    if "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = _CLOSED
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers["X-Frame-Options"] = "DENY"
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cache-Control", "no-store")
    if request.path.startswith("/api/"):
        headers.pop("Set-Cookie", None)
    return response


def _only_https(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _write_down(response: Response) -> Response:
    """The route's rule, never the path or the query: those hold one-time secrets and codes."""
    rule = request.url_rule.rule if request.url_rule else "-"
    took = round((time.monotonic() - g.get("started", time.monotonic())) * 1000, 1)
    run = (request.view_args or {}).get("run_id") if response.status_code < 400 else None
    with about(run=run):
        log.info("request", method=request.method, route=rule, status=response.status_code, ms=took)
    return response
