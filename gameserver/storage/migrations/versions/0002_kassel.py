"""Kassel: maps, matches, achievements."""

revision = "0002_kassel"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    return
