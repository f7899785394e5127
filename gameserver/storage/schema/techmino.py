"""Rounds of Techmino, what their players sent, and what players keep here.

Times are milliseconds since 1970, survival times seconds.
"""

import sqlalchemy as sa

from gameserver.storage.schema.metadata import metadata

techmino_rounds = sa.Table(
    "techmino_rounds",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("rid", sa.Text, nullable=False),
    sa.Column("room", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("started_ms", sa.BigInteger, nullable=False),
    sa.Column("ended_ms", sa.BigInteger, nullable=False, index=True),
    sa.Column("version", sa.Text, nullable=False, server_default=""),
    sa.Column("rules", sa.Text, nullable=False, server_default="{}"),
    # 1: it is in the standings of those who played.
    sa.Column("counted", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Index(
        "ix_techmino_rounds_uncounted",
        "ended_ms",
        sqlite_where=sa.text("counted = 0"),
        postgresql_where=sa.text("counted = 0"),
    ),
    sqlite_autoincrement=True,
)

#: Names stand here as they were; a round outlives the accounts of its players.
techmino_players = sa.Table(
    "techmino_players",
    metadata,
    sa.Column("round", sa.Integer, sa.ForeignKey("techmino_rounds.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("uid", sa.Integer, primary_key=True, index=True, autoincrement=False),
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("score", sa.BigInteger, nullable=False),
    sa.Column("survival_time", sa.BigInteger, nullable=False),
    sa.Column("stream", sa.LargeBinary, nullable=False),
    sa.Column("whole", sa.Boolean, nullable=False),
)

#: Sections by number, opaque.
techmino_saves = sa.Table(
    "techmino_saves",
    metadata,
    sa.Column("uid", sa.Integer, sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("section", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("data", sa.Text, nullable=False),
)
