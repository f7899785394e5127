"""Results and ratings, which matches and rounds have been counted, hidden profiles, friends."""

import sqlalchemy as sa
from alembic import op

revision = "0012_standings"
down_revision = "0011_techmino_saves"
branch_labels = None
depends_on = None


def upgrade() -> None:
    uncounted = sa.text("counted = 0")
    for table, order in (("matches", "finished_ms"), ("techmino_rounds", "ended_ms")):
        op.add_column(table, sa.Column("counted", sa.SmallInteger, nullable=False, server_default="0"))
        op.create_index(f"ix_{table}_uncounted", table, [order], sqlite_where=uncounted, postgresql_where=uncounted)
    op.create_table(
        "standings",
        sa.Column("game", sa.Text, primary_key=True),
        sa.Column("player", sa.Text, primary_key=True),
        sa.Column("played", sa.Integer, nullable=False),
        sa.Column("won", sa.Integer, nullable=False),
        sa.Column("rated", sa.Integer, nullable=False),
        sa.Column("rating", sa.Double, nullable=False),
        sa.Column("deviation", sa.Double, nullable=False),
        sa.Column("volatility", sa.Double, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_standings_player", "standings", ["player"])
    op.create_table(
        "results",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("player", sa.Text, primary_key=True),
        sa.Column("game", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("against", sa.Text, nullable=False),
        sa.Column("rating", sa.Double),
    )
    op.create_index("ix_results_player", "results", ["player", "at_ms"])
    account = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    op.create_table(
        "profiles",
        sa.Column("account", sa.Integer, account, primary_key=True, autoincrement=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
    )
    friend = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    account = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    op.create_table(
        "friends",
        sa.Column("account", sa.Integer, account, primary_key=True, autoincrement=False),
        sa.Column("friend", sa.Integer, friend, primary_key=True, autoincrement=False),
    )
    op.create_index("ix_friends_friend", "friends", ["friend"])
