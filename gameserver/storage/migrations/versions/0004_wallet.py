"""Play money: balances, ledger, bets, seeds."""

revision = "0004_wallet"
down_revision = "0003_techmino"
branch_labels = None
depends_on = None


def upgrade() -> None:
    return
