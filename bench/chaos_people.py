"""What do people do while everything falls? They push invoices, look what became of them, and connect again."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import requests

from bench.both_sides import GST, control
from bench.chaos_count import Kept
from simulator.stack.setup_walk import Api, Walk, WalkError
from simulator.stack.whole import Stack

Doc = dict[str, Any]
# What a person sees who works with a product whose processes are being killed; they try again.
TROUBLE = (requests.RequestException, WalkError, LookupError, ValueError)
GOOD = ("created", "updated", "linked", "unchanged")
FIRST = date(2026, 11, 1)
MOST_AT_ONCE = 12  # six and more are bulk work
MOST_OPEN = 30  # a person who waits for so many makes no more
AGAIN = 0.15  # how often somebody presses on what somebody else is waiting for
STOCK = ("Desk", "Chair", "Lamp")
PAUSE_S = (0.3, 1.2)


def asked_of(method: str, address: str, **more: Any) -> Doc:
    """A call of the simulator's control routes that must not be refused."""
    found = control(method, address, **more)
    if found is None:
        raise RuntimeError(f"{method} {address} was refused: {more}")
    return found


@dataclass
class Company:
    """One CRM org with its organisation in Xero, and all that its people asked for."""

    stack: Stack
    crm: Doc
    books: Doc
    seed: str
    products: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    numbers: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def walk(self) -> Walk:
        return Walk(self.stack.public_base, self.stack.zoho, self.stack.xero)

    def add(self, module: str, record: Doc) -> str:
        body = {"zgid": self.crm["zgid"], "module": module, "record": record}
        return str(asked_of("POST", f"{self.stack.zoho}/_control/records", json=body)["id"])

    def number(self) -> int:
        with self.lock:
            self.numbers += 1
            return self.numbers

    def invoice(self, chance: random.Random) -> str:
        """Of an old customer or of one that Xero does not know yet."""
        number = self.number()
        with self.lock:
            known = [*self.customers]
        if not known or chance.random() < 0.3:
            known = [self.add("Accounts", {"Account_Name": f"{self.seed} customer {number}"})]
            with self.lock:
                self.customers += known
        row = {"Product_Name": {"id": chance.choice(self.products)}, "Quantity": chance.randint(1, 9)}
        record = {
            "Subject": f"Job {number}",
            "Invoice_Number": f"C-{number:05d}",
            "Status": chance.choice(("Created", "Submitted", "Approved")),
            "Account_Name": {"id": chance.choice(known)},
            "Invoice_Date": FIRST.isoformat(),
            "Due_Date": (FIRST + timedelta(days=30)).isoformat(),
            "Invoiced_Items": [{**row, "List_Price": chance.randint(2000, 40000) / 100, "Line_Tax": GST}],
        }
        return self.add("Invoices", record)

    def kept(self) -> Kept:
        """What both services store of it."""
        named = {"zgid": self.crm["zgid"], "module": "Invoices"}
        records = asked_of("GET", f"{self.stack.zoho}/_control/records", params=named)["records"]
        where = {"organisation": self.books["organisation"]}
        held = {
            kind: asked_of("GET", f"{self.stack.xero}/_control/{kind}", params=where)[kind]
            for kind in ("invoices", "contacts")
        }
        mine = tuple(record for record in records if record["id"] in set(self.asked))
        return Kept(self.crm["zgid"], mine, tuple(held["invoices"]), tuple(held["contacts"]))


def company(stack: Stack, seed: str, number: Doc) -> tuple[Company, list[Person]]:
    """A new company, connected and set up by the real routes, with three people. `number`: where numbers come from."""
    name = f"Chaos {seed}"
    crm = asked_of("POST", f"{stack.zoho}/_control/orgs", json={"name": name, "location": "au", "currency": "AUD"})
    books = asked_of("POST", f"{stack.xero}/_control/organisations", json={"name": name, "country": "AU"})
    made = Company(stack, crm, books, seed)
    walk, admin = made.walk, crm["administrator"]["id"]
    api = walk.sign_in(crm["domain_name"], admin)
    walk.connect_zoho(api, crm["domain_name"], admin)
    walk.connect_xero(api, books["person"], books["organisation"])
    walk.fill_settings(api, books["organisation"], number=number)
    walk.let_everybody(api, "preview", "push", "approve")
    made.products = [made.add("Products", {"Product_Name": each}) for each in STOCK]
    third = asked_of("POST", f"{stack.zoho}/_control/users", json={"zgid": crm["zgid"], "name": "Kim Vale"})
    users = [admin, crm["salesperson"]["id"], third["id"]]
    people = [Person(made, user, random.Random(f"{seed}-{place}"), mends=not place) for place, user in enumerate(users)]
    for each in people:
        each.api = walk.sign_in(crm["domain_name"], each.user)
    return made, people


