"""At which exchange rate an invoice stands in Xero"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("currency_rate", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("link", "currency_rate")
