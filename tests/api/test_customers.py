"""May only administrators say who a customer is, is it remembered, and does looking change nothing?"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.clients.xero import BooksRef
from server.store.tables import tenant
from server.sync.footing import footing
from tests.api.walk import Edge, Office, control, office, sign_in

Doc = dict[str, Any]
NOBODY = "00000000-0000-4000-8000-000000000001"


@dataclass
class Desk:
    """An administrator's desk: customers in CRM, contacts in Xero, and our routes."""

    office: Office

    def call(self, method: str, path: str = "", **more: Any) -> TestResponse:
        return self.office.edge.call(method, f"/customers{path}", self.office.token, **more)

    def account(self, name: str, **more: Any) -> str:
        body = {"zgid": self.office.org["zgid"], "module": "Accounts", "record": {"Account_Name": name, **more}}
        return str(control("POST", self.office.edge.zoho, "records", json=body)["id"])

    def contact(self, name: str, **more: Any) -> str:
        s = self.office.edge.services
        sent = json.dumps({"Contacts": [{"Name": name, **more}]}).encode()
        done = s.xero.send(self.books, "PUT", "/Contacts", sent, secrets.token_hex(8), lambda: True)
        assert done.rows
        assert not done.rows[0].get("HasValidationErrors"), done.rows
        return str(done.rows[0]["ContactID"])

    @property
    def books(self) -> BooksRef:
        found = footing(self.office.edge.services, self.tenant_id, click=True).books
        assert found is not None
        return found

    @property
    def tenant_id(self) -> str:
        with self.office.edge.services.store.read() as c:
            return str(c.execute(select(tenant.c.id).where(tenant.c.zgid == self.office.org["zgid"])).scalar_one())

    def put(self, account: str, contact_id: str, **more: Any) -> TestResponse:
        return self.call("PUT", f"/{account}", json={"contact_id": contact_id, **more})

    def candidates(self, account: str, query: Doc | None = None) -> list[Doc]:
        answer = self.call("GET", f"/{account}/candidates", query_string=query)
        assert answer.status_code == 200, answer.text
        found: list[Doc] = answer.get_json()["candidates"]
        return found

    def listed(self, query: str = "") -> Doc:
        answer = self.call("GET", query)
        assert answer.status_code == 200, answer.text
        found: Doc = answer.get_json()
        return found


@pytest.fixture
def desk(edge: Edge) -> Desk:
    made = office(edge)
    assert made.put({"organisation": made.organisation["organisation"]}).status_code == 200
    return Desk(made)


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_candidates_say_what_speaks_for_and_against_them(desk: Desk) -> None:
    """What fits comes first, then what looks alike; nobody else is shown, and nothing is tied by looking."""
    account = desk.account("Müller Küchen GmbH", Account_Number="4711", Billing_Country="Germany")
    named = desk.contact("Müller Küchen GMBH", Addresses=[{"AddressType": "POBOX", "City": "Wien", "Country": "AT"}])
    numbered = desk.contact("Renamed Ltd", AccountNumber="4711")
    alike = desk.contact("Mueller Kuechen Pty Ltd", EmailAddress="office@kuechen.example")
    desk.contact("Brightwater Dental")
    found = {each["contact_id"]: each for each in desk.candidates(account)}
    assert found.keys() >= {named, numbered}
    assert (found[named]["agrees"], found[named]["differs"], found[named]["city"]) == (["name"], ["country"], "Wien")
    assert (found[numbered]["agrees"], found[numbered]["account_number"]) == (["account_number"], "4711")
    assert set(found) <= {named, numbered, alike}
    assert desk.listed()["total"] == 0


def test_similar_names_are_proposed(desk: Desk) -> None:
    """Another legal form, or a word more: shown with how alike they are, never as the same."""
    account = desk.account("Corner Café Pty Ltd")
    found = desk.contact("Corner Café Limited"), desk.contact("The Corner Café")
    shown = {each["contact_id"]: each for each in desk.candidates(account)}
    assert set(found) == set(shown)
    assert all(each["agrees"] == [] and each["alike"] >= 60 for each in shown.values())


def test_a_search_finds_who_is_not_alike(desk: Desk) -> None:
    """By words of the name, the number or the e-mail; only what it finds, and no endless words."""
    account, trading = desk.account("Elm Street"), desk.contact("Harbour Holdings", EmailAddress="elm@harbour.example")
    desk.contact("Elm Street Studio")
    assert trading not in {each["contact_id"] for each in desk.candidates(account)}
    for words in ("harbour", " HARBOUR  hold ", "elm@harbour"):
        assert [each["contact_id"] for each in desk.candidates(account, {"search": words})] == [trading], words
    assert desk.candidates(account, {"search": "nobody at all"}) == []
    assert desk.call("GET", f"/{account}/candidates", query_string={"search": "x" * 101}).status_code == 422
    assert desk.put(account, trading).get_json()["link"]["contact_id"] == trading


