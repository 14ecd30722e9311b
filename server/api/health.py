"""Is this process alive, and can it work? For hosts and their load balancers; nobody signs in for it."""

from __future__ import annotations

import structlog
from flask import Response, jsonify
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.api.context import services
from server.api.routes import Routes
from server.store.schema import is_current
from server.sync.services import Services

blp = Routes("health", __name__, url_prefix="/health", description="For hosts")
log = structlog.get_logger(__name__)


@blp.get("/live")
@blp.doc(security=[])
@blp.alt_response(200, description="The process answers")
def live() -> Response:
    """Nothing outside this process is asked."""
    return jsonify({"state": "ok"})


@blp.get("/ready")
@blp.doc(security=[])
@blp.alt_response(200, description="Everything of ours is there")
@blp.alt_response(503, description="Something of ours is away; the answer says what")
def ready() -> Response:
    """Our own database (and its version) and Redis. Zoho or Xero being away does not make us unready."""
    s = services()
    found = {"database": _database(s), "redis": _redis(s)}
    response = jsonify(found)
    response.status_code = 200 if set(found.values()) == {"ok"} else 503
    return response


def _database(s: Services) -> str:
    try:
        with s.store.read() as c:
            c.execute(text("SELECT 1"))
        return "ok" if is_current(s.store.engine) else "old"
    except SQLAlchemyError as error:
        log.error("database away", error=type(error).__name__)
        return "away"


def _redis(s: Services) -> str:
    try:
        s.redis.ping()
    except RedisError as error:
        log.error("redis away", error=type(error).__name__)
        return "away"
    return "ok"
