"""Accounts by the thousand for the server's data directory, made before it starts.

Each is a copy of one that the operator's command has made, with the same password: a hash for each of them would take
longer than the measurement.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path

DAY_MS = 86_400_000
#: What must be different, and what a copy does not have.
NAMES, EMPTY = ("name", "name_key", "skeleton"), ("id", "email", "email_key")


def copies(data: Path, count: int, of: str = "anne", prefix: str = "member") -> range:
    """Add accounts ``member00000`` and so on, and return their ids."""
    with closing(_database(data)) as database, database:
        database.row_factory = sqlite3.Row
        row = dict(database.execute("SELECT * FROM accounts WHERE name = ?", (of,)).fetchone())
        (last,) = database.execute("SELECT max(id) FROM accounts").fetchone()
        columns = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join(f":{column}" for column in row)
        ids = range(last + 1, last + 1 + count)
        rows = (
            row | dict.fromkeys(EMPTY) | {"id": number} | dict.fromkeys(NAMES, f"{prefix}{number - last - 1:05}")
            for number in ids
        )
        database.executemany(f"INSERT INTO accounts ({columns}) VALUES ({marks})", rows)
    return ids


def tokens(data: Path, kind: str, accounts: range) -> list[str]:
    """Give each of the accounts a token of a kind, for a day."""
    made = [secrets.token_hex(32) for _ in accounts]
    until = int(time.time() * 1000) + DAY_MS
    with closing(_database(data)) as database, database:
        database.executemany(
            "INSERT INTO tokens (hash, account, kind, expires_ms) VALUES (?, ?, ?, ?)",
            [
                (hashlib.sha256(token.encode()).hexdigest(), account, kind, until)
                for token, account in zip(made, accounts, strict=True)
            ],
        )
    return made


def _database(data: Path) -> sqlite3.Connection:
    return sqlite3.connect(data / "gameserver.db")
