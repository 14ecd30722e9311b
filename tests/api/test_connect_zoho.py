"""Does only an administrator of the right org connect Zoho CRM, and are our fields made without touching others?"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from server.clients.zoho import CrmRef
from server.store.tables import connection, grant, tenant
from tests.api import walk
from tests.api.looks import all_rows, listed
from tests.api.walk import Edge, Popup, connect_zoho, control, data_of, start_connect

LABELS = ["Xero Invoice ID", "Xero Invoice Number", "Payment Status", "Lock State", "Amount Due"]


def crm_labels(edge: Edge) -> set[str]:
    """The labels of the one tenant's invoice fields, as CRM has them."""
    tie = next(row for row in all_rows(edge, connection) if row.service == "zoho")
    stored = edge.services.vault.load(tie.grant_id)
    assert stored is not None
    assert stored.api_domain is not None
    crm = CrmRef(tie.tenant_id, tie.grant_id, stored.api_domain, click=True)
    return {field["field_label"] for field in edge.services.zoho.fields(crm, "Invoices")}


@pytest.fixture
def org(edge: Edge) -> walk.Doc:
    return edge.new_org()


@pytest.fixture
def token(edge: Edge, org: walk.Doc) -> str:
    return str(walk.sign_in(edge, org["administrator"]["id"])["access_token"])


def test_connecting_zoho_makes_the_five_fields(edge: Edge, org: walk.Doc, token: str) -> None:
    """The tenant's grant is kept, the core fields are made and their API names are known."""
    page = connect_zoho(edge, token, org["administrator"]["id"])
    assert page.status_code == 200
    assert data_of(page) | {"origin": edge.base, "kind": "connected", "service": "zoho", "ok": "yes"} == data_of(page)
    state = listed(edge, token)["zoho"]
    assert (state["state"], state["trouble"], state["name"]) == ("ok", None, org["name"])
    names = all_rows(edge, tenant)[0].crm_fields
    assert set(names) == {
        "xero_invoice_id",
        "xero_invoice_number",
        "payment_status",
        "lock_state",
        "amount_due",
    }
    assert crm_labels(edge).issuperset(LABELS)


def test_zoho_is_asked_offline_for_what_is_used_now(edge: Edge, token: str) -> None:
    """Consent is asked anew, so that Zoho hands out a refresh token; no scope more than needed (Z5.3)."""
    query = parse_qs(urlsplit(Popup(edge).leave(start_connect(edge, token, "zoho"))).query)
    assert (query["access_type"], query["prompt"]) == (["offline"], ["consent"])
    scopes = query["scope"][0].split(",")
    assert "ZohoCRM.modules.invoices.UPDATE" in scopes
    assert not any("ALL" in scope and "fields" not in scope for scope in scopes)


def test_a_second_connect_makes_no_second_set_of_fields(edge: Edge, org: walk.Doc, token: str) -> None:
    """Found by their labels; the old refresh token is given back, the grant stays the same row."""
    admin = org["administrator"]["id"]
    connect_zoho(edge, token, admin)
    before = all_rows(edge, tenant)[0].crm_fields
    grants = {row.id for row in all_rows(edge, grant) if row.purpose == "connection"}
    control("DELETE", edge.zoho, "calls")
    assert connect_zoho(edge, token, admin).status_code == 200
    assert all_rows(edge, tenant)[0].crm_fields == before
    assert {row.id for row in all_rows(edge, grant) if row.purpose == "connection"} == grants
    calls = edge.zoho_calls()
    assert calls.get("POST /crm/v8/settings/fields", 0) == 0
    assert calls.get("POST /oauth/v2/token/revoke") == 1


def test_a_field_of_the_customers_own_is_never_taken_for_ours(edge: Edge, org: walk.Doc, token: str) -> None:
    """The label is there but not as we would have made it: the connection stands and says so."""
    admin = org["administrator"]["id"]
    control("POST", edge.zoho, "faults", json={"kind": "403", "path": "/crm/v8/settings/fields", "times": 9})
    page = connect_zoho(edge, token, admin)
    assert page.status_code == 200
    assert "could not be made" in page.text
    assert listed(edge, token)["zoho"]["trouble"] == "fields_not_permitted"
    control("DELETE", edge.zoho, "faults")
    tie = next(row for row in all_rows(edge, connection) if row.service == "zoho")
    crm = CrmRef(tie.tenant_id, tie.grant_id, edge.zoho, click=True)
    own = {"field_label": "Payment Status", "data_type": "text", "length": 50}
    edge.services.zoho.create_fields(crm, "Invoices", [own])
    connect_zoho(edge, token, admin)
    state = listed(edge, token)["zoho"]
    assert (state["state"], state["trouble"]) == ("ok", "fields_taken")
    names = all_rows(edge, tenant)[0].crm_fields
    assert "payment_status" not in names
    assert len(names) == 4


def test_somebody_elses_crm_is_refused_with_both_names(edge: Edge, org: walk.Doc, token: str) -> None:
    """The consent is given back and nothing is kept."""
    other = edge.new_org()
    page = connect_zoho(edge, token, other["administrator"]["id"])
    assert (page.status_code, data_of(page)["reason"]) == (409, "other_org")
    assert org["name"] in page.text
    assert other["name"] in page.text
    assert listed(edge, token)["zoho"]["state"] == "none"
    assert [row.purpose for row in all_rows(edge, grant)] == ["sign_in"]
    assert edge.zoho_calls().get("POST /oauth/v2/token/revoke") == 1


def test_a_salesperson_can_not_consent_for_the_org(edge: Edge, org: walk.Doc, token: str) -> None:
    """Only an administrator's consent is kept, whoever started it."""
    page = connect_zoho(edge, token, org["salesperson"]["id"])
    assert data_of(page)["reason"] in {"not_administrator", "denied", "zoho_refused"}
    assert listed(edge, token)["zoho"]["state"] == "none"


def test_only_administrators_start_and_end(edge: Edge, org: walk.Doc, token: str) -> None:
    """403 for a colleague, and nothing changes."""
    seller = walk.sign_in(edge, org["salesperson"]["id"])["access_token"]
    for service in ("zoho", "xero"):
        body = {"widget_origin": edge.base}
        assert edge.call("POST", f"/connections/{service}/start", seller, json=body).status_code == 403
        assert edge.call("DELETE", f"/connections/{service}", seller).status_code == 403
    assert edge.call("POST", "/connections/sage/start", token, json=body).status_code == 404
    foreign = {"widget_origin": "https://evil.example"}
    assert edge.call("POST", "/connections/xero/start", token, json=foreign).status_code == 422
