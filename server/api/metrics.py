"""How is the installation doing, for Prometheus? Numbers of all tenants together, for whoever holds METRICS_TOKEN.

Without that setting there is no such page. An address of the asker would prove nothing: behind a proxy on the same
machine the whole world comes from loopback.
"""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, request

from server.api.context import services
from server.api.errors import Problem
from server.api.prometheus import MEDIA_TYPE, text_of
from server.sync.figures import gather

blp = Blueprint("metrics", __name__)


@blp.get("/metrics")
def metrics() -> Response:
    s = services()
    _demand_token(s.config.metrics_token)
    return Response(text_of(gather(s)), content_type=MEDIA_TYPE)


def _demand_token(token: str) -> None:
    """The same answer with no token, a wrong one, and where there is no such page."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    told = given.strip().encode("utf-8", "surrogatepass")
    if not token or kind.lower() != "bearer" or not hmac.compare_digest(told, token.encode()):
        raise Problem(404, "not_found", "There is nothing here.")
