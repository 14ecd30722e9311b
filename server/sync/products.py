"""Which products must Xero have before invoices name them? Those that the tenant lets us make, by their code.

Xero keeps codes unique (X8.1), so making one twice is refused and harms nothing: no dispatch is needed for them.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from server.clients.errors import Disconnected, Refused, TryLater
from server.clients.xero_writes import Sent
from server.domain.decide import Create
from server.domain.encode import encode
from server.domain.reasons import Code, reason
from server.store import organisations, runs
from server.sync.answers import sentences_of
from server.sync.claims import Claim
from server.sync.footing import Footing
from server.sync.reference_data import PRODUCTS
from server.sync.services import Services
from server.sync.told import reasons_json
from server.sync.verdicts import Verdicts
from server.sync.waiting import still_working

THERE = "already exists"  # X10
LONGEST_NAME = 50
MOST = 50  # X3.2


def make_products(s: Services, ground: Footing, mine: Claim, verdicts: Verdicts) -> Verdicts:
    """The verdicts that can go on; tasks whose product Xero refuses end. Raises the ladder."""
    wanted = {code: name for each in _named(verdicts).values() for code, name in each.items()}
    refused: dict[str, str] = {}
    codes = sorted(wanted)
    for start in range(0, len(codes), MOST):
        refused |= _made(s, ground, mine, {code: wanted[code] for code in codes[start : start + MOST]})
    return _without(s, mine, verdicts, refused) if refused else verdicts


def _named(verdicts: Verdicts) -> dict[str, dict[str, str]]:
    """By task, the products that Xero lacks."""
    drafts = [
        (task.id, each.draft if isinstance(each, Create) else each.both.draft) for task, each in verdicts.for_customers
    ]
    return {task_id: dict(draft.new_products) for task_id, draft in drafts if draft.new_products}


def _made(s: Services, ground: Footing, mine: Claim, several: Mapping[str, str]) -> dict[str, str]:
    """Xero's sentence by code, for those it did not take."""
    assert ground.books is not None
    body = encode({"Items": [{"Code": code, "Name": name[:LONGEST_NAME]} for code, name in several.items()]})
    sent = s.xero.send(ground.books, "PUT", "/Items", body, secrets.token_urlsafe(48), mine.go.may_call)
    if sent.ran != "yes" or sent.rows is None or len(sent.rows) != len(several):
        raise _trouble(sent)
    told = {code: sentences_of(row) for code, row in zip(several, sent.rows, strict=True)}
    refused = {code: said[0] for code, said in told.items() if said and THERE not in said[0].lower()}
    _remember(s, ground, [code for code in several if code not in refused])
    return refused


def _trouble(sent: Sent) -> Exception:
    """What did not run, or may have: asked again later, it is refused where it did."""
    if sent.cause == "disconnected":
        return Disconnected("xero", sent.why or "forbidden")
    if sent.refused is not None:
        return Refused("xero", sent.status or 400, "items_refused", sent.refused)
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


def _without(s: Services, mine: Claim, verdicts: Verdicts, refused: Mapping[str, str]) -> Verdicts:
    """End what names a product that Xero did not take."""
    named = _named(verdicts)
    bad = {task_id: [code for code in codes if code in refused] for task_id, codes in named.items()}
    bad = {task_id: codes for task_id, codes in bad.items() if codes}
    with s.store.begin() as c:
        ours = set(still_working(c, mine))
        for task_id, codes in bad.items():
            if task_id in ours:
                found = [reason(Code.PRODUCT_REFUSED, product_code=code, sentence=refused[code]) for code in codes]
                runs.end(c, task_id, "blocked", reasons=reasons_json(found))
    return replace(verdicts, each=tuple(each for each in verdicts.each if each.task.id not in bad))
