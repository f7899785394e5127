"""Techmino: what players keep on the server, and by which rules a round was played."""

import sqlalchemy as sa
from alembic import op

revision = "0011_techmino_saves"
down_revision = "0010_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "techmino_saves",
        sa.Column("uid", sa.Integer, sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("section", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.add_column("techmino_rounds", sa.Column("version", sa.Text, nullable=False, server_default=""))
    op.add_column("techmino_rounds", sa.Column("rules", sa.Text, nullable=False, server_default="{}"))