@dataclass
class Person:
    """Somebody who pushes until they see that it is done. The one who mends is the administrator."""

    company: Company
    user: str
    chance: random.Random
    mends: bool
    api: Api | None = None
    todo: set[str] = field(default_factory=set)
    runs: dict[str, set[str]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)  # what they were told, and how often

    @property
    def waits(self) -> int:
        """For how many invoices."""
        return len(self.todo.union(*self.runs.values()))

    def work(self, over: threading.Event) -> None:
        """Push more and more until it is over."""
        while not over.is_set():
            if self.waits < MOST_OPEN:
                self._make_some()
            self.go_on()
            over.wait(self.chance.uniform(*PAUSE_S))

    def finish(self, until: float) -> None:
        """See to the end what was begun."""
        while self.waits and time.monotonic() < until:
            self.go_on()
            time.sleep(0.5)

    def once_more(self) -> None:
        """Everything that is done is pushed again."""
        self.todo, self.done = self.done, set()

    def go_on(self) -> None:
        """Whatever stands in the way now is tried again the next time."""
        try:
            api = self.api = self.api or self._signed_in()
            self._mend(api)
            for run_id in [*self.runs]:
                self._look(api, run_id)
            self._press(api)
        except TROUBLE as trouble:
            self.seen[type(trouble).__name__] += 1

    def _make_some(self) -> None:
        made = {self.company.invoice(self.chance) for _ in range(self.chance.randint(1, MOST_AT_ONCE))}
        self.todo |= made
        with self.company.lock:
            self.company.asked += sorted(made)

    def _press(self, api: Api) -> None:
        """One run of what is to be done; now and then also of something that a colleague is waiting for."""
        if not self.todo:
            return
        records = {*self.todo}
        if self.chance.random() < AGAIN:
            with self.company.lock:
                records.add(self.chance.choice(self.company.asked))
        body = {"kind": "push", "module": "Invoices", "record_ids": sorted(records)}
        answer = api.post("/runs", body)
        self._note(answer)
        if answer.status_code == 202:
            self.runs[answer.json()["id"]] = records
            self.todo -= records

    def _look(self, api: Api, run_id: str) -> None:
        """What has become of a run. One that is gone, with yesterday's database, is asked for again."""
        answer = api.get(f"/runs/{run_id}")
        if answer.status_code == 404:
            self._note(answer)
            self.todo |= self.runs.pop(run_id) - self.done
        elif answer.status_code == 200 and answer.json()["state"] == "ended":
            self._take(self.runs.pop(run_id), answer.json()["tasks"])
        elif answer.status_code != 200:
            self._note(answer)

    def _take(self, records: set[str], tasks: list[Doc]) -> None:
        outcomes = {task["record_id"]: task["outcome"] for task in tasks}
        for task in tasks:
            self.seen[":".join([task["outcome"], *(each["code"] for each in task["reasons"])])] += 1
        good = {each for each in records if outcomes.get(each) in GOOD}
        self.done |= good
        self.todo |= records - good

    def _mend(self, api: Api) -> None:
        """The administrator connects again what was disconnected, and signs in again where that is refused."""
        if not self.mends:
            return
        try:
            self._connect_again(api)
        except WalkError:
            self.api = None
            raise

    def _connect_again(self, api: Api) -> None:
        crm, books = self.company.crm, self.company.books
        answer = api.get("/connections")
        if answer.status_code != 200:
            self._note(answer)
            return
        ties = answer.json()
        if ties["zoho"]["state"] == "disconnected":
            self.seen["connected zoho again"] += 1
            self.company.walk.connect_zoho(api, crm["domain_name"], crm["administrator"]["id"])
        if ties["xero"]["state"] == "disconnected":
            self.seen["connected xero again"] += 1
            self.company.walk.connect_xero(api, books["person"], books["organisation"])

    def _note(self, answer: requests.Response) -> None:
        """What the server said to a press, where it did not take it; who is not signed in any more, signs in again."""
        if answer.status_code == 202:
            return
        code = ""
        with suppress(ValueError):
            code = str(answer.json().get("code") or "")
        self.seen[f"{answer.status_code} {code}".strip()] += 1
        if answer.status_code == 401:
            self.api = None

    def _signed_in(self) -> Api:
        return self.company.walk.sign_in(self.company.crm["domain_name"], self.user)
