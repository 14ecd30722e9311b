"""What goes wrong in `make chaos`? Kills, Redis, the database and both services' answers, shuffled by a seed."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import redis

from bench.chaos_database import Database
from bench.chaos_people import asked_of
from bench.chaos_processes import go_on, horses, kill, kill_program, stand_still, workers
from simulator.stack import redis_server
from simulator.stack.whole import Stack

Doc = dict[str, Any]
LEAST = 5  # times that each kind comes in each mode
LATE = 5.0  # it takes so many times the wanted time at the most
GAPS_S = (0.05, 0.4)
LOOK_S, HORSE_S = 0.02, 4.0  # how often and how long it is looked for somebody who works
CUT_S = (0.5, 4.0)
REDIS_AWAY_S = (0.1, 1.5)
COPIES, COPY_EVERY_S = 8, 4.0
WAITING = 6  # troubles that are ordered and have met no call yet
KILLS = ("kill horse", "kill worker", "kill both", "kill pool", "kill web", "kill clock")
RESTORED = "yesterday restored"
DEEDS = (*KILLS, "redis emptied", "redis restarted", "database cut", RESTORED)
# What a service answers instead. A reply is lost after the write: what reads is only asked again.
ANSWERS: dict[str, tuple[Doc, ...]] = {
    "401": ({"kind": "401"}, {"kind": "401", "times": 2}),
    "403": ({"kind": "403"},),
    "429": ({"kind": "429", "seconds": 1, "detail": "minute"}, {"kind": "429", "seconds": 1}),
    "5xx": ({"kind": "500"}, {"kind": "503", "times": 2}, {"kind": "500", "when": "after", "method": "PUT"}),
    "reply lost": ({"kind": "lost_reply", "method": "PUT"},),
}
SERVICES = ("xero", "zoho")
TROUBLES = tuple(f"{service} {kind}" for service in SERVICES for kind in ANSWERS)
KINDS = (*DEEDS, *TROUBLES)


class Storm:
    """One deed after the other, and beside them troubles that are ordered of both services."""

    def __init__(self, stack: Stack, database: Database, seed: str, old_s: float) -> None:
        """`old_s`: a copy that is put back is older than that, so that the clock must notice."""
        self.stack, self.database, self.old_s = stack, database, old_s
        self._chance = random.Random(seed)
        self._done: Counter[str] = Counter()
        self._ordered: dict[tuple[str, int], str] = {}  # service and rule -> kind
        self._met: Counter[str] = Counter()
        self._copies: list[tuple[float, str]] = []
        self._copied = 0
        self._cut: threading.Thread | None = None
        self._deeds: dict[str, Callable[[], bool]] = {
            "kill horse": lambda: self._while_one_works(lambda _, horse: kill(horse)),
            "kill worker": self._kill_worker,
            "kill both": lambda: self._while_one_works(lambda worker, horse: kill(worker) & kill(horse)),
            "kill pool": lambda: kill_program(stack, "worker"),
            "kill web": lambda: kill_program(stack, "web"),
            "kill clock": lambda: kill_program(stack, "clock"),
            "redis emptied": self._empty_redis,
            "redis restarted": self._restart_redis,
            "database cut": self._cut_database,
            RESTORED: self._restore,
        }

    def rage(self, seconds: float) -> None:
        """For so long, and until every kind has come often enough."""
        began = time.monotonic()
        deck = dealt(self._chance)
        while (lasted := time.monotonic() - began) < seconds or (self.lacking() and lasted < LATE * seconds):
            self._copy()
            self._order_trouble()
            deck = deck or [kind for kind in self.lacking() if kind in DEEDS] or [self._chance.choice(KILLS)]
            kind = deck.pop(0)
            self._done[kind] += self._deeds[kind]()
            time.sleep(self._chance.uniform(*GAPS_S))

    def end(self) -> None:
        """No more trouble; what has begun ends."""
        self._end_cut()
        self._note_met()
        for service in SERVICES:
            asked_of("DELETE", f"{self._base(service)}/_control/faults")

    def counts(self) -> dict[str, int]:
        """How often each kind has come. A trouble that was ordered counts where it met a call."""
        return {kind: self._done[kind] + self._met[kind] for kind in KINDS}

    def lacking(self) -> list[str]:
        """Kinds that did not come often enough."""
        self._note_met()
        return [kind for kind, times in self.counts().items() if times < LEAST]

    def kills(self) -> int:
        """Processes that were killed one by one; those that a restore ends are not counted."""
        return sum(self._done[kind] * (2 if kind == "kill both" else 1) for kind in KILLS)

    # --- the services ---

    def _base(self, service: str) -> str:
        return self.stack.xero if service == "xero" else self.stack.zoho

    def _order_trouble(self) -> None:
        """Those that came least, while not too many wait for a call."""
        self._note_met()
        waiting = Counter(self._ordered.values()) - self._met
        for _ in range(WAITING - waiting.total()):
            waiting[self._order_one(waiting)] += 1

    def _order_one(self, waiting: Counter[str]) -> str:
        fewest = min(TROUBLES, key=lambda kind: (self._met[kind] + waiting[kind], self._chance.random()))
        service, _, kind = fewest.partition(" ")
        wish = self._chance.choice(ANSWERS[kind])
        rule = asked_of("POST", f"{self._base(service)}/_control/faults", json=wish)["id"]
        self._ordered[service, rule] = fewest
        return fewest

    def _note_met(self) -> None:
        self._met = Counter()
        for service in SERVICES:
            for rule in asked_of("GET", f"{self._base(service)}/_control/faults")["faults"]:
                self._met[self._ordered[service, rule["id"]]] += rule["hits"]

    # --- the processes ---

    def _while_one_works(self, deed: Callable[[int, int], bool]) -> bool:
        """To a worker that does a job at this moment."""
        until = time.monotonic() + HORSE_S
        while time.monotonic() < until:
            if found := horses(self.stack):
                time.sleep(self._chance.uniform(0, 10 * LOOK_S))
                return deed(*self._chance.choice(found))
            time.sleep(LOOK_S)
        return False

    def _kill_worker(self) -> bool:
        found = workers(self.stack)
        return bool(found) and kill(self._chance.choice(found))

    # --- the stores ---

    def _empty_redis(self) -> bool:
        with redis.Redis.from_url(self.stack.redis_url) as client:
            return bool(client.flushall())

    def _restart_redis(self) -> bool:
        self.stack.supervisor.stop(redis_server.NAME)
        time.sleep(self._chance.uniform(*REDIS_AWAY_S))
        self.stack.restart(redis_server.NAME)
        return True

    def _cut_database(self) -> bool:
        """Beside whatever else happens, apart from another cut and what needs the database whole."""
        self._end_cut()
        self._cut = threading.Thread(target=self.database.cut, args=(self._chance.uniform(*CUT_S),))
        self._cut.start()
        return True

    def _end_cut(self) -> None:
        if self._cut is not None:
            self._cut.join()

    def _copy(self) -> None:
        """Every few seconds; the oldest goes."""
        if self._copies and time.monotonic() - self._copies[-1][0] < COPY_EVERY_S:
            return
        self._end_cut()
        name = f"copy{self._copied % COPIES}"
        self._copies = [(at, each) for at, each in self._copies if each != name]
        self.database.copy(name)
        self._copies.append((time.monotonic(), name))
        self._copied += 1

    def _restore(self) -> bool:
        """All of ours ended, an old copy put back, all of ours started; both services know all that happened since."""
        old = [name for at, name in self._copies if time.monotonic() - at > self.old_s]
        if not old:
            return False
        self._end_cut()
        stand_still(self.stack)
        self.database.put_back(self._chance.choice(old))
        go_on(self.stack)
        return True


def dealt(chance: random.Random) -> list[str]:
    """Every deed so many times, in random order; yesterday comes back in even distances, the first time not at once."""
    deck = [kind for kind in DEEDS if kind != RESTORED for _ in range(LEAST)]
    chance.shuffle(deck)
    for place in range(LEAST, 0, -1):
        deck.insert(place * len(deck) // (LEAST + 1), RESTORED)
    return deck
