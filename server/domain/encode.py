"""Which bytes stand for a body? The same value always gives the same bytes, with Decimals as JSON numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

_in_quotes = json.JSONEncoder(ensure_ascii=False).encode  # made once: it is asked for every key and text of a body
_WORDS = {None: "null", True: "true", False: "false"}


def encode(body: object) -> bytes:
    """Canonical JSON in UTF-8: keys sorted, no blanks. Takes dict, list, str, bool, None, int and finite Decimal."""
    return _text(body).encode("utf-8", "replace")


def _text(value: object) -> str:
    if isinstance(value, str):
        return _in_quotes(value)
    if isinstance(value, dict | Mapping):
        return "{" + ",".join([f"{_in_quotes(key)}:{_text(value[key])}" for key in sorted(value)]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_text(each) for each in value]) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int):
        return str(int(value))
    raise TypeError(f"{type(value).__name__} has no place in a body")
