"""The CRM org's edition, by which Zoho limits the calls in flight (Z5.13)"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tenant", sa.Column("edition", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("tenant", "edition")
