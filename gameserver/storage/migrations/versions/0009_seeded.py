"""Passwords for clients that send a hash of them, made with a seed of the account's."""

import sqlalchemy as sa
from alembic import op

revision = "0009_seeded"
down_revision = "0008_draining"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("seeded", sa.Text))
