"""What do Xero's validation sentences mean in our words? One table, matched loosely (X10)."""

from __future__ import annotations

from server.domain.reasons import Code, Reason, reason

# A part of the sentence in lower case -> the reason. The first that fits counts.
MEANINGS: tuple[tuple[str, Code], ...] = (
    ("must be unique", Code.NUMBER_TAKEN),
    ("contact must be un-archived", Code.CUSTOMER_ARCHIVED),
    ("matched an archived contact", Code.CUSTOMER_ARCHIVED),
    ("cannot be before the period lock date", Code.PERIOD_CLOSED),
    ("cannot be before the end of year lock date", Code.PERIOD_CLOSED),
    ("does not have the correct permissions", Code.XERO_RIGHTS),
    ("limit of invoices you can approve", Code.XERO_PLAN_CAP),
)


def translate(sentence: str) -> Reason:
    """Our reason for a sentence of Xero's; values we do not know here stay general."""
    low = sentence.lower()
    code = next((code for part, code in MEANINGS if part in low), Code.XERO_REFUSED)
    return reason(
        code,
        sentence=sentence,
        number="of this number",
        name="The contact",
        date="too early",
        closed=_date_in(sentence),
    )


def _date_in(sentence: str) -> str:
    """Xero ends its lock sentences with the date: "currently set at 30-Nov-2018"."""
    return sentence.rsplit(" ", 1)[-1].rstrip(".") if "set at" in sentence else "a later day"
