"""Results and ratings of people, and what they have said about their profile. Times are milliseconds since 1970."""

import sqlalchemy as sa

from gameserver.storage.schema.metadata import metadata

#: ``player`` is a name without case. A result outlives the match that it is of.
standings = sa.Table(
    "standings",
    metadata,
    sa.Column("game", sa.Text, primary_key=True),
    sa.Column("player", sa.Text, primary_key=True),
    sa.Column("played", sa.Integer, nullable=False),
    sa.Column("won", sa.Integer, nullable=False),
    sa.Column("rated", sa.Integer, nullable=False),
    sa.Column("rating", sa.Double, nullable=False),
    sa.Column("deviation", sa.Double, nullable=False),
    sa.Column("volatility", sa.Double, nullable=False),
    sa.Column("last_ms", sa.BigInteger, nullable=False),
    sa.Index("ix_standings_player", "player"),
)

results = sa.Table(
    "results",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("player", sa.Text, primary_key=True),
    sa.Column("game", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("against", sa.Text, nullable=False),
    sa.Column("rating", sa.Double),
    sa.Index("ix_results_player", "player", "at_ms"),
)

profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column(
        "account",
        sa.Integer,
        sa.ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("hidden", sa.Boolean, nullable=False),
)

friends = sa.Table(
    "friends",
    metadata,
    sa.Column(
        "account",
        sa.Integer,
        sa.ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column(
        "friend",
        sa.Integer,
        sa.ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
)
