"""Set up by a stranger: going live, what askers may do, an index of contacts, who chose a customer"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.store.engine import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS: dict[str, Any] = {"instant": Instant, "id": sa.String(length=40), "word": sa.String(length=16), "json": sa.JSON}
ADDED = (
    ("tenant", "live_at", "instant"),
    ("tenant", "live_by", "id"),
    ("organisation", "contacts_since", "instant"),
    ("organisation", "contacts_next", "json"),
    ("organisation", "contacts_read_at", "instant"),
    ("run", "rights", "json"),
    ("link", "matched_by", "word"),
    ("link", "chosen_by", "id"),
    ("link", "chosen_at", "instant"),
    ("link", "history", "json"),
    ("link", "archived_at", "instant"),
)
FOUND_BY = ("number", "account_number", "name", "email")


def upgrade() -> None:
    for table, name, kind in ADDED:
        op.add_column(table, sa.Column(name, KINDS[kind], nullable=True))
    op.create_table(
        "contact",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("xero_id", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.String(length=64)) for name in (*FOUND_BY, "tax_number", "country")),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("merged_to", sa.String(length=40)),
        sa.Column("updated_at", Instant),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_contact_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("organisation_id", "xero_id", name=op.f("uq_contact_organisation_id_xero_id")),
    )
    for name in FOUND_BY:
        op.create_index(f"ix_contact_{name}", "contact", ["organisation_id", name])
    # Who pushed until now did so without a switch: they are live.
    op.execute("UPDATE tenant SET live_at = settings_at, live_by = settings_by WHERE settings_at IS NOT NULL")


def downgrade() -> None:
    op.drop_table("contact")
    for table, name, _ in ADDED:
        op.drop_column(table, name)
