"""Which codes and tokens are out, and what may each of them do? (Z5.2)"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.zoho.centre import Centre
from simulator.zoho.moments import after, passed

Doc = dict[str, Any]
CODES = "zoho:codes"
REFRESH = "zoho:refresh"
ACCESS = "zoho:access"
CONSENTS = "zoho:consents"
CODE_SECONDS = 120
LIVE_ACCESS = 10
LIVE_REFRESH = 20
THROTTLE_MINUTES = 10


def new_token() -> str:
    """A fresh secret in Zoho's shape."""
    return f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"


def issue_code(centre: Centre, user: Doc, request: Doc, *, consented: bool) -> str:
    """A code for the user, good once and for two minutes, at the user's own data centre."""
    code = new_token()
    grant = {
        "code": code,
        "location": user["location"],
        "user": user["id"],
        "zgid": user["zgid"],
        "client": request["client_id"],
        "redirect_uri": request["redirect_uri"],
        "scopes": request["scope"],
        "challenge": request.get("code_challenge") or None,
        "offline": consented and request.get("access_type") == "offline",
        "until": after(CODE_SECONDS),
    }
    with centre.state.lock:
        _drop_stale(centre, CODES)
        centre.state.put(CODES, code, grant)
    return code


def take_code(centre: Centre, code: str) -> Doc | None:
    """The code's grant; a code of another data centre, old or used one gives None. It is used up."""
    with centre.state.lock:
        grant = centre.state.get(CODES, code)
        if grant is None or grant["location"] != centre.location:
            return None
        centre.state.delete(CODES, code)
    return None if passed(grant["until"]) else grant


def issue_refresh(centre: Centre, grant: Doc) -> str:
    """A refresh token; the 21st of one user and client ends the oldest."""
    token = new_token()
    keys = ("location", "user", "zgid", "client", "scopes")
    with centre.state.lock:
        mine = [r for r in centre.state.view(REFRESH) if _same_owner(r, grant)]
        for old in mine[: max(0, len(mine) - LIVE_REFRESH + 1)]:
            end_refresh(centre, old["token"])
        centre.state.put(REFRESH, token, {k: grant[k] for k in keys} | {"token": token, "asked": []})
    return token


def _same_owner(one: Doc, other: Doc) -> bool:
    return bool(one["user"] == other["user"] and one["client"] == other["client"])


def refresh_of(centre: Centre, token: str) -> Doc | None:
    """A live refresh token of this data centre."""
    grant = centre.state.get(REFRESH, token)
    return grant if grant and grant["location"] == centre.location else None


def end_refresh(centre: Centre, token: str) -> None:
    """Revoke a refresh token and every access token made from it."""
    with centre.state.together():
        centre.state.delete(REFRESH, token)
        for access in centre.state.all(ACCESS):
            if access["refresh"] == token:
                centre.state.delete(ACCESS, access["token"])


def issue_access(centre: Centre, grant: Doc, refresh: str | None) -> str:
    """An access token; the 11th live one of a refresh token ends the oldest."""
    token = new_token()
    keys = ("location", "user", "zgid", "client", "scopes")
    until = after(centre.switches["access_token_seconds"])
    with centre.state.together():
        _drop_stale(centre, ACCESS)
        if refresh:
            live = [a for a in centre.state.view(ACCESS) if a["refresh"] == refresh]
            for old in live[: max(0, len(live) - LIVE_ACCESS + 1)]:
                centre.state.delete(ACCESS, old["token"])
        doc = {k: grant[k] for k in keys} | {"token": token, "refresh": refresh, "until": until}
        centre.state.put(ACCESS, token, doc)
    return token


def access_of(centre: Centre, token: str) -> Doc | None:
    """What a live access token of this data centre may do, else None."""
    grant = centre.state.peek(ACCESS, token)
    if grant is None or grant["location"] != centre.location or passed(grant["until"]):
        return None
    return grant


def throttled(centre: Centre, refresh: Doc) -> bool:
    """Note one more request of a refresh token; true when it is one too many in ten minutes."""
    limit = centre.switches["token_requests"]
    since = datetime.now(UTC) - timedelta(minutes=THROTTLE_MINUTES)
    asked = [at for at in refresh["asked"] if datetime.fromisoformat(at) > since]
    over = bool(limit) and len(asked) >= limit
    if not over:
        asked.append(datetime.now(UTC).isoformat())
    centre.state.put(REFRESH, refresh["token"], refresh | {"asked": asked})
    return over


def consented(centre: Centre, user: Doc, client: str, scopes: list[str]) -> bool:
    """Whether the user allowed this client all these scopes before."""
    known = centre.state.peek(CONSENTS, f"{user['id']}:{client}")
    return known is not None and set(scopes) <= set(known["scopes"])


def remember_consent(centre: Centre, user: Doc, client: str, scopes: list[str]) -> None:
    """Keep what the user allowed, so that the next sign-in asks nothing."""
    key = f"{user['id']}:{client}"
    with centre.state.lock:
        known = centre.state.get(CONSENTS, key) or {"scopes": []}
        centre.state.put(CONSENTS, key, {"scopes": sorted({*known["scopes"], *scopes})})


def _drop_stale(centre: Centre, kind: str) -> None:
    for doc in centre.state.view(kind):
        if passed(doc["until"]):
            centre.state.delete(kind, doc.get("code") or doc["token"])
