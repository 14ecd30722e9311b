"""Who may ask our routes for something? Two companies side by side, their people, and what each of them holds."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from server.domain.rights import RIGHTS
from server.store.tables import metadata
from simulator.stack.setup_walk import STATUSES, TAXES
from tests.api.walk import Edge, Office, control, office, sign_in

Doc = dict[str, Any]
NO_TOKEN = ("nobody", "forged", "renewal", "signed_out")
# usual: a salesperson where nobody set who may; without: one whose profile has no right at all; given: one whose
# profile has them all; hidden: the same one, asking for what CRM hides from him; early and early_administrator: before
# the company went live; left: an administrator whose CRM user was switched off since the sign-in; foreign: another
# company's administrator, asking for our things; foreign_ids: our administrator, asking for theirs.
SIGNED_IN = (
    "usual",
    "without",
    "given",
    "hidden",
    "administrator",
    "early",
    "early_administrator",
    "left",
    "foreign",
    "foreign_ids",
)
ORDER_DESK = "Order Desk"
# What changes by asking alone: tokens are renewed, health is noted, the index of contacts fills itself.
_NOT_COUNTED = {"grant", "organisation", "contact", "sign_in", "pulse"}
_NOTED = {"last_good_at"}


@dataclass
class Company:
    """A CRM org that is set up, with an invoice for all to see and one that CRM hides from its order desk."""

    office: Office
    people: dict[str, Doc] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    _sessions: dict[str, Doc] = field(default_factory=dict)

    @property
    def edge(self) -> Edge:
        return self.office.edge

    def session(self, person: str) -> Doc:
        if person not in self._sessions:
            self._sessions[person] = sign_in(self.edge, self.people[person]["id"])
        return self._sessions[person]

    def token(self, person: str) -> str:
        return str(self.session(person)["access_token"])

    def names(self) -> set[str]:
        """What nobody of another company is told."""
        org, books = self.office.org, self.office.organisation
        known = [org["zgid"], org["domain_name"], books["organisation"], *self.things.values()]
        return {str(each) for each in [*known, *(person["id"] for person in self.people.values())]}

    def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that we keep of this company, but what changes by itself."""
        with self.edge.services.store.read() as c:
            home = metadata.tables["tenant"]
            ours = c.execute(select(home.c.id).where(home.c.zgid == self.office.org["zgid"])).scalar_one()
            found = {}
            for table in metadata.sorted_tables:
                owner = table.c.id if table is home else table.c.get("tenant_id")
                if owner is not None and table.name not in _NOT_COUNTED:
                    columns = [column for column in table.c if column.name not in _NOTED]
                    rows = c.execute(select(*columns).where(owner == ours)).all()
                    found[table.name] = sorted((tuple(row) for row in rows), key=repr)
        return found


