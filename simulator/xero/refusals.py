"""How does code deep inside refuse a whole request or one element of it?"""

from __future__ import annotations

from flask import Response


class WholeRefusalError(Exception):
    """The whole request is answered with this response and nothing else happens."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class ElementRefusalError(Exception):
    """One element of a write breaks business rules; `messages` as Xero words them."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = list(messages)
