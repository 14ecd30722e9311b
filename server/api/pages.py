"""How do the few pages look that a person sees outside the CRM? Plain, closed to frames, no inline script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, send_from_directory

blp = Blueprint(
    "pages", __name__, template_folder="../pages", static_folder="../pages/static", static_url_path="/pages"
)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page(template: str, status: int = 200, **values: Any) -> Response:
    """One of the templates of server/pages. Everything in `values` is escaped."""
    response = make_response(render_template(template, **values), status)
    response.headers["Content-Security-Policy"] = _POLICY
    # A form here posts to ourselves, and browsers tell the origin of a post only where referrers are not forbidden.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blp.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it on every top-level page."""
    response = send_from_directory(str(blp.static_folder), "favicon.svg", mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
