"""Whom does a person ask who may not do something? The names of the CRM's administrators, asked of CRM once a day."""

from __future__ import annotations

import json

from redis.exceptions import RedisError

from server.clients.errors import CallFailed
from server.sync.footing import Footing
from server.sync.services import Services

MOST = 3
KEPT_FOR_S, TRIED_AGAIN_S = 86_400, 300


def administrators_of(s: Services, ground: Footing) -> list[str]:
    """A few names, for sentences only; none where CRM can't be asked. Calls CRM: nothing may be open."""
    key = f"ib:administrators:{ground.tenant.id}"
    try:
        kept = s.redis.get(key)
        if kept is not None:
            return [str(name) for name in json.loads(kept, parse_float=str)]
        names = _asked(s, ground)
        s.redis.set(key, json.dumps(names), ex=KEPT_FOR_S if names else TRIED_AGAIN_S)
    except RedisError:
        return []
    return names


def _asked(s: Services, ground: Footing) -> list[str]:
    if ground.crm is None or ground.crm_down:
        return []
    try:
        users = s.zoho.admin_users(ground.crm)
    except CallFailed:
        return []
    named = [str(user.get("full_name") or user.get("email")) for user in users if user.get("status") == "active"]
    return named[:MOST]
