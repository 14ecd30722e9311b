"""Who does Zoho say this is? Asked with the person's own token; nothing that a browser says is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from server.clients.errors import Disconnected, Refused
from server.clients.tokens import TokenSet
from server.clients.zoho import CrmRef
from server.domain.fields import mapping
from server.store.tenants import OrgKey
from server.sync.services import Services


@dataclass(frozen=True)
class Visitor:
    """A CRM user who has just come back from Zoho's consent page."""

    user_id: str
    name: str
    active: bool
    administrator: bool
    profile_id: str | None
    org: OrgKey
    org_name: str
    domain_name: str | None
    currency: str | None
    edition: str | None


def visitor(s: Services, tokens: TokenSet) -> Visitor:
    """Ask Zoho who consented, and in which org. Raises the ladder of clients/errors.py."""
    if tokens.api_domain is None or tokens.data_centre is None:
        raise Disconnected("zoho", "org_moved")
    crm = CrmRef(None, tokens, tokens.api_domain, click=True)
    user, org = s.zoho.current_user(crm), s.zoho.org(crm)
    profile = user.get("profile")
    return Visitor(
        user_id=str(user.get("id")),
        name=str(user.get("full_name") or user.get("email") or user.get("id"))[:255],
        active=user.get("status") == "active",
        administrator=_among_administrators(s, crm, str(user.get("id"))),
        profile_id=str(profile["id"]) if isinstance(profile, dict) and profile.get("id") else None,
        org=OrgKey(tokens.data_centre, str(org.get("type") or "production"), str(org.get("zgid"))),
        org_name=str(org.get("company_name") or org.get("zgid"))[:255],
        domain_name=str(org["domain_name"]) if org.get("domain_name") else None,
        currency=str(org["iso_code"])[:3] if org.get("iso_code") else None,
        edition=_edition(org),
    )


def _edition(org: Mapping[str, Any]) -> str | None:
    paid = mapping(org.get("license_details")).get("paid_type")
    return str(paid)[:20] if paid else None


def is_administrator(s: Services, home: Row[Any], grant_id: str, user_id: str) -> bool:
    """Whether this user is an administrator of the tenant's org today (Z5.9). Raises the ladder."""
    stored = s.vault.load(grant_id)
    if stored is None or stored.api_domain is None:
        raise Disconnected("zoho", "unknown_grant")
    return _listed(s, CrmRef(home.id, grant_id, stored.api_domain, click=True), user_id)


def _among_administrators(s: Services, crm: CrmRef, user_id: str) -> bool:
    """A user who may not even see the list is none of them."""
    try:
        return _listed(s, crm, user_id)
    except Refused:
        return False


def _listed(s: Services, crm: CrmRef, user_id: str) -> bool:
    return any(str(user.get("id")) == user_id for user in s.zoho.admin_users(crm))
