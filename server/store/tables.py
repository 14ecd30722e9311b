"""Which tables are there, and what does each row stand for?

The words are those of the design: tenant, organisation, grant, connection, sign-in, run, task, link,
dispatch (with rows and attempts), turn, record lease. Every table that belongs to a tenant has
`tenant_id`. Ids are our own opaque strings; ids of Zoho and Xero are kept as the strings they sent.
"""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

from server.store.engine import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Money(TypeDecorator):  # type: ignore[type-arg]
    """A Decimal: NUMERIC in PostgreSQL, text in SQLite (which would make it a float)."""

    impl = Numeric(20, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect):  # type: ignore[no-untyped-def]
        return dialect.type_descriptor(String(40) if dialect.name == "sqlite" else Numeric(20, 6))

    def process_bind_param(self, value, dialect):  # type: ignore[no-untyped-def]
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value, dialect):  # type: ignore[no-untyped-def]
        return None if value is None else Decimal(str(value))


def _id() -> Column[str]:
    return Column("id", String(40), primary_key=True)


def _tenant() -> Column[str]:
    return Column("tenant_id", String(40), ForeignKey("tenant.id", ondelete="CASCADE"), nullable=False)


# One CRM org. Key: data centre, environment, zgid. Owns its settings and everything else.
tenant = Table(
    "tenant",
    metadata,
    _id(),
    Column("data_centre", String(8), nullable=False),
    Column("environment", String(16), nullable=False),
    Column("zgid", String(40), nullable=False),
    Column("name", String(255), nullable=False),
    Column("domain_name", String(120)),
    Column("currency", String(3)),  # the org's own: records name none while it keeps one currency
    Column("edition", String(20)),  # as CRM names it: how many calls may be in flight goes by it
    Column("settings", JSON, nullable=False),  # shape: server/api/settings.py
    Column("settings_version", Integer, nullable=False, server_default="1"),
    Column("settings_by", String(40)),  # CRM user id
    Column("settings_at", Instant),
    Column("crm_fields", JSON, nullable=False),  # core name -> API name in this org
    Column("live_at", Instant),  # until then only administrators push, one by one
    Column("live_by", String(40)),  # CRM user id
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("data_centre", "environment", "zgid"),
)

