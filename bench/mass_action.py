"""Is syncing five hundred selected invoices a pleasure to watch? One real browser, the list's popup, frames counted."""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Frame, Page, sync_playwright

from bench import chromium
from bench.both_sides import control
from bench.smoke import BUILD
from simulator.stack.ports import any_free
from simulator.stack.setup_walk import Walk
from simulator.stack.whole import Stack

Doc = dict[str, Any]
ROWS = int(os.environ.get("ROWS", "500"))
PATIENCE_S = 180
MOST_FRAME_MS, MOST_FIRST_MS = 100, 2_000
GST = [{"name": "GST 10%", "percentage": 10}]

# What the page's own thread did, and how far apart its frames were while somebody scrolled.
WATCH = """() => {
  window.seen = { task: 0, frame: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) { seen.task = Math.max(seen.task, entry.duration); }
  }).observe({ type: "longtask", buffered: true });
  let last = performance.now();
  let down = 1;
  const step = (now) => {
    seen.frame = Math.max(seen.frame, now - last);
    last = now;
    const box = document.querySelector(".many-rows");
    if (box) {
      if (box.scrollTop + box.clientHeight >= box.scrollHeight - 2) { down = -1; }
      if (box.scrollTop <= 2) { down = 1; }
      box.scrollTop += 40 * down;
    }
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""

LOOK = """() => [
  document.querySelector(".headline")?.textContent,
  document.querySelectorAll("[data-group='created']").length,
]"""


def main() -> int:
    """Run it, write build/mass-action.json, and say on the last line how it went."""
    shutil.rmtree(BUILD / "mass-action-state", ignore_errors=True)
    BUILD.mkdir(exist_ok=True)
    with Stack(BUILD / "mass-action-state", any_free()) as stack, _browser() as page:
        crm = _company(stack)
        result = _walk(stack, page, crm)
    (BUILD / "mass-action.json").write_text(json.dumps(result, indent=2) + "\n")
    told = " ".join(f"{name}={value}" for name, value in result.items())
    wrong = [
        *([f"a frame of {result['longest_task_ms']} ms"] if result["longest_task_ms"] > MOST_FRAME_MS else []),
        *([f"the first row took {result['first_row_ms']} ms"] if result["first_row_ms"] > MOST_FIRST_MS else []),
        *([f"{result['in_xero']} are in Xero"] if result["in_xero"] != ROWS else []),
    ]
    print(f"mass-action: {'missed: ' + '; '.join(wrong) if wrong else 'ok'} {told}")
    return 1 if wrong else 0


@contextmanager
def _browser() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(chromium.make_sure()))
        page = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="en-AU").new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        yield page
        browser.close()


def _company(stack: Stack) -> Doc:
    """A company with so many drafts of twenty customers, ready to push."""
    name = f"Company {secrets.token_hex(3)}"
    crm = control("POST", f"{stack.zoho}/_control/orgs", json={"name": name, "location": "au", "currency": "AUD"})
    books = control("POST", f"{stack.xero}/_control/organisations", json={"name": name, "country": "AU"})
    assert crm is not None and books is not None
    walk = Walk(stack.public_base, stack.zoho, stack.xero)
    api = walk.sign_in(crm["domain_name"], crm["administrator"]["id"])
    walk.connect_zoho(api, crm["domain_name"], crm["administrator"]["id"])
    walk.connect_xero(api, books["person"], books["organisation"])
    walk.fill_settings(api, books["organisation"])
    product = {"id": _add(stack, crm, "Products", {"Product_Name": "Chair"})}
    customers = [_add(stack, crm, "Accounts", {"Account_Name": f"Customer {n} of {name}"}) for n in range(20)]
    chance = random.Random(7)
    for number in range(ROWS):
        rows = [{"Product_Name": product, "Quantity": chance.randint(1, 9), "List_Price": 25, "Line_Tax": GST}]
        head = {"Subject": "Job", "Invoice_Number": f"J-{number:04d}", "Status": "Created"}
        dates = {"Invoice_Date": "2026-11-01", "Due_Date": "2026-12-01"}
        _add(
            stack,
            crm,
            "Invoices",
            {**head, **dates, "Account_Name": {"id": chance.choice(customers)}, "Invoiced_Items": rows},
        )
    return {**crm, "organisation": books["organisation"]}


def _add(stack: Stack, crm: Doc, module: str, record: Doc) -> str:
    made = control(
        "POST", f"{stack.zoho}/_control/records", json={"zgid": crm["zgid"], "module": module, "record": record}
    )
    assert made is not None, record
    return str(made["id"])


def _walk(stack: Stack, page: Page, crm: Doc) -> Doc:
    page.goto(f"{stack.zoho}/crm/{crm['domain_name']}/tab/Invoices")
    page.locator("#all").check()
    page.locator("#sync-to-xero").click()
    frame = page.frame_locator("#popup-frame")
    with page.expect_popup() as opened:
        frame.get_by_role("button", name="Sign in with Zoho").click()
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    inside = _inside(page)
    inside.evaluate(WATCH)
    checked = _until(inside, f"headline === '{ROWS} of {ROWS} are ready to send'")
    page.wait_for_timeout(1500)  # the rows that were found last are drawn
    inside.evaluate("document.querySelector('.actions .filled').click()")
    first = _until(inside, "created > 0")
    took = first + _until(inside, f"headline === 'Done: {ROWS} sent'")
    page.wait_for_timeout(1500)
    seen = inside.evaluate("seen")
    found = control("GET", f"{stack.xero}/_control/invoices", params={"organisation": crm["organisation"]})
    assert found is not None
    return {
        "rows": ROWS,
        "checked_s": round(checked, 1),
        "first_row_ms": round(first * 1000),
        "all_done_s": round(took, 1),
        "longest_task_ms": round(seen["task"]),
        "longest_frame_ms": round(seen["frame"]),
        "in_xero": len(found["invoices"]),
    }


def _until(inside: Frame, said: str) -> float:
    """Seconds until that is so. Asked cheaply: a look by roles would be the page's longest task."""
    began = time.monotonic()
    test = f"([headline, created]) => {said}"
    while not inside.evaluate(test, inside.evaluate(LOOK)):
        if time.monotonic() - began > PATIENCE_S:
            raise TimeoutError(f"not within {PATIENCE_S} s: {said}")
        time.sleep(0.02)
    return time.monotonic() - began


def _inside(page: Page) -> Frame:
    return next(frame for frame in page.frames if "/widget/many.html" in frame.url)


if __name__ == "__main__":
    raise SystemExit(main())
