"""How much faster are several tenants' runs with more workers, on SQLite and on PostgreSQL? A small measurement.

Each stack is fresh: so many tenants ask for so many new invoices at the same moment, every call outside takes 50 ms.
PostgreSQL is measured where DATABASE_URL_TEST names a server. The table goes to docs/scaling.md by hand, with its date.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bench.both_sides import GST, control
from bench.smoke import BUILD
from simulator.stack.ports import any_free
from simulator.stack.setup_walk import Api, Walk
from simulator.stack.whole import Stack

Doc = dict[str, Any]
TENANTS = int(os.environ.get("TENANTS", "4"))
ROWS = int(os.environ.get("ROWS", "50"))
WORKERS = [int(each) for each in os.environ.get("WORKERS", "1,2,4").split(",")]
CALL_S = 0.05
PATIENCE_S = 300


@dataclass(frozen=True)
class Company:
    """A tenant whose invoices are new in CRM. `first` are its customers' own: they make the contacts beforehand."""

    api: Api
    organisation: str
    first: list[str]
    records: list[str]


def main() -> int:
    """Measure, write build/scaling.json, and print the table and whether every invoice arrived once."""
    BUILD.mkdir(exist_ok=True)
    kinds = ["sqlite", *(["postgresql"] if os.environ.get("DATABASE_URL_TEST") else [])]
    found = [measured(kind, workers) for kind in kinds for workers in WORKERS]
    (BUILD / "scaling.json").write_text(json.dumps(found, indent=2) + "\n")
    for each in found:
        print(" ".join(f"{name}={value}" for name, value in each.items()))
    whole = all(each["in_xero"] == each["invoices"] for each in found)
    print(f"scaling: {'ok' if whole else 'missed: not every invoice arrived once'}")
    return 0 if whole else 1


def measured(kind: str, workers: int) -> Doc:
    """One fresh stack with so many workers for large runs."""
    folder = BUILD / "scaling-state"
    shutil.rmtree(folder, ignore_errors=True)
    extra = {"WORKERS_BULK": str(workers), "WORKERS_INTERACTIVE": "1"}
    with _database(kind) as url, Stack(folder, any_free(), database_url=url, extra=extra, say=lambda _: None) as stack:
        companies = [_company(stack) for _ in range(TENANTS)]
        for company in companies:
            _ended(company, _start(company, company.first))
        for base in (stack.xero, stack.zoho):
            slow = {"kind": "slow", "seconds": CALL_S, "times": None, "when": "before"}
            control("POST", f"{base}/_control/faults", json=slow)
        took = _pushed(companies)
        in_xero = sum(_in_xero(stack, company) - len(company.first) for company in companies)
    count = TENANTS * ROWS
    return {
        "database": kind,
        "workers": workers,
        "tenants": TENANTS,
        "invoices": count,
        "seconds": round(took, 1),
        "a_second": round(count / took, 1),
        "in_xero": in_xero,
    }


def _pushed(companies: list[Company]) -> float:
    """Seconds until all have ended, all of them begun at once."""
    began = time.monotonic()
    with ThreadPoolExecutor(len(companies)) as pool:
        runs = list(pool.map(lambda each: _start(each, each.records), companies))
        list(pool.map(_ended, companies, runs))
    return time.monotonic() - began


def _start(company: Company, records: list[str]) -> str:
    answer = company.api.post("/runs", {"kind": "push", "module": "Invoices", "record_ids": records})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def _ended(company: Company, run: str) -> None:
    """Returns at its end."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if company.api.get(f"/runs/{run}").json()["state"] == "ended":
            return
        time.sleep(0.1)
    raise TimeoutError(f"still open after {PATIENCE_S} s")


def _company(stack: Stack) -> Company:
    name = f"Company {secrets.token_hex(3)}"
    crm = _made("POST", f"{stack.zoho}/_control/orgs", json={"name": name, "location": "au", "currency": "AUD"})
    books = _made("POST", f"{stack.xero}/_control/organisations", json={"name": name, "country": "AU"})
    walk = Walk(stack.public_base, stack.zoho, stack.xero)
    api = walk.sign_in(crm["domain_name"], crm["administrator"]["id"])
    walk.connect_zoho(api, crm["domain_name"], crm["administrator"]["id"])
    walk.connect_xero(api, books["person"], books["organisation"])
    walk.fill_settings(api, books["organisation"])
    add = _Adder(stack, crm["zgid"])
    product = {"id": add("Products", {"Product_Name": "Chair"})}
    customers = [add("Accounts", {"Account_Name": f"Customer {n} of {name}"}) for n in range(5)]
    made = [add("Invoices", _invoice(n, customers[n % 5], product)) for n in range(ROWS + 5)]
    return Company(api, books["organisation"], made[:5], made[5:])


@dataclass(frozen=True)
class _Adder:
    """Puts records into the CRM."""

    stack: Stack
    zgid: str

    def __call__(self, module: str, record: Doc) -> str:
        body = {"zgid": self.zgid, "module": module, "record": record}
        return str(_made("POST", f"{self.stack.zoho}/_control/records", json=body)["id"])


def _invoice(number: int, customer: str, product: Doc) -> Doc:
    row = {"Product_Name": product, "Quantity": 2, "List_Price": 25, "Line_Tax": GST}
    head = {"Subject": "Job", "Invoice_Number": f"S-{number:04d}", "Status": "Created"}
    dates = {"Invoice_Date": "2026-11-01", "Due_Date": "2026-12-01"}
    return {**head, **dates, "Account_Name": {"id": customer}, "Invoiced_Items": [row]}


def _in_xero(stack: Stack, company: Company) -> int:
    query = {"organisation": company.organisation}
    return len(_made("GET", f"{stack.xero}/_control/invoices", params=query)["invoices"])


def _made(method: str, address: str, **more: Any) -> Doc:
    found = control(method, address, **more)
    assert found is not None, address
    return found


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str | None]:
    """An empty database of that kind, gone afterwards (None: the stack makes its own SQLite file)."""
    if kind == "sqlite":
        yield None
        return
    server = sa.make_url(os.environ["DATABASE_URL_TEST"])
    name = f"invoicebridge_scaling_{secrets.token_hex(4)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as c:
        c.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as c:
            c.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()


if __name__ == "__main__":
    raise SystemExit(main())
