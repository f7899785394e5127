"""Which nodes are being drained."""

import sqlalchemy as sa
from alembic import op

revision = "0008_draining"
down_revision = "0007_owners"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nodes", sa.Column("draining", sa.SmallInteger, nullable=False, server_default="0"))
