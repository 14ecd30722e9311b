"""What can go wrong when we ask Xero or Zoho something, and what does each case mean for the caller?

One ladder for reads and token calls. Writes to Xero never raise these: they answer a `Sent` (xero.py).
"""

from __future__ import annotations

from typing import Literal

Service = Literal["zoho", "xero"]
Cause = Literal["limit", "service"]


class CallFailed(Exception):
    """A call brought no usable answer. Never raised itself: one of the cases below is."""

    def __init__(self, service: Service, text: str) -> None:
        super().__init__(f"{service}: {text}")
        self.service: Service = service


class TryLater(CallFailed):
    """The same call may work after `seconds`. Cause: a limit was met, or the service is disturbed.

    A read that was cut off, answered in HTML or redirected is here too: it proves nothing.
    """

    def __init__(self, service: Service, cause: Cause, seconds: float, text: str = "") -> None:
        super().__init__(service, f"try later ({cause}, {seconds:.1f} s) {text}".rstrip())
        self.cause: Cause = cause
        self.seconds = seconds


class Disconnected(CallFailed):
    """Nothing works until a person connects again.

    `why`: no_api_access (of the profile of whoever gave the grant), token_refused (X2.3, Z5.2), app_disconnected,
    scope_missing (X2.6, Z5.12), forbidden (403 for another reason), org_moved (Z7.15: an address outside our table),
    expired (a sign-in without a refresh token, after its hour), unknown_grant, secrets_lost.
    """

    def __init__(self, service: Service, why: str) -> None:
        super().__init__(service, f"disconnected ({why})")
        self.why = why


class Refused(CallFailed):
    """The service understood the call and said no; repeating it cannot help."""

    def __init__(self, service: Service, status: int, code: str, message: str) -> None:
        super().__init__(service, f"refused ({status} {code})")
        self.status = status
        self.code = code
        self.message = message


class NotFound(Refused):
    """There is no such thing, or this connection may not see it (404, X5.5; Z5.12)."""
