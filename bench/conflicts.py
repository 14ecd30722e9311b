"""Is the bookkeeper ever written over? A thousand random edits on both sides, with pushes between, on a fresh stack.

What happened is counted in the simulator's own stores; nothing of `server/` is asked but by HTTP, as the widget does.
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
from dataclasses import dataclass
from typing import Any

from bench.both_sides import Sides, control
from bench.overwrites import Count, Pushed, Watched, content_of, judge
from simulator.stack.ports import any_free
from simulator.stack.procfile import ROOT
from simulator.stack.setup_walk import Api, Walk
from simulator.stack.whole import Stack

Doc = dict[str, Any]
BUILD = ROOT / "build"
COMPANIES, DRAFTS, EDITS = 6, 8, 1000
CRM_EDITS, XERO_EDITS = 0.85, 0.3  # how likely an invoice is edited on that side before a push
CHOSEN = 0.6  # how many reported conflicts a person decides at once
STAMPS_S = 2.1  # CRM's stamps have whole seconds: what is older than this is no edit during the push
PATIENCE_S = 120
FIGURES = ("edits", "pushes", "updates_applied", "conflicts_reported", "false_conflicts", "silent_overwrites")


@dataclass
class Company:
    """One tenant with its drafts in Xero, each watched since both sides last agreed."""

    sides: Sides
    api: Api
    count: Count
    drafts: dict[str, Watched]

    def round(self) -> None:
        """Some edits on either side, one push of everything, and a person's word on some of what it reported."""
        self._edit()
        time.sleep(STAMPS_S)
        for record_id, task in self._push(list(self.drafts)).items():
            if task["outcome"] == "conflict" and self.sides.chance.random() < CHOSEN:
                self._choose(record_id, task["preview"]["digest"])

    def _edit(self) -> None:
        stored = self.sides.invoices()
        for record_id, watched in self.drafts.items():
            if self.sides.chance.random() < CRM_EDITS:
                done = self.sides.edit_in_crm(record_id)
                self.count.edits += done is not None
                watched.number_given |= done == "number"
            if self.sides.chance.random() < XERO_EDITS:
                self.count.edits += self.sides.edit_in_xero(stored[record_id][0]) is not None

    def _push(self, record_ids: list[str], **more: Any) -> dict[str, Doc]:
        before = self.sides.invoices()
        tasks = run(self.api, record_ids, **more)
        after = self.sides.invoices()
        for record_id, task in tasks.items():
            pushed = Pushed(
                before=content_of(before[record_id][0]),
                after=content_of(after[record_id][0]),
                outcome=str(task["outcome"]),
                kept=bool(task["preview"]) and task["preview"]["decision"] == "kept",
                choice=more.get("choices", {}).get(record_id),
            )
            judge(self.count, self.drafts[record_id], pushed)
        return tasks

    def _choose(self, record_id: str, digest: str) -> None:
        choice = self.sides.chance.choice(["keep_xero", "send_crm"])
        self._push([record_id], previewed={record_id: digest}, choices={record_id: choice})


def run(api: Api, record_ids: list[str], **more: Any) -> dict[str, Doc]:
    """One push, to its end; the tasks by record."""
    body = {"kind": "push", "module": "Invoices", "record_ids": record_ids, **more}
    answer = api.post("/runs", body)
    assert answer.status_code == 202, answer.text
    until = time.monotonic() + PATIENCE_S
    while True:
        found: Doc = api.get(f"/runs/{answer.json()['id']}").json()
        if found["state"] == "ended":
            return {task["record_id"]: task for task in found["tasks"]}
        assert time.monotonic() < until, f"still open after {PATIENCE_S} s: {found}"
        time.sleep(0.2)


