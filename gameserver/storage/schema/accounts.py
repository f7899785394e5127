"""Accounts and their tokens.

Names and e-mail addresses are unique without case: the ``*_key`` columns hold the casefolded forms. Times are
milliseconds since 1970.
"""

import sqlalchemy as sa

from gameserver.storage.schema.metadata import metadata

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False, unique=True),
    # What the name looks like; none for accounts from before names had to look different.
    sa.Column("skeleton", sa.Text, unique=True),
    sa.Column("email", sa.Text),
    sa.Column("email_key", sa.Text, unique=True),
    sa.Column("password", sa.Text, nullable=False),
    # For clients that send a hash of the password made with a seed: the seed, and a slow hash of theirs.
    sa.Column("seeded", sa.Text),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False, index=True),
    sa.Column("motto", sa.Text, nullable=False),
    sa.Column("avatar", sa.Text),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger),
    # What was given out in an older epoch is refused.
    sa.Column("epoch", sa.Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

#: Names of accounts that have been deleted: nobody else has them until ``free_ms``, nor what looks like them.
former_names = sa.Table(
    "former_names",
    metadata,
    sa.Column("account", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False, index=True),
    sa.Column("skeleton", sa.Text, nullable=False, index=True),
    sa.Column("removed_ms", sa.BigInteger, nullable=False),
    sa.Column("free_ms", sa.BigInteger, nullable=False),
    # Where the name may still stand: in everything (2), in what was not over then (1), nowhere (0).
    sa.Column("remains", sa.SmallInteger, nullable=False),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("account", sa.Integer, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
)

#: Bans of accounts (``name:<key>``) and addresses (``address:<host>``), and mutes.
sanctions = sa.Table(
    "sanctions",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("since_ms", sa.BigInteger, nullable=False),
    sa.Column("until_ms", sa.BigInteger),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