def test_a_choice_is_remembered_with_who_and_when(desk: Desk) -> None:
    """Chosen, chosen anew, taken away: each with what it was before."""
    account, first, second = desk.account("Elm"), desk.contact("Elm Street"), desk.contact("Elm Lane")
    link = desk.put(account, first).get_json()["link"]
    me = desk.office.org["administrator"]["id"]
    assert (link["contact_id"], link["matched_by"], link["chosen_by"]) == (first, "chosen", me)
    assert desk.put(account, second).status_code == 200
    assert desk.call("DELETE", f"/{account}").status_code == 204
    [shown] = desk.listed()["customers"]
    assert (shown["id"], shown["name"], shown["contact_id"], shown["contact_name"]) == (account, "Elm", None, None)
    assert [(each["from"], each["to"], each["by"]) for each in shown["history"]] == [
        (None, first, me),
        (first, second, me),
        (second, None, me),
    ]
    assert desk.call("DELETE", f"/{account}").status_code == 204
    assert len(desk.listed()["customers"][0]["history"]) == 3


def test_names_of_both_sides_are_read_now(desk: Desk) -> None:
    """We keep none: a contact that was renamed or archived since is shown as it is."""
    account, contact = desk.account("Elm"), desk.contact("Elm Street")
    desk.put(account, contact)
    body = {"organisation": desk.office.organisation["organisation"], "action": "archive_contact", "contact": contact}
    control("POST", desk.office.edge.xero, "bookkeeper", json=body)
    [shown] = desk.listed()["customers"]
    assert (shown["name"], shown["contact_name"], shown["contact_status"]) == ("Elm", "Elm Street", "ARCHIVED")


def test_pages_of_customers(desk: Desk) -> None:
    accounts = sorted(desk.account(f"Firma {n}") for n in range(3))
    for each in accounts:
        desk.put(each, desk.contact(f"Contact {each}"))
    first = desk.listed("?size=2")
    assert ([each["id"] for each in first["customers"]], first["total"]) == (accounts[:2], 3)
    second = desk.listed(f"?size=2&after={first['next']}")
    assert ([each["id"] for each in second["customers"]], second["next"]) == (accounts[2:], None)
    assert desk.call("GET", "?size=51").status_code == 422
    assert desk.call("GET", "?after=x").status_code == 422


def test_a_search_goes_by_crms_names(desk: Desk) -> None:
    """Whatever the case, in any part of the name, over pages; the contacts of before have names too."""
    named = {name: desk.account(name) for name in ("Müller Küchen", "Elm Street", "Küchenstudio Elm")}
    for name, each in named.items():
        desk.put(each, desk.contact(f"{name} in Xero"))
    found = desk.listed("?search=KÜCHEN&size=1")
    assert [each["name"] for each in found["customers"]] == ["Müller Küchen"]
    rest = desk.listed(f"?search=KÜCHEN&size=1&after={found['next']}")
    assert [each["name"] for each in rest["customers"]] == ["Küchenstudio Elm"]
    nobody = desk.listed("?search=nobody")
    assert (nobody["customers"], nobody["next"], nobody["total"]) == ([], None, 3)
    assert desk.call("GET", "?search=" + "x" * 101).status_code == 422
    desk.put(named["Elm Street"], desk.contact("Another Elm"))
    [elm] = desk.listed("?search=elm str")["customers"]
    assert [(each["from_name"], each["to_name"]) for each in elm["history"]] == [
        (None, "Elm Street in Xero"),
        ("Elm Street in Xero", "Another Elm"),
    ]


def test_another_customers_contact_needs_a_confirmation(desk: Desk) -> None:
    """Also where both were chosen by a person; the candidates name whose it is."""
    first, second, contact = desk.account("Elm"), desk.account("Elm"), desk.contact("Elm")
    desk.put(first, contact)
    assert [each["linked_to"] for each in desk.candidates(second)] == [[{"id": first, "name": "Elm"}]]
    assert code(desk.put(second, contact)) == (409, "contact_linked")
    assert desk.listed()["total"] == 1
    assert desk.put(second, contact, confirmed=True).status_code == 200
    assert {each["contact_id"] for each in desk.listed()["customers"]} == {contact}


def test_what_cannot_be_billed_cannot_be_chosen(desk: Desk) -> None:
    """Nobody there, archived, no customer; a merged one is followed. Nothing is kept of what was refused."""
    account, contact = desk.account("Elm"), desk.contact("Elm Street")
    stayed = desk.contact("Elm Group")
    home = {"organisation": desk.office.organisation["organisation"]}
    merge = {"action": "merge_contacts", "from": contact, "into": stayed}
    control("POST", desk.office.edge.xero, "bookkeeper", json=home | merge)
    archived = desk.contact("Elm Lane")
    archive = {"action": "archive_contact", "contact": archived}
    control("POST", desk.office.edge.xero, "bookkeeper", json=home | archive)
    assert code(desk.put(account, NOBODY)) == (404, "contact_not_found")
    assert code(desk.put(account, archived)) == (409, "contact_archived")
    assert code(desk.put("4711", stayed)) == (404, "customer_not_found")
    assert code(desk.call("GET", "/4711/candidates")) == (404, "customer_not_found")
    assert code(desk.call("GET", "/no-id/candidates")) == (404, "customer_not_found")
    assert desk.listed()["total"] == 0
    assert desk.put(account, contact).get_json()["link"]["contact_id"] == stayed


