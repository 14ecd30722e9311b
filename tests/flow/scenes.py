"""What do these tests build and look at? Invoices, ordered troubles, counted calls, and somebody else's program."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
import sqlalchemy as sa

from simulator.stack.whole import Stack
from tests.tenants import Tenant, control

Doc = dict[str, Any]
T = TypeVar("T")
PATIENCE = 150.0  # generous: a machine may be busy, and what is waited for is proved by other means
LEFT_TO_XERO = {"from": "xero"}
GST = [{"name": "GST 10%", "percentage": 10}]
FREE = [{"name": "GST free", "percentage": 0}]


# --- in the CRM ---


def customer(tenant: Tenant, name: str | None = None) -> str:
    """A CRM account, of a name of its own where none is wished for; its id."""
    return tenant.add("Accounts", {"Account_Name": name or f"Brightwater Dental {secrets.token_hex(3)}"})


def line(tenant: Tenant, name: str = "Oak reception desk", **more: Any) -> Doc:
    """A row of an invoice: two at 100.00 with 20.00 off, GST 10 %."""
    product = tenant.add("Products", {"Product_Name": name, "Product_Code": name[:20].upper()})
    return {"Product_Name": {"id": product}, "Quantity": 2, "List_Price": 100, "Discount": 20, "Line_Tax": GST} | more


def invoice(tenant: Tenant, account: str | None = None, **more: Any) -> str:
    """An approved invoice of 198.00 that nothing stands against; its record id."""
    today = date.today()  # noqa: DTZ011 - a calendar day of the simulator's
    record = {
        "Subject": "Fit-out",
        "Account_Name": {"id": account or customer(tenant)},
        "Status": "Approved",
        "Invoice_Date": (today - timedelta(days=3)).isoformat(),
        "Due_Date": (today + timedelta(days=14)).isoformat(),
    }
    rows = {} if "Invoiced_Items" in more else {"Invoiced_Items": [line(tenant)]}
    return tenant.add("Invoices", record | rows | more)


def old_invoices(
    tenant: Tenant, count: int = 1, *, account: str | None = None, statuses: Sequence[str] = ("Approved",)
) -> list[str]:
    """Invoices last edited a while ago: no follow-up comes after their push. `count` of each status."""
    account = account or customer(tenant)
    made = [invoice(tenant, account, Status=status) for status in statuses for _ in range(count)]
    tenant.age(*made)
    return made


# --- in Xero ---


def contacts(tenant: Tenant) -> list[Doc]:
    """Raw contacts in the simulator's own store."""
    query = {"organisation": tenant.organisation}
    found: list[Doc] = control("GET", f"{tenant.stack.xero}/_control/contacts", params=query)["contacts"]
    return found


class OtherProgram:
    """Somebody at the same books with a program of their own: writes contacts and invoices that are not ours."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.base = tenant, tenant.stack.xero
        self.client = {"client_id": "DEMO0XERO0CLIENT", "client_secret": "demo-xero-secret-not-real"}
        self.token = self._token()

    def _token(self) -> str:
        redirect = f"{self.tenant.stack.public_base}/oauth/xero/callback"
        scope = "openid offline_access accounting.invoices accounting.contacts accounting.settings"
        asked = {"response_type": "code", "client_id": self.client["client_id"], "redirect_uri": redirect}
        address = f"{self.base}/identity/connect/authorize?{urlencode(asked | {'scope': scope, 'state': 's'})}"
        allow = {"person": self.tenant.person, "organisation": self.tenant.organisation, "decision": "allow"}
        sent_back = requests.post(address, data=allow, allow_redirects=False, timeout=30).headers["Location"]
        code = parse_qs(urlsplit(sent_back).query)["code"][0]
        form = {**self.client, "grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        return str(requests.post(f"{self.base}/connect/token", data=form, timeout=30).json()["access_token"])

    def write(self, method: str, resource: str, **row: Any) -> Doc:
        """One contact or invoice; what Xero made of it."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        answer = requests.request(
            method,
            f"{self.base}/api.xro/2.0/{resource}?summarizeErrors=false",
            json={resource: [row]},
            headers=headers | {"xero-tenant-id": self.tenant.organisation},
            timeout=30,
        )
        made: Doc = answer.json()[resource][0]
        assert made["StatusAttributeString"] == "OK", made
        return made

    def option(self, path: str, name: str) -> Doc:
        """An option of a tracking category."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        answer = requests.put(
            f"{self.base}/api.xro/2.0/{path}",
            json={"Options": [{"Name": name}]},
            headers=headers | {"xero-tenant-id": self.tenant.organisation},
            timeout=30,
        )
        assert answer.ok, answer.text
        made: Doc = answer.json()["Options"][0]
        return made

    def invoice(self, number: str, contact: str = "Somebody Else") -> Doc:
        row = {"Description": "Coffee", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200"}
        named = {"Type": "ACCREC", "InvoiceNumber": number, "Contact": {"Name": contact}}
        return self.write("PUT", "Invoices", **named, LineItems=[row], Date="2026-11-01", DueDate="2026-12-01")


# --- troubles and calls of the simulator ---


def fault(tenant: Tenant, service: str, kind: str, method: str, path: str, **more: Any) -> None:
    """Order a trouble for this tenant's calls only: `service` is zoho or xero."""
    base, org = (tenant.stack.zoho, tenant.zgid) if service == "zoho" else (tenant.stack.xero, tenant.organisation)
    control("POST", f"{base}/_control/faults", json={"kind": kind, "method": method, "path": path, "org": org} | more)


