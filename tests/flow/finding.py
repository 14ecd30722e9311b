"""How do tests ask for what a CRM view shows or what changed since, see it, and push what they saw?"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.flow.scenes import customer, eventually, line
from tests.tenants import Doc, Tenant, control

LONG_AGO = "2020-01-01T00:00:00+10:00"


def asked(mine: Tenant, kind: str, api: Any = None, **where: Any) -> Any:
    return (api or mine.api).post("/runs", {"kind": kind, "module": "Invoices", "where": where})


def ended(mine: Tenant, kind: str, api: Any = None, **where: Any) -> Doc:
    """The run's rows by record, once it is over."""
    return rows_once_over(mine, asked(mine, kind, api, **where), api)


def push_shown(mine: Tenant, answer: Any, digests: Doc, api: Any = None, **more: Any) -> Any:
    """Asks to push these of a preview."""
    where = {"preview": answer.json()["id"]}
    body = {"kind": "push", "module": "Invoices", "where": where, "previewed": digests, **more}
    return (api or mine.api).post("/runs", body)


def pushed(mine: Tenant, api: Any = None, **where: Any) -> tuple[Doc, Doc]:
    """What was shown, and what came of those that it said could be sent."""
    shown = asked(mine, "preview", api, **where)
    rows = rows_once_over(mine, shown, api)
    digests = {record: row["digest"] for record, row in rows.items() if row["digest"]}
    return rows, rows_once_over(mine, push_shown(mine, shown, digests, api), api)


def rows_once_over(mine: Tenant, answer: Any, api: Any = None) -> Doc:
    assert answer.status_code == 202, answer.text
    address = f"/runs/{answer.json()['id']}/rows"
    run = eventually(lambda: (api or mine.api).get(address).json(), lambda found: found["state"] == "ended")
    return {row["record_id"]: row for row in run["rows"]}


def view(mine: Tenant, name: str, api: Any = None) -> str:
    answer = (api or mine.api).get("/views")
    assert answer.status_code == 200, answer.text
    return str({each["name"]: each["id"] for each in answer.json()["views"]}[name])


def refusal(answer: Any) -> tuple[int, str, list[str]]:
    return answer.status_code, answer.json()["code"], list(answer.json()["fields"])


def fill(mine: Tenant, count: int, **more: Any) -> list[str]:
    """So many invoices alike, approved unless said otherwise, made at once in the CRM."""
    today = datetime.now(ZoneInfo("Australia/Sydney")).date().isoformat()
    record = {"Subject": "Fit-out", "Account_Name": {"id": customer(mine)}, "Status": "Approved", **more}
    dates = {"Invoice_Date": today, "Due_Date": today}
    body = {"zgid": mine.zgid, "module": "Invoices", "record": record | dates | {"Invoiced_Items": [line(mine)]}}
    made: list[str] = control("POST", f"{mine.stack.zoho}/_control/records", json=body | {"count": count})["ids"]
    return made
