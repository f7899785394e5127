"""What accounts need from storage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

import attrs

from gameserver.accounts.account import Account


@attrs.frozen
class StoredAccount:
    """An account with its password hash, and with what is kept for clients that hash it themselves (``seeded``)."""

    account: Account
    password: str
    seeded: str | None = None


@attrs.frozen
class StoredToken:
    """A token's owner and end; the token itself is kept as a hash only."""

    account: Account
    expires_ms: int


class AccountStore(Protocol):
    """Accounts and tokens on disk. Every method returns when the change is durable."""

    async def insert(self, account: Account, password: str, now_ms: int, seeded: str | None = None) -> Account:
        """Keep a new account (its ``id`` is ignored) and return it with its number.

        Raises ``GameError`` ``name_taken``, also for a name that looks like another or is not free yet, or
        ``email_taken``.
        """

    async def keep(
        self, number: int, account: Account, password: str, now_ms: int, free_ms: int, seeded: str | None = None
    ) -> Account | None:
        """Make a temporary account a lasting one that is otherwise like ``account``, and return it in a new epoch.

        All that is kept of it goes over to the new name; nobody has the old one until ``free_ms``. ``None`` if there
        is no such temporary account. Errors as ``insert``.
        """

    async def by_id(self, number: int) -> StoredAccount | None:
        """Find by number."""

    async def by_name(self, name: str) -> StoredAccount | None:
        """Find by name, without case."""

    async def alike(self, name: str) -> str | None:
        """Return the name of an account that is called so, or that looks like it (``sessions.names.skeleton``).

        The name of an account that has been removed counts until it is free.
        """

    async def by_email(self, email: str) -> StoredAccount | None:
        """Find by e-mail address, without case."""

    async def everybody(self) -> list[Account]:
        """Return all accounts by number."""

    async def search(self, text: str, limit: int) -> list[Account]:
        """Return accounts with a text in their name or e-mail address, without case, by name."""

    async def team_members(self, team: str) -> list[str]:
        """Return the names of a team's lasting members."""

    async def teams(self) -> list[str]:
        """Return the names of all teams that have members."""

    async def change(self, number: int, changes: Mapping[str, Any]) -> Account | None:
        """Keep some fields of an account and return it as it is then, ``None`` if there is none.

        What others have changed meanwhile in its other fields stays. Errors as ``insert``.
        """

    async def renew_hash(self, number: int, password: str, instead_of: str) -> bool:
        """Keep the same password in another hash while ``instead_of`` is what is kept; say whether it was kept."""

    async def keep_seeded(self, number: int, seeded: str, beside: str) -> bool:
        """Keep the form for clients that hash the password while ``beside`` is its hash; say whether it was kept."""

    async def raise_epoch(self, number: int, password: str | None = None, seeded: str | None = None) -> int | None:
        """Raise an account's epoch and forget its tokens, in one step with a new password in both forms if given.

        Return the new epoch, ``None`` if there is no such account.
        """

    async def remove(self, number: int, now_ms: int, free_ms: int) -> Account | None:
        """Forget an account with its tokens and return it, ``None`` if there is none.

        Nobody else has its name until ``free_ms``, and as long as that still stands in what is kept
        (``PersonalData.forget_former``).
        """

    async def epochs(self, numbers: Collection[int]) -> dict[int, int]:
        """Return the epochs of those of some accounts that are there."""

    async def put_token(
        self, account: int, epoch: int, kind: str, digest: str, expires_ms: int, keep: int = 1
    ) -> bool:
        """Keep a new token; of the others of its kind of the account those end first beyond ``keep`` in all.

        They end in the order of ``expires_ms``. Say whether the token was kept: not when the account is gone or in a
        later epoch.
        """

    async def prolong_token(self, kind: str, digest: str, expires_ms: int) -> bool:
        """Let a token end at another time; say whether it is there."""

    async def delete_token(self, kind: str, digest: str) -> bool:
        """Forget a token; say whether it was there, which it is for one asker alone."""

    async def token(self, kind: str, digest: str) -> StoredToken | None:
        """Find a token by its hash."""

    async def delete_expired(self, now_ms: int) -> int:
        """Forget temporary accounts and tokens whose time is over; return how many accounts. Names become free."""

    async def newest_temporary(self) -> str | None:
        """Return the name of the temporary account that was made last, ``None`` if there is none."""
