"""Epochs of accounts: a new password, a ban or an operator ends all that was given out before."""

import sqlalchemy as sa
from alembic import op

revision = "0006_epochs"
down_revision = "0005_skeletons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("epoch", sa.Integer, nullable=False, server_default="0"))
