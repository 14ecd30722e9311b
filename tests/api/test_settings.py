"""Are settings kept whole or not at all, never over another administrator, and only when they can be used?"""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from server.store.engine import from_ms
from server.store.tables import connection, grant, organisation, sign_in, tenant
from tests.api import walk
from tests.api.walk import Edge, Office, control, office

GOOD: dict[str, Any] = {
    "account": "200",
    "taxes": [{"rate": "10", "tax_type": "OUTPUT"}, {"rate": "0.00", "tax_type": "EXEMPTOUTPUT"}],
    "statuses": {"Created": "DRAFT", "Approved": "AUTHORISED", "Cancelled": ""},
    "number": {"from": "field", "field": "Invoice_Number"},
}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"account": "999"}, "account"),
    ({"account": "090"}, "account"),
    ({"account": "610"}, "account"),
    ({"account": 200}, "account"),
    ({"account": ""}, "account"),
    ({"account": ["200"]}, "account"),
    ({"taxes": [{"rate": "10", "tax_type": "NOPE"}]}, "taxes.0.tax_type"),
    ({"taxes": [{"rate": "10", "tax_type": "INPUT"}]}, "taxes.0.tax_type"),
    ({"taxes": [{"rate": "15", "tax_type": "OUTPUT"}]}, "taxes.0.rate"),
    ({"taxes": [{"rate": "ten", "tax_type": "OUTPUT"}]}, "taxes.0.rate"),
    ({"taxes": [{"rate": "NaN", "tax_type": "OUTPUT"}]}, "taxes.0.rate"),
    ({"taxes": [{"rate": "-1", "tax_type": "OUTPUT"}]}, "taxes.0.rate"),
    ({"taxes": [{"rate": "1e1", "tax_type": "OUTPUT"}, {"rate": "10.0", "tax_type": "OUTPUT"}]}, "taxes"),
    ({"taxes": [{"rate": 10, "tax_type": "OUTPUT"}]}, "taxes.0.rate"),
    ({"taxes": [{"rate": "10"}]}, "taxes.0.tax_type"),
    ({"taxes": {"rate": "10", "tax_type": "OUTPUT"}}, "taxes"),
    ({"taxes": None}, "taxes"),
    ({"statuses": {"Created": "PAID"}}, "statuses.Created.value"),
    ({"statuses": {"": "DRAFT"}}, "statuses..key"),
    ({"statuses": ["Created"]}, "statuses"),
    ({"statuses": {f"S{n}": "DRAFT" for n in range(101)}}, "statuses"),
    ({"number": {"from": "field"}}, "number.field"),
    ({"number": {"from": "field", "field": "Nope"}}, "number.field"),
    ({"number": {"from": "field", "field": "Due_Date"}}, "number.field"),
    ({"number": {"from": "field", "field": "a'; DROP"}}, "number.field"),
    ({"number": {"from": "xero", "field": "Subject"}}, "number.field"),
    ({"number": {"from": "crm"}}, "number.from"),
    ({"number": "Invoice_Number"}, "number"),
    ({"organisation": "00000000-0000-0000-0000-000000000000"}, "organisation"),
    ({"organisation": None}, "organisation"),
    ({"organisation": 7}, "organisation"),
    ({"version": 3}, "version"),
    ({"tenant_id": "x"}, "tenant_id"),
]


@pytest.fixture
def mine(edge: Edge) -> Office:
    return office(edge)


def kept(edge: Edge) -> tuple[dict[str, Any], int]:
    with edge.services.store.read() as c:
        row = c.execute(select(tenant)).one()
        return row.settings, row.settings_version