# One Xero organisation. While scan_since is set nothing is created there: one scan from then on rebuilds the links
# first (4a.16, 4a.17); 0 = from the beginning.
organisation = Table(
    "organisation",
    metadata,
    _id(),
    Column("xero_id", String(40), nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    Column("short_code", String(40)),
    Column("base_currency", String(3)),
    Column("scan_since", Instant),
    Column("scanned_at", Instant),
    Column("books", JSON),  # the reference data last read: accounts, tax rates, lock dates
    Column("books_at", Instant),
    Column("contacts_since", Instant),  # the index of contacts holds all that changed before; null = never read
    Column("contacts_next", JSON),  # where a reading of them that was interrupted goes on
    Column("contacts_read_at", Instant),
    Column("created_at", Instant, nullable=False),
)

# One Xero contact, to be found without a search. Names, numbers and addresses stand here as keyed hashes only.
contact = Table(
    "contact",
    metadata,
    _id(),
    Column("organisation_id", String(40), ForeignKey("organisation.id", ondelete="CASCADE"), nullable=False),
    Column("xero_id", String(40), nullable=False),  # ContactID
    Column("number", String(64)),  # keyed hash of its ContactNumber, as of the others below
    Column("account_number", String(64)),
    Column("name", String(64)),
    Column("email", String(64)),
    Column("tax_number", String(64)),
    Column("country", String(64)),
    Column("status", String(16), nullable=False),  # ACTIVE | ARCHIVED | GDPRREQUEST
    Column("merged_to", String(40)),
    Column("updated_at", Instant),
    UniqueConstraint("organisation_id", "xero_id"),
    Index("ix_contact_number", "organisation_id", "number"),
    Index("ix_contact_account_number", "organisation_id", "account_number"),
    Index("ix_contact_name", "organisation_id", "name"),
    Index("ix_contact_email", "organisation_id", "email"),
)

# One OAuth consent and its tokens (encrypted). Xero: one per Xero person, shared by every tenant of theirs (X2.3).
grant = Table(
    "grant",
    metadata,
    _id(),
    Column("service", String(8), nullable=False),  # zoho | xero
    Column("purpose", String(12), nullable=False),  # connection | sign_in
    Column("person", String(120), nullable=False),  # Xero: xero_userid; Zoho: data centre/zgid/user id
    Column("data_centre", String(8)),
    Column("api_domain", String(255)),
    Column("accounts_server", String(255)),
    Column("access_token", LargeBinary),
    Column("refresh_token", LargeBinary),
    Column("access_until", Instant),
    Column("scopes", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),  # rises with every new access token
    Column("broken_why", String(40)),
    Column("broken_at", Instant),
    Column("refresh_lease", String(40)),
    Column("refresh_until", Instant),
    Column("created_at", Instant, nullable=False),
    Index(
        "uq_grant_xero_person",
        "person",
        unique=True,
        sqlite_where=text("service = 'xero'"),
        postgresql_where=text("service = 'xero'"),
    ),
)

# A tenant's tie to its Zoho org or to its organisation, through a grant, with its health.
connection = Table(
    "connection",
    metadata,
    _id(),
    _tenant(),
    Column("service", String(8), nullable=False),
    Column("grant_id", String(40), ForeignKey("grant.id"), nullable=False),
    Column("organisation_id", String(40), ForeignKey("organisation.id")),
    Column("remote_id", String(40)),  # Xero's connection id, for the disconnect
    Column("state", String(16), nullable=False),  # ok | disconnected
    Column("trouble", String(40)),
    Column("since", Instant, nullable=False),
    Column("last_good_at", Instant),
    Column("connected_by", String(40)),  # CRM user id
    UniqueConstraint("tenant_id", "service"),
    UniqueConstraint("organisation_id"),  # one organisation belongs to one tenant
)

# A one-time door into a top-level OAuth flow: a sign-in or a connect.
ticket = Table(
    "ticket",
    metadata,
    _id(),
    Column("purpose", String(16), nullable=False),  # sign_in | connect_zoho | connect_xero
    Column("door_hash", String(64), nullable=False, unique=True),  # of the secret in the link
    Column("state_hash", String(64), unique=True),
    Column("verifier", LargeBinary),  # PKCE, encrypted
    Column("challenge", String(64)),  # of the widget's own secret
    Column("widget_origin", String(255), nullable=False),
    Column("digits", String(6)),
    Column("digits_tries", Integer, nullable=False, server_default="0"),
    Column("stage", String(16), nullable=False),  # new | opened | answered | confirmed | used | refused
    Column("refused_why", String(40)),
    Column("code_hash", String(64)),
    Column("result", JSON),  # who signed in; no secrets
    Column("grant_id", String(40), ForeignKey("grant.id", ondelete="SET NULL")),
    Column("tenant_id", String(40), ForeignKey("tenant.id", ondelete="CASCADE")),
    Column("user_id", String(40)),
    Column("expires_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
)

# A CRM user in one browser, with a bearer token (hashed) and a single-use renewal handle (hashed).
sign_in = Table(
    "sign_in",
    metadata,
    _id(),
    _tenant(),
    Column("user_id", String(40), nullable=False),
    Column("user_name", String(255), nullable=False),  # gone with the sign-in
    Column("administrator", Boolean, nullable=False),
    Column("profile_id", String(40)),
    Column("grant_id", String(40), ForeignKey("grant.id", ondelete="SET NULL")),
    Column("access_hash", String(64), nullable=False, unique=True),
    Column("access_until", Instant, nullable=False),
    Column("renewal_hash", String(64), nullable=False, unique=True),
    Column("renewal_until", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
)

# One request to work. fingerprint: kind, module and record ids; an open run absorbs the same request again.
run = Table(
    "run",
    metadata,
    _id(),
    _tenant(),
    Column("kind", String(8), nullable=False),  # push | preview | pull
    Column("trigger", String(16), nullable=False),  # click | mass_action | schedule | webhook | follow_up | mended
    Column("module", String(40), nullable=False),
    Column("asked_by", String(40)),  # CRM user id
    Column("rights", JSON),  # what whoever asked may do (domain/rights.py); null: nobody asked, or all of it
    Column("fingerprint", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),  # rises with every change of its tasks (ETag)
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_run_tenant_created", "tenant_id", "created_at"),
    Index(
        "uq_run_open_fingerprint",
        "tenant_id",
        "fingerprint",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# One record's share of a run.
task = Table(
    "task",
    metadata,
    _id(),
    _tenant(),
    Column("run_id", String(40), ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("work_class", String(12), nullable=False),  # interactive | bulk
    Column("position", Integer, nullable=False),
    Column("module", String(40), nullable=False),
    Column("record_id", String(40), nullable=False),
    Column("state", String(8), nullable=False),  # waiting | working | ended
    Column("step", String(16), nullable=False),  # checking | customer | sending | updating_crm
    Column("cause", String(16)),  # limit | service | disconnected | customer | unconfirmed
    Column("due_at", Instant, nullable=False),  # waiting: not before; shown as "until"
    Column("troubled_since", Instant),  # waiting for a disturbed service, for the 24 h bound
    Column("lease", String(40)),  # token of the claim that works on it
    Column("batch_rows", Integer),  # at most so many rows in its next dispatch (4a.11)
    Column("refused", Text),  # what Xero said to a request that held this record alone
    Column("previewed", String(64)),  # digest of what the person was shown
    Column("choice", String(16)),  # keep_xero | send_crm | remove | send_as_new, made on what was shown
    Column("read_at", Instant),  # when CRM was last read for it
    Column("asked_again_at", Instant),
    Column("outcome", String(12)),
    Column("reasons", JSON),
    Column("warnings", JSON),
    Column("crm_written", String(8)),  # yes | waiting | refused
    Column("crm_refused", JSON),
    Column("preview", JSON),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_task_run", "run_id", "position"),
    Index("ix_task_record", "tenant_id", "module", "record_id", "created_at"),
    Index(
        "ix_task_open",
        "tenant_id",
        "work_class",
        "due_at",
        sqlite_where=text("state <> 'ended'"),
        postgresql_where=text("state <> 'ended'"),
    ),
)

# The lasting tie of a CRM record (invoice, or account for a customer) to a Xero id. No names.
link = Table(
    "link",
    metadata,
    _id(),
    _tenant(),
    Column("organisation_id", String(40), ForeignKey("organisation.id"), nullable=False),
    Column("module", String(40), nullable=False),
    Column("record_id", String(40), nullable=False),
    Column("xero_id", String(40)),  # InvoiceID, or ContactID where module is Accounts
    Column("former_ids", JSON, nullable=False),
    Column("number", String(255)),
    Column("contact_id", String(40)),  # whom Xero bills by it
    Column("sent_digest", String(64)),  # keyed hash of what was last sent
    Column("sent_parts", JSON),  # keyed hashes of CRM's parts as last sent, lines by CRM row id
    Column("answer_parts", JSON),  # keyed hashes of Xero's parts as it last answered, lines by LineItemID
    Column("line_ids", JSON, nullable=False),  # CRM row id -> LineItemID
    Column("kept_digest", String(64)),  # keyed hash of what CRM asked for when Xero's version was kept
    Column("crm_changed", Boolean),  # by the last look at CRM: something there is not in Xero
    Column("status", String(12)),
    Column("currency", String(3)),
    Column("currency_rate", String(40)),  # Xero's: units of the currency for one of the organisation's own
    Column("total", Money),
    Column("paid", Money),
    Column("credited", Money),
    Column("due", Money),
    Column("crm_total", Money),
    Column("predicted_total", Money),
    Column("invoice_date", Date),
    Column("due_date", Date),
    Column("paid_on", Date),
    Column("lock_state", String(12)),
    Column("lock_reason", String(20)),
    Column("payments", JSON, nullable=False),  # dates, amounts, kinds
    Column("crm_modified_at", Instant),  # Modified_Time that was read when it was last sent
    Column("follow_read_at", Instant),  # set by a write to Xero: was CRM edited since this read? (4a.12)
    Column("crm_stamps", JSON, nullable=False),  # Modified_Times of our own CRM writes
    Column("xero_updated_at", Instant),  # UpdatedDateUTC of the state held here
    Column("fetched_at", Instant),
    Column("sent_at", Instant),
    Column("sent_by", String(40)),  # CRM user id
    Column("version", Integer, nullable=False, server_default="1"),
    Column("crm_version", Integer, nullable=False, server_default="0"),  # version > crm_version: CRM is to be written
    Column("crm_status_written", JSON),  # what was last written to CRM, to write only what changed
    Column("crm_due_at", Instant),  # do not write CRM before
    Column("trouble", String(16)),  # two_in_xero; of a customer's link: doubted
    Column("gone_from_crm", Boolean, nullable=False, server_default=text("false")),
    Column("matched_by", String(16)),  # how it was tied: number, account_number, name, email, created, chosen, linked
    Column("chosen_by", String(40)),  # CRM user id of who chose it, where a person did
    Column("chosen_at", Instant),
    Column("history", JSON),  # of a customer: what it was tied to before, by whom and when; ids only
    Column("archived_at", Instant),  # the tenant went to another organisation
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("tenant_id", "organisation_id", "module", "record_id"),
    Index("ix_link_xero", "organisation_id", "xero_id"),
    Index(
        "ix_link_dirty",
        "tenant_id",
        sqlite_where=text("version > crm_version"),
        postgresql_where=text("version > crm_version"),
    ),
)

# One write to Xero, stored before it is sent: exact bytes, key, rows.
dispatch = Table(
    "dispatch",
    metadata,
    _id(),
    _tenant(),
    Column("organisation_id", String(40), ForeignKey("organisation.id"), nullable=False),
    Column("work_class", String(12), nullable=False),
    Column("kind", String(10), nullable=False),  # contacts | creates | changes
    Column("key", String(128), nullable=False, unique=True),
    Column("method", String(4), nullable=False),
    Column("path", String(255), nullable=False),
    Column("body", LargeBinary),  # gone when closed
    Column("state", String(8), nullable=False),  # open | closed | void
    Column("refused", Text),  # Xero's sentence when it refused the request as a whole (4a.11)
    Column("lease", String(40)),
    Column("lease_until", Instant),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index(
        "ix_dispatch_open",
        "tenant_id",
        "work_class",
        "due_at",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

# One record's place in a dispatch.
dispatch_row = Table(
    "dispatch_row",
    metadata,
    _id(),
    _tenant(),
    Column("dispatch_id", String(40), ForeignKey("dispatch.id", ondelete="CASCADE"), nullable=False),
    Column("organisation_id", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("task_id", String(40), ForeignKey("task.id", ondelete="SET NULL")),
    Column("module", String(40), nullable=False),  # Invoices, or Accounts in a contacts dispatch
    Column("record_id", String(40), nullable=False),
    Column("marker", String(512), nullable=False),  # Url of an invoice, ContactNumber of a contact
    Column("number", String(255)),
    Column("xero_id", String(40)),  # changes: the InvoiceID
    Column("crm_modified_at", Instant),
    Column("crm_read_at", Instant),
    Column("xero_updated_at", Instant),
    Column("intent", JSON, nullable=False),  # totals and digest that settle compares and keeps; no names
    Column("open", Boolean, nullable=False),
    Column("outcome", String(12)),
    Index("ix_dispatch_row_dispatch", "dispatch_id", "position"),
    Index("ix_dispatch_row_task", "task_id"),
    Index(
        "uq_dispatch_row_open_record",
        "tenant_id",
        "module",
        "record_id",
        unique=True,
        sqlite_where=text("open"),
        postgresql_where=text("open"),
    ),
    Index(
        "uq_dispatch_row_open_number",
        "organisation_id",
        "number",
        unique=True,
        sqlite_where=text("open AND number IS NOT NULL"),
        postgresql_where=text("open AND number IS NOT NULL"),
    ),
)

# One sending of a dispatch. result: null while it runs or when its process died.
attempt = Table(
    "attempt",
    metadata,
    _id(),
    _tenant(),
    Column("dispatch_id", String(40), ForeignKey("dispatch.id", ondelete="CASCADE"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("result", String(8)),  # yes (proved) | no (not run) | unknown
    Column("look_first", Boolean, nullable=False, server_default=text("false")),
    Column("http_status", Integer),
    UniqueConstraint("dispatch_id", "n"),
)

# Whose go it is: one row per tenant and class of work; never more than one RQ job for each.
turn = Table(
    "turn",
    metadata,
    Column("tenant_id", String(40), ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True),
    Column("work_class", String(12), primary_key=True),  # interactive | bulk | crm
    Column("due_at", Instant),
    Column("job_id", String(60)),
    Column("enqueued_at", Instant),
    Column("lease", String(40)),
    Column("lease_until", Instant),
    Index("ix_turn_due", "due_at"),
)

# Who works on a record, until when.
record_lease = Table(
    "record_lease",
    metadata,
    Column("tenant_id", String(40), ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True),
    Column("module", String(40), primary_key=True),
    Column("record_id", String(40), primary_key=True),
    Column("token", String(40), nullable=False),
    Column("until", Instant, nullable=False),
)

# The clock's pulse (one row): where it is too old nobody claims (4a.17).
pulse = Table(
    "pulse",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alive_at", Instant, nullable=False),
)
