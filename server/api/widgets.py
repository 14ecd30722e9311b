"""How do the widget's files reach the CRM's frames? From our own origin, framed by CRM hosts only."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, request, send_file
from werkzeug.security import safe_join

from server.api.context import services
from server.clients.places import ZohoPlaces

blp = Blueprint("widgets", __name__)

FOLDER = Path(__file__).resolve().parents[2] / "widget"
_SERVED = {".html", ".css", ".js", ".svg", ".png", ".json", ".woff2"}
_SDK = "__SDK__"

mimetypes.add_type("text/javascript", ".js")


@blp.get("/widget/<path:name>")
def widget_file(name: str) -> Response:
    """One file of widget/. Nothing there is secret; who may frame it is what matters (Z4.4)."""
    found = safe_join(str(FOLDER), name)
    file = Path(found) if found else None
    if file is None or file.suffix not in _SERVED or not file.is_file():
        abort(404)
    response = _page(file) if file.suffix == ".html" else send_file(file, conditional=True)
    response.headers["Content-Security-Policy"] = policy(services().config.zoho)
    response.headers["Cache-Control"] = "no-cache"
    return response


def policy(places: ZohoPlaces) -> str:
    """Scripts from us and the SDK's host, calls to us alone, frames in CRM alone."""
    sdk = urlsplit(places.sdk)
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {sdk.scheme}://{sdk.netloc}",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "frame-ancestors": " ".join(places.crm_hosts()),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _page(file: Path) -> Response:
    """HTML with the configured SDK address in its place."""
    text = file.read_text("utf-8").replace(_SDK, services().config.zoho.sdk)
    response = make_response(text)
    response.add_etag()
    response.make_conditional(request)
    return response