def test_saved_and_read_again(mine: Office) -> None:
    """All parts at once; nothing is missing then; who and when is told."""
    answer = mine.put(GOOD)
    assert answer.status_code == 200, answer.text
    now = mine.settings().get_json()
    assert now == answer.get_json()
    assert now["missing"] == []
    assert now["taxes"] == [{"rate": "10", "tax_type": "OUTPUT"}, {"rate": "0", "tax_type": "EXEMPTOUTPUT"}]
    assert now["number"] == {"from": "field", "field": "Invoice_Number"}
    assert now["changed_by"] == mine.org["administrator"]["id"]
    assert now["changed_at"].endswith("+00:00")


def test_what_can_be_chosen_comes_from_xero(mine: Office) -> None:
    """Accounts and tax rates that an invoice line can use, and organisations with who has them."""
    choices = mine.settings().get_json()["choices"]
    accounts = {each["code"]: each["name"] for each in choices["accounts"]}
    assert accounts["200"] == "Sales"
    assert "090" not in accounts  # the bank
    assert "610" not in accounts  # debtors, Xero's own
    assert {"tax_type": "OUTPUT", "name": "GST on Income", "rate": "10"} in choices["tax_rates"]
    assert all(each["tax_type"] != "INPUT" for each in choices["tax_rates"])
    own = {"id": mine.organisation["organisation"], "taken": False}
    assert own.items() <= choices["organisations"][0].items()


def test_parts_that_are_not_given_stay(mine: Office) -> None:
    """Each given part replaces what was there, the others are not touched."""
    mine.put(GOOD)
    now = mine.put({"account": "260", "number": {"from": "xero"}}).get_json()
    assert (now["account"], now["number"]) == ("260", {"from": "xero"})
    assert now["statuses"] == GOOD["statuses"]
    assert mine.put({"taxes": []}).get_json()["missing"] == ["taxes"]


def test_reference_data_is_read_once_in_five_minutes(edge: Edge, mine: Office) -> None:
    """A settings page that is opened often costs no calls of the day's budget."""
    mine.settings()
    before = edge.xero_calls()
    for _ in range(3):
        mine.settings()
    after = edge.xero_calls()
    # The connect asks once whether it is a demo company.
    for path, reads in (("Accounts", 1), ("TaxRates", 1), ("Organisation", 2)):
        assert after[f"GET /{path}"] == before[f"GET /{path}"] == reads


def test_an_account_added_a_moment_ago_is_seen(edge: Edge, mine: Office) -> None:
    """What the kept list lacks is looked up afresh before it is refused."""
    mine.settings()
    with edge.services.store.begin() as c:
        row = c.execute(select(organisation)).one()
        books = {**row.books, "accounts": [each for each in row.books["accounts"] if each["Code"] != "200"]}
        c.execute(update(organisation).values(books=books))
    assert mine.put({"account": "200"}).status_code == 200


def test_without_if_match_nothing_is_saved(edge: Edge, mine: Office) -> None:
    """428, with a code."""
    answer = edge.call("PUT", "/settings", mine.token, json=GOOD)
    assert (answer.status_code, answer.get_json()["code"]) == (428, "if_match_needed")


def test_a_stale_save_is_refused(edge: Edge, mine: Office) -> None:
    """412 for anything but the version that is there; nothing is kept."""
    before = kept(edge)
    for etag in ('"v0"', '"v999"', "*", "v1", '"x"', "", '"v1", "v2"'):
        answer = mine.put({"account": "200"}, etag)
        assert (answer.status_code, answer.get_json()["code"]) == (412, "settings_changed"), etag
        assert kept(edge) == before


def test_two_administrators_do_not_overwrite_each_other(mine: Office) -> None:
    """The second save with the same version hears that it is late."""
    etag = mine.settings().headers["ETag"]
    assert mine.put({"account": "200"}, etag).status_code == 200
    assert mine.put({"account": "260"}, etag).status_code == 412
    assert mine.settings().get_json()["account"] == "200"


