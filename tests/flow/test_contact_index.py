"""Does the index of contacts hold all that Xero has, however its reading is cut short, and does it say so only then?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from server.clients.errors import TryLater
from server.clients.xero import BooksRef
from server.domain.customer_facts import Known
from server.domain.times import Times
from server.store import contacts, organisations
from server.store.engine import Store, make_engine, now
from server.store.schema import migrate
from server.sync.contact_index import MOST_PAGES, OVERLAP, candidates_of, refresh

Doc = dict[str, Any]
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Pages:
    """Somebody's contacts, three a page, and a note of what was asked. `breaks_at`: the call that fails."""

    rows: Sequence[Doc]
    asked: list[tuple[datetime | None, int]] = field(default_factory=list)
    breaks_at: int | None = None

    def contacts_page(self, _books: BooksRef, since: datetime | None, page: int) -> tuple[list[Doc], bool]:
        self.asked.append((since, page))
        if len(self.asked) == self.breaks_at:
            raise TryLater("xero", "limit", 5.0)
        wanted = [row for row in self.rows if since is None or row["changed"] >= since]
        return list(wanted[3 * page - 3 : 3 * page]), len(wanted) > 3 * page


@dataclass
class World:
    store: Store
    books: BooksRef
    s: Any

    def of(self, rows: Sequence[Doc], **more: Any) -> Pages:
        self.s.xero = Pages(rows, **more)
        return self.s.xero  # type: ignore[no-any-return]

    def refresh(self, not_before: datetime = EVER, *, go_on: bool = True) -> bool:
        return refresh(self.s, self.books, lambda: go_on, not_before)

    def found(self, name: str) -> set[str]:
        return candidates_of(self.s, self.books, [Known("9001", name)], by_email=False)["9001"]

    @property
    def present(self) -> datetime:
        with self.store.read() as c:
            return now(c)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engine = make_engine(f"sqlite:///{tmp_path}/index.db")
    migrate(engine)
    store = Store(engine)
    with store.begin() as c:
        home = organisations.upsert(c, "a-xero-id", "Harbour & Pine")
    s = SimpleNamespace(store=store, times=Times(), keyed_hash=lambda words: f"hash of {len(words)} {hash(words)}")
    yield World(store, BooksRef(home.id, home.xero_id, "a-grant"), s)
    engine.dispose()


def people(count: int, changed: datetime = EVER) -> list[Doc]:
    return [{"ContactID": f"c{n:03d}", "Name": f"Person {n}", "changed": changed} for n in range(count)]


def test_all_pages_are_read_and_then_none(world: World) -> None:
    xero = world.of(people(8))
    assert world.refresh()
    assert xero.asked == [(None, 1), (None, 2), (None, 3)]
    assert world.refresh()
    assert len(xero.asked) == 3
    assert world.found("PERSON  7") == {"c007"}
    assert world.found("Person") == set()


def test_a_go_reads_some_pages_and_the_next_goes_on(world: World) -> None:
    """Until the last page was read it is not said to be whole."""
    xero = world.of(people(3 * MOST_PAGES + 4))
    assert not world.refresh()
    assert len(xero.asked) == MOST_PAGES
    assert not world.refresh(go_on=False)
    assert len(xero.asked) == MOST_PAGES + 1
    assert world.refresh()
    assert [page for _, page in xero.asked] == list(range(1, MOST_PAGES + 3))


def test_a_page_that_fails_loses_none_of_the_others(world: World) -> None:
    xero = world.of(people(8), breaks_at=3)
    with pytest.raises(TryLater):
        world.refresh()
    assert world.refresh()
    assert [page for _, page in xero.asked] == [1, 2, 3, 3]
    assert world.found("Person 7") == {"c007"}


def test_what_changed_since_is_read_with_some_overlap(world: World) -> None:
    """Renamed, archived and merged contacts are known as they are now; the clocks need not agree."""
    world.of(people(4))
    began = world.present
    assert world.refresh()
    merged = {"ContactID": "c000", "Name": "Person 0", "ContactStatus": "ARCHIVED", "MergedToContactID": "c001"}
    renamed = {"ContactID": "c001", "Name": "Somebody Else"}
    xero = world.of([{**each, "changed": began - timedelta(minutes=4)} for each in (merged, renamed)])
    assert world.refresh(world.present)
    [(since, page)] = xero.asked
    assert since is not None
    assert (page, abs(since - began + OVERLAP) < timedelta(seconds=5)) == (1, True)
    assert world.found("Person 1") == set()
    assert world.found("somebody else") == {"c001"}
    assert world.found("Person 0") == {"c000", "c001"}


def test_an_interrupted_reading_is_no_younger_than_its_beginning(world: World) -> None:
    """Whoever needs what is there now reads what changed while the long reading went on."""
    xero = world.of(people(5))
    world.refresh(go_on=False)
    assert world.refresh(world.present)
    assert [page for _, page in xero.asked] == [1, 2, 1]
    assert xero.asked[2][0] is not None


def test_an_older_reading_that_ends_late_changes_nothing(world: World) -> None:
    """Two goes at once: the younger one's word stays, and neither leaves a reading open."""
    world.of(people(2))
    assert world.refresh()
    with world.store.begin() as c:
        before = contacts.reading(c, world.books.organisation_id)
        contacts.go_on_at(c, world.books.organisation_id, {"page": 2, "since": None, "begun": EVER.isoformat()})
        contacts.all_read(c, world.books.organisation_id, EVER, EVER)
        after = contacts.reading(c, world.books.organisation_id)
    assert (after.since, after.begun_at, after.next) == (before.since, before.begun_at, None)


def test_two_organisations_share_no_hash(world: World) -> None:
    """Nobody can tell by the table that two of them have one customer."""
    with world.store.begin() as c:
        other = organisations.upsert(c, "another", "Elm Street")
    world.of(people(1))
    assert world.refresh()
    away = BooksRef(other.id, other.xero_id, "a-grant")
    assert refresh(world.s, away, lambda: True, EVER)
    with world.store.read() as c:
        rows = c.exec_driver_sql("SELECT xero_id, name FROM contact").all()
    assert [row[0] for row in rows] == ["c000"] * 2
    assert len({row[1] for row in rows}) == 2
