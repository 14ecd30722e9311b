"""Which products must Xero have before invoices name them? Those that the tenant lets us make, by their code.

Xero keeps codes unique (X8.1), so making one twice is refused and harms nothing: no dispatch is needed for them.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from server.clients.errors import CallFailed, Disconnected, TryLater
from server.clients.xero_writes import Sent
from server.domain.encode import encode
from server.domain.reasons import Code, reason
from server.store import endings, organisations
from server.sync.answers import sentences_of
from server.sync.claims import Claim
from server.sync.footing import Footing
from server.sync.reference_data import PRODUCTS
from server.sync.services import Services
from server.sync.told import reasons_json
from server.sync.verdicts import Verdicts
from server.sync.waiting import still_working, trouble_for

THERE = "already exists"  # X10
LONGEST_NAME = 50
MOST = 50  # X3.2


@dataclass(frozen=True)
class Making:
    """What became of codes that were to be made: Xero's sentence, or why it could not be asked."""

    refused: Mapping[str, str]
    trouble: Mapping[str, CallFailed]

    def __or__(self, other: Making) -> Making:
        return Making({**self.refused, **other.refused}, {**self.trouble, **other.trouble})


def make_products(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> Verdicts:
    """The verdicts that can go on: tasks whose product Xero refuses end, those whose product could not be made wait."""
    named = verdicts.new_products
    wanted = {code: name for several in named.values() for code, name in several.items()}
    codes = sorted(wanted)
    done = Making({}, {})
    for start in range(0, len(codes), MOST):
        done |= _made(s, ground, mine, {code: wanted[code] for code in codes[start : start + MOST]})
    refused = _naming(named, done.refused)
    waiting = {task_id: codes for task_id, codes in _naming(named, done.trouble).items() if task_id not in refused}
    _end(s, mine, refused, done.refused)
    _put_back(s, mine, waiting, done.trouble)
    return verdicts.only(each.task.id for each in verdicts.each if each.task.id not in {*refused, *waiting})


def _naming(named: Mapping[str, Mapping[str, str]], codes: Collection[str]) -> dict[str, list[str]]:
    """The tasks that name one of these codes, and which."""
    found = {task_id: [code for code in several if code in codes] for task_id, several in named.items()}
    return {task_id: several for task_id, several in found.items() if several}


def _made(s: Services, ground: Footing, mine: Claim, several: Mapping[str, str]) -> Making:
    """A request that is refused as a whole goes again in halves, until the bad product stands alone (as 4a.11)."""
    assert ground.books is not None
    body = encode({"Items": [{"Code": code, "Name": name[:LONGEST_NAME]} for code, name in several.items()]})
    sent = s.xero.send(ground.books, "PUT", "/Items", body, secrets.token_urlsafe(48), mine.go.may_call)
    if sent.ran == "yes" and sent.rows is not None and len(sent.rows) == len(several):
        told = {code: sentences_of(row) for code, row in zip(several, sent.rows, strict=True)}
        refused = {code: said[0] for code, said in told.items() if said and THERE not in said[0].lower()}
        _remember(s, ground, [code for code in several if code not in refused])
        return Making(refused, {})
    if sent.refused is None:
        return Making({}, dict.fromkeys(several, _trouble(sent)))
    if len(several) == 1:
        return Making(dict.fromkeys(several, sent.refused), {})
    pairs = list(several.items())
    half = len(pairs) // 2
    return _made(s, ground, mine, dict(pairs[:half])) | _made(s, ground, mine, dict(pairs[half:]))


def _trouble(sent: Sent) -> CallFailed:
    """What did not run, or may have: asked again later, it is refused where it did."""
    if sent.cause == "disconnected":
        return Disconnected("xero", sent.why or "forbidden")
    return TryLater("xero", "limit" if sent.cause == "limit" else "service", sent.seconds, "products were not made")


def _remember(s: Services, ground: Footing, codes: list[str]) -> None:
    """Kept with what was read of the books, so that they are not made again within minutes."""
    assert ground.books is not None
    with s.store.begin() as c:
        row = organisations.by_id(c, ground.books.organisation_id)
        if row is None or row.books is None:
            return
        more = row.books.get("more") or {}
        if PRODUCTS not in more:
            return  # read anew without them: the next who needs them reads all
        known = sorted({*more.get(PRODUCTS, ()), *codes})
        organisations.save_more(c, row.id, {**row.books, "more": {**more, PRODUCTS: known}})


def _end(s: Services, mine: Claim, bad: Mapping[str, list[str]], said: Mapping[str, str]) -> None:
    with s.store.begin() as c:
        ours = set(still_working(c, mine))
        for task_id, codes in bad.items():
            if task_id in ours:
                found = [reason(Code.PRODUCT_REFUSED, product_code=code, sentence=said[code]) for code in codes]
                endings.end(c, task_id, "blocked", reasons=reasons_json(found))


def _put_back(s: Services, mine: Claim, waiting: Mapping[str, list[str]], trouble: Mapping[str, CallFailed]) -> None:
    """Only what needs them waits; the rest of the claim goes on."""
    with s.store.begin() as c:
        ours = set(still_working(c, mine))
        for task_id, codes in waiting.items():
            if task_id in ours:
                trouble_for(s, c, mine.go.tenant_id, [task_id], trouble[codes[0]], mine.at)
