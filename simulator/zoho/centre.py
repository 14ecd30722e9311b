"""What does one data centre of the pretend Zoho know of itself?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from simulator.calls import Calls
from simulator.facts import Switches
from simulator.options import Options
from simulator.state import State

Doc = dict[str, Any]
LOCATIONS = ("au", "eu")
CLIENTS = {"1000.DEMOCLIENT": "demo-zoho-secret-not-real"}
_KEY = "simulator.zoho"


@dataclass
class Centre:
    """One data centre: its place, its address, and what it shares with the others."""

    state: State
    calls: Calls
    options: Options
    location: str
    switches: Switches = field(init=False)
    sdk_missing: bool = False

    @property
    def base(self) -> str:
        """Accounts server, API domain and CRM web host are one address here (Z5.1 has three)."""
        return self.options.zoho_base(self.location)

    @property
    def user_cookie(self) -> str:
        """Name of the cookie that says who is signed in to this data centre's CRM pages."""
        return cookie_of(self.options, self.location)

    def redirect_uris(self) -> list[str]:
        """Where a consent may return to."""
        wanted: list[str] = self.switches["redirect_uris"]
        return wanted or [f"{self.options.public_base}/oauth/zoho/callback"]


def locations(options: Options) -> list[str]:
    """The data centres this simulator was started with."""
    return [place for place in LOCATIONS if place != "eu" or options.zoho_eu_port]


def cookie_of(options: Options, location: str) -> str:
    """Cookies do not tell ports apart, so the name carries the port."""
    port = options.zoho_eu_port if location == "eu" else options.zoho_port
    return f"crm_user_{port}"


def keep(app: Any, centre: Centre) -> None:
    """Tie a data centre to its Flask app."""
    app.extensions[_KEY] = centre


def here() -> Centre:
    """The data centre that answers the present request."""
    found: Centre = current_app.extensions[_KEY]
    return found


def has_module(module: str) -> bool:
    """Invoices are not in every edition, and an administrator can switch them off."""
    return module != "Invoices" or bool(here().switches["invoices_module"])
