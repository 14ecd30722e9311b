"""By which categories does an organisation sort its lines, and which option does a line name?"""

from __future__ import annotations

from typing import Any

from simulator.facts import Switches
from simulator.state import State
from simulator.xero import inputs
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.wire import new_id

Doc = dict[str, Any]
STATUSES = ("ACTIVE", "ARCHIVED")
_ACTIVE_MOST, _ALL_MOST, _LONGEST = 2, 4, 100


def parse(sent: Any) -> list[Doc]:
    """The Tracking of a sent line, type-checked (X6.1): by Name and Option, or by ids."""
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        inputs.bad_data("Tracking must be a list of objects")
    return [
        {
            **{name: inputs.text(one, name) for name in ("Name", "Option")},
            **{name: inputs.guid(one, name) for name in ("TrackingCategoryID", "TrackingOptionID")},
        }
        for one in sent
    ]


class Tracking:
    """The tracking categories of one organisation with their options (X8.4)."""

    def __init__(self, state: State, org: Doc, switches: Switches) -> None:
        self._state, self._switches = state, switches
        self._kind = f"xero_tracking:{org['id']}"

    def all(self) -> list[Doc]:
        """Every category, oldest first, for reading only."""
        return self._state.view(self._kind)

    def get(self, category: str) -> Doc | None:
        """A category by id, for reading only."""
        return self._state.peek(self._kind, category.lower())

    def save_category(self, category: Doc | None, wish: Doc) -> Doc:
        """A new category, or a renamed, archived or restored one; two active, four in all (X8.4)."""
        base = category or {"TrackingCategoryID": new_id(), "Status": "ACTIVE", "Options": []}
        doc = {**base, **wish}
        others = [one for one in self.all() if one["TrackingCategoryID"] != doc["TrackingCategoryID"]]
        active = [one for one in others if one["Status"] == "ACTIVE"]
        messages = _name_messages(doc, others)
        if doc["Status"] == "ACTIVE" and len(active) >= _ACTIVE_MOST:
            messages.append("At most 2 tracking categories can be active.")
        if category is None and len(others) >= _ALL_MOST:
            messages.append("At most 4 tracking categories are allowed.")
        if messages:
            raise ElementRefusalError(*messages)
        self._state.put(self._kind, doc["TrackingCategoryID"], doc)
        return doc

    def save_option(self, category: Doc, option: Doc | None, wish: Doc) -> Doc:
        """A new option, or a renamed, archived or restored one; names are at most 100 long (X8.4)."""
        doc = {**(option or {"TrackingOptionID": new_id(), "Status": "ACTIVE"}), **wish}
        others = [one for one in category["Options"] if one["TrackingOptionID"] != doc["TrackingOptionID"]]
        messages = _name_messages(doc, others)
        if messages:
            raise ElementRefusalError(*messages)
        rows = [doc if one["TrackingOptionID"] == doc["TrackingOptionID"] else one for one in category["Options"]]
        whole = {**category, "Options": rows if option else [*rows, doc]}
        self._state.put(self._kind, category["TrackingCategoryID"], whole)
        return doc

    def on_line(self, sent: list[Doc]) -> tuple[list[Doc], list[str]]:
        """What a line keeps of its Tracking, and what is wrong with it; at most two (X6.1)."""
        found = [self._option(one) for one in sent]
        kept = [one for one in found if one is not None]
        categories = {one["TrackingCategoryID"] for one in kept}
        if len(sent) > _ACTIVE_MOST or len(categories) < len(kept):
            return [], ["A line can have at most 2 tracking categories, and one option of each."]
        if len(kept) < len(found) and self._switches["unknown_tracking"] == "refused":
            return [], ["The tracking category or option does not exist or is archived."]
        return kept, []

    def _option(self, sent: Doc) -> Doc | None:
        for category in self.all():
            if not _meant(sent, category, "TrackingCategoryID", "Name"):
                continue
            for option in category["Options"]:
                if _meant({**sent, "Name": sent["Option"]}, option, "TrackingOptionID", "Name"):
                    active = category["Status"] == option["Status"] == "ACTIVE"
                    return _kept(category, option) if active else None
        return None


def _meant(sent: Doc, row: Doc, key: str, name: str) -> bool:
    """By id where one was sent, else by name."""
    if sent.get(key):
        return bool(sent[key] == row[key])
    return str(sent.get(name) or "").casefold() == str(row[name]).casefold()


def _kept(category: Doc, option: Doc) -> Doc:
    return {
        "Name": category["Name"],
        "Option": option["Name"],
        "TrackingCategoryID": category["TrackingCategoryID"],
        "TrackingOptionID": option["TrackingOptionID"],
    }


def _name_messages(doc: Doc, others: list[Doc]) -> list[str]:
    """Names are needed, at most 100 long, and not given twice; the words are ours (X8.4)."""
    name = (doc.get("Name") or "").strip()
    messages = [] if name else ["The name must be specified."]
    if len(name) > _LONGEST:
        messages.append("The name must be at most 100 characters long.")
    if any(one["Name"].casefold() == name.casefold() for one in others):
        messages.append(f"The name '{name}' is already in use.")
    return messages
