"""What do our own ids look like? Opaque, unguessable, and in the order of their making."""

from __future__ import annotations

import secrets
import time


def new_id() -> str:
    """32 hex digits: 12 of milliseconds, 20 of chance. Sorts by time; safe to show."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def new_token() -> str:
    """A fencing token for a lease: equal only for whoever took that lease."""
    return secrets.token_hex(16)
