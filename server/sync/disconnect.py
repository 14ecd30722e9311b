"""How does a connection end when an administrator says so? At the service first, then here; links stay."""

from __future__ import annotations

from contextlib import suppress

from server.clients.errors import Disconnected
from server.store import connections
from server.sync.connect_xero import forget_grant
from server.sync.services import Services


def disconnect(s: Services, tenant_id: str, service: str) -> None:
    """End a connection; one that is not there is fine. Raises TryLater, and then nothing has changed here.

    Open dispatches stay: after a reconnect they are looked at before anything else (4a.15).
    """
    with s.store.read() as c:
        tie = connections.of_tenant(c, tenant_id, service)
    if tie is None:
        return
    if service == "xero" and tie.remote_id is not None:
        with suppress(Disconnected):  # the consent is gone already, and with it the connection
            s.xero.disconnect(tie.grant_id, tie.remote_id)
    with s.store.begin() as c:
        connections.remove(c, tie.id)
    forget_grant(s, tie.grant_id)
