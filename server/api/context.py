"""Which services does this request use?"""

from __future__ import annotations

from flask import Flask, current_app

from server.sync.services import Services

_KEY = "invoicebridge"


def give(app: Flask, services: Services) -> None:
    """Tie the services of this process to the application."""
    app.extensions[_KEY] = services


def services() -> Services:
    """The services that the running request's application was made with."""
    found: Services = current_app.extensions[_KEY]
    return found
