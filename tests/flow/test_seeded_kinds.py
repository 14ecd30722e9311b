"""Does the demo push an invoice of every kind, with both totals the same, and say why it holds back the others?"""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from simulator.stack.setup_walk import Walk
from simulator.stack.whole import Stack
from tests.flow.scenes import PATIENCE, codes
from tests.tenants import control

Doc = dict[str, Any]
COMPANY = "Harbour & Pine Pty Ltd"
HELD_BACK = {
    "INV-2048": ["due_before_date", "tax_unmapped"],
    "INV-2062": ["tax_on_tax"],
    "INV-2063": ["total_negative"],
    "INV-2064": ["crm_total_unexplained"],
    "INV-2065": ["rounding_beyond_limit"],
    "INV-2066": ["tax_both_ways"],
}
ROUNDED = {"INV-2053": "-0.02"}


def test_every_seeded_invoice_is_sent_right_or_says_why_not(stack: Stack) -> None:
    """From a preview that shows both totals to Xero's own sum."""
    walk = Walk(stack.public_base, stack.zoho, stack.xero)
    orgs = control("GET", f"{stack.zoho}/_control/orgs")["orgs"]
    org = next(each for each in orgs if each["name"] == COMPANY)
    walk.make_ready(org["domain_name"])
    api = walk.sign_in(org["domain_name"], org["administrator"]["id"])
    query = {"zgid": org["zgid"], "module": "Invoices"}
    seeded = control("GET", f"{stack.zoho}/_control/records", params=query)["records"]
    totals = {each["id"]: (each["Invoice_Number"], Decimal(str(each["Grand_Total"]))) for each in seeded}
    assert len(totals) >= 26

    def tasks(kind: str) -> list[Doc]:
        body = {"kind": kind, "module": "Invoices", "record_ids": list(totals)}
        run = api.post("/runs", body).json()["id"]
        until = time.monotonic() + PATIENCE
        while (shown := api.get(f"/runs/{run}").json())["state"] != "ended":
            assert time.monotonic() < until, shown
            time.sleep(0.2)
        found: list[Doc] = shown["tasks"]
        return found

    for task in tasks("preview"):
        number, total = totals[task["record_id"]]
        shown = task["preview"]
        assert codes(task) == HELD_BACK.get(number, []), number
        if number not in HELD_BACK:
            assert Decimal(shown["totals"]["xero"]["total"]) == total, number
            assert shown["rounding"] == ROUNDED.get(number), number
    pushed = {totals[task["record_id"]][0]: task["outcome"] for task in tasks("push")}
    assert pushed == {number: "blocked" if number in HELD_BACK else "created" for number, _ in totals.values()}
    books = control("GET", f"{stack.xero}/_control/organisations")["organisations"]
    home = next(each for each in books if each["name"] == COMPANY)["organisation"]
    held = control("GET", f"{stack.xero}/_control/invoices", params={"organisation": home})["invoices"]
    ours = {each["InvoiceNumber"]: Decimal(each["Total"]) for each in held}
    assert {number: ours.get(number) for number, _ in totals.values() if number not in HELD_BACK} == {
        number: total for number, total in totals.values() if number not in HELD_BACK
    }