def test_what_can_not_be_used_is_refused_by_its_field(edge: Edge, mine: Office) -> None:
    """422 names the field; nothing is half-saved, also not the good part beside it."""
    before, etag = kept(edge), mine.settings().headers["ETag"]
    for body, field in BAD:
        answer = mine.put({"statuses": {"New": "DRAFT"}, **body}, etag)
        told = answer.get_json()
        assert (answer.status_code, told["code"]) == (422, "not_valid"), (body, answer.text)
        assert field in told["fields"], (body, answer.text)
        assert kept(edge) == before, body


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"null", b"3", b"{", b"\xff", b'{"account": NaN}'])
def test_bodies_that_are_no_json_object(edge: Edge, raw: bytes) -> None:
    """Refused before anything is looked at, with the right status."""
    token = walk.sign_in(edge, edge.org()["administrator"]["id"])["access_token"]
    headers = {"If-Match": '"v1"', "Content-Type": "application/json"}
    answer = edge.call("PUT", "/settings", token, data=raw, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.get_json()["code"] in {"not_json", "not_valid"}


def test_an_organisation_of_another_tenant_is_a_conflict_with_both_names(edge: Edge) -> None:
    """Reachable by the same bookkeeper, but somebody else's: 409, nothing moves."""
    first, second = (office(edge, "dana.brooks@example.test") for _ in range(2))
    taken = [each for each in second.settings().get_json()["choices"]["organisations"] if each["taken"]]
    assert first.organisation["organisation"] in {each["id"] for each in taken}
    answer = second.put({"organisation": first.organisation["organisation"]})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "organisation_taken")
    assert first.org["name"] in answer.get_json()["message"]
    assert "is already connected" in answer.get_json()["message"]
    assert second.settings().get_json()["organisation"] == second.organisation["organisation"]


def test_several_organisations_leave_the_choice_to_the_settings(edge: Edge) -> None:
    """Where Xero does not tell which one was just meant (X2.5), a person chooses from all that are reached."""
    person = f"nora.{secrets.token_hex(4)}@example.test"
    other, mine = office(edge, person), office(edge, person)
    with edge.services.store.begin() as c:  # a connection that we forgot and Xero did not
        home = c.execute(select(tenant.c.id).where(tenant.c.zgid == mine.org["zgid"])).scalar_one()
        c.execute(delete(connection).where(connection.c.tenant_id == home, connection.c.service == "xero"))
        c.execute(update(tenant).where(tenant.c.id == home).values(settings={}))
        c.execute(update(organisation).values(scan_since=None))
    page = walk.connect_xero(edge, mine.token, person, mine.organisation["organisation"])
    assert "Choose one" in page.text
    now = mine.settings().get_json()
    assert now["organisation"] is None
    assert "organisation" in now["missing"]
    assert {each["id"]: each["taken"] for each in now["choices"]["organisations"]} == {
        other.organisation["organisation"]: True,
        mine.organisation["organisation"]: False,
    }
    chosen = mine.put({"organisation": mine.organisation["organisation"], "account": "200"})
    assert chosen.get_json()["organisation"] == mine.organisation["organisation"]
    with edge.services.store.read() as c:
        wanted = organisation.c.xero_id == mine.organisation["organisation"]
        assert c.execute(select(organisation.c.scan_since).where(wanted)).scalar_one() == from_ms(0)


def test_settings_before_anything_is_connected(edge: Edge) -> None:
    """What needs Xero or CRM says so; the rest can be saved already."""
    org = edge.new_org()
    mine = Office(edge, org, {}, walk.sign_in(edge, org["administrator"]["id"])["access_token"])
    empty = mine.settings().get_json()
    assert empty["missing"] == ["zoho", "xero", "organisation", "account", "taxes", "statuses", "number"]
    names = ("organisations", "accounts", "tax_rates", "tracking", "themes", "currencies")
    assert empty["choices"] == {name: [] for name in names} | {"read_at": None}
    refused = mine.put(GOOD | {"organisation": "x"})
    assert refused.status_code == 422
    assert "connect Xero first" in refused.get_json()["fields"]["organisation"]
    refused = mine.put(GOOD).get_json()["fields"]
    assert set(refused) == {"account", "taxes", "number.field"}
    assert mine.put({"statuses": GOOD["statuses"], "number": {"from": "xero"}}).status_code == 200


