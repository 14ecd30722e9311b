"""What hangs on an invoice: its online page, its PDF, its e-mails, its notes?"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from simulator.state import State
from simulator.xero import invoice_rules, rights
from simulator.xero.books import today_of
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.wire import new_id, now_stamp
from simulator.xero.writer import Writer

Doc = dict[str, Any]
NO_SUCH_DOCUMENT = "The document with the supplied id was not found for this endpoint."
_TAG = re.compile(r"<[^>]*>")
_LONGEST_NOTE = 2500
_MAILABLE = ("SUBMITTED", "AUTHORISED", "PAID")


def online_url(doc: Doc) -> str:
    """The customer's page: sales invoices only, and no drafts (X6.10; the words are ours)."""
    if doc["Type"] != "ACCREC" or doc["Status"] == "DRAFT":
        raise ElementRefusalError("An online invoice exists only for sales invoices that are no drafts.")
    token = hashlib.sha256(f"online {doc['InvoiceID']}".encode()).hexdigest()
    return f"https://in.xero.com/{token[:40]}"


def pdf(doc: Doc) -> bytes:
    """A small whole PDF of one page that names the invoice (X6.10)."""
    title = f"{doc['InvoiceNumber'] or 'Invoice'}  {doc['CurrencyCode']} {doc['Total']}"
    plain = re.sub(r"([\\()])", r"\\\1", title.encode("ascii", "replace").decode())
    drawn = f"BT /F1 18 Tf 72 720 Td ({plain}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + table + tail


def mails(state: State, org: str) -> list[Doc]:
    """Every e-mail an organisation sent, oldest first."""
    return state.view(f"xero_mail:{org}")


def send(writer: Writer, doc: Doc) -> None:
    """E-mail an invoice to the contact and the persons with IncludeInEmails, so many a day (X6.10)."""
    contact = writer.directory.get(doc["ContactID"]) or {}
    persons = [one for one in contact.get("ContactPersons") or [] if one.get("IncludeInEmails") is True]
    to = [one["EmailAddress"] for one in (contact, *persons) if one.get("EmailAddress")]
    messages = _mail_messages(writer, doc, to)
    if messages:
        raise ElementRefusalError(*messages)
    mail = {"InvoiceID": doc["InvoiceID"], "To": to, "Day": today_of(writer.org), "At": now_stamp()}
    writer.state.put(f"xero_mail:{writer.org['id']}", new_id(), mail)
    if writer.switches["email_marks_sent"] and not doc["SentToContact"]:
        _mark_sent(writer, {**doc, "SentToContact": True})


def _mail_messages(writer: Writer, doc: Doc, to: list[str]) -> list[str]:
    """Why an invoice cannot be e-mailed (X6.10); where no source has Xero's words, ours are used."""
    messages = rights.write_messages(writer.role)
    if doc["Type"] != "ACCREC" or doc["Status"] not in _MAILABLE:
        messages.append("Only sales invoices that are SUBMITTED, AUTHORISED or PAID can be emailed.")
    if not to and writer.switches["email_needs_address"]:
        messages.append("The contact has no email address.")
    today = today_of(writer.org)
    sent = sum(1 for mail in mails(writer.state, writer.org["id"]) if mail["Day"] == today)
    if sent >= (0 if writer.org.get("Demo") else writer.switches["emails_per_day"]):
        messages.append("The daily limit of emails has been reached.")
    return messages


def _mark_sent(writer: Writer, doc: Doc) -> None:
    """X5.3: SentToContact on a part-paid document may not move UpdatedDateUTC."""
    if invoice_rules.settled(doc) and not writer.switches["due_date_moves_updated"]:
        writer.ledger.save(doc)
    else:
        writer.save(doc)


class Notes:
    """History and notes of one organisation's invoices (X6.10)."""

    def __init__(self, state: State, org: str) -> None:
        self._state, self._kind = state, f"xero_history:{org}"

    def of(self, invoice: str) -> list[Doc]:
        """The records of an invoice, newest first."""
        stored = self._state.peek(self._kind, invoice)
        return list(reversed(stored["records"])) if stored else []

    def add(self, invoice: str, details: str) -> Doc:
        """A note by API: HTML is dropped (X11.16), at most 2,500 characters."""
        plain = _TAG.sub("", details)
        if not plain.strip():
            raise ElementRefusalError("The details of a note must be specified.")
        if len(plain) > _LONGEST_NOTE:
            raise ElementRefusalError("The details of a note must be at most 2500 characters long.")
        record = {"Changes": "Note", "At": now_stamp(), "User": "System Generated", "Details": plain}
        stored = self._state.peek(self._kind, invoice) or {"records": []}
        self._state.put(self._kind, invoice, {"records": [*stored["records"], record]})
        return record
