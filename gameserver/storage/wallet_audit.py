"""The audit: the books held against themselves, in one look at one moment, beside a running server."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gameserver.wallet.store import Audit

#: What must return no row: a sentence with a place for each column, and the query.
_CHECKS = (
    (
        "the accounts in {0} add up to {1} units, not to 0",
        "SELECT currency, SUM(balance) FROM wallet_accounts GROUP BY currency HAVING SUM(balance) <> 0",
    ),
    (
        "account {0} ({1} {2}) holds {3} units, its entries add up to {4}",
        "SELECT a.id, a.owner, a.currency, a.balance, COALESCE(SUM(e.amount), 0) FROM wallet_accounts a "
        "LEFT JOIN wallet_entries e ON e.account = a.id GROUP BY a.id, a.owner, a.currency, a.balance "
        "HAVING a.balance <> COALESCE(SUM(e.amount), 0)",
    ),
    (
        "account {0} ({1}) is below zero: {2} units",
        "SELECT id, owner, balance FROM wallet_accounts WHERE balance < 0 AND owner NOT IN ('house', 'mint')",
    ),
    (
        "transfer {0} has {1} entries that add up to {2}",
        "SELECT transfer, COUNT(*), SUM(amount) FROM wallet_entries GROUP BY transfer "
        "HAVING SUM(amount) <> 0 OR COUNT(*) <> 2",
    ),
    (
        "round {0} took {1} and paid {2} units, its entries say {3} and {4}",
        "SELECT r.id, r.stake, r.win, COALESCE(t.taken, 0), COALESCE(t.paid, 0) FROM wallet_rounds r "
        "LEFT JOIN (SELECT CAST(e.reference AS BIGINT) AS round, a.currency AS currency, "
        "SUM(CASE WHEN e.amount < 0 THEN -e.amount ELSE 0 END) AS taken, "
        "SUM(CASE WHEN e.amount > 0 THEN e.amount ELSE 0 END) AS paid FROM wallet_entries e "
        "JOIN wallet_accounts a ON a.id = e.account WHERE e.reference <> '' AND a.owner <> 'house' "
        "GROUP BY CAST(e.reference AS BIGINT), a.currency) t ON t.round = r.id AND t.currency = r.currency "
        "WHERE r.stake <> COALESCE(t.taken, 0) OR r.win <> COALESCE(t.paid, 0)",
    ),
    (
        "entries in {1} refer to round {0}, which is not there, or in another currency",
        "SELECT DISTINCT e.round, e.currency FROM (SELECT CAST(reference AS BIGINT) AS round, currency "
        "FROM wallet_entries JOIN wallet_accounts a ON a.id = account WHERE reference <> '') e "
        "LEFT JOIN wallet_rounds r ON r.id = e.round AND r.currency = e.currency WHERE r.id IS NULL",
    ),
    (
        "seed {0} counts {1} bets at nonce {2}, {3} rounds were drawn with it",
        "SELECT s.id, s.bets, s.nonce, COUNT(r.id) FROM wallet_seeds s LEFT JOIN wallet_rounds r ON r.seed = s.id "
        "GROUP BY s.id, s.bets, s.nonce HAVING s.bets <> COUNT(r.id) OR s.nonce <> s.bets",
    ),
    (
        "nonce {1} of seed {0} was used {2} times",
        "SELECT seed, nonce, COUNT(*) FROM wallet_rounds GROUP BY seed, nonce HAVING COUNT(*) > 1",
    ),
    (
        "player {0} has {2} seeds in use for {1}",
        "SELECT player, game, COUNT(*) FROM wallet_seeds WHERE revealed_ms IS NULL GROUP BY player, game "
        "HAVING COUNT(*) > 1",
    ),
)

#: Sentences of one kind that are listed.
_LISTED = 20


def audit(engine: sa.Engine) -> Audit:
    """Look at the books without holding anybody up: what is written meanwhile is not seen."""
    raw = engine.raw_connection()
    try:
        cursor: Any = raw.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("BEGIN")
        else:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        counts = [_count(cursor, table) for table in ("accounts", "entries", "rounds", "requests")]
        problems: list[str] = []
        for sentence, query in _CHECKS:
            cursor.execute(query)
            problems += [sentence.format(*row) for row in cursor.fetchmany(_LISTED)]
        cursor.close()
        return Audit(counts[0], counts[1], counts[2], counts[3], tuple(problems))
    finally:
        raw.rollback()
        raw.close()


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM wallet_{table}")
    return int(cursor.fetchone()[0])