def test_xero_away_while_saving(edge: Edge, mine: Office) -> None:
    """503 with a time to try again; nothing is kept."""
    before, etag = kept(edge), mine.settings().headers["ETag"]
    with edge.services.store.begin() as c:
        c.execute(update(organisation).values(books=None))
    for kind in ("503", "html", "lost_reply", "429"):
        control("POST", edge.xero, "faults", json={"kind": kind, "path": "/api.xro/"})
        answer = mine.put({"account": "200"}, etag)
        assert (answer.status_code, answer.get_json()["code"]) == (503, "xero_away"), kind
        assert int(answer.headers["Retry-After"]) >= 1
        assert kept(edge) == before


def test_settings_can_be_read_while_xero_is_away(edge: Edge, mine: Office) -> None:
    """What was decided is ours; only the choices are empty."""
    mine.put(GOOD)
    control("POST", edge.xero, "faults", json={"kind": "503", "path": "/connections", "times": 5})
    now = mine.settings().get_json()
    assert now["account"] == "200"
    assert now["choices"]["organisations"] == []


def test_who_is_no_administrator_any_more_can_not_save(edge: Edge, mine: Office) -> None:
    """Zoho is asked at every write; what the sign-in said is not enough, and it is corrected."""
    seller = walk.sign_in(edge, mine.org["salesperson"]["id"])["access_token"]
    with edge.services.store.begin() as c:
        c.execute(update(sign_in).values(administrator=True))
    answer = edge.call("PUT", "/settings", seller, json={"account": "200"}, headers={"If-Match": '"v2"'})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "administrators_only")
    assert edge.call("GET", "/settings", seller).get_json()["may_change"] is False
    assert mine.put({"account": "200"}).status_code == 200


def test_zoho_away_while_saving(edge: Edge, mine: Office) -> None:
    """Nobody saves while it can't be asked who may."""
    etag = mine.settings().headers["ETag"]
    control("POST", edge.zoho, "faults", json={"kind": "500", "path": "/crm/v8/users"})
    answer = mine.put({"account": "200"}, etag)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "zoho_away")


def test_a_list_that_zoho_refuses_once_makes_nobody_less(edge: Edge, mine: Office) -> None:
    """Nothing was said about this person: the own consent is asked, else another sign-in; then all is as before."""
    for times, expected in ((1, (200, None)), (2, (401, "sign_in_again")), (0, (200, None))):
        etag = mine.settings().headers["ETag"]
        if times:
            control("POST", edge.zoho, "faults", json={"kind": "403", "path": "/crm/v8/users", "times": times})
        answer = mine.put({"account": "200"}, etag)
        assert (answer.status_code, answer.get_json().get("code")) == expected


def test_a_person_whose_hour_is_over_and_no_connection(edge: Edge) -> None:
    """Without a connection only the person's own consent can prove it; one more sign-in is asked for."""
    org = edge.new_org()
    token = walk.sign_in(edge, org["administrator"]["id"])["access_token"]
    with edge.services.store.begin() as c:
        c.execute(update(grant).values(access_until=1))
    answer = edge.call("POST", "/connections/xero/start", token, json={"widget_origin": edge.base})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in_again")


def test_one_tenant_sees_nothing_of_another(edge: Edge) -> None:
    """Settings are those of the sign-in's tenant, whatever a request says."""
    first, second = office(edge), office(edge)
    first.put(GOOD)
    assert second.settings().get_json()["account"] is None
    answer = edge.call("GET", f"/settings?tenant_id={first.org['zgid']}", second.token)
    assert answer.get_json()["account"] is None
    with edge.services.store.read() as c:
        assert len(c.execute(select(connection)).all()) == 4
