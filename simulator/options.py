"""Which addresses and folders was the simulator started with?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What the command line said; both services read it and neither changes it."""

    public_base: str = "http://localhost:8080"
    xero_port: int = 8090
    zoho_port: int = 8091
    zoho_eu_port: int | None = None

    @property
    def xero_base(self) -> str:
        """Address of the pretend Xero; "localhost" because Xero refuses 127.0.0.1 in redirects (X2.1)."""
        return f"http://localhost:{self.xero_port}"

    def zoho_base(self, location: str) -> str:
        """Address of the pretend Zoho data centre "au" or "eu"."""
        port = self.zoho_eu_port if location == "eu" else self.zoho_port
        return f"http://127.0.0.1:{port}"
