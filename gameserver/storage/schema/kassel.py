"""Matches with their command logs, uploaded maps, achievements. Times are milliseconds since 1970."""

import sqlalchemy as sa

from gameserver.storage.schema.metadata import metadata

matches = sa.Table(
    "matches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    # The node that hosts it, by its data directory, and how often it has been taken over, by a restart or by another
    # node. What is written in an older epoch is refused.
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("creator", sa.Text, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("finished_ms", sa.BigInteger, index=True),
    sa.Column("winner", sa.Text, nullable=False),
    sa.Column("players", sa.Text, nullable=False),
    # 1: it is in the standings of those who played.
    sa.Column("counted", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Index(
        "ix_matches_uncounted",
        "finished_ms",
        sqlite_where=sa.text("counted = 0"),
        postgresql_where=sa.text("counted = 0"),
    ),
    sqlite_autoincrement=True,
)

#: One name, one open game, whatever node it was made at.
open_names = sa.Index(
    "ix_matches_open",
    matches.c.kind,
    matches.c.name,
    unique=True,
    sqlite_where=matches.c.finished_ms.is_(None),
    postgresql_where=matches.c.finished_ms.is_(None),
)

match_log = sa.Table(
    "match_log",
    metadata,
    sa.Column("match", sa.Integer, sa.ForeignKey("matches.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

maps = sa.Table(
    "maps",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("picture", sa.LargeBinary, nullable=False),
    sa.Column("uploaded_by", sa.Text, nullable=False),
    sa.Column("uploaded_ms", sa.BigInteger, nullable=False),
)

achievements = sa.Table(
    "achievements",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("condition", sa.Text, nullable=False),
    sa.Column("creator", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
)

achievements_reached = sa.Table(
    "achievements_reached",
    metadata,
    sa.Column("name", sa.Text, sa.ForeignKey("achievements.name", ondelete="CASCADE"), primary_key=True),
    sa.Column("nickname", sa.Text, primary_key=True),
    sa.Column("match", sa.Integer, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
