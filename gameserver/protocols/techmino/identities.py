"""Who somebody is: passwords and tokens, answered within the two seconds a client waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import attrs
from twisted.internet.defer import Deferred, DeferredLock, TimeoutError, ensureDeferred
from twisted.internet.interfaces import IReactorTime

from gameserver.accounts import Account, Accounts
from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.config import Techmino

T = TypeVar("T")

#: The kinds of tokens. A new one ends the older of its kind and account at once.
AUTH = "techmino-auth"
ACCESS = "techmino-access"

#: Those of generation 3: a ticket of the site; after a login with a password, one that opens and one that renews it.
TICKET = "techmino-ticket"
SESSION = "techmino-session"
REFRESH = "techmino-refresh"

#: Tokens of a kind that an account may have at once, if several: generation 3 has them in a file of each computer.
KEPT = {TICKET: 5, SESSION: 5, REFRESH: 5}

#: Seconds in which every request to upgrade is answered; the client waits 2.6.
ANSWER = 1.8

#: Seconds that an attempt after failed ones may be put off; who would have to wait longer is told so.
LOGIN_TIMEOUT = 1.0

#: The largest account number there can be.
LARGEST = 2**31 - 1


@attrs.frozen
class Identity:
    """Who somebody is; ``told`` is what Connect tells them besides, ``rid`` the stream they have asked for.

    ``node`` is the other one that has it; empty if it is here.
    """

    account: Account
    told: dict[str, object] = attrs.field(factory=dict)
    rid: str = ""
    node: str = ""


class Identities:
    """Recognises people and gives out tokens."""

    def __init__(self, clock: IReactorTime, config: Techmino, accounts: Accounts) -> None:
        self._clock = clock
        self._config = config
        self._accounts = accounts
        self._locks: dict[int, tuple[DeferredLock, int]] = {}

    async def in_time(self, work: Awaitable[T]) -> T:
        """Return the result of work. Raises ``GameError`` ``busy`` when it takes longer than a client waits."""

        async def run() -> T:
            return await work

        running: Deferred[T] = ensureDeferred(run())
        try:
            return await running.addTimeout(ANSWER, self._clock)
        except TimeoutError:
            raise GameError(Code.BUSY, "The server is busy; please try again.") from None

    async def by_password(self, name: str, password: str, address: str) -> Identity:
        """Check e-mail (or name) and password; a new authToken is given.

        Raises ``GameError`` ``bad_credentials``, ``banned``, ``too_fast``, ``busy``.
        """
        try:
            login = await self.login(name)
            account = await self._accounts.authenticate(login, password, address, LOGIN_TIMEOUT)
        except GameError as error:
            if error.code == Code.BAD_CREDENTIALS:
                raise GameError(Code.BAD_CREDENTIALS, "Email or Password is incorrect") from None
            raise
        token = await self.new_token(account, AUTH)
        return Identity(account, {"uid": account.id, "authToken": token})

    async def login(self, name: str) -> str:
        """Return the name or address of the account that somebody means.

        The clients' login screens take only what looks like an e-mail address. Who has none puts anything behind
        their name: ``anna@lan``.
        """
        before, at, _ = name.rpartition("@")
        if (
            not at
            or await self._accounts.by_email(name) is not None
            or await self._accounts.by_name(name) is not None
        ):
            return name
        return before

    async def by_token(self, uid: int, token: str, kind: str) -> Account:
        """Check uid and token; its life is prolonged.

        Raises ``GameError`` ``no_account``, ``bad_credentials``, ``token_expired``, ``banned``.
        """
        word = "Auth" if kind == AUTH else "Access"
        await self.account(uid)
        async with _Turn(self._locks, uid):
            try:
                account = await self._accounts.tokens.owner(kind, token)
                if account.id != uid:
                    raise GameError(Code.BAD_TOKEN, "")
                await self._accounts.tokens.owner(kind, token, self._lifetime(kind))
            except GameError as error:
                if error.code == Code.TOKEN_EXPIRED:
                    raise GameError(Code.TOKEN_EXPIRED, f"{word} Token is expired") from None
                if error.code == Code.BAD_TOKEN:
                    raise GameError(Code.BAD_CREDENTIALS, f"{word} Token is incorrect") from None
                raise
        return account

    async def owner(self, kind: str, token: str) -> Account:
        """Return whose token it is; its life is prolonged.

        Raises ``GameError`` ``bad_token``, ``token_expired``, ``banned``.
        """
        return await self._accounts.tokens.owner(kind, token, self._lifetime(kind))

    async def new_token(self, account: Account, kind: str) -> str:
        """Return a new token; the older ones end at once as ``KEPT`` says.

        Raises ``GameError`` ``banned`` or ``bad_token``.
        """
        async with _Turn(self._locks, account.id):
            return await self._accounts.tokens.issue(account, kind, self._lifetime(kind), KEPT.get(kind, 1))

    def _lifetime(self, kind: str) -> float:
        if kind in (TICKET, REFRESH):
            return self._config.ticket_lifetime
        return self._config.auth_lifetime if kind == AUTH else self._config.access_lifetime

    async def account(self, uid: int) -> Account:
        """Return an account by number. Raises ``GameError`` ``no_account``."""
        found = await self._accounts.by_id(uid) if uid <= LARGEST else None
        if found is None:
            raise GameError(Code.NO_ACCOUNT, f"ID not found: {uid}")
        return found

    async def register(
        self, name: str, email: str, password: str, address: str, wanted: Callable[[], bool]
    ) -> Account:
        """Make an account, unless it is not ``wanted`` any more. Raises ``GameError`` as ``Accounts.register``."""
        if not self._config.registration:
            raise GameError(Code.REGISTRATION_CLOSED, "Nobody can register here; ask the operator for an account.")
        return await self._accounts.register(name, password, email, address, wanted=wanted)


class _Turn:
    """One after the other for one account: a token being prolonged must not bring it back after a newer one."""

    def __init__(self, locks: dict[int, tuple[DeferredLock, int]], uid: int) -> None:
        self._locks = locks
        self._uid = uid

    async def __aenter__(self) -> None:
        lock, users = self._locks.get(self._uid) or (DeferredLock(), 0)
        self._locks[self._uid] = (lock, users + 1)
        try:
            await lock.acquire()
        except BaseException:
            self._left(lock)
            raise

    async def __aexit__(self, *_: object) -> None:
        lock = self._locks[self._uid][0]
        lock.release()
        self._left(lock)

    def _left(self, lock: DeferredLock) -> None:
        users = self._locks[self._uid][1] - 1
        if users:
            self._locks[self._uid] = (lock, users)
        else:
            del self._locks[self._uid]