def company(stack: Stack, seed: str) -> Company:
    """A new company, connected and set up by the real routes, with its drafts in Xero."""
    name = f"Company {secrets.token_hex(3)}"
    crm = control("POST", f"{stack.zoho}/_control/orgs", json={"name": name, "location": "au", "currency": "AUD"})
    books = control("POST", f"{stack.xero}/_control/organisations", json={"name": name, "country": "AU"})
    assert crm is not None and books is not None
    walk = Walk(stack.public_base, stack.zoho, stack.xero)
    api = walk.sign_in(crm["domain_name"], crm["administrator"]["id"])
    walk.connect_zoho(api, crm["domain_name"], crm["administrator"]["id"])
    walk.connect_xero(api, books["person"], books["organisation"])
    walk.fill_settings(api, books["organisation"])
    sides = Sides(stack.zoho, stack.xero, crm["zgid"], books["organisation"], random.Random(seed))
    sides.products = [sides.add("Products", {"Product_Name": name}) for name in ("Desk", "Chair", "Lamp", "Delivery")]
    account = sides.add("Accounts", {"Account_Name": f"Brightwater of {name}"})
    other = sides.invoice(sides.add("Accounts", {"Account_Name": "Somebody Else Pty Ltd"}))
    records = [sides.invoice(account) for _ in range(DRAFTS)]
    time.sleep(STAMPS_S)
    tasks = run(api, [other, *records])
    assert {task["outcome"] for task in tasks.values()} == {"created"}, tasks
    stored = sides.invoices()
    return Company(sides, api, Count(), {each: Watched(content_of(stored[each][0])) for each in records})


def all_of(companies: list[Company]) -> Count:
    """The figures of all of them."""
    whole = Count()
    for one in companies:
        for name in FIGURES:
            setattr(whole, name, getattr(whole, name) + getattr(one.count, name))
        whole.cases += one.count.cases
    return whole


def complaints(count: Count, twice: int) -> list[str]:
    """What is wrong with these figures."""
    found = [
        f"{getattr(count, name)} {name}" for name in ("false_conflicts", "silent_overwrites") if getattr(count, name)
    ]
    if count.edits < EDITS:
        found.append(f"only {count.edits} edits")
    if count.updates_applied < 0.3 * count.pushes:
        found.append(f"only {count.updates_applied} of {count.pushes} pushes changed anything")
    return found + ([f"{twice} invoices are not in Xero once"] if twice else [])


def main() -> int:
    """Run it, write build/conflicts.json, and say on the last line how it went."""
    seed = os.environ.get("CONFLICTS_SEED") or secrets.token_hex(4)
    print(f"conflicts: seed={seed}", flush=True)
    shutil.rmtree(BUILD / "conflicts-state", ignore_errors=True)
    BUILD.mkdir(exist_ok=True)
    with Stack(BUILD / "conflicts-state", any_free(), extra={"TIME_SCALE": "0.2"}) as stack:
        with ThreadPoolExecutor(COMPANIES) as pool:
            companies = list(pool.map(lambda n: company(stack, f"{seed}-{n}"), range(COMPANIES)))
            while (count := all_of(companies)).edits < EDITS:
                list(pool.map(Company.round, companies))
                print(f"  {all_of(companies).edits} edits, {all_of(companies).pushes} pushes", flush=True)
        stored = [one.sides.invoices() for one in companies]
    twice = sum(len(docs[each]) != 1 for one, docs in zip(companies, stored, strict=True) for each in one.drafts)
    figures = {name: getattr(count, name) for name in FIGURES}
    (BUILD / "conflicts.json").write_text(json.dumps({**figures, "seed": seed}, indent=2) + "\n")
    wrong = complaints(count, twice)
    if wrong:
        print(*count.cases, sep="\n\n")
        print(f"conflicts: failed seed={seed}: {'; '.join(wrong)}")
        return 1
    told = " ".join(f"{name}={figures[name]}" for name in ("edits", "pushes", "updates_applied"))
    print(f"conflicts: ok seed={seed} {told} conflicts={count.conflicts_reported} false=0 silent=0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
