"""Can two customers of CRM come to one contact at the same moment, or a rule undo what a person said?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from server.clients.tokens import TokenSet
from server.store import connections, customer_links, grants, links, organisations
from server.store.customer_links import CREATE, UNTIED, Place
from server.store.engine import Store, make_engine
from server.store.schema import migrate
from server.store.secrets import Secrets, new_key
from server.store.tables import link
from server.store.tenants import OrgKey, create
from server.sync import settle
from tests.databases import database, databases

CONTACT, OTHER, PERSON = "contact-1", "contact-2", "600000001"


@pytest.fixture(params=databases())
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database(request.param) as url:
        made = make_engine(url or f"sqlite:///{tmp_path}/ties.db")
        migrate(made)
        yield made
        made.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def place(store: Store, record_id: str) -> Place:
    with store.begin() as c:
        home = create(c, OrgKey("au", "production", "600000001"), "Harbour & Pine", None, "AUD")
        books = organisations.upsert(c, "a-xero-id", "Harbour & Pine")
        tokens = TokenSet("xero", "a", "r", 1800)
        grant = grants.keep(c, Secrets(new_key()), tokens, purpose="connection", person="a-person")
        made = connections.connect(c, home.id, "xero", grant.grant_id, "7")
        connections.set_organisation(c, made, books.id, "a-tie")
    return Place(home.id, books.id, record_id)


def tie(store: Store, where: Place, contact_id: str = CONTACT) -> bool:
    with store.begin() as c:
        return customer_links.tie_if_free(c, where, contact_id, "name")


def held(store: Store, where: Place) -> Any:
    with store.read() as c:
        found = c.execute(select(link).where(link.c.record_id == where.record_id)).one()
    return found.xero_id, found.matched_by, found.chosen_by


def test_of_many_at_once_one_gets_the_contact(store: Store) -> None:
    """Each in a transaction of its own, all at the same moment."""
    places = [place(store, str(n)) for n in range(6)]
    got: list[bool] = []
    threads = [threading.Thread(target=lambda where=each: got.append(tie(store, where))) for each in places]  # type: ignore[misc]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(got) == [False] * 5 + [True]
    with store.read() as c:
        assert len(links.of_xero_id(c, places[0].organisation_id, CONTACT)) == 1


def test_a_rule_does_not_undo_what_a_person_said(store: Store) -> None:
    """Neither the contact that somebody chose, nor that it is not this one; another one may be found again."""
    where = place(store, "1")
    with store.begin() as c:
        customer_links.choose(c, where, OTHER, "chosen", PERSON)
    assert not tie(store, where)
    assert held(store, where) == (OTHER, "chosen", PERSON)
    with store.begin() as c:
        customer_links.choose(c, where, None, UNTIED, PERSON)
    assert not tie(store, where, OTHER)
    assert tie(store, where)
    assert held(store, where) == (CONTACT, "name", None)


def test_a_contact_that_was_being_made_does_not_undo_a_choice(store: Store) -> None:
    """Somebody chose while the write was under way: its contact is there, and not this customer's."""
    first, second = place(store, "1"), place(store, "2")
    with store.begin() as c:
        customer_links.choose(c, first, OTHER, "chosen", PERSON)
        customer_links.choose(c, second, None, CREATE, PERSON)
    ground: Any = SimpleNamespace(organisation=SimpleNamespace(id=first.organisation_id))
    with store.begin() as c:
        for each in (first, second):
            names = {"id": "row", "tenant_id": each.tenant_id, "record_id": each.record_id, "task_id": None}
            settle.customer(c, ground, SimpleNamespace(**names), f"made-for-{each.record_id}")  # type: ignore[arg-type]
    assert held(store, first) == (OTHER, "chosen", PERSON)
    assert held(store, second) == ("made-for-2", "created", PERSON)


def test_the_history_is_kept_short(store: Store) -> None:
    where = place(store, "1")
    for n in range(customer_links.MOST_HISTORY + 5):
        with store.begin() as c:
            customer_links.choose(c, where, f"contact-{n}", "chosen", PERSON)
    with store.begin() as c:
        [row] = c.execute(select(link)).all()
        c.execute(update(link).values(history=None))
    assert len(row.history) == customer_links.MOST_HISTORY
    assert row.history[-1]["to"] == row.xero_id == f"contact-{n}"
