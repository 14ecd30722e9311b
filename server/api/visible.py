"""May this person see these records? CRM says it, with the person's own token; what it does not list is 404."""

from __future__ import annotations

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn
from server.clients.errors import Disconnected
from server.clients.zoho import CrmRef
from server.sync.footing import Footing, footing
from server.sync.start import Asker, hidden


def visible_or_404(who: SignedIn, module: str, record_ids: list[str], ground: Footing | None = None) -> Asker:
    """The asker, if CRM shows them all these records. `ground`: the tenant's, where it was read just now."""
    asker, crm = own_sight(who, ground)
    try:
        missing = hidden(services(), crm, asker, module, record_ids)
    except Disconnected as trouble:
        raise not_by(trouble) from trouble
    if missing:
        shown = ", ".join(missing[:5])
        raise Problem(404, "record_not_found", "CRM does not show you this record.", {"record_ids": shown})
    return asker


def own_sight(who: SignedIn, ground: Footing | None = None) -> tuple[Asker, CrmRef]:
    """The asker with the token by which CRM knows them, and the tenant's CRM. Raises Problem."""
    if who.grant_id is None:
        raise sign_in_again()
    ground = ground or footing(services(), who.tenant_id, click=True)
    if ground.crm is None:
        raise Problem(409, "not_set_up", "InvoiceBridge is not set up yet. Ask a CRM administrator.")
    return Asker(who.tenant_id, who.user_id, who.grant_id), ground.crm


def not_by(trouble: Disconnected) -> Problem:
    """Why CRM shows this person nothing: their profile may not ask, or they have to sign in once more."""
    if trouble.why == "no_api_access":
        return Problem(403, "no_api_access", "Your CRM profile has no API access. Ask a CRM administrator.")
    return sign_in_again()


def sign_in_again() -> Problem:
    return Problem(401, "sign_in_again", "Sign in with Zoho once more: an hour has passed.")
