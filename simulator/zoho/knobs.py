"""Which oddities of the host page were asked for in its address? (Z3.7.7)"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "entity": (("", "As Zoho sends it"), ("string", "Always text"), ("array", "Always a list")),
    "answers": (("", "At once"), ("slow", "After 2 seconds"), ("fail", "Failures"), ("never", "Never")),
    "pageload": (("", "Once"), ("twice", "Twice"), ("never", "Never")),
    "sdk": (("", "Served"), ("missing", "Missing")),
    "frame": (("", "Full width"), ("320", "320 px"), ("544", "544 px")),
    "theme": (("", "As the system"), ("light", "Light"), ("dark", "Dark")),
}
LABELS = {
    "entity": "EntityId",
    "answers": "Answers to the widget",
    "pageload": "PageLoad event",
    "sdk": "SDK script",
    "frame": "Panel width",
    "theme": "Colours",
}


@dataclass(frozen=True)
class Knobs:
    """One value each; empty means as in the real CRM."""

    entity: str = ""
    answers: str = ""
    pageload: str = ""
    sdk: str = ""
    frame: str = ""
    theme: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Knobs:
        """From the page's query; a value that is not on the list is left out."""
        known = {name: [value for value, _ in choices] for name, choices in CHOICES.items()}
        return cls(**{f.name: v for f in fields(cls) if (v := query.get(f.name, "")) in known[f.name]})

    @property
    def text(self) -> str:
        """JSON for the page's script."""
        return json.dumps(asdict(self))

    @property
    def turned(self) -> bool:
        """Whether any knob is away from its place."""
        return any(asdict(self).values())

    def rows(self) -> list[dict[str, object]]:
        """The knobs as the page's form shows them."""
        return [
            {"name": name, "label": LABELS[name], "value": getattr(self, name), "choices": CHOICES[name]}
            for name in CHOICES
        ]
