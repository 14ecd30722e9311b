"""How does a tenant of a test come to other books? By the consent and the save that a person uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from simulator.stack.forms import Browser
from simulator.stack.setup_walk import NUMBER_FROM_CRM, SALES_ACCOUNT, STATUSES, TAXES
from simulator.stack.whole import Stack
from tests.flow.scenes import eventually
from tests.tenants import Tenant, control

Doc = dict[str, Any]
MAPPED = {
    "account": SALES_ACCOUNT,
    "taxes": [{"rate": rate, "tax_type": tax_type} for rate, tax_type in TAXES["AU"]],
    "statuses": STATUSES,
    "number": NUMBER_FROM_CRM,
    "start_date": "2020-01-01",
}


def other_books(mine: Tenant, **more: Any) -> str:
    """A further organisation of the same person, allowed by a consent that announces a change. Its id in Xero."""
    wish = {"name": f"{mine.name} Holdings", "country": "AU", "person": mine.person, **more}
    made = control("POST", f"{mine.stack.xero}/_control/organisations", json=wish)
    allow(mine, made["organisation"])
    return str(made["organisation"])


def allow(mine: Tenant, organisation: str, **more: Any) -> str:
    """Consent to this organisation; what the popup says in the end."""
    started = mine.api.post(
        "/connections/xero/start", {"widget_origin": mine.stack.public_base, "another": True, **more}
    )
    assert started.status_code == 201, started.text
    popup = Browser()
    popup.open(started.json()["url"])
    popup.follow("Go on to")
    form = popup.form("person", "organisation")
    assert form is not None
    try:
        popup.send(form, {"person": mine.person, "organisation": organisation, "decision": "allow"})
    except requests.HTTPError as refused:
        return str(refused)
    return popup.page


def put(mine: Tenant, body: Doc) -> Any:
    etag = mine.api.get("/settings").headers["ETag"]
    return mine.api.put("/settings", body, headers={"If-Match": etag})


def change(mine: Tenant, organisation: str) -> Doc:
    """Meant, and done; a process may hold the former books for a moment after the last push."""
    wanted = {"organisation": organisation, "organisation_confirmed": True}
    answer = eventually(lambda: put(mine, wanted), lambda found: found.status_code != 409)
    assert answer.status_code == 200, answer.text
    found: Doc = answer.json()
    mine.organisation = organisation
    return found


def go_live(mine: Tenant) -> None:
    saved = put(mine, MAPPED)
    assert saved.status_code == 200, saved.text
    mine.walk.go_live(mine.api)


@contextmanager
def recorded(stack: Stack) -> Iterator[list[Doc]]:
    """Every call that Xero gets meanwhile, word for word."""
    file = Path(stack.folder) / "calls" / "xero.jsonl"
    before = len(file.read_text(encoding="utf-8").splitlines())
    found: list[Doc] = []
    yield found
    found += [json.loads(line)["request"] for line in file.read_text(encoding="utf-8").splitlines()[before:]]


def puts(mine: Tenant) -> list[Doc]:
    """What CRM was told of its invoices."""
    file = Path(mine.stack.folder) / "calls" / "zoho.jsonl"
    found = [json.loads(line)["request"] for line in file.read_text(encoding="utf-8").splitlines()]
    ours = [each for each in found if each["method"] == "PUT" and each["path"] == "/crm/v8/Invoices"]
    bodies = [{**each, "body": json.loads(each["body"])} for each in ours]
    return [each for each in bodies if str(each["body"]["data"][0]["id"]).startswith(mine.zgid)]
