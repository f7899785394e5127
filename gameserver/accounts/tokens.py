"""Tokens: random texts that stand for an account for some time. Only a hash of each is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime

from gameserver.accounts.account import Account
from gameserver.accounts.store import AccountStore, StoredToken
from gameserver.errors import Code, GameError
from gameserver.reactor import wall
from gameserver.sessions.players import Player, name_key

#: The kind that the site gives to a browser. It opens the pages, and at every protocol it stands for the password.
LOGIN = "web"

#: Browsers in which an account may be logged in; who logs in by one more is out in the one used longest ago.
LOGINS = 20

#: Seconds for which a browser stays logged in that is not used: of a player, and of who may act against others.
LOGIN_LIFETIME = 30 * 86400
STAFF_LIFETIME = 12 * 3600

#: The share of its lifetime that a login has left when it is prolonged.
PROLONGED_BELOW = 0.95

_TOKEN = re.compile(r"[0-9a-f]{64}")


class Tokens:
    """Hands out tokens and says whose they are. ``admit`` raises ``GameError`` ``banned`` for who may not come in."""

    def __init__(self, store: AccountStore, clock: IReactorTime, admit: Callable[[Player], None]) -> None:
        self._store = store
        self._clock = clock
        self._admit = admit

    @property
    def _now_ms(self) -> int:
        return int(wall(self._clock) * 1000)

    async def issue(self, account: Account, kind: str, lifetime: float, keep: int = 1) -> str:
        """Return a new token of an account. ``lifetime`` in seconds; none outlives its account.

        An account has ``keep`` of a kind at most: the older ones end at once. Raises ``GameError`` ``banned``, or
        ``bad_token`` if the account has come into another epoch since it was recognised.
        """
        token = secrets.token_hex(32)
        self._admit(account.player)
        until = self._end(account, lifetime)
        if not await self._store.put_token(account.id, account.epoch, kind, _digest(token), until, keep):
            raise _bad_token()
        return token

    async def owner(self, kind: str, token: str, prolong: float | None = None) -> Account:
        """Return the account a token belongs to; ``prolong`` gives it that many seconds from now.

        Raises ``GameError`` ``bad_token``, ``token_expired`` or ``banned``.
        """
        account = (await self._found(kind, token)).account
        if prolong is not None:
            until = self._end(account, prolong)
            if not await self._store.prolong_token(kind, _digest(token), until):
                raise _bad_token()
        return account

    async def _found(self, kind: str, token: str) -> StoredToken:
        found = await self._store.token(kind, _digest(token))
        if found is None:
            raise _bad_token()
        if found.expires_ms <= self._now_ms:
            raise GameError(Code.TOKEN_EXPIRED, "This token has expired.")
        self._admit(found.account.player)
        return found

    async def end(self, kind: str, token: str) -> bool:
        """Let a token end; say whether it was one. Of several who end the same at once one is told so."""
        return await self._store.delete_token(kind, _digest(token))

    async def issue_login(self, account: Account) -> tuple[str, float]:
        """Return a token for a browser, and the seconds it is good for if it is not used. Errors as ``issue``."""
        lifetime = _login_lifetime(account)
        return await self.issue(account, LOGIN, lifetime, LOGINS), lifetime

    async def by_login(self, login: str, token: str) -> Account | None:
        """Return the account that logs in with a browser's token for a password, ``None`` if it is none of theirs.

        The token is good for its whole lifetime again, or nearly. Raises ``GameError`` ``banned``.
        """
        if not _TOKEN.fullmatch(token):
            return None
        try:
            found = await self._found(LOGIN, token)
            account = found.account
            if name_key(login) != name_key(account.name) and login.casefold() != (account.email or "").casefold():
                return None
            lifetime = _login_lifetime(account)
            # Every page logs in: what a little more time is worth is no write for each.
            if found.expires_ms - self._now_ms < lifetime * 1000 * PROLONGED_BELOW:
                return await self.owner(LOGIN, token, lifetime)
            return account
        except GameError as error:
            if error.code in (Code.BAD_TOKEN, Code.TOKEN_EXPIRED):
                return None
            raise

    def _end(self, account: Account, lifetime: float) -> int:
        until = self._now_ms + int(lifetime * 1000)
        return until if account.expires_ms is None else min(until, account.expires_ms)


def _login_lifetime(account: Account) -> float:
    return LOGIN_LIFETIME if account.role == "player" else STAFF_LIFETIME


def _bad_token() -> GameError:
    return GameError(Code.BAD_TOKEN, "This token is not valid.")


def _digest(token: str) -> str:
    # Tokens are 256 random bits, so a plain hash cannot be guessed backwards.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
