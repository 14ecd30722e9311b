"""Which consents, token sets and connections exist, and which of them still count?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.facts import Switches
from simulator.state import State
from simulator.xero.wire import new_id, now_stamp

Doc = dict[str, Any]


class GrantError(Exception):
    """A token request is refused with this OAuth error code."""


@dataclass(frozen=True)
class Bearer:
    """Who an access token speaks for."""

    client: str
    person: str
    scopes: frozenset[str]


class ExpiredTokenError(Exception):
    """The access token was good once; the message says when it ended."""


def _now() -> float:
    return datetime.now(UTC).timestamp()


class Tokens:
    """Codes, refresh tokens and connections. A token set belongs to a person and an app and reaches every
    organisation that this person connected (X2.3); connections are per person, app and organisation."""

    def __init__(self, state: State, switches: Switches) -> None:
        self._state, self._switches = state, switches
        with state.lock:
            if state.peek("xero_secret", "sign") is None:
                state.put("xero_secret", "sign", {"value": secrets.token_hex(32)})
        secret = state.peek("xero_secret", "sign")
        assert secret is not None
        self._secret = secret["value"].encode()

    # Consent and code

    def consent(self, ask: Doc, person: Doc, organisations: list[str]) -> str:
        """Connect the organisations and return a code: single use, five minutes (X2.1)."""
        event = new_id()
        code = secrets.token_urlsafe(32)
        with self._state.together():
            for org in organisations:
                self._connect(ask["client_id"], person["email"], org, event)
            doc = {**ask, "person": person["email"], "event": event, "at": _now(), "used": False}
            self._state.put("xero_code", code, doc)
        return code

    def _connect(self, client: str, person: str, org: str, event: str) -> None:
        key, stamp = f"{client}|{person}|{org}", now_stamp()
        known = self._state.get("xero_connection", key)
        if known is None:
            base = {"id": new_id(), "client": client, "person": person, "org": org, "created": stamp}
            self._state.put("xero_connection", key, {**base, "event": event, "updated": stamp, "active": True})
            return
        # X2.5: an organisation that is still linked reportedly keeps its first authEventId.
        if not (known["active"] and self._switches["reconsent_keeps_auth_event"]):
            known["event"] = event
        if not known["active"]:
            # X2.5: updatedDateUtc differs from createdDateUtc after a reconnect.
            known.update(active=True, updated=stamp)
        self._state.put("xero_connection", key, known)

    def redeem(self, code: str, client: str, redirect: str, verifier: str | None) -> Doc:
        """A first token set for a code; `invalid_grant` for anything wrong with it (X2.1, X2.3)."""
        with self._state.lock:
            doc = self._state.get("xero_code", code)
            if doc is None or doc["used"] or doc["client_id"] != client or doc["redirect_uri"] != redirect:
                raise GrantError("invalid_grant")
            self._state.put("xero_code", code, {**doc, "used": True})
            if _now() > doc["at"] + self._switches["code_seconds"] or not _proves(doc, verifier):
                raise GrantError("invalid_grant")
            return self._issue(client, doc["person"], doc["scopes"], doc["event"])

    # Token sets

    def refresh(self, token: str, client: str) -> Doc:
        """The next token set; the old refresh token may be retried for 30 minutes (X2.3)."""
        with self._state.lock:
            doc = self._state.get("xero_refresh", token)
            if doc is None or doc["client"] != client or doc["revoked"]:
                raise GrantError("invalid_grant")
            if doc["used_at"] is None:
                if _now() > doc["at"] + self._switches["refresh_token_seconds"]:
                    raise GrantError("invalid_grant")
            elif (again := self._again(doc)) is not None:
                return again
            answer = self._issue(client, doc["person"], doc["scopes"], doc["event"])
            used = _now() if doc["used_at"] is None else doc["used_at"]
            self._state.put("xero_refresh", token, {**doc, "used_at": used, "next": answer["refresh_token"]})
            return answer

    def person_of(self, token: str) -> str | None:
        """Whose refresh token this is or was, by address."""
        doc = self._state.peek("xero_refresh", token)
        return str(doc["person"]) if doc else None

    def _again(self, doc: Doc) -> Doc | None:
        """A used token is sent once more: refuse, repeat the answer, or None for a new set (X2.3)."""
        heir = self._state.get("xero_refresh", doc["next"])
        late = _now() > doc["used_at"] + self._switches["refresh_grace_seconds"]
        # Grace is for a lost answer; a next token that was used itself cannot have been lost.
        if late or heir is None or heir["used_at"] is not None:
            raise GrantError("invalid_grant")
        if self._switches["grace_refresh"] == "same":
            return self._set(doc["client"], doc["person"], doc["scopes"], doc["event"], doc["next"])
        if self._switches["grace_refresh"] == "new_ends_first":
            self._state.put("xero_refresh", doc["next"], {**heir, "revoked": True})
        return None

    def _issue(self, client: str, person: str, scopes: list[str], event: str) -> Doc:
        refresh = None
        if "offline_access" in scopes:
            # X2.1: without offline_access there is no refresh token.
            refresh = secrets.token_urlsafe(32)
            doc = {"client": client, "person": person, "scopes": scopes, "event": event, "at": _now()}
            self._state.put("xero_refresh", refresh, {**doc, "used_at": None, "next": None, "revoked": False})
        return self._set(client, person, scopes, event, refresh)

    def _set(self, client: str, person: str, scopes: list[str], event: str, refresh: str | None) -> Doc:
        seconds = self._switches["access_token_seconds"]
        known = self._state.peek("xero_person", person) or {}
        claims = {
            "client_id": client,
            "sub": person,
            "xero_userid": known.get("userid"),
            "authentication_event_id": event,
            "scope": scopes,
            "jti": new_id(),
            "made": _now(),
        }
        answer: Doc = {}
        if "openid" in scopes:
            answer["id_token"] = self._sign({**claims, "email": person, "name": known.get("name")}, 300)
        answer |= {"access_token": self._sign(claims, seconds), "expires_in": seconds, "token_type": "Bearer"}
        if refresh:
            answer["refresh_token"] = refresh
        return {**answer, "scope": " ".join(scopes)}

    def revoke(self, token: str, client: str) -> None:
        """End a person's token sets and remove all that person's connections to the app (X2.5)."""
        with self._state.together():
            doc = self._state.peek("xero_refresh", token)
            if doc is None or doc["client"] != client:
                return
            for key, other in self._state.pairs("xero_refresh"):
                if other["client"] == client and other["person"] == doc["person"]:
                    self._state.put("xero_refresh", key, {**other, "revoked": True})
            for connection in self.connections(client, doc["person"]):
                self._end(connection)

    # Access tokens

    def _sign(self, claims: Doc, seconds: int) -> str:
        now = _now()
        body = {**claims, "iss": "https://identity.xero.com", "nbf": int(now), "exp": now + seconds}
        head = _part({"alg": "HS256", "typ": "JWT", "kid": "SIMULATOR"}) + "." + _part(body)
        return head + "." + _base64(hmac.new(self._secret, head.encode(), hashlib.sha256).digest())

    def read(self, token: str) -> Bearer | None:
        """Who an access token speaks for; None when it is not ours, ExpiredTokenError when it is over."""
        head, _, signature = token.rpartition(".")
        good = _base64(hmac.new(self._secret, head.encode(), hashlib.sha256).digest())
        if not hmac.compare_digest(good.encode(), signature.encode()):
            return None
        payload = head.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if self._ended(claims):
            return None
        if _now() > claims["exp"]:
            raise ExpiredTokenError(datetime.fromtimestamp(claims["exp"], UTC).strftime("%m/%d/%Y %H:%M:%S"))
        return Bearer(claims["client_id"], claims["sub"], frozenset(claims["scope"]))

    # Connections

    def connections(self, client: str, person: str) -> list[Doc]:
        """A person's live connections to an app, oldest first."""
        rows = self._state.view("xero_connection")
        return [c for c in rows if c["active"] and c["client"] == client and c["person"] == person]

    def connected(self, bearer: Bearer, org: str) -> bool:
        """May this token reach that organisation?"""
        found = self._state.peek("xero_connection", f"{bearer.client}|{bearer.person}|{org}")
        return bool(found and found["active"])

    def connected_seconds(self, bearer: Bearer, org: str) -> float:
        """How long ago this organisation was connected first (X3.1 on Rapid Sync)."""
        found = self._state.peek("xero_connection", f"{bearer.client}|{bearer.person}|{org}")
        return _now() - datetime.fromisoformat(found["created"]).timestamp() if found else 0

    def disconnect(self, bearer: Bearer, connection: str) -> bool:
        """Remove one connection by its own id; False when there is none (X2.5)."""
        for found in self.connections(bearer.client, bearer.person):
            if found["id"] == connection:
                self._end(found)
                return True
        return False

    def disconnect_organisation(self, org: str) -> int:
        """What "disconnect" inside Xero does: every connection of the organisation ends (X2.6)."""
        ended = [c for c in self._state.view("xero_connection") if c["active"] and c["org"] == org]
        for connection in ended:
            self._end(connection)
        return len(ended)

    def end_token_sets(self, org: str) -> int:
        """Every token set that reaches an organisation ends; the connections stay (X2.3): trouble to order."""
        rows = self._state.view("xero_connection")
        pairs = {(c["client"], c["person"]) for c in rows if c["active"] and c["org"] == org}
        for client, person in pairs:
            self._state.put("xero_ended", f"{client}|{person}", {"at": _now()})
            for key, doc in self._state.pairs("xero_refresh"):
                if (doc["client"], doc["person"]) == (client, person):
                    self._state.put("xero_refresh", key, {**doc, "revoked": True})
        return len(pairs)

    def _ended(self, claims: Doc) -> bool:
        ended = self._state.peek("xero_ended", f"{claims['client_id']}|{claims['sub']}")
        return ended is not None and bool(claims.get("made", 0) <= ended["at"])

    def _end(self, connection: Doc) -> None:
        key = f"{connection['client']}|{connection['person']}|{connection['org']}"
        self._state.put("xero_connection", key, {**connection, "active": False, "updated": now_stamp()})


def _proves(doc: Doc, verifier: str | None) -> bool:
    """PKCE, where the authorise call asked for it (X2.2)."""
    if not doc.get("code_challenge"):
        return True
    digest = hashlib.sha256((verifier or "").encode()).digest()
    return hmac.compare_digest(_base64(digest), str(doc["code_challenge"]))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _part(body: Doc) -> str:
    return _base64(json.dumps(body).encode())
