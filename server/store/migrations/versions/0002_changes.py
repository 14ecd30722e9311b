"""What is remembered to change an invoice without going over the bookkeeper, and what a person chose"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("sent_parts", sa.JSON(), nullable=True))
    op.add_column("link", sa.Column("answer_parts", sa.JSON(), nullable=True))
    op.add_column("link", sa.Column("contact_id", sa.String(length=40), nullable=True))
    op.add_column("link", sa.Column("kept_digest", sa.String(length=64), nullable=True))
    op.add_column("link", sa.Column("crm_changed", sa.Boolean(), nullable=True))
    op.drop_column("link", "answer_digest")  # never written
    op.add_column("task", sa.Column("choice", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("task", "choice")
    op.add_column("link", sa.Column("answer_digest", sa.String(length=64), nullable=True))
    for name in ("crm_changed", "kept_digest", "contact_id", "answer_parts", "sent_parts"):
        op.drop_column("link", name)
