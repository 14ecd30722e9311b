"""Where may a call differ from the official description, and why? Nothing else may; what no call needs is taken out."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.contract.judge import Finding


@dataclass(frozen=True)
class Known:
    """A difference: `name` as in a finding, where * stands for anything."""

    service: str
    side: str
    kind: str
    name: str
    why: str

    def covers(self, finding: Finding) -> bool:
        same = (self.service, self.side, self.kind) == (finding.service, finding.side, finding.fault.kind)
        return same and fnmatchcase(finding.fault.name, self.name)


def _several(service: str, side: str, kind: str, names: str, why: str) -> tuple[Known, ...]:
    return tuple(Known(service, side, kind, name, why) for name in names.split())


def _statuses(service: str, numbers: str, why: str) -> tuple[Known, ...]:
    return tuple(Known(service, "answer", "status", f"* {number}", why) for number in numbers.split())


KNOWN = (
    # The description of Xero, README of the files, point 8 and the recordings it stands on.
    *_several(
        "xero", "answer", "unknown", "*s.Id *s.Status *s.ProviderName *s.DateTimeUTC", "the envelope is left out"
    ),
    *_several("xero", "answer", "unknown", "Invoice.DateString Invoice.DueDateString", "live; left out of the schemas"),
    *_several(
        "xero",
        "answer",
        "unknown",
        "Invoice.InvoicePaymentServices LineItem.ValidationErrors",
        "recorded live; the schemas do not have it yet",
    ),
    *_several(
        "xero",
        "answer",
        "unknown",
        "HistoryRecord.DateUTCString HistoryRecord.ValidationErrors TrackingOption.*",
        "in the examples of the same file, not in its schemas",
    ),
    *_several(
        "xero",
        "answer",
        "unknown",
        "CreditNote.ID CreditNote.DateString Overpayment.ID Overpayment.DateString",
        "in the examples of the same file, not in its schemas",
    ),
    Known("xero", "answer", "unknown", "Element.*", "an element is the whole row that was refused; the schema has ids"),
    Known("xero", "answer", "unknown", "AccessToken.scope", "OAuth 2.0 names the scope that was given"),
    *_several(
        "xero",
        "request",
        "unknown",
        "RefreshToken.code RefreshToken.redirect_uri",
        "the first token call of OAuth 2.0; the file describes the later ones only",
    ),
    *_several(
        "xero",
        "request",
        "undescribed",
        "*connect/revocation *2.0/Organisations",
        "documented elsewhere: the end of a consent, and the plural that answers as well",
    ),
    *_statuses(
        "xero",
        "400 401 403 404 412 429 500 501 503",
        "the file describes successes, and refused writes; the others are told on the pages on errors and limits",
    ),
    Known("xero", "answer", "content", "text/html", "a page from something on the way, which tests order"),
    # Zoho.
    *_several(
        "zoho",
        "request",
        "undescribed",
        "*oauth/v2/token* *org/taxes *Locking_Information__s/*",
        "in neither set of files",
    ),
    Known(
        "zoho", "request", "missing", "include", "called required in the newer file only; the older has no such word"
    ),
    *_several(
        "zoho",
        "answer",
        "type",
        "*.next_page_token *.previous_page_token *.page_token_expiry",
        "null on the only page, in live answers",
    ),
    Known("zoho", "answer", "type", "FieldSchema.pick_list_values[[]].colour_code", "the older file lets it be null"),
    *_statuses("zoho", "207 400 401 429 503", "not said of every call, yet of the API as a whole"),
    Known("zoho", "answer", "status", "DELETE /settings/variables 200", "deleting says so, as elsewhere"),
    Known("zoho", "answer", "status", "GET /actions/watch 204", "nothing is watched; the older file knows it"),
    *_several("zoho", "answer", "unknown", "*watch[[]].details.*", "which entry was refused, as other calls say it"),
    Known("zoho", "answer", "content", "text/html", "a page from something on the way, which tests order"),
    Known("zoho", "answer", "content", "text/plain", "a file comes back as it was attached"),
    *_several("zoho", "answer", "enum", "*.code *.message", "refusals that every call knows, said of few of them"),
)


def unexpected(findings: list[Finding]) -> list[str]:
    """What no exception covers, once each."""
    return sorted({str(one) for one in findings if not any(known.covers(one) for known in KNOWN)})


def unneeded(findings: list[Finding]) -> list[str]:
    """Exceptions that cover nothing: the difference is gone, or was never there."""
    return [
        f"{known.service} {known.side} {known.name}"
        for known in KNOWN
        if not any(known.covers(one) for one in findings)
    ]
