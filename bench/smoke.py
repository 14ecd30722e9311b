"""Does the main job work, all of it at once? A fresh stack, one real browser, one invoice from CRM to paid."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import FrameLocator, Page, expect, sync_playwright

from bench import chromium
from simulator.stack.ports import any_free
from simulator.stack.procfile import ROOT
from simulator.stack.setup_walk import Walk
from simulator.stack.whole import Stack

Doc = dict[str, Any]
BUILD = ROOT / "build"
DOMAIN, ZGID = "org600000001", "600000001"
SUBJECT = "INV-2041"
SELLER = "Mia Chen, standard"  # a salesperson, who has not consented to anything yet
PATIENCE_MS = 30_000


def main() -> int:
    """Run it, write build/smoke.json and the pictures, and say on the last line how it went."""
    shutil.rmtree(BUILD / "smoke-state", ignore_errors=True)
    shutil.rmtree(BUILD / "smoke", ignore_errors=True)
    (BUILD / "smoke").mkdir(parents=True)
    with Stack(BUILD / "smoke-state", any_free()) as stack:
        Walk(stack.public_base, stack.zoho, stack.xero).make_ready(DOMAIN)
        result = _in_a_browser(stack)
    (BUILD / "smoke.json").write_text(json.dumps(result, indent=2) + "\n")
    wrong = complaints(result)
    if wrong:
        print(f"smoke: failed: {'; '.join(wrong)}")
        return 1
    print(f"smoke: ok {result['number']} pushed in {result['seconds']:.2f} s")
    return 0


def complaints(result: Doc) -> list[str]:
    """What the simulator's own store says against it."""
    found = []
    if result["invoices_in_xero"] != 1:
        found.append(f"the invoice is in Xero {result['invoices_in_xero']} times")
    if Decimal(result["total_in_xero"]) != Decimal(result["grand_total"]):
        found.append(f"Xero's total is {result['total_in_xero']}, CRM's is {result['grand_total']}")
    return found


def _in_a_browser(stack: Stack) -> Doc:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(chromium.make_sure()))
        context = browser.new_context(viewport={"width": 1120, "height": 1440}, locale="en-AU")
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        try:
            return Smoke(stack, context.new_page(), Pictures(BUILD / "smoke")).run()
        finally:
            context.close()
            browser.close()


@dataclass
class Pictures:
    """One screenshot a step, in order."""

    folder: Path
    count: int = 0

    def take(self, page: Page, name: str) -> None:
        self.count += 1
        page.screenshot(path=self.folder / f"{self.count:02d}-{name}.png")
        print(f"  {self.count}. {name.replace('-', ' ')}", flush=True)


