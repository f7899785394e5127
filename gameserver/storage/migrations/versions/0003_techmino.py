"""Techmino: rounds and their replays."""

import sqlalchemy as sa
from alembic import op

revision = "0003_techmino"
down_revision = "0002_kassel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "techmino_rounds",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("rid", sa.Text, nullable=False),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("started_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger, nullable=False, index=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "techmino_players",
        sa.Column("round", sa.Integer, sa.ForeignKey("techmino_rounds.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("uid", sa.Integer, primary_key=True, index=True, autoincrement=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("score", sa.BigInteger, nullable=False),
        sa.Column("survival_time", sa.BigInteger, nullable=False),
        sa.Column("stream", sa.LargeBinary, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
    )