def test_a_new_contact_may_be_asked_for(desk: Desk) -> None:
    """It is made by the next push, not by asking; where we have made one already, that one is to be chosen."""
    account = desk.account("Elm")
    answer = desk.call("PUT", f"/{account}", json={"create": True})
    assert answer.get_json()["link"]["matched_by"] == "create"
    assert [each["matched_by"] for each in desk.listed()["customers"]] == ["create"]
    desk.contact("Elm", ContactNumber=f"Z{account}")
    assert code(desk.call("PUT", f"/{account}", json={"create": True})) == (409, "contact_made")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contact_id": "x"},
        {"contact_id": None},
        {"contact_id": NOBODY, "create": True},
        {"create": False},
        {"create": "yes"},
        {"contact_id": NOBODY, "confirmed": "yes"},
        {"contact_id": NOBODY, "matched_by": "name"},
        [],
        "x",
    ],
)
def test_a_choice_of_any_other_shape_is_refused(desk: Desk, body: Any) -> None:
    account = desk.account("Elm")
    assert desk.call("PUT", f"/{account}", json=body).status_code == 422
    assert desk.listed()["total"] == 0


def test_only_administrators_choose(desk: Desk) -> None:
    account, contact = desk.account("Elm"), desk.contact("Elm Street")
    token = sign_in(desk.office.edge, desk.office.org["salesperson"]["id"])["access_token"]
    asked = [
        ("GET", "", None),
        ("GET", f"/{account}/candidates", None),
        ("PUT", f"/{account}", {"contact_id": contact}),
        ("DELETE", f"/{account}", None),
    ]
    for method, path, body in asked:
        more = {"json": body} if body else {}
        answer = desk.office.edge.call(method, f"/customers{path}", token, **more)
        lacking = "may_not" if account in path and method != "DELETE" else "administrators_only"
        assert code(answer) == (403, lacking), (method, path)
        assert desk.office.edge.call(method, f"/customers{path}", None, **more).status_code == 401
    assert desk.listed()["total"] == 0


def test_another_customer_is_named_to_administrators_only(desk: Desk) -> None:
    """Whoever chooses for one invoice learns that the contact is taken, not by whom: CRM may hide them."""
    org, edge = desk.office.org, desk.office.edge
    secret, mine, contact = desk.account("Secret Takeover Ltd"), desk.account("Elm"), desk.contact("Elm")
    desk.put(secret, contact)
    place = {"zgid": org["zgid"], "module": "Invoices"}
    invoice = str(
        control(
            "POST", edge.zoho, "records", json={**place, "record": {"Subject": "Lamps", "Account_Name": {"id": mine}}}
        )["id"]
    )
    profiles = [each["id"] for each in desk.office.settings().get_json()["crm"]["profiles"]]
    assert desk.office.put({"rights": {"choose": profiles}}).status_code == 200
    token = sign_in(edge, org["salesperson"]["id"])["access_token"]
    asked = edge.call("GET", f"/customers/{mine}/candidates", token, query_string={"invoice": invoice})
    assert asked.status_code == 200, asked.text
    [found] = asked.get_json()["candidates"]
    assert found["linked_to"] == [{"id": None, "name": None}]
    assert secret not in asked.text
    assert desk.candidates(mine)[0]["linked_to"] == [{"id": secret, "name": "Secret Takeover Ltd"}]


def test_another_tenants_customers_are_not_there(edge: Edge, desk: Desk) -> None:
    """Neither its accounts nor its contacts nor its choices."""
    account, contact = desk.account("Elm"), desk.contact("Elm Street")
    desk.put(account, contact)
    other = office(edge)
    assert other.put({"organisation": other.organisation["organisation"]}).status_code == 200
    stranger = Desk(other)
    assert code(stranger.call("GET", f"/{account}/candidates")) == (404, "customer_not_found")
    assert code(stranger.put(account, contact)) == (404, "customer_not_found")
    assert code(stranger.put(stranger.account("Elm"), contact)) == (404, "contact_not_found")
    assert stranger.call("DELETE", f"/{account}").status_code == 204
    assert (stranger.listed()["total"], desk.listed()["customers"][0]["contact_id"]) == (0, contact)


def test_before_it_is_set_up_nobody_is_asked(edge: Edge) -> None:
    org = edge.new_org()
    token = sign_in(edge, org["administrator"]["id"])["access_token"]
    assert code(edge.call("GET", "/customers", token)) == (409, "not_set_up")
