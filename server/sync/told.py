"""How do reasons get into the store and out to the screen? As the JSON of our API, made in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.domain.preview import reason_json
from server.domain.reasons import Reason


def reasons_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [reason_json(each) for each in reasons]
