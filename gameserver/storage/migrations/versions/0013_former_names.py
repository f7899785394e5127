"""Names of accounts that have been deleted, for as long as nobody else may have them."""

import sqlalchemy as sa
from alembic import op

revision = "0013_former_names"
down_revision = "0012_standings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_names",
        sa.Column("account", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("skeleton", sa.Text, nullable=False),
        sa.Column("removed_ms", sa.BigInteger, nullable=False),
        sa.Column("free_ms", sa.BigInteger, nullable=False),
        sa.Column("remains", sa.SmallInteger, nullable=False),
    )
    op.create_index("ix_former_names_name_key", "former_names", ["name_key"])
    op.create_index("ix_former_names_skeleton", "former_names", ["skeleton"])
