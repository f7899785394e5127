"""Techmino: rounds and their replays."""

revision = "0003_techmino"
down_revision = "0002_kassel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    return
