"""Is an invoice ever doubled or lost, whatever dies meanwhile? Storms over a whole stack, counted in the simulator.

SECONDS is how long all of it is to take, SEED what is shuffled. Three modes: CRM's numbers, Xero's, and CRM's where
Xero takes a number twice. Times are scaled 10:1. On PostgreSQL where DATABASE_URL_TEST is set.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.chaos_count import Count, count
from bench.chaos_database import Database, database
from bench.chaos_faults import LEAST, SERVICES, Storm
from bench.chaos_people import Company, Person, asked_of, company
from simulator.stack.ports import any_free
from simulator.stack.procfile import ROOT
from simulator.stack.whole import Stack

Doc = dict[str, Any]
BUILD = ROOT / "build"
FROM_CRM, LEFT_TO_XERO = {"from": "field", "field": "Invoice_Number"}, {"from": "xero"}
# name -> (where numbers come from, whether Xero checks that they are unique)
MODES: dict[str, tuple[Doc, bool]] = {
    "numbers from CRM": (FROM_CRM, True),
    "numbers left to Xero": (LEFT_TO_XERO, True),
    "uniqueness unchecked": (FROM_CRM, False),
}
COMPANIES = 4
SCALE = 0.1
OLD_S = 120 * SCALE + 1  # the clock tells a longer stop than two minutes from a shorter one
KEYS_KEPT_S = 360 * SCALE  # Xero's six minutes
DELAY_MS = 40  # of every call: long enough to be killed in
AROUND_S = 40.0  # of a mode's time goes to starting, setting up and finishing
SHORTEST_S = 20.0
PATIENCE_S = 180.0
NAMES = ("kills", "lost_replies", "invoices", "in_xero", "twice", "missing", "open")


@dataclass
class Mode:
    """What one mode came to."""

    faults: dict[str, int]
    kills: int
    count: Count
    left: int  # work in our database that did not end
    unfinished: int  # invoices whose people never saw the end
    seconds: dict[str, float]
    seen: Counter[str] = field(default_factory=Counter)  # what people were told, and how often
    seen_again: Counter[str] = field(default_factory=Counter)  # when everything was pushed once more

    @property
    def figures(self) -> dict[str, int]:
        lost = sum(self.faults[f"{service} reply lost"] for service in SERVICES)
        found = self.count
        twice, missing, still = len(found.twice), len(found.missing), len(found.open) + self.left + self.unfinished
        every = (self.kills, lost, found.invoices, found.in_xero, twice, missing, still)
        return dict(zip(NAMES, every, strict=True))


def complaints(mode: Mode) -> list[str]:
    """What is wrong with these figures."""
    figures = mode.figures
    wrong = [f"{figures[name]} {name}" for name in ("twice", "missing", "open") if figures[name]]
    wrong += [f"{len(mode.count.unasked)} that nobody asked for"] if mode.count.unasked else []
    wrong += [f"{len(mode.count.unequal)} of another total"] if mode.count.unequal else []
    wrong += [f"only {times} times {kind}" for kind, times in mode.faults.items() if times < LEAST]
    return wrong + ([] if figures["invoices"] else ["no invoices"])


def play(name: str, seed: str, seconds: float, folder: Path) -> Mode:
    """A fresh stack, its companies, the storm, and what is there when all is quiet again."""
    number, unique = MODES[name]
    began = time.monotonic()
    folder.mkdir(mode=0o700, parents=True)
    extra = {"TIME_SCALE": str(SCALE)}
    with (
        database(folder) as own,
        Stack(folder, any_free(), database_url=own.url, extra=extra, say=lambda _: None) as stack,
    ):
        switches = {"idempotency_seconds": KEYS_KEPT_S, "invoice_number_unique": unique, "delay_ms": DELAY_MS}
        # A minute and a day are shorter here, too.
        asked_of("PUT", f"{stack.xero}/_control/switches", json=switches | {"minute_limit": 600, "day_limit": 100_000})
        asked_of("PUT", f"{stack.zoho}/_control/switches", json={"delay_ms": DELAY_MS})
        with ThreadPoolExecutor(COMPANIES) as pool:
            made = list(pool.map(lambda place: company(stack, f"{seed}-{place}", number), range(COMPANIES)))
        companies, people = [each for each, _ in made], [each for _, several in made for each in several]
        storm = Storm(stack, own, seed, OLD_S)
        set_up = time.monotonic()
        rage(storm, people, seconds)
        raged = time.monotonic()
        return quiet(own, companies, people, storm, {"set up": set_up - began, "storm": raged - set_up})


def rage(storm: Storm, people: list[Person], seconds: float) -> None:
    """People work while it storms."""
    over = threading.Event()
    with ThreadPoolExecutor(len(people)) as pool:
        working = [pool.submit(each.work, over) for each in people]
        try:
            storm.rage(seconds)
        finally:
            over.set()
        for each in working:
            each.result()
    storm.end()


def quiet(
    own: Database, companies: list[Company], people: list[Person], storm: Storm, seconds: dict[str, float]
) -> Mode:
    """All is given time to finish and counted; then everything is pushed once more, which must change nothing."""
    began = time.monotonic()
    finish(own, companies, people)
    found, ended = count(each.kept() for each in companies), time.monotonic()
    left, unfinished, seen = own.left(), sum(each.waits for each in people), seen_by(people)
    for each in people:
        each.once_more()
    finish(own, companies, people)
    again = count(each.kept() for each in companies)
    found.twice = sorted({*found.twice, *again.twice})
    found.in_xero = max(found.in_xero, again.in_xero)
    left, unfinished = left + own.left(), unfinished + sum(each.waits for each in people)
    seconds = {**seconds, "finish": ended - began, "once more": time.monotonic() - ended}
    return Mode(storm.counts(), storm.kills(), found, left, unfinished, seconds, seen, seen_by(people) - seen)


def seen_by(people: list[Person]) -> Counter[str]:
    return sum((each.seen for each in people), Counter[str]())


def finish(own: Database, companies: list[Company], people: list[Person]) -> None:
    """Until nothing is under way and CRM shows what Xero holds, or at the end of all patience."""
    until = time.monotonic() + PATIENCE_S
    with ThreadPoolExecutor(len(people)) as pool:
        for each in [pool.submit(each.finish, until) for each in people]:
            each.result()
    while time.monotonic() < until and (own.left() or count(each.kept() for each in companies).open):
        time.sleep(1)


def told(name: str, mode: Mode) -> None:
    """The counts of one mode."""
    print(f"{name}:")
    print(f"  faults: {', '.join(f'{kind} {times}' for kind, times in mode.faults.items())}")
    print(f"  {' '.join(f'{key}={value}' for key, value in mode.figures.items())}")
    print(f"  seconds: {', '.join(f'{key} {value:.0f}' for key, value in mode.seconds.items())}")
    for when, seen in (("people saw", mode.seen), ("pushed once more", mode.seen_again)):
        print(f"  {when}: {', '.join(f'{what} {times}' for what, times in seen.most_common())}", flush=True)


def report(seed: str, modes: dict[str, Mode]) -> dict[str, Any]:
    """All modes added up, and each of them."""
    figures = {key: sum(mode.figures[key] for mode in modes.values()) for key in NAMES}
    each = {
        name: {**mode.figures, "faults": mode.faults, "seconds": mode.seconds, "count": asdict(mode.count)}
        for name, mode in modes.items()
    }
    wrong = [f"{name}: {what}" for name, mode in modes.items() for what in complaints(mode)]
    return {"seed": seed, **figures, "wrong": wrong, "modes": each}


def main() -> int:
    """Run it, write build/chaos.json, and say on the last line how it went."""
    os.environ.pop("REDIS_URL", None)  # a Redis of its own: this one is emptied and stopped
    seed, seconds = os.environ.get("SEED") or secrets.token_hex(4), float(os.environ.get("SECONDS") or 300)
    print(f"chaos: seed={seed}", flush=True)
    shutil.rmtree(BUILD / "chaos-state", ignore_errors=True)
    storm_s = max(SHORTEST_S, seconds / len(MODES) - AROUND_S)
    modes: dict[str, Mode] = {}
    for place, name in enumerate(MODES):
        modes[name] = play(name, f"{seed}-{place}", storm_s, BUILD / "chaos-state" / name.replace(" ", "-"))
        told(name, modes[name])
    found = report(seed, modes)
    (BUILD / "chaos.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    figures = " ".join(f"{name}={found[name]}" for name in NAMES)
    if found["wrong"]:
        print(f"chaos: FAILED seed={seed} {figures}: {'; '.join(found['wrong'])}")
        return 1
    print(f"chaos: ok seed={seed} {figures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
