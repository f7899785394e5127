"""Who hosts a match, since which take-over, and which nodes there are."""

import sqlalchemy as sa
from alembic import op

revision = "0007_owners"
down_revision = "0006_epochs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("matches", "host", new_column_name="owner")
    op.add_column("matches", sa.Column("epoch", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "nodes",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("heard_ms", sa.BigInteger, nullable=False),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("started_ms", sa.BigInteger, nullable=False),
        sa.Column("sessions", sa.Integer, nullable=False),
    )
    # Two nodes could each have an open game of one name. The newest keeps it, the others end as they are.
    matches = sa.table("matches", *(sa.column(name) for name in ("id", "kind", "name", "created_ms", "finished_ms")))
    newer = matches.alias("newer")
    same = sa.and_(newer.c.kind == matches.c.kind, newer.c.name == matches.c.name, newer.c.id > matches.c.id)
    twin = sa.exists().where(same, newer.c.finished_ms.is_(None))
    op.execute(matches.update().where(matches.c.finished_ms.is_(None), twin).values(finished_ms=matches.c.created_ms))
    unfinished = sa.text("finished_ms IS NULL")
    op.create_index(
        "ix_matches_open",
        "matches",
        ["kind", "name"],
        unique=True,
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
