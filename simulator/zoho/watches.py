"""Who watches which module, until when, and what is waiting to be told? (actions/watch, Z5.8)"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.state import State

Doc = dict[str, Any]
OPERATIONS = {"create": "insert", "edit": "update", "delete": "delete"}
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
WAITING, NUMBERS = "zoho:notices", "zoho:notice_numbers"


def kind_of(zgid: str) -> str:
    """The state's name for one org's channels; the key is the channel id."""
    return f"zoho:watches:{zgid}"


def expiry(wanted: datetime | None, now: datetime) -> datetime:
    """At most a week; one that is absent, past or further away is an hour."""
    if wanted is None or not now < wanted <= now + WEEK:
        return now + HOUR
    return wanted


def is_live(channel: Doc, now: datetime) -> bool:
    return datetime.fromisoformat(channel["channel_expiry"]) > now


def events_of(names: list[str]) -> list[tuple[str, str]]:
    """(module, deed) for `Invoices.edit`; `Invoices.all` is every deed."""
    found = []
    for name in names:
        module, _, deed = name.partition(".")
        found += [(module, each) for each in (OPERATIONS if deed == "all" else [deed])]
    return found


def happened(state: State, record: Doc, deed: str, fields: list[str]) -> None:
    """Somebody created, edited or deleted a record: note it for every live channel that watches that. Writes by API
    count as well (Z5.8)."""
    zgid, module, now = record["zgid"], record["module"], datetime.now(UTC)
    for channel in state.view(kind_of(zgid)):
        if is_live(channel, now) and (module, deed) in events_of(channel["events"]):
            _note(state, channel, record, deed, fields, now)


def _note(state: State, channel: Doc, record: Doc, deed: str, fields: list[str], now: datetime) -> None:
    number = int((state.peek(NUMBERS, "last") or {}).get("number", 0)) + 1
    state.put(NUMBERS, "last", {"number": number})
    notice = {
        "number": number,
        "at": now.isoformat(),
        "url": channel["notify_url"],
        "zgid": record["zgid"],
        "body": {
            "server_time": int(now.timestamp() * 1000),
            "query_params": {},
            "module": record["module"],
            "resource_uri": f"https://www.zohoapis.com/crm/v2/{record['module']}",
            "ids": [record["id"]],
            "affected_fields": [{record["id"]: fields}] if fields and deed == "edit" else [],
            "operation": OPERATIONS[deed],
            "channel_id": channel["channel_id"],
            "token": channel.get("token"),
        },
    }
    state.put(WAITING, f"{number:012d}", notice)


def waiting(state: State) -> Iterator[tuple[str, Doc]]:
    """What is still to be told, oldest first."""
    yield from sorted(state.pairs(WAITING))
