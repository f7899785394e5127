"""What names look like: two accounts cannot be taken for each other any more.

Of older accounts that look alike the first keeps its look; the others have none and stay as they are.
"""

import sqlalchemy as sa
from alembic import op

from gameserver.sessions.names import skeleton

revision = "0005_skeletons"
down_revision = "0004_wallet"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("skeleton", sa.Text))
    accounts = sa.table("accounts", sa.column("id"), sa.column("name"), sa.column("skeleton"))
    connection = op.get_bind()
    seen: set[str] = set()
    for number, name in connection.execute(sa.select(accounts.c.id, accounts.c.name).order_by(accounts.c.id)).all():
        shape = skeleton(name)
        if shape not in seen:
            seen.add(shape)
            connection.execute(accounts.update().where(accounts.c.id == number).values(skeleton=shape))
    op.create_index("uq_accounts_skeleton", "accounts", ["skeleton"], unique=True)
