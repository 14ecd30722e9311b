"""Which reasons are no fault of the invoice, what is each about, and is that mended? Told by stored reasons.

A cause is a reason and its subject: one account, one tax, one status. Many invoices wait for the same one, so it is
told once. What is the record's own problem is told on the record and is no cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server.domain.reasons import LONGEST_VALUE, SETTING_LABELS, Code
from server.domain.values import Books, Settings
from server.domain.wording import quoted

Doc = Mapping[str, Any]
# Code -> the value that says what it is about. An account is one cause wherever it stands.
SUBJECTS = {
    Code.STATUS_UNMAPPED: "status",
    Code.ACCOUNT_UNUSABLE: "account",
    Code.OWN_ACCOUNT_UNUSABLE: "account",
    Code.LINE_ACCOUNT_UNUSABLE: "account",
    Code.TAX_UNMAPPED: "tax",
    Code.HEADER_TAX_UNMAPPED: "tax",
    Code.TAX_NONE_UNMAPPED: None,
    Code.ZERO_RATE_UNMAPPED: None,
    Code.INCLUSIVE_UNMAPPED: None,
    Code.TAX_TYPE_GONE: "tax_type",
    Code.TAX_RATE_MOVED: "tax_type",
    Code.TAX_ACCOUNT_PAIR: "tax_type",
    Code.TRACKING_GONE: "category",
    Code.TRACKING_OPTION_GONE: "option",
    Code.THEME_UNKNOWN: "theme",
    Code.CURRENCY_NOT_IN_XERO: "currency",
}
_KNOWN = {code.name.lower(): code for code in SUBJECTS}
_SAME = {
    Code.OWN_ACCOUNT_UNUSABLE: Code.ACCOUNT_UNUSABLE,
    Code.LINE_ACCOUNT_UNUSABLE: Code.ACCOUNT_UNUSABLE,
    Code.HEADER_TAX_UNMAPPED: Code.TAX_UNMAPPED,
    Code.ZERO_RATE_UNMAPPED: Code.TAX_NONE_UNMAPPED,
}
# What stands in a notice, where the reason speaks of a line of one invoice.
SENTENCES = {
    Code.ACCOUNT_UNUSABLE: "Account {subject} can't take invoices",
    Code.TAX_UNMAPPED: "Tax “{subject}” is not matched",
    Code.TAX_NONE_UNMAPPED: "Lines without tax have no Xero rate",
}
NEXT_STEPS = {
    "accounts": "Restore it in Xero, or choose another account.",
    "account": "Restore it in Xero, or choose another account.",
    "statuses": "Say what becomes of it.",
    "taxes": "Choose the Xero rate anew.",
    "amounts": "Choose the Xero rate anew.",
    "tracking": "Choose another option, or add it in Xero.",
    "theme": "Choose another theme, or add it in Xero.",
}
ELSEWHERE = "Ask your bookkeeper to add it in Xero."


@dataclass(frozen=True)
class Cause:
    """What many invoices may wait for. `setting` is where it is mended, if that is one of ours."""

    code: str
    subject: str
    sentence: str
    next_step: str
    setting: str | None

    @property
    def key(self) -> tuple[str, str]:
        return (self.code, self.subject)

    @property
    def setting_label(self) -> str | None:
        return SETTING_LABELS[self.setting] if self.setting else None


def cause_of(reason: Doc) -> Cause | None:
    """The cause of a stored reason; None where the problem is the record's own."""
    code = _KNOWN.get(str(reason.get("code")))
    if code is None:
        return None
    name = SUBJECTS[code]
    subject = str((reason.get("values") or {}).get(name) or "") if name else ""
    told = _SAME.get(code, code)
    setting = code.value.setting
    sentence = SENTENCES.get(told, "").format(subject=subject) or str(reason.get("sentence") or "")
    return Cause(told.name.lower(), subject, sentence, NEXT_STEPS.get(setting or "", ELSEWHERE), setting)


def causes_of(reasons: Iterable[Doc] | None) -> tuple[Cause, ...]:
    """Each once, in the order of the reasons."""
    found = [cause for each in reasons or () if (cause := cause_of(each)) is not None]
    return tuple({cause.key: cause for cause in found}.values())


def waits_only_for_causes(reasons: Iterable[Doc] | None) -> bool:
    """Whether nothing stands against it but what an administrator or bookkeeper mends elsewhere."""
    all_of_them = list(reasons or ())
    return bool(all_of_them) and all(cause_of(each) is not None for each in all_of_them)


def is_mended(cause: Cause, settings: Settings, books: Books, *, unknown: bool) -> bool:
    """Whether it is worth deciding anew; `unknown` where only the whole decision can tell."""
    if cause.code == "status_unmapped":
        return cause.subject in {quoted(value, LONGEST_VALUE) for value in settings.statuses}
    if cause.code == "account_unusable":
        found = books.account(cause.subject)
        return (found is not None and found.usable) or _names_no_more(cause.subject, settings, unknown=unknown)
    if cause.code == "tax_type_gone":
        meant = {cause.subject, *(each.tax_type for each in books.tax_rates if each.name == cause.subject)}
        usable = {each.tax_type for each in books.tax_rates if each.status == "ACTIVE" and each.revenue}
        return bool(meant & usable) or not any(rule.tax_type in meant for rule in settings.taxes)
    if cause.code == "currency_not_in_xero":
        return cause.subject in books.currencies
    return unknown


def _names_no_more(account: str, settings: Settings, *, unknown: bool) -> bool:
    """A product's own field may name any account: there only the whole decision tells whether it still does."""
    own = settings.accounts
    named = {settings.account, own.discount, own.adjustment, *own.by_category.values()}
    return account not in named and (own.product_field is None or unknown)
