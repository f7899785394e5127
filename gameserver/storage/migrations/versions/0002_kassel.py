"""Kassel: matches and their command logs, maps, achievements."""

import sqlalchemy as sa
from alembic import op

revision = "0002_kassel"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matches",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("creator", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("finished_ms", sa.BigInteger),
        sa.Column("winner", sa.Text, nullable=False),
        sa.Column("players", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_matches_finished_ms", "matches", ["finished_ms"])
    op.create_table(
        "match_log",
        sa.Column("match", sa.Integer, sa.ForeignKey("matches.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "maps",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.Column("uploaded_by", sa.Text, nullable=False),
        sa.Column("uploaded_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "achievements",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("condition", sa.Text, nullable=False),
        sa.Column("creator", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "achievements_reached",
        sa.Column("name", sa.Text, sa.ForeignKey("achievements.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("nickname", sa.Text, primary_key=True),
        sa.Column("match", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