def played(tenant: Tenant, service: str) -> int:
    """How many of the troubles that were ordered for this tenant have been played."""
    base, org = (tenant.stack.zoho, tenant.zgid) if service == "zoho" else (tenant.stack.xero, tenant.organisation)
    rules = control("GET", f"{base}/_control/faults")["faults"]
    return sum(rule["hits"] for rule in rules if rule["org"] == org)


def calls(tenant: Tenant, service: str, method: str | None = None, path: str = "") -> list[Doc]:
    """The calls about this tenant that came in, oldest first."""
    base, org = (tenant.stack.zoho, tenant.zgid) if service == "zoho" else (tenant.stack.xero, tenant.organisation)
    log: list[Doc] = control("GET", f"{base}/_control/calls")["calls"]
    return [each for each in log if each["org"] == org and method in (None, each["method"]) and path in each["path"]]


def writes(tenant: Tenant, service: str) -> list[Doc]:
    """The calls about this tenant that may change something."""
    return [each for each in calls(tenant, service) if each["method"] != "GET"]


def renewals(tenant: Tenant, service: str = "xero") -> int:
    """How often a service was asked to renew this tenant's token; in Xero one belongs to the person who connected."""
    base, owner = (tenant.stack.zoho, tenant.zgid) if service == "zoho" else (tenant.stack.xero, tenant.person)
    log: list[Doc] = control("GET", f"{base}/_control/calls")["calls"]
    return sum(each["org"] == owner and each["path"].endswith("/token") for each in log)


def token_runs_out(tenant: Tenant) -> None:
    """The access token of the tenant's connection to Xero is too old from now on."""
    where = "WHERE id IN (SELECT grant_id FROM connection WHERE tenant_id = :tenant AND service = 'xero')"
    over = f'UPDATE "grant" SET access_until = :at {where}'
    with database(tenant.stack) as c:
        c.execute(sa.text(over), {"tenant": key_of(c, tenant), "at": round(time.time() * 1000) - 1})


@contextlib.contextmanager
def switched(base: str, **switches: Any) -> Iterator[None]:
    """Switches of a simulator for a while."""
    address = f"{base}/_control/switches"
    before = control("GET", address)
    control("PUT", address, json=switches)
    try:
        yield
    finally:
        control("PUT", address, json={name: before[name] for name in switches})


# --- in InvoiceBridge ---


def start(tenant: Tenant, kind: str, *record_ids: str, **more: Any) -> str:
    """Start a run and return its id at once."""
    body = {"kind": kind, "module": "Invoices", "record_ids": list(record_ids), **more}
    answer = tenant.api.post("/runs", body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def push(tenant: Tenant, record_id: str, **more: Any) -> Doc:
    """Push one record; its ended task."""
    task: Doc = tenant.run("push", record_id, patience=PATIENCE, **more)["tasks"][0]
    return task


def panel(tenant: Tenant, record_id: str) -> Doc:
    shown: Doc = tenant.api.get(f"/records/Invoices/{record_id}").json()
    return shown


def codes(task: Doc) -> list[str]:
    return [each["code"] for each in task["reasons"]]


def task_of(tenant: Tenant, run_id: str) -> Doc:
    answer = tenant.api.get(f"/runs/{run_id}")
    assert answer.status_code == 200, answer.text
    task: Doc = answer.json()["tasks"][0]
    return task


def waiting(tenant: Tenant, run_id: str, cause: str) -> Doc:
    """The run's task once it waits for this."""
    return eventually(lambda: task_of(tenant, run_id), lambda task: task["cause"] == cause)


def eventually(look: Callable[[], T], good: Callable[[T], Any] = bool, patience: float = PATIENCE) -> T:
    """What `look` finds once it is good."""
    until = time.monotonic() + patience
    while not good(found := look()):
        assert time.monotonic() < until, f"not within {patience} s: {found}"
        time.sleep(0.1)
    return found


def settled(tenant: Tenant, record_id: str) -> Doc:
    """What the panel shows once CRM has its fields and no work is open."""
    done = eventually(
        lambda: panel(tenant, record_id),
        lambda shown: shown["run"] is None and shown["last"] and shown["last"]["crm_written"] in (None, "yes"),
    )
    assert done["link"], done
    return done


def core_fields(tenant: Tenant, record_id: str) -> tuple[Any, ...]:
    """Number, payment status, lock state and amount due as CRM holds them."""
    record = tenant.record(record_id)
    return tuple(record[name] for name in ("Xero_Invoice_Number", "Payment_Status", "Lock_State", "Amount_Due"))


def side_by_side(work: Callable[..., T], *arguments: Any, at_once: int = 6) -> list[T]:
    """The same for each argument, several at a time; the results in order."""
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(work, *arguments))


# --- in our database ---


@contextlib.contextmanager
def database(stack: Stack) -> Iterator[sa.Connection]:
    """One transaction in the product's own database: for what only a broken or restored one does."""
    engine = sa.create_engine(
        stack.database_url, connect_args={"timeout": 30} if "sqlite" in stack.database_url else {}
    )
    try:
        with engine.begin() as c:
            yield c
    finally:
        engine.dispose()


def key_of(c: sa.Connection, tenant: Tenant) -> str:
    """The tenant's id in our database."""
    return str(c.execute(sa.text("SELECT id FROM tenant WHERE zgid = :zgid"), {"zgid": tenant.zgid}).scalar_one())
