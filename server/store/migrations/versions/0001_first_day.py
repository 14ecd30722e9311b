"""What InvoiceBridge remembers from its first day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.store.tables import Money

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grant",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=8), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("data_centre", sa.String(length=8), nullable=True),
        sa.Column("api_domain", sa.String(length=255), nullable=True),
        sa.Column("accounts_server", sa.String(length=255), nullable=True),
        sa.Column("access_token", sa.LargeBinary(), nullable=True),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=True),
        sa.Column("access_until", sa.BigInteger(), nullable=True),
        sa.Column("scopes", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("broken_why", sa.String(length=40), nullable=True),
        sa.Column("broken_at", sa.BigInteger(), nullable=True),
        sa.Column("refresh_lease", sa.String(length=40), nullable=True),
        sa.Column("refresh_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(
            "uq_grant_xero_person",
            ["person"],
            unique=True,
            sqlite_where=sa.text("service = 'xero'"),
            postgresql_where=sa.text("service = 'xero'"),
        )

    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("xero_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("short_code", sa.String(length=40), nullable=True),
        sa.Column("base_currency", sa.String(length=3), nullable=True),
        sa.Column("scan_since", sa.BigInteger(), nullable=True),
        sa.Column("scanned_at", sa.BigInteger(), nullable=True),
        sa.Column("books", sa.JSON(), nullable=True),
        sa.Column("books_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("xero_id", name=op.f("uq_organisation_xero_id")),
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alive_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("data_centre", sa.String(length=8), nullable=False),
        sa.Column("environment", sa.String(length=16), nullable=False),
        sa.Column("zgid", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("domain_name", sa.String(length=120), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("settings_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("settings_by", sa.String(length=40), nullable=True),
        sa.Column("settings_at", sa.BigInteger(), nullable=True),
        sa.Column("crm_fields", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("data_centre", "environment", "zgid", name=op.f("uq_tenant_data_centre_environment_zgid")),
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=8), nullable=False),
        sa.Column("grant_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=True),
        sa.Column("remote_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("last_good_at", sa.BigInteger(), nullable=True),
        sa.Column("connected_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_connection_grant_id_grant")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_connection_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_connection_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_connection_organisation_id")),
        sa.UniqueConstraint("tenant_id", "service", name=op.f("uq_connection_tenant_id_service")),
    )
    op.create_table(
        "dispatch",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("work_class", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("method", sa.String(length=4), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_dispatch_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_dispatch_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
        sa.UniqueConstraint("key", name=op.f("uq_dispatch_key")),
    )
    with op.batch_alter_table("dispatch", schema=None) as batch_op:
        batch_op.create_index(
            "ix_dispatch_open",
            ["tenant_id", "work_class", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "link",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("xero_id", sa.String(length=40), nullable=True),
        sa.Column("former_ids", sa.JSON(), nullable=False),
        sa.Column("number", sa.String(length=255), nullable=True),
        sa.Column("sent_digest", sa.String(length=64), nullable=True),
        sa.Column("answer_digest", sa.String(length=64), nullable=True),
        sa.Column("line_ids", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("total", Money(), nullable=True),
        sa.Column("paid", Money(), nullable=True),
        sa.Column("credited", Money(), nullable=True),
        sa.Column("due", Money(), nullable=True),
        sa.Column("crm_total", Money(), nullable=True),
        sa.Column("predicted_total", Money(), nullable=True),
        sa.Column("invoice_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("lock_state", sa.String(length=12), nullable=True),
        sa.Column("lock_reason", sa.String(length=20), nullable=True),
        sa.Column("payments", sa.JSON(), nullable=False),
        sa.Column("crm_modified_at", sa.BigInteger(), nullable=True),
        sa.Column("follow_read_at", sa.BigInteger(), nullable=True),
        sa.Column("crm_stamps", sa.JSON(), nullable=False),
        sa.Column("xero_updated_at", sa.BigInteger(), nullable=True),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_by", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("crm_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("crm_status_written", sa.JSON(), nullable=True),
        sa.Column("crm_due_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.String(length=16), nullable=True),
        sa.Column("gone_from_crm", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_link_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_link_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint(
            "tenant_id",
            "organisation_id",
            "module",
            "record_id",
            name=op.f("uq_link_tenant_id_organisation_id_module_record_id"),
        ),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(
            "ix_link_dirty",
            ["tenant_id"],
            unique=False,
            sqlite_where=sa.text("version > crm_version"),
            postgresql_where=sa.text("version > crm_version"),
        )
        batch_op.create_index("ix_link_xero", ["organisation_id", "xero_id"], unique=False)

    op.create_table(
        "record_lease",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_record_lease_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "module", "record_id", name=op.f("pk_record_lease")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_run_tenant_id_tenant"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index("ix_run_tenant_created", ["tenant_id", "created_at"], unique=False)
        batch_op.create_index(
            "uq_run_open_fingerprint",
            ["tenant_id", "fingerprint"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("user_name", sa.String(length=255), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("profile_id", sa.String(length=40), nullable=True),
        sa.Column("grant_id", sa.String(length=40), nullable=True),
        sa.Column("access_hash", sa.String(length=64), nullable=False),
        sa.Column("access_until", sa.BigInteger(), nullable=False),
        sa.Column("renewal_hash", sa.String(length=64), nullable=False),
        sa.Column("renewal_until", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grant.id"], name=op.f("fk_sign_in_grant_id_grant"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_sign_in_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("access_hash", name=op.f("uq_sign_in_access_hash")),
        sa.UniqueConstraint("renewal_hash", name=op.f("uq_sign_in_renewal_hash")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("door_hash", sa.String(length=64), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=True),
        sa.Column("verifier", sa.LargeBinary(), nullable=True),
        sa.Column("challenge", sa.String(length=64), nullable=True),
        sa.Column("widget_origin", sa.String(length=255), nullable=False),
        sa.Column("digits", sa.String(length=6), nullable=True),
        sa.Column("digits_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("refused_why", sa.String(length=40), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("grant_id", sa.String(length=40), nullable=True),
        sa.Column("tenant_id", sa.String(length=40), nullable=True),
        sa.Column("user_id", sa.String(length=40), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["grant.id"], name=op.f("fk_ticket_grant_id_grant"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_ticket_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("door_hash", name=op.f("uq_ticket_door_hash")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_ticket_state_hash")),
    )
    op.create_table(
        "turn",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("work_class", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.String(length=60), nullable=True),
        sa.Column("enqueued_at", sa.BigInteger(), nullable=True),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_turn_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "work_class", name=op.f("pk_turn")),
    )
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.create_index("ix_turn_due", ["due_at"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("dispatch_id", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.String(length=8), nullable=True),
        sa.Column("look_first", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_attempt_dispatch_id_dispatch"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_attempt_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("dispatch_id", "n", name=op.f("uq_attempt_dispatch_id_n")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("work_class", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("troubled_since", sa.BigInteger(), nullable=True),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("batch_rows", sa.Integer(), nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("previewed", sa.String(length=64), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_again_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=True),
        sa.Column("crm_written", sa.String(length=8), nullable=True),
        sa.Column("crm_refused", sa.JSON(), nullable=True),
        sa.Column("preview", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_task_run_id_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_task_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_open",
            ["tenant_id", "work_class", "due_at"],
            unique=False,
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )
        batch_op.create_index("ix_task_record", ["tenant_id", "module", "record_id", "created_at"], unique=False)
        batch_op.create_index("ix_task_run", ["run_id", "position"], unique=False)

    op.create_table(
        "dispatch_row",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("dispatch_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.String(length=40), nullable=True),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("marker", sa.String(length=512), nullable=False),
        sa.Column("number", sa.String(length=255), nullable=True),
        sa.Column("xero_id", sa.String(length=40), nullable=True),
        sa.Column("crm_modified_at", sa.BigInteger(), nullable=True),
        sa.Column("crm_read_at", sa.BigInteger(), nullable=True),
        sa.Column("xero_updated_at", sa.BigInteger(), nullable=True),
        sa.Column("intent", sa.JSON(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_dispatch_row_dispatch_id_dispatch"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_dispatch_row_task_id_task"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_dispatch_row_tenant_id_tenant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_row")),
    )
    with op.batch_alter_table("dispatch_row", schema=None) as batch_op:
        batch_op.create_index("ix_dispatch_row_dispatch", ["dispatch_id", "position"], unique=False)
        batch_op.create_index("ix_dispatch_row_task", ["task_id"], unique=False)
        batch_op.create_index(
            "uq_dispatch_row_open_number",
            ["organisation_id", "number"],
            unique=True,
            sqlite_where=sa.text("open AND number IS NOT NULL"),
            postgresql_where=sa.text("open AND number IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_dispatch_row_open_record",
            ["tenant_id", "module", "record_id"],
            unique=True,
            sqlite_where=sa.text("open"),
            postgresql_where=sa.text("open"),
        )


def downgrade() -> None:
    with op.batch_alter_table("dispatch_row", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_dispatch_row_open_record", sqlite_where=sa.text("open"), postgresql_where=sa.text("open")
        )
        batch_op.drop_index(
            "uq_dispatch_row_open_number",
            sqlite_where=sa.text("open AND number IS NOT NULL"),
            postgresql_where=sa.text("open AND number IS NOT NULL"),
        )
        batch_op.drop_index("ix_dispatch_row_task")
        batch_op.drop_index("ix_dispatch_row_dispatch")

    op.drop_table("dispatch_row")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_run")
        batch_op.drop_index("ix_task_record")
        batch_op.drop_index(
            "ix_task_open", sqlite_where=sa.text("state <> 'ended'"), postgresql_where=sa.text("state <> 'ended'")
        )

    op.drop_table("task")
    op.drop_table("attempt")
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_index("ix_turn_due")

    op.drop_table("turn")
    op.drop_table("ticket")
    op.drop_table("sign_in")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_run_open_fingerprint",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_run_tenant_created")

    op.drop_table("run")
    op.drop_table("record_lease")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_xero")
        batch_op.drop_index(
            "ix_link_dirty",
            sqlite_where=sa.text("version > crm_version"),
            postgresql_where=sa.text("version > crm_version"),
        )

    op.drop_table("link")
    with op.batch_alter_table("dispatch", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_dispatch_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )

    op.drop_table("dispatch")
    op.drop_table("connection")
    op.drop_table("tenant")
    op.drop_table("pulse")
    op.drop_table("organisation")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_grant_xero_person",
            sqlite_where=sa.text("service = 'xero'"),
            postgresql_where=sa.text("service = 'xero'"),
        )

    op.drop_table("grant")
