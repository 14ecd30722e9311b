"""What do our processes find in their environment, when the outside world is the simulator?"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from pathlib import Path

from simulator.stack.ports import Ports

# Known to the simulator alone; they open nothing.
_CLIENTS = {
    "ZOHO_CLIENT_ID": "1000.DEMOCLIENT",
    "ZOHO_CLIENT_SECRET": "demo-zoho-secret-not-real",
    "XERO_CLIENT_ID": "DEMO0XERO0CLIENT",
    "XERO_CLIENT_SECRET": "demo-xero-secret-not-real",
}


def public_base(ports: Ports) -> str:
    """Where InvoiceBridge is: by name, because Xero takes no redirect to 127.0.0.1 (X2.1)."""
    return f"http://localhost:{ports.web}"


def xero_base(ports: Ports) -> str:
    return f"http://localhost:{ports.xero}"


def zoho_base(ports: Ports) -> str:
    """By number, so that the panel's frame is a foreign site to the CRM page, as it is in real life."""
    return f"http://127.0.0.1:{ports.zoho}"


def zoho_eu_base(ports: Ports) -> str:
    return f"http://127.0.0.1:{ports.zoho_eu}"


def of_server(ports: Ports, keys: dict[str, str], database_url: str, redis_url: str) -> dict[str, str]:
    """The whole documented table of configuration, filled in."""
    return {
        **_CLIENTS,
        **keys,
        "PUBLIC_BASE": public_base(ports),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ZOHO_PLACES": json.dumps(_zoho_places(ports)),
        "XERO_PLACES": json.dumps(_xero_places(ports)),
        "HOST": "127.0.0.1",
        "PORT": str(ports.web),
        "TIME_SCALE": os.environ.get("TIME_SCALE", "1"),
        "PATH": own_path(),
    }


def own_path() -> str:
    """PATH with this Python's own commands first, so that the Procfile's `python` and `gunicorn` are ours."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def kept_keys(file: Path) -> dict[str, str]:
    """The secrets of one installation: made once, kept where only their owner can read them."""
    if file.exists():
        kept: dict[str, str] = json.loads(file.read_text())
        return kept
    keys = {
        "SECRET_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "HASH_KEY": secrets.token_urlsafe(48),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(keys, out)
    return keys


def _zoho_places(ports: Ports) -> dict[str, object]:
    au, eu = zoho_base(ports), zoho_eu_base(ports)
    return {
        "sdk": f"{au}/sdk/ZohoEmbededAppSDK.min.js",
        "start": "au",
        "data_centres": {
            "au": {"accounts": au, "api": au, "crm": [au]},
            "eu": {"accounts": eu, "api": eu, "crm": [eu]},
        },
    }


def _xero_places(ports: Ports) -> dict[str, str]:
    base = xero_base(ports)
    return {
        "authorise": f"{base}/identity/connect/authorize",
        "token": f"{base}/connect/token",
        "revoke": f"{base}/connect/revocation",
        "connections": f"{base}/connections",
        "api": f"{base}/api.xro/2.0",
        "invoice_page": f"{base}/bookkeeper/{{shortcode}}/invoices/{{id}}",
    }
