"""Play money: balances, a double-entry ledger, bets, the seeds they are drawn with, idempotent requests."""
