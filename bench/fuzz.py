"""Is an invoice ever sent with another total than CRM's? Thousands of random ones, summed by the pretend Xero.

The last line says ok or failed; build/fuzz.json holds the counts. SEED and EXAMPLES choose which and how many.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.random_invoices import LINE_TAX, TAXES, TOTAL_TAX, ordinary, wild
from server.domain.crm_invoice import read_invoice
from server.domain.customer import UseContact
from server.domain.decide import Blocked, Create, Decision, decide
from server.domain.encode import encode
from server.domain.values import Account, Books, NumberRule, Settings, TaxRate, TaxRule
from simulator.xero.money import Rounding, add_up, line_amount, line_tax

ROOT = Path(__file__).resolve().parents[1]
D = Decimal
LEAST_CREATED_PCT = 99.0
WILD_SHARE = 5  # one in so many
ROUNDINGS = (Rounding(), Rounding(negative_half="up"))  # what is not known of Xero's (X6.5)
RATES = {tax_type: rate for _, rate, tax_type in TAXES}
MARKER = "https://bridge.example/go/au/production/600000001/5001"
CUSTOMER = UseContact("9001", "c0ffee00-0000-0000-0000-000000000001", "Brightwater Dental Pty Ltd", "name")
SETTINGS = Settings(
    account="200",
    taxes=tuple(TaxRule(rate, tax_type) for _, rate, tax_type in TAXES),
    statuses={"Approved": "AUTHORISED"},
    number=NumberRule("field", "Invoice_Number"),
    home_currency="AUD",
    rounding_limit=D("0.20"),
)
BOOKS = Books(
    name="Harbour & Pine Pty Ltd",
    base_currency="AUD",
    accounts=(
        Account("200", "Sales", "ACTIVE", "REVENUE", ""),
        Account("860", "Rounding", "ACTIVE", "CURRLIAB", "ROUNDING", "LIABILITY"),
    ),
    tax_rates=tuple(TaxRate(tax_type, name, rate, "ACTIVE", True) for name, rate, tax_type in TAXES),
    today=date(2026, 11, 20),
)


@dataclass
class Counts:
    """What became of the ordinary ones, by kind; and what must never be."""

    fates: dict[str, Counter[str]] = field(default_factory=lambda: {LINE_TAX: Counter(), TOTAL_TAX: Counter()})
    wrong: int = 0
    exceptions: int = 0
    wild: int = 0

    def share(self, fate: str, *kinds: str) -> float:
        several = [self.fates[kind] for kind in kinds or self.fates]
        all_of_them = sum(each["all"] for each in several)
        return round(100 * sum(each[fate] for each in several) / all_of_them, 2) if all_of_them else 0.0


def main() -> int:
    seed, examples = int(os.environ.get("SEED", "1")), int(os.environ.get("EXAMPLES", "20000"))
    began = time.monotonic()
    counts = count(random.Random(seed), examples)
    report = as_report(counts, examples, seed)
    out = ROOT / "build" / "fuzz.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    good = not counts.wrong and not counts.exceptions and report["ordinary_create_pct"] >= LEAST_CREATED_PCT
    print(f"{examples} examples in {time.monotonic() - began:.0f} s, seed {seed}; counts in build/fuzz.json")
    print(
        f"fuzz: {'ok' if good else 'failed'} examples={examples} create={report['ordinary_create_pct']}% "
        f"rounding_line={report['rounding_line_pct']}% blocked={report['blocked_pct']}%"
    )
    return 0 if good else 1


def count(r: random.Random, examples: int) -> Counts:
    counts = Counts()
    for place in range(examples):
        is_wild = place % WILD_SHARE == WILD_SHARE - 1
        written = None if is_wild else ordinary(r)
        raw = wild(r) if written is None else written.record
        try:
            found = decided(raw)
            wrong = isinstance(found, Create) and not is_right(found, raw)
        except Exception:  # noqa: BLE001 - counting them is what this is for
            traceback.print_exc()
            counts.exceptions += 1
            continue
        counts.wrong += wrong
        if written is None:
            counts.wild += 1
        else:
            note(counts.fates[written.kind], found)
    return counts


def decided(raw: dict[str, Any]) -> Decision:
    return decide(read_invoice(raw), CUSTOMER, SETTINGS, BOOKS, None, None, MARKER)


def note(fates: Counter[str], found: Decision) -> None:
    fates["all"] += 1
    fates["create"] += isinstance(found, Create)
    fates["blocked"] += isinstance(found, Blocked)
    fates["rounding"] += isinstance(found, Create) and found.draft.rounding is not None


def is_right(found: Create, raw: dict[str, Any]) -> bool:
    """Xero's sum is CRM's, whichever way it rounds what is not known, and the same input gives the same bytes."""
    again = decided(raw)
    same = isinstance(again, Create) and encode(again.body) == encode(found.body)
    return same and all(xero_total(found.body, each) == D(str(raw["Grand_Total"])) for each in ROUNDINGS)


def xero_total(body: Any, rounding: Rounding) -> Decimal | None:
    """The total that the pretend Xero makes of a body; None where it would refuse a line's sum (X6.5)."""
    kind, found = body["LineAmountTypes"], []
    for line in body["LineItems"]:
        unit = rounding.round(line["UnitAmount"], 4)
        amount = line_amount(rounding, rounding.round(line["Quantity"], 4), unit, None, line.get("DiscountAmount"))
        if amount != line["LineAmount"]:
            return None
        found.append((amount, line_tax(rounding, kind, amount, RATES[line["TaxType"]])))
    return add_up(kind, found).total


def as_report(counts: Counts, examples: int, seed: int) -> dict[str, Any]:
    kinds = {
        kind.replace(" ", "_"): {
            "examples": counts.fates[kind]["all"],
            "create_pct": counts.share("create", kind),
            "rounding_line_pct": counts.share("rounding", kind),
            "blocked_pct": counts.share("blocked", kind),
        }
        for kind in counts.fates
    }
    return {
        "examples": examples,
        "ordinary_create_pct": counts.share("create"),
        "rounding_line_pct": counts.share("rounding"),
        "blocked_pct": counts.share("blocked"),
        "wrong_totals": counts.wrong,
        "exceptions": counts.exceptions,
        "wild": counts.wild,
        "kinds": kinds,
        "seed": seed,
    }


if __name__ == "__main__":
    sys.exit(main())
