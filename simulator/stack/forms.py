"""Which forms and links does a page hold? For programs that press its buttons as a browser would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

Attributes = dict[str, str | None]


@dataclass
class Choice:
    """A box, an option or a link: what it sends or opens, and the words a person sees there."""

    value: str
    label: str = ""
    chosen: bool = False


@dataclass
class Form:
    """One form: what it sends as it stands, and what could be chosen instead."""

    address: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[Choice]] = field(default_factory=dict)

    def names(self) -> set[str]:
        return {*self.fields, *self.choices}

    def value_of(self, name: str, wanted: str) -> str:
        """The value of the choice that has this value, or these words in its label."""
        found = [c for c in self.choices.get(name, []) if wanted == c.value or wanted in c.label]
        if not found:
            raise LookupError(f"no {name} like {wanted!r} among {[c.label for c in self.choices.get(name, [])]}")
        return found[0].value

    def filled(self, changes: Mapping[str, str | list[str]]) -> list[tuple[str, str]]:
        """What the form sends with these changes."""
        chosen = {name: [c.value for c in all_of if c.chosen] for name, all_of in self.choices.items()}
        now = {**self.fields, **chosen}
        now |= {name: [value] if isinstance(value, str) else value for name, value in changes.items()}
        return [(name, value) for name, values in now.items() for value in values]


class Browser:
    """A session with cookies that follows redirects and sends forms; it runs no script."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False  # nothing here goes through a proxy
        self.page = ""
        self.address = ""

    def open(self, address: str) -> None:
        self._show(self.session.get(address, timeout=30))

    def send(self, form: Form, changes: Mapping[str, str | list[str]]) -> None:
        """Press the form's button."""
        body = form.filled(changes)
        if form.method == "get":
            self._show(self.session.get(form.address, params=body, timeout=30))
        else:
            origin = {"Origin": "/".join(self.address.split("/")[:3])}
            self._show(self.session.post(form.address, data=body, headers=origin, timeout=30))

    def form(self, *names: str) -> Form | None:
        """The first form of the page that has all these fields."""
        return next((form for form in read(self.page, self.address).forms if form.names() >= set(names)), None)

    def follow(self, words: str) -> bool:
        """Open the link with these words; False where the page has none."""
        found = [link.value for link in read(self.page, self.address).links if words in link.label]
        if found:
            self.open(found[0])
        return bool(found)

    def _show(self, answer: requests.Response) -> None:
        if answer.status_code >= 400:
            raise requests.HTTPError(f"{answer.url} answered {answer.status_code}:\n{answer.text[:800]}")
        self.page, self.address = answer.text, answer.url


def read(page: str, address: str) -> Reader:
    """All forms and links of an HTML page."""
    reader = Reader(address)
    reader.feed(page)
    return reader


class Reader(HTMLParser):
    """Fills `forms` and `links` from what it is fed."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[Choice] = []
        self._page = address
        self._open: Form | None = None
        self._select: str | None = None
        self._last: Choice | None = None  # takes the words that follow as its label

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Attributes = dict(attrs)
        if tag == "form":
            target = urljoin(self._page, given.get("action") or self._page)
            self._open = Form(target, (given.get("method") or "get").lower())
            self.forms.append(self._open)
        elif tag == "a" and given.get("href"):
            self._last = Choice(urljoin(self._page, given["href"]))
            self.links.append(self._last)
        elif self._open is not None and "disabled" not in given:
            self._field(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._end_of_select()
        elif tag in {"a", "option", "label", "li", "fieldset"}:
            self._last = None

    def handle_data(self, data: str) -> None:
        if self._last is not None:
            self._last.label = " ".join(f"{self._last.label} {data}".split())

    def _field(self, form: Form, tag: str, given: Attributes) -> None:
        name, value = given.get("name"), given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._choice(form, self._select, value, "selected" in given)
        elif tag == "input" and name and given.get("type") in {"radio", "checkbox"}:
            self._choice(form, name, value or "on", "checked" in given)
        elif tag == "input" and name and given.get("type") not in {"submit", "button"}:
            form.fields.setdefault(name, []).append(value)
        elif tag in {"button", "input"} and name:
            # Nothing until it is pressed: the caller names which.
            form.choices.setdefault(name, []).append(Choice(value))

    def _end_of_select(self) -> None:
        """A drop-down without a chosen option stands on its first."""
        options = self._open.choices.get(self._select, []) if self._open and self._select else []
        if options and not any(option.chosen for option in options):
            options[0].chosen = True
        self._select = None

    def _choice(self, form: Form, name: str, value: str, chosen: bool) -> None:
        self._last = Choice(value, chosen=chosen)
        form.choices.setdefault(name, []).append(self._last)