def company(edge: Edge, *, live: bool = True, rights: bool = True) -> Company:
    """Set up by the real routes. With `rights` the order desk has them all and other profiles none."""
    made = Company(office(edge))
    zgid, books = made.office.org["zgid"], made.office.organisation["organisation"]
    desk = control("POST", edge.zoho, "users", json={"zgid": zgid, "name": "Kim Vale", "profile": ORDER_DESK})
    made.people = {name: made.office.org[name] for name in ("administrator", "salesperson")} | {"desk": desk}
    made._sessions["administrator"] = {"access_token": made.office.token}
    _set_up(made, books, rights)
    if live:
        etag = made.office.settings().headers["ETag"]
        answer = edge.call("POST", "/settings/live", made.office.token, json={"live": True}, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text
    _fill(made)
    return made


def _set_up(made: Company, books: str, rights: bool) -> None:
    assert made.office.put({"organisation": books}).status_code == 200
    taxes = [{"rate": rate, "tax_type": tax_type} for rate, tax_type in TAXES["AU"]]
    parts: Doc = {"account": "200", "taxes": taxes, "statuses": STATUSES, "number": {"from": "xero"}}
    saved = made.office.put(parts | {"start_date": "2020-01-01"})
    assert saved.status_code == 200, saved.text
    if rights:
        [desk] = [each["id"] for each in saved.get_json()["crm"]["profiles"] if each["name"] == ORDER_DESK]
        assert made.office.put({"rights": {each: [desk] for each in RIGHTS}}).status_code == 200


def _fill(made: Company) -> None:
    add = _adder(made)
    account = add("Accounts", {"Account_Name": f"Brightwater Dental {secrets.token_hex(3)}"})
    unbilled = add("Accounts", {"Account_Name": f"Corner Café {secrets.token_hex(3)}"})
    product = add("Products", {"Product_Name": "Oak reception desk", "Product_Code": "DESK"})
    rows = [{"Product_Name": {"id": product}, "Quantity": 1, "List_Price": 100}]
    shown = {"Subject": "Fit-out", "Account_Name": {"id": account}, "Status": "Created", "Invoiced_Items": rows}
    record, second, hidden = (add("Invoices", shown) for _ in range(3))
    kept_from = {"hidden_from": [made.people[each]["id"] for each in ("salesperson", "desk")]}
    body = {"zgid": made.office.org["zgid"], "module": "Invoices", "id": hidden, "record": kept_from}
    control("PATCH", made.edge.zoho, "records", json=body)
    made.things = {"record": record, "second": second, "hidden": hidden, "account": account, "unbilled": unbilled}
    made.things |= {"run": _run(made, record), "hidden_run": _run(made, hidden)}


def _adder(made: Company) -> Callable[[str, Doc], str]:
    def add(module: str, record: Doc) -> str:
        body = {"zgid": made.office.org["zgid"], "module": module, "record": record}
        return str(control("POST", made.edge.zoho, "records", json=body)["id"])

    return add


def _run(made: Company, record: str) -> str:
    body = {"kind": "pull", "module": "Invoices", "record_ids": [record]}
    answer = made.edge.call("POST", "/runs", made.office.token, json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.get_json()["id"])


@dataclass(frozen=True)
class Asker:
    """Who asks, and for whose things; at home they have read the settings before they change them."""

    token: str | None
    things: dict[str, str]
    home: Company
    others: Company

    def ask(self, method: str, path: str, body: Any) -> TestResponse:
        more: Doc = {} if body is None else {"json": body}
        if path.startswith("/settings") and method != "GET":
            more["headers"] = {"If-Match": self.home.office.settings().headers["ETag"]}
        return self.home.edge.call(method, path, self.token, **more)


def asker(edge: Edge, kind: str) -> Asker:
    """Both companies, made afresh, with this person before them."""
    ours = company(edge, live=not kind.startswith("early"), rights=kind != "usual")
    theirs = company(edge)
    hidden = {"record": ours.things["hidden"], "run": ours.things["hidden_run"]}
    people: dict[str, tuple[Callable[[], str | None], dict[str, str], Company]] = {
        "nobody": (lambda: None, ours.things, ours),
        "forged": (lambda: secrets.token_urlsafe(32), ours.things, ours),
        "renewal": (lambda: str(ours.session("desk")["renewal"]), ours.things, ours),
        "signed_out": (lambda: _signed_out(ours), ours.things, ours),
        "usual": (lambda: ours.token("salesperson"), ours.things, ours),
        "without": (lambda: ours.token("salesperson"), ours.things, ours),
        "given": (lambda: ours.token("desk"), ours.things, ours),
        "hidden": (lambda: ours.token("desk"), ours.things | hidden, ours),
        "administrator": (lambda: ours.token("administrator"), ours.things, ours),
        "early": (lambda: ours.token("desk"), ours.things, ours),
        "early_administrator": (lambda: ours.token("administrator"), ours.things, ours),
        "left": (lambda: _left(ours), ours.things, ours),
        "foreign": (lambda: theirs.token("administrator"), ours.things, theirs),
        "foreign_ids": (lambda: ours.token("administrator"), theirs.things, ours),
    }
    token, things, home = people[kind]
    return Asker(token(), things, home, theirs if home is ours else ours)


def _signed_out(made: Company) -> str:
    token = made.token("desk")
    assert made.edge.call("DELETE", "/sign-in", token).status_code == 204
    return token


def _left(made: Company) -> str:
    """A second administrator: the connection stands on the first one's consent."""
    zgid, wish = made.office.org["zgid"], {"name": "Robin Gone", "profile": "Administrator"}
    made.people["left"] = control("POST", made.edge.zoho, "users", json={"zgid": zgid, **wish})
    token = made.token("left")
    gone = {"zgid": zgid, "id": made.people["left"]["id"], "status": "inactive"}
    control("PATCH", made.edge.zoho, "users", json=gone)
    return token


def filled(template: Any, things: dict[str, str]) -> Any:
    """The same with "{record}" and the like put in."""
    if isinstance(template, str):
        return template.format(**things)
    if isinstance(template, dict):
        return {filled(name, things): filled(value, things) for name, value in template.items()}
    return [filled(each, things) for each in template] if isinstance(template, list) else template


def told_of(answer: TestResponse, names: Iterable[str], asked: str) -> list[str]:
    """Which of these names an answer tells that were not in what was asked."""
    return sorted(name for name in names if name in answer.text and name not in asked)
