"""What do the proofs of the money core run on? A pretend Xero in this process, its books as values, rules to fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from server.domain.crm_invoice import read_invoice
from server.domain.customer import UseContact
from server.domain.decide import Create, Decision, decide
from server.domain.encode import encode
from server.domain.values import Account, Books, NumberRule, Settings, TaxRate, TaxRule
from tests.simulator.xero_stage import Xero

D = Decimal
Doc = dict[str, Any]
# CRM's taxes by name, with what they are matched to; those that Xero does not start with are added by its bookkeeper.
PERCENT = {"GST 10%": "10", "GST free": "0", "GST 15%": "15", "City 7%": "7", "State 8.25%": "8.25", "Common 3%": "3"}
BUILT_IN = {"GST 10%": "OUTPUT", "GST free": "EXEMPTOUTPUT"}
TOGETHER = ("GST 10%", "City 7%")
CURRENCIES = ("EUR", "JPY", "KWD")
MARKER = "https://bridge.example/go/au/production/600000001/"


class Stage:
    """One organisation that has a rate for every tax, and the settings of a tenant who matched them."""

    def __init__(self, folder: Path) -> None:
        self.xero = Xero(folder)
        self.xero.switch(minute_limit=1_000_000, day_limit=1_000_000)
        self.types = {**BUILT_IN}
        for name, percent in PERCENT.items():
            if name not in BUILT_IN:
                self.types[name] = self._add_rate(name, {name: percent})
        self.both = self._add_rate("GST and city", {name: PERCENT[name] for name in TOGETHER})
        for code in CURRENCIES:
            made = self.xero.call("PUT", "Currencies", {"Code": code, "Description": code})
            assert made.status_code == 200, made.text
        contact = self.xero.write([{"Name": "Brightwater Dental"}], name="Contacts")[0]
        self.customer = UseContact("9001", contact["ContactID"], contact["Name"], "link")
        self.books = self._books()

    def _add_rate(self, name: str, parts: Mapping[str, str]) -> str:
        components = [{"name": part, "rate": percent} for part, percent in parts.items()]
        said = self.xero.bookkeeper("add_tax_rate", name=name, components=components)
        assert said.status_code == 200, said.text
        rates = (self.xero.get("TaxRates").json or {})["TaxRates"]
        return str(next(rate["TaxType"] for rate in rates if rate["Name"] == name))

    def _books(self) -> Books:
        """As Xero's own answers say."""
        accounts = (self.xero.get("Accounts").json or {})["Accounts"]
        rates = (self.xero.get("TaxRates").json or {})["TaxRates"]
        names = ("Code", "Name", "Status", "Type", "SystemAccount", "Class")
        return Books(
            name="Test & Sons",
            base_currency="AUD",
            accounts=tuple(Account(*(str(each.get(name) or "") for name in names)) for each in accounts),
            tax_rates=tuple(
                TaxRate(
                    each["TaxType"], each["Name"], D(str(each["EffectiveRate"])), "ACTIVE", each["CanApplyToRevenue"]
                )
                for each in rates
                if each["Status"] == "ACTIVE"
            ),
            today=date(2026, 11, 20),
            currencies=frozenset(CURRENCIES),
        )

    def settings(self, **more: Any) -> Settings:
        rules = [TaxRule(D(PERCENT[name]), tax_type, frozenset({name})) for name, tax_type in self.types.items()]
        both = TaxRule(sum((D(PERCENT[name]) for name in TOGETHER), D(0)), self.both, frozenset(TOGETHER))
        usual: Doc = {
            "account": "200",
            "taxes": (*rules, both, TaxRule(D(0), "EXEMPTOUTPUT", frozenset())),
            "statuses": {"Approved": "AUTHORISED"},
            "number": NumberRule("field", "Invoice_Number"),
            "home_currency": "AUD",
        }
        return Settings(**{**usual, **more})

    def decided(self, raw: Doc, settings: Settings) -> Decision:
        return decide(read_invoice(raw), self.customer, settings, self.books, None, None, MARKER + str(raw.get("id")))

    def sent(self, creates: Sequence[Create]) -> list[Doc]:
        """What Xero answers to these bodies, fifty a call, in our own bytes."""
        headers = self.xero.headers(Content_Type="application/json")
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        found: list[Doc] = []
        for start in range(0, len(creates), 50):
            body = encode({"Invoices": [each.body for each in creates[start : start + 50]]})
            address = "/api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4"
            answer = self.xero.web.put(address, data=body, headers=headers)
            assert answer.status_code == 200, answer.text
            found += (answer.json or {})["Invoices"]
        return found
