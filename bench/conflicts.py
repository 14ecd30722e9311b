"""Is the bookkeeper ever written over? A thousand random edits on both sides, with pushes between, on a fresh stack.

What happened is counted in the simulator's own stores; nothing of `server/` is asked but by HTTP, as the widget does.
A conflict counts as false where the bookkeeper changed nothing since both sides last agreed: since the last push that
ended created, updated or unchanged. One that stays undecided, or where Xero's version was kept and CRM changed again,
is reported again with right. Unchanged is no agreement while a tax that the bookkeeper corrected keeps totals apart.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bench.both_sides import Edit, Sides, control
from bench.other_program import connected
from bench.overwrites import Content, Count, Pushed, Watched, content_of, judge, stray
from simulator.stack.ports import any_free
from simulator.stack.procfile import ROOT
from simulator.stack.setup_walk import Api, Walk
from simulator.stack.whole import Stack

Doc = dict[str, Any]
BUILD = ROOT / "build"
COMPANIES, DRAFTS, EDITS = 6, 24, 1000
LEFT_TO_XERO: Doc = {"number": {"from": "xero"}}  # the last company's way of numbering
CRM_HANDS, XERO_HANDS = (0, 1, 1, 1, 2), (0, 0, 0, 0, 0, 1, 2)  # how many edits an invoice gets before a push
CHOSEN = 0.6  # how many reported conflicts a person decides at once
LATE = 0.1  # how many of those the bookkeeper edits once more, after the person looked
CHOICES = ("keep_xero", "send_crm")
STAMPS_S = 2.1  # CRM's stamps have whole seconds: what is older than this is no edit during the push
PATIENCE_S = 180
OPEN = ("DRAFT", "SUBMITTED")
FIGURES = ("edits", "pushes", "updates_applied", "conflicts_reported", "false_conflicts", "silent_overwrites")


@dataclass
class Company:
    """One tenant with its drafts in Xero, each watched since both sides last agreed. all_ids: those, too, that were
    found locked and are left alone since."""

    sides: Sides
    api: Api
    drafts: dict[str, Watched]
    all_ids: list[str]
    count: Count = field(default_factory=Count)

    def round(self) -> None:
        """Some edits on either side, one push of everything, and a person's word on some of what it reported."""
        stored = self._contents()
        for record_id, watched in self.drafts.items():
            stray(self.count, watched, stored[record_id])
            self._edit(record_id)
        before = self._contents()
        time.sleep(STAMPS_S)
        tasks = self._push(list(self.drafts), before, {})
        self._choose([each for each in self.drafts if tasks[each]["outcome"] == "conflict"], tasks)
        for record_id in [each for each in self.drafts if tasks[each]["outcome"] == "locked"]:
            del self.drafts[record_id]

    def _edit(self, record_id: str) -> None:
        chance = self.sides.chance
        hands = ["crm"] * chance.choice(CRM_HANDS) + ["xero"] * chance.choice(XERO_HANDS)
        chance.shuffle(hands)
        like = None
        for hand in hands:
            edit = self.sides.edit_in_crm if hand == "crm" else self.sides.edit_in_xero
            done = edit(record_id, like)
            like = done.name if done else like
            self._note(record_id, done)

    def _choose(self, record_ids: list[str], tasks: dict[str, Doc]) -> None:
        """A person decides on what the push has shown; now and then the bookkeeper comes between."""
        chance = self.sides.chance
        choices = {each: chance.choice(CHOICES) for each in record_ids if chance.random() < CHOSEN}
        if not choices:
            return
        for record_id in [each for each in choices if chance.random() < LATE]:
            self._note(record_id, self.sides.edit_in_xero(record_id))
        shown = {each: tasks[each]["preview"]["digest"] for each in choices}
        self._push(list(choices), self._contents(), choices, previewed=shown)

    def _note(self, record_id: str, done: Edit | None) -> None:
        if done is not None:
            self.count.edits += 1
            self.drafts[record_id].edits.append(done.said)
            self.drafts[record_id].asked += [done.asks] if done.asks else []

    def _push(
        self, record_ids: list[str], before: dict[str, Content], choices: dict[str, str], **more: Any
    ) -> dict[str, Doc]:
        """`before`: as it was right after the last edit, so that nothing that happens since is missed. A choice counts
        where nothing has changed since it was shown."""
        tasks = run(self.api, record_ids, **more, **({"choices": choices} if choices else {}))
        after = self._contents()
        for record_id in record_ids:
            task, watched, was = tasks[record_id], self.drafts[record_id], before[record_id]
            choice = choices.get(record_id) if was == watched.seen else None
            kept = bool(task["preview"]) and task["preview"]["decision"] == "kept"
            judge(self.count, watched, Pushed(was, after[record_id], str(task["outcome"]), kept, choice))
        return tasks

    def _contents(self) -> dict[str, Content]:
        """Every invoice as Xero holds it."""
        return {record_id: content_of(docs[0]) for record_id, docs in self.sides.invoices().items()}