@dataclass
class Smoke:
    """The walk of one salesperson and one bookkeeper."""

    stack: Stack
    page: Page
    pictures: Pictures

    def run(self) -> Doc:
        record_id = self._open_the_invoice()
        self._sign_in()
        before = self._calls()
        seconds = self._push()
        number = self._number()
        after = self._calls()
        self._pay(record_id)
        self._refresh()
        return self._counted(record_id, number, seconds, before, after)

    @property
    def _panel(self) -> FrameLocator:
        return self.page.frame_locator("iframe[src*='/widget/panel.html']")

    def _open_the_invoice(self) -> str:
        self.page.goto(f"{self.stack.zoho}/crm/{DOMAIN}/tab/Invoices")
        with self.page.expect_navigation():
            self.page.get_by_label("Signed in as").select_option(label=SELLER)
        self.page.get_by_role("link", name=SUBJECT).first.click()
        self.page.wait_for_url(re.compile(r"/tab/Invoices/\d+"))
        expect(self._panel.get_by_role("button", name="Sign in with Zoho")).to_be_visible()
        self.pictures.take(self.page, "invoice-in-CRM")
        return self.page.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]

    def _sign_in(self) -> None:
        with self.page.expect_popup() as opened:
            self._panel.get_by_role("button", name="Sign in with Zoho").click()
        popup = opened.value
        expect(popup.get_by_role("button", name="Allow")).to_be_visible()
        self.pictures.take(popup, "Zoho-asks")
        with popup.expect_event("close"):
            popup.get_by_role("button", name="Allow").click()
        expect(self._panel.get_by_role("button", name="Push to Xero")).to_be_visible()
        self.pictures.take(self.page, "signed-in")

    def _push(self) -> float:
        self._panel.get_by_role("button", name="Push to Xero").click()
        self._confirm()
        began = time.monotonic()
        expect(self._panel.get_by_role("link", name=SUBJECT)).to_be_visible()
        seconds = time.monotonic() - began
        self._crm_says("Awaiting Payment")
        self.pictures.take(self.page, "in-Xero")
        return seconds

    def _crm_says(self, payment_status: str) -> None:
        """The record's own field, which InvoiceBridge wrote; the CRM page shows new values by itself."""
        fields = self.page.get_by_role("region", name="Invoice", exact=True)
        expect(fields.get_by_text(payment_status, exact=True)).to_be_visible()

    def _confirm(self) -> None:
        """An approved invoice asks before it goes."""
        expect(self._panel.get_by_role("heading", name=re.compile("to Xero as approved"))).to_be_visible()
        self.pictures.take(self.page, "asked-before-sending")
        self._panel.get_by_role("button", name="Push to Xero").click()

    def _number(self) -> str:
        return self._panel.get_by_role("link", name=SUBJECT).inner_text().strip().split()[0]

    def _pay(self, record_id: str) -> None:
        found = self._in_xero(record_id)[0]
        books = self.page.context.new_page()
        books.goto(f"{self.stack.xero}/bookkeeper/{self._short_code()}/invoices/{found['InvoiceID']}")
        for name in ("Approve", "Record payment"):
            button = books.get_by_role("button", name=name)
            if button.count():
                button.first.click()
        expect(books.get_by_text("Paid").first).to_be_visible()
        self.pictures.take(books, "bookkeeper-got-paid")
        books.close()

    def _refresh(self) -> None:
        self._panel.get_by_role("button", name="Refresh").click()
        expect(self._panel.get_by_role("status").first).to_contain_text("Paid in full")
        expect(self._panel.get_by_text("Locked:")).to_be_visible()
        self._crm_says("Paid")
        self.pictures.take(self.page, "paid-and-locked")

    # --- counted in the simulator's own store ---

    def _counted(self, record_id: str, number: str, seconds: float, before: Doc, after: Doc) -> Doc:
        invoices = self._in_xero(record_id)
        query = {"zgid": ZGID, "module": "Invoices", "id": record_id}
        record = _get(f"{self.stack.zoho}/_control/records", query)
        return {
            "number": number,
            "seconds": round(seconds, 2),
            "invoices_in_xero": len(invoices),
            "total_in_xero": str(invoices[0]["Total"]) if invoices else "0",
            "grand_total": str(record["Grand_Total"]),
            "xero_writes": after["xero"]["writes"] - before["xero"]["writes"],
            "xero_calls": after["xero"]["total"] - before["xero"]["total"],
            "zoho_calls": after["zoho"]["total"] - before["zoho"]["total"],
        }

    def _in_xero(self, record_id: str) -> list[Doc]:
        """Invoices that carry this record's marker."""
        marker = f"/go/au/production/{ZGID}/{record_id}"
        query = {"organisation": self._organisation()["organisation"], "marker": marker}
        found: list[Doc] = _get(f"{self.stack.xero}/_control/invoices", query)["invoices"]
        return found

    def _organisation(self) -> Doc:
        listed = _get(f"{self.stack.xero}/_control/organisations")["organisations"]
        found: Doc = next(one for one in listed if one["name"].startswith("Harbour"))
        return found

    def _short_code(self) -> str:
        return str(self._organisation()["short_code"])

    def _calls(self) -> Doc:
        return {
            "xero": _get(f"{self.stack.xero}/_control/calls"),
            "zoho": _get(f"{self.stack.zoho}/_control/calls"),
        }


def _get(address: str, query: dict[str, str] | None = None) -> Doc:
    with requests.Session() as session:
        session.trust_env = False  # nothing here goes through a proxy
        answer = session.get(address, params=query, timeout=30)
    answer.raise_for_status()
    found: Doc = answer.json()
    return found


if __name__ == "__main__":
    sys.exit(main())
