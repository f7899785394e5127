"""An account may have several tokens of a kind: one for each of its browsers."""

import sqlalchemy as sa
from alembic import op

revision = "0010_tokens"
down_revision = "0009_seeded"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tokens_by_hash",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
    )
    op.execute(
        "INSERT INTO tokens_by_hash (hash, account, kind, expires_ms) "
        "SELECT hash, account, kind, expires_ms FROM tokens"
    )
    op.drop_table("tokens")
    op.rename_table("tokens_by_hash", "tokens")
    op.create_index("ix_tokens_account", "tokens", ["account"])