def run(api: Api, record_ids: list[str], **more: Any) -> dict[str, Doc]:
    """One push, until its fields are in CRM too, which is when it looks whether CRM was edited meanwhile: whoever edits
    after that is not followed by a push of its own accord. The tasks by record."""
    body = {"kind": "push", "module": "Invoices", "record_ids": record_ids, **more}
    answer = api.post("/runs", body)
    assert answer.status_code == 202, answer.text
    until = time.monotonic() + PATIENCE_S
    while True:
        found: Doc = api.get(f"/runs/{answer.json()['id']}").json()
        if found["state"] == "ended" and not any(task["crm_written"] == "waiting" for task in found["tasks"]):
            return {task["record_id"]: task for task in found["tasks"]}
        assert time.monotonic() < until, f"still open after {PATIENCE_S} s: {found}"
        time.sleep(0.2)


def company(stack: Stack, seed: str, settings: Doc) -> Company:
    """A new company, connected and set up by the real routes, with its drafts in Xero."""
    name = f"Company {secrets.token_hex(3)}"
    crm = control("POST", f"{stack.zoho}/_control/orgs", json={"name": name, "location": "au", "currency": "AUD"})
    books = control("POST", f"{stack.xero}/_control/organisations", json={"name": name, "country": "AU"})
    assert crm is not None and books is not None
    walk = Walk(stack.public_base, stack.zoho, stack.xero)
    api = walk.sign_in(crm["domain_name"], crm["administrator"]["id"])
    walk.connect_zoho(api, crm["domain_name"], crm["administrator"]["id"])
    walk.connect_xero(api, books["person"], books["organisation"])
    walk.fill_settings(api, books["organisation"], **settings)
    program = connected(stack.xero, stack.public_base, books["organisation"], books["person"])
    where = (stack.zoho, stack.xero, crm["zgid"], books["organisation"])
    sides = Sides(*where, program, random.Random(seed), numbered=not settings)
    sides.stock(name)
    records = [sides.invoice(sides.chance.choice(sides.customers)) for _ in range(DRAFTS)]
    time.sleep(STAMPS_S)
    tasks = run(api, records)
    assert {task["outcome"] for task in tasks.values()} == {"created"}, tasks
    made = {each: content_of(docs[0]) for each, docs in sides.invoices().items()}
    return Company(sides, api, {each: Watched(made[each], made[each]) for each in records}, records)


def whole(counts: list[Count]) -> Count:
    """The figures of all companies."""
    found = Count()
    for one in counts:
        for name in (*FIGURES, "strays"):
            setattr(found, name, getattr(found, name) + getattr(one, name))
        for outcome, times in one.outcomes.items():
            found.outcomes[outcome] = found.outcomes.get(outcome, 0) + times
        found.cases += one.cases
    return found


def complaints(count: Count, not_once: int) -> list[str]:
    """What is wrong with these figures."""
    wrong = [f"{getattr(count, name)} {name}" for name in FIGURES[-2:] if getattr(count, name)]
    wrong += [f"{count.strays} changes that nobody made"] if count.strays else []
    wrong += [f"only {count.edits} edits"] if count.edits < EDITS else []
    if count.updates_applied < 0.3 * count.pushes:
        wrong.append(f"only {count.updates_applied} of {count.pushes} pushes changed anything")
    return wrong + ([f"{not_once} invoices are not in Xero once"] if not_once else [])


def play(seed: str) -> tuple[Count, int]:
    """A fresh stack, all rounds; the figures, and how many invoices are not in Xero once."""
    with Stack(BUILD / "conflicts-state", any_free(), extra={"TIME_SCALE": "0.2"}) as stack:
        with ThreadPoolExecutor(COMPANIES) as pool:
            numbering = [LEFT_TO_XERO if n == COMPANIES - 1 else {} for n in range(COMPANIES)]
            made = pool.map(lambda n: company(stack, f"{seed}-{n}", numbering[n]), range(COMPANIES))
            companies, began = list(made), time.monotonic()
            while (count := whole([one.count for one in companies])).edits < EDITS:
                list(pool.map(Company.round, companies))
                now = whole([one.count for one in companies])
                print(f"  {now.edits} edits, {now.pushes} pushes, {time.monotonic() - began:.0f} s", flush=True)
        return count, sum(not_once(one) for one in companies)


def not_once(one: Company) -> int:
    """How many of a company's invoices Xero holds never, or more than once."""
    docs = one.sides.invoices()
    return sum(len(docs.get(each, [])) != 1 for each in one.all_ids)


def main() -> int:
    """Run it, write build/conflicts.json, and say on the last line how it went."""
    seed = os.environ.get("CONFLICTS_SEED") or secrets.token_hex(4)
    print(f"conflicts: seed={seed}", flush=True)
    shutil.rmtree(BUILD / "conflicts-state", ignore_errors=True)
    BUILD.mkdir(exist_ok=True)
    count, astray = play(seed)
    figures = {name: getattr(count, name) for name in FIGURES}
    (BUILD / "conflicts.json").write_text(json.dumps({**figures, "seed": seed}, indent=2) + "\n")
    print(f"  outcomes: {', '.join(f'{times} {name}' for name, times in sorted(count.outcomes.items()))}")
    wrong = complaints(count, astray)
    if wrong:
        print(*(json.dumps(case, indent=2) for case in count.cases), sep="\n\n")
        print(f"conflicts: failed seed={seed}: {'; '.join(wrong)}")
        return 1
    told = " ".join(f"{name}={figures[name]}" for name in ("edits", "pushes", "updates_applied"))
    print(f"conflicts: ok seed={seed} {told} conflicts={count.conflicts_reported} false=0 silent=0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
