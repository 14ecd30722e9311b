"""May this person see these records? CRM says it, with the person's own token; what it does not list is 404."""

from __future__ import annotations

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn
from server.clients.errors import Disconnected
from server.sync.footing import footing
from server.sync.start import Asker, hidden


def visible_or_404(who: SignedIn, module: str, record_ids: list[str]) -> Asker:
    """The asker, if CRM shows them all these records."""
    s = services()
    if who.grant_id is None:
        raise _sign_in_again()
    asker = Asker(who.tenant_id, who.user_id, who.grant_id)
    ground = footing(s, who.tenant_id, click=True)
    if ground.crm is None:
        raise Problem(409, "not_set_up", "InvoiceBridge is not set up yet. Ask a CRM administrator.")
    try:
        missing = hidden(s, ground, asker, module, record_ids)
    except Disconnected as trouble:
        raise _sign_in_again() from trouble
    if missing:
        shown = ", ".join(missing[:5])
        raise Problem(404, "record_not_found", "CRM does not show you this record.", {"record_ids": shown})
    return asker


def _sign_in_again() -> Problem:
    return Problem(401, "sign_in_again", "Sign in with Zoho once more: an hour has passed.")
