"""Accounts without a database and passwords without threads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import attrs
from twisted.internet.defer import Deferred, succeed

from gameserver.accounts.account import Account
from gameserver.accounts.passwords import canonical
from gameserver.accounts.personal_data import Sections
from gameserver.accounts.store import StoredAccount, StoredToken
from gameserver.errors import Code, GameError
from gameserver.sessions.names import skeleton
from gameserver.sessions.players import name_key


class MemoryAccounts:
    """An ``AccountStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        self._kept: dict[int, StoredAccount] = {}
        #: Account, kind and end by hash.
        self._tokens: dict[str, tuple[int, str, int]] = {}
        self._next = 0
        #: When the names of removed accounts are free.
        self._former: dict[str, int] = {}

    async def insert(self, account: Account, password: str, now_ms: int, seeded: str | None = None) -> Account:
        """See ``AccountStore``."""
        self._check_unique(account, 0)
        self._next += 1
        kept = attrs.evolve(account, id=self._next)
        self._kept[kept.id] = StoredAccount(kept, password, seeded)
        return kept

    async def keep(
        self, number: int, account: Account, password: str, now_ms: int, free_ms: int, seeded: str | None = None
    ) -> Account | None:
        """See ``AccountStore``."""
        old = self._kept.get(number)
        if old is None or not old.account.temporary:
            return None
        self._check_unique(account, 0)
        kept = attrs.evolve(account, id=number, epoch=old.account.epoch + 1)
        self._kept[number] = StoredAccount(kept, password, seeded)
        self._tokens = {digest: token for digest, token in self._tokens.items() if token[0] != number}
        self._former[old.account.name] = free_ms
        return kept

    async def by_id(self, number: int) -> StoredAccount | None:
        """See ``AccountStore``."""
        return self._kept.get(number)

    async def by_name(self, name: str) -> StoredAccount | None:
        """See ``AccountStore``."""
        found = [kept for kept in self._kept.values() if name_key(kept.account.name) == name_key(name)]
        return found[0] if found else None

    async def alike(self, name: str) -> str | None:
        """See ``AccountStore``."""
        same = await self.by_name(name)
        if same is not None:
            return same.account.name
        shape = skeleton(name)
        names = [*(one.name for one in await self.everybody()), *self._former]
        return next((one for one in names if skeleton(one) == shape), None)

    async def by_email(self, email: str) -> StoredAccount | None:
        """See ``AccountStore``."""
        wanted = email.casefold()
        found = [kept for kept in self._kept.values() if (kept.account.email or "").casefold() == wanted]
        return found[0] if found and wanted else None

    async def everybody(self) -> list[Account]:
        """See ``AccountStore``."""
        return [kept.account for kept in self._kept.values()]

    async def search(self, text: str, limit: int) -> list[Account]:
        """See ``AccountStore``."""
        key = name_key(text)
        found = [
            one for one in await self.everybody() if key in name_key(one.name) or key in name_key(one.email or "")
        ]
        return sorted(found, key=lambda one: name_key(one.name))[:limit]

    async def team_members(self, team: str) -> list[str]:
        """See ``AccountStore``."""
        return [a.name for a in await self.everybody() if a.team == team and not a.temporary]

    async def teams(self) -> list[str]:
        """See ``AccountStore``."""
        return sorted({account.team for account in await self.everybody()})

    async def change(self, number: int, changes: Mapping[str, Any]) -> Account | None:
        """See ``AccountStore``."""
        old = self._kept.get(number)
        if old is None:
            return None
        account = attrs.evolve(old.account, **changes)
        self._check_unique(account, number)
        self._kept[number] = attrs.evolve(old, account=account)
        return account

    async def renew_hash(self, number: int, password: str, instead_of: str) -> bool:
        """See ``AccountStore``."""
        old = self._kept.get(number)
        if old is None or instead_of != old.password:
            return False
        self._kept[number] = attrs.evolve(old, password=password)
        return True

    async def keep_seeded(self, number: int, seeded: str, beside: str) -> bool:
        """See ``AccountStore``."""
        old = self._kept.get(number)
        if old is None or beside != old.password:
            return False
        self._kept[number] = attrs.evolve(old, seeded=seeded)
        return True

    async def raise_epoch(self, number: int, password: str | None = None, seeded: str | None = None) -> int | None:
        """See ``AccountStore``."""
        old = self._kept.get(number)
        if old is None:
            return None
        account = attrs.evolve(old.account, epoch=old.account.epoch + 1)
        kept = (old.password, old.seeded) if password is None else (password, seeded)
        self._kept[number] = StoredAccount(account, *kept)
        self._tokens = {digest: token for digest, token in self._tokens.items() if token[0] != number}
        return account.epoch

    async def remove(self, number: int, now_ms: int, free_ms: int) -> Account | None:
        """See ``AccountStore``."""
        kept = self._kept.pop(number, None)
        if kept is None:
            return None
        self._former[kept.account.name] = free_ms
        self._tokens = {digest: token for digest, token in self._tokens.items() if token[0] != number}
        return kept.account

    async def epochs(self, numbers: Collection[int]) -> dict[int, int]:
        """See ``AccountStore``."""
        return {number: self._kept[number].account.epoch for number in numbers if number in self._kept}

    async def put_token(
        self, account: int, epoch: int, kind: str, digest: str, expires_ms: int, keep: int = 1
    ) -> bool:
        """See ``AccountStore``."""
        kept = self._kept.get(account)
        if kept is None or kept.account.epoch != epoch:
            return False
        others = [key for key, token in self._tokens.items() if token[:2] == (account, kind)]
        others.sort(key=lambda key: self._tokens[key][2], reverse=True)
        for key in others[keep - 1 :]:
            del self._tokens[key]
        self._tokens[digest] = (account, kind, expires_ms)
        return True

    async def prolong_token(self, kind: str, digest: str, expires_ms: int) -> bool:
        """See ``AccountStore``."""
        found = self._tokens.get(digest)
        if found is None or found[1] != kind:
            return False
        self._tokens[digest] = (found[0], kind, expires_ms)
        return True

    async def delete_token(self, kind: str, digest: str) -> bool:
        """See ``AccountStore``."""
        there = self._tokens.get(digest, (0, ""))[1] == kind
        if there:
            del self._tokens[digest]
        return there

    async def token(self, kind: str, digest: str) -> StoredToken | None:
        """See ``AccountStore``."""
        number, of, expires_ms = self._tokens.get(digest, (0, "", 0))
        return StoredToken(self._kept[number].account, expires_ms) if of == kind else None

    async def delete_expired(self, now_ms: int) -> int:
        """See ``AccountStore``."""
        gone = [n for n, kept in self._kept.items() if kept.account.expires_ms and kept.account.expires_ms <= now_ms]
        for number in gone:
            del self._kept[number]
        self._former = {name: free_ms for name, free_ms in self._former.items() if free_ms > now_ms}
        self._tokens = {
            digest: token for digest, token in self._tokens.items() if token[2] > now_ms and token[0] in self._kept
        }
        return len(gone)

    async def newest_temporary(self) -> str | None:
        """See ``AccountStore``."""
        names = [account.name for account in await self.everybody() if account.temporary]
        return names[-1] if names else None

    def _check_unique(self, account: Account, own: int) -> None:
        if not own and any(skeleton(name) == skeleton(account.name) for name in self._former):
            raise GameError(Code.NAME_TAKEN, "This name is taken.")
        for kept in self._kept.values():
            if kept.account.id == own:
                continue
            same = name_key(kept.account.name) == name_key(account.name)
            if same or (not own and skeleton(kept.account.name) == skeleton(account.name)):
                raise GameError(Code.NAME_TAKEN, "This name is taken.")
            if account.email and (kept.account.email or "").casefold() == account.email.casefold():
                raise GameError(Code.EMAIL_TAKEN, "This e-mail address is taken.")


class NoPersonalData:
    """A ``PersonalData`` of stores that know nobody."""

    async def export(self, number: int, latest: int | None = None) -> Sections | None:
        """See ``PersonalData``."""
        return None

    async def forget_former(self) -> bool:
        """See ``PersonalData``."""
        return False


class PlainPasswords:
    """Keeps passwords as they are (canonical form), at once: for tests that are not about hashing."""

    def hash(self, password: str, address: str = "") -> Deferred[str]:
        """Fire with the text to keep."""
        return succeed("plain:" + canonical(password))

    def matches(self, kept: str | None, password: str, address: str = "") -> Deferred[bool]:
        """Fire with whether a password fits what is kept."""
        return succeed(kept == "plain:" + canonical(password))

    def outdated(self, kept: str) -> bool:
        """Nothing is ever outdated."""
        return False
