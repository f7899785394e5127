"""Play money: balances, ledger, bets, seeds."""

import sqlalchemy as sa
from alembic import op

revision = "0004_wallet"
down_revision = "0003_techmino"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "wallet_players",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("aggregator", sa.Text, nullable=False),
        sa.Column("external", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_wallet_players_external", "wallet_players", ["aggregator", "external"], unique=True)
    op.create_table(
        "wallet_accounts",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("balance", sa.BigInteger, nullable=False),
        sa.CheckConstraint("balance >= 0 OR owner IN ('house', 'mint')", name="ck_wallet_accounts_balance"),
    )
    op.create_index("uq_wallet_accounts_owner", "wallet_accounts", ["owner", "currency"], unique=True)
    op.create_table(
        "wallet_entries",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("transfer", sa.BigInteger, nullable=False),
        sa.Column("account", sa.BigInteger, sa.ForeignKey("wallet_accounts.id"), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("balance", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "wallet_seeds",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("player", sa.BigInteger, nullable=False),
        sa.Column("game", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("nonce", sa.BigInteger, nullable=False),
        sa.Column("bets", sa.BigInteger, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("revealed_ms", sa.BigInteger),
        sa.Column("replaced_by", sa.BigInteger),
    )
    op.create_index("ix_wallet_seeds_player", "wallet_seeds", ["player", "game", "revealed_ms"])
    op.create_table(
        "wallet_rounds",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("player", sa.BigInteger, nullable=False),
        sa.Column("game", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("stake", sa.BigInteger, nullable=False),
        sa.Column("win", sa.BigInteger, nullable=False),
        sa.Column("client_seed", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("nonce", sa.BigInteger, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
    )
    op.create_index(
        "ix_wallet_rounds_ended",
        "wallet_rounds",
        ["player", "id"],
        sqlite_where=sa.text("ended_ms IS NOT NULL"),
        postgresql_where=sa.text("ended_ms IS NOT NULL"),
    )
    op.create_index(
        "uq_wallet_rounds_open",
        "wallet_rounds",
        ["player", "game"],
        unique=True,
        sqlite_where=sa.text("ended_ms IS NULL"),
        postgresql_where=sa.text("ended_ms IS NULL"),
    )
    op.create_table(
        "wallet_requests",
        sa.Column("player", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("reply", sa.LargeBinary, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "wallet_sessions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("player", sa.BigInteger, nullable=False),
        sa.Column("game", sa.Text, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
    )
    op.create_index("ix_wallet_sessions_player", "wallet_sessions", ["player", "game"])
    op.create_table(
        "wallet_signatures",
        sa.Column("signature", sa.Text, primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
    )
