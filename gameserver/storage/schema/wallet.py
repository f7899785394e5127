"""Play money: players of the games, accounts, entries, seeds, rounds, answered requests, operators' sessions.

Amounts are integers of 1e-8 units, times milliseconds since 1970. Numbers of rows are made by ``wallet.ids``.
"""

import sqlalchemy as sa

from gameserver.storage.schema.metadata import metadata

#: A number of 64 bits everywhere; on SQLite it is the row's own number, which costs no second index.
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

wallet_players = sa.Table(
    "wallet_players",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("aggregator", sa.Text, nullable=False),
    sa.Column("external", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Index("uq_wallet_players_external", "aggregator", "external", unique=True),
    sqlite_autoincrement=True,
)

wallet_accounts = sa.Table(
    "wallet_accounts",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("balance", sa.BigInteger, nullable=False),
    sa.Index("uq_wallet_accounts_owner", "owner", "currency", unique=True),
    # The last line of defence: whatever happens above, no player's balance goes below zero.
    sa.CheckConstraint("balance >= 0 OR owner IN ('house', 'mint')", name="ck_wallet_accounts_balance"),
)

wallet_entries = sa.Table(
    "wallet_entries",
    metadata,
    sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
    sa.Column("transfer", sa.BigInteger, nullable=False),
    sa.Column("account", sa.BigInteger, sa.ForeignKey("wallet_accounts.id"), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("balance", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)

wallet_seeds = sa.Table(
    "wallet_seeds",
    metadata,
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
    sa.Index("ix_wallet_seeds_player", "player", "game", "revealed_ms"),
)

wallet_rounds = sa.Table(
    "wallet_rounds",
    metadata,
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
    # The history: finished rounds of a player in order, counted without a look at the table.
    sa.Index(
        "ix_wallet_rounds_ended",
        "player",
        "id",
        sqlite_where=sa.text("ended_ms IS NOT NULL"),
        postgresql_where=sa.text("ended_ms IS NOT NULL"),
    ),
    sa.Index(
        "uq_wallet_rounds_open",
        "player",
        "game",
        unique=True,
        sqlite_where=sa.text("ended_ms IS NULL"),
        postgresql_where=sa.text("ended_ms IS NULL"),
    ),
)

wallet_requests = sa.Table(
    "wallet_requests",
    metadata,
    sa.Column("player", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("reply", sa.LargeBinary, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
)

wallet_sessions = sa.Table(
    "wallet_sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("player", sa.BigInteger, nullable=False),
    sa.Column("game", sa.Text, nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Index("ix_wallet_sessions_player", "player", "game"),
)

#: Signatures of operators' requests, for as long as the same one may not come again.
wallet_signatures = sa.Table(
    "wallet_signatures",
    metadata,
    sa.Column("signature", sa.Text, primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
)
