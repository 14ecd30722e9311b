"""What does a bookkeeper do to contacts?"""

from __future__ import annotations

from typing import Any

from simulator.xero import contact_lives
from simulator.xero.contact_rules import parse
from simulator.xero.writer import Writer

Doc = dict[str, Any]


def archive(writer: Writer, wish: Doc) -> str:
    """Into the archive, with open invoices too (X7, recorded)."""
    contact = contact_lives.named(writer, wish.get("contact"))
    writer.contacts.update(contact, parse({"ContactStatus": "ARCHIVED"}))
    return f"{contact['Name']} archived"


def restore(writer: Writer, wish: Doc) -> str:
    """Out of the archive again."""
    contact = contact_lives.restore(writer, contact_lives.named(writer, wish.get("contact")))
    return f"{contact['Name']} restored"


def merge(writer: Writer, wish: Doc) -> str:
    """One contact into another (X7)."""
    gone, into = (contact_lives.named(writer, wish.get(name)) for name in ("from", "into"))
    contact_lives.merge(writer, gone, into)
    return f"{gone['Name']} merged into {into['Name']}"


def rename(writer: Writer, wish: Doc) -> str:
    """Another name; it must be free among active contacts (X7)."""
    contact = contact_lives.named(writer, wish.get("contact"))
    name = str(wish.get("name") or "")
    writer.contacts.update(contact, {"Name": name})
    return f"{contact['Name']} is called {name} now"
