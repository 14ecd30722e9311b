"""Where does the link lead that our invoices in Xero carry? To the record in the right CRM (design 4a, marker)."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Blueprint, abort, redirect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug import Response

from server.api.context import services
from server.store import tenants
from server.store.tenants import OrgKey

blp = Blueprint("go", __name__)

_NUMBER = re.compile(r"\A[0-9]{1,25}\Z")
_ENVIRONMENT = re.compile(r"\A[a-z]{1,16}\Z")


@blp.get("/go/<dc>/<environment>/<zgid>/<record_id>")
def to_record(dc: str, environment: str, zgid: str, record_id: str) -> Response:
    """CRM itself asks who may see it. Works also for an org that we do not know (any more)."""
    centre = services().config.zoho.named(dc)
    if centre is None or not _ENVIRONMENT.match(environment):
        abort(404)
    if not _NUMBER.match(zgid) or not _NUMBER.match(record_id):
        abort(404)
    domain = _domain_name(OrgKey(dc, environment, zgid))
    return redirect(f"{centre.crm[0]}/crm/{quote(domain, safe='')}/tab/Invoices/{record_id}")


def _domain_name(key: OrgKey) -> str:
    """What CRM calls the org in addresses (Z5.9); by default "org" and its zgid."""
    try:
        with services().store.read() as c:
            home = tenants.by_key(c, key)
    except SQLAlchemyError:
        home = None
    return (home.domain_name if home is not None else None) or f"org{key.zgid}"
