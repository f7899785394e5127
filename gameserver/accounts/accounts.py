"""The account store as the protocols use it: one account works at every protocol."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

from gameserver.accounts.account import Account, check_email, check_team
from gameserver.accounts.address_lines import AddressLines, Wanted
from gameserver.accounts.names import check_name
from gameserver.accounts.password_pool import PasswordPool
from gameserver.accounts.password_rules import SHORTEST, check_any_password, check_password
from gameserver.accounts.reset_links import ResetLinks
from gameserver.accounts.seeded import SeededPasswords
from gameserver.accounts.store import AccountStore, StoredAccount
from gameserver.accounts.testplayers import TestPlayers, take
from gameserver.accounts.tokens import Tokens
from gameserver.errors import Code, GameError
from gameserver.reactor import wall
from gameserver.sessions.addresses import network_of
from gameserver.sessions.limits import Meters
from gameserver.sessions.login_delay import LoginDelay
from gameserver.sessions.players import Player, name_key
from gameserver.sessions.shared_limits import Limit

#: Logins of one address that are checked at the same time, and guesses at one name that may wait at the same time.
AT_ONCE = 16

#: Accounts that are made at the same time for one address: each asks the store, and every answer is work for all.
AT_ONCE_REGISTERING = 4

#: Days for which nobody else gets the name of an account that has been removed.
NAME_KEPT_DAYS = 90

TOO_MANY_ACCOUNTS = "Too many accounts from your address; please wait a minute."


class Accounts:
    """Registers and recognises people; ``tokens`` stand for those who have been, ``testplayers`` are for a day.

    ``registrations`` and ``testplayers`` say how many accounts and test players an address may make, whatever
    protocol it asks by; without, there is no limit. ``shortest`` is the length of the shortest password. ``secret``
    makes the seeds of addresses nobody has; without, they are others in each process. ``admit`` raises ``GameError``
    ``banned`` for who may not come in; moderation is joined to it.
    """

    def __init__(
        self,
        store: AccountStore,
        passwords: PasswordPool,
        clock: IReactorTime,
        delays: LoginDelay,
        team: str = "SE",
        registration: bool = True,
        temporary_hours: int = 24,
        registrations: Meters | None = None,
        testplayers: Meters | None = None,
        shortest: int = SHORTEST,
        secret: bytes = b"",
        name_kept_days: int = NAME_KEPT_DAYS,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._delays = delays
        self._team = team
        self._registrations = registrations
        self._shortest = shortest
        self._name_kept_days = name_kept_days
        self.admit: Callable[[Player], None] = lambda _player: None
        self.tokens = Tokens(store, clock, lambda player: self.admit(player))
        self.testplayers = TestPlayers(store, passwords, clock, team, temporary_hours, testplayers)
        self.reset_links = ResetLinks(self.tokens, shortest, self.change_password)
        #: Who from an address is being checked, or makes an account; the others of that address wait.
        self._lines = AddressLines(AT_ONCE)
        self._registering = AddressLines(AT_ONCE_REGISTERING)
        self.registration = registration
        self._seeded = SeededPasswords(passwords, secret or secrets.token_bytes(32))

    def limits(self) -> dict[str, Limit]:
        """Return the limits of an address and a name, by names of their own."""
        found = {
            "failures": self._delays,
            "registrations": self._registrations,
            "testplayers": self.testplayers.limit,
        }
        return {name: limit for name, limit in found.items() if limit is not None}

    @property
    def _now_ms(self) -> int:
        return int(wall(self._clock) * 1000)

    @property
    def _free_ms(self) -> int:
        """When a name that is given up now is free."""
        return self._now_ms + self._name_kept_days * 86_400_000

    async def register(
        self,
        name: str,
        password: str,
        email: str | None = None,
        address: str = "",
        *,
        own_rule: bool = False,
        wanted: Wanted = lambda: True,
        guest: Account | None = None,
    ) -> Account:
        """Make an account for somebody who asks for it themselves, from an address.

        With ``own_rule`` the protocol has checked the password by a rule of its document's. ``wanted`` says whether
        anybody still waits for the answer. What a ``guest``, a test player, has done so far is the new account's, and
        their sessions and tokens end.

        Raises ``GameError``: ``registration_closed``, ``bad_name``, ``bad_email``, ``bad_password``,
        ``name_taken``, ``email_taken``, ``too_many_requests``, ``busy``; ``closed`` for who has gone meanwhile;
        ``no_account`` for a guest who is none (any more).
        """
        if not self.registration:
            raise GameError(Code.REGISTRATION_CLOSED, "Nobody can register here; ask the operator for an account.")

        home, limit = network_of(address), self._registrations
        if limit is not None and not limit.has_room(home, self._clock.seconds()):
            # Before anything that costs more than to say so.
            raise GameError(Code.TOO_MANY_REQUESTS, TOO_MANY_ACCOUNTS)

        async def turn() -> Account:
            await self._check(name, password, email, own_rule=own_rule)
            take(limit, address, self._clock, TOO_MANY_ACCOUNTS)
            return await self._insert(Account(0, name, email, "player", self._team), password, address, guest)

        return await self._registering.run(home, wanted, turn)

    async def create(
        self,
        name: str,
        password: str,
        email: str | None = None,
        role: str = "player",
        team: str | None = None,
    ) -> Account:
        """Make an account as the operator, even where people may not register themselves.

        Raises ``GameError`` ``bad_team``, and as ``register``.
        """
        team = team or self._team
        check_team(team)
        await self._check(name, password, email)
        return await self._insert(Account(0, name, email, role, team), password)

    async def _check(self, name: str, password: str, email: str | None, *, own_rule: bool = False) -> None:
        check_name(name)
        if own_rule:
            check_any_password(password)
        else:
            check_password(password, name, self._shortest)
        if email is not None:
            check_email(email)
        # Asked before the expensive hash; the store decides for good.
        if await self._store.alike(name) is not None:
            raise GameError(Code.NAME_TAKEN, "This name is taken.")

    async def _insert(
        self, account: Account, password: str, address: str = "", guest: Account | None = None
    ) -> Account:
        network = network_of(address)
        hashed = await self._passwords.hash(password, network)
        # Clients that hash the password themselves log in by the address only.
        own = await self._seeded.made(password, network) if account.email is not None else None
        if guest is None:
            return await self._store.insert(account, hashed, self._now_ms, own)
        kept = await self._store.keep(guest.id, account, hashed, self._now_ms, self._free_ms, own)
        if kept is None:
            raise _no_account()
        return kept

    async def seed(self, email: str) -> str:
        """Return the seed with which a client hashes the password of an address; of one nobody has, too."""
        return self._seeded.seed(await self._found(email), email)

    async def keep_seeded(self, number: int, password: str, address: str = "", wanted: Wanted = lambda: True) -> None:
        """Let clients in that send a hash of the password (``accounts.seeded``), from now on.

        Raises ``GameError`` ``no_account``; ``bad_credentials`` for a wrong password, or a digest of the right one.
        """
        hashed = await self.confirm(number, password, address, wanted)
        own = await self._seeded.made(password, network_of(address))
        if own is None or not await self._store.keep_seeded(number, own, hashed):
            raise GameError(Code.BAD_CREDENTIALS, "Give the password as you type it.")

    async def confirm(self, number: int, password: str, address: str = "", wanted: Wanted = lambda: True) -> str:
        """Let somebody show that they know the password of their account, whose token is not enough for what comes.

        Return its hash. Raises ``GameError`` ``no_account``, or as ``authenticate``.
        """
        kept = await self._store.by_id(number)
        if kept is None:
            raise _no_account()
        await self.authenticate(kept.account.name, password, address, wanted=wanted)
        # Looked at again: the hash may have been made anew, and a browser's token stands for the password above.
        kept = await self._store.by_id(number)
        if kept is None or not await self._passwords.matches(kept.password, password, network_of(address)):
            raise GameError(Code.BAD_CREDENTIALS, "Give the password as you type it.")
        return kept.password

    async def authenticate(
        self,
        login: str,
        password: str,
        address: str = "",
        timeout: float | None = None,
        wanted: Wanted = lambda: True,
        *,
        as_seeded: bool = False,
    ) -> Account:
        """Return the account of a name or e-mail address after its password has been checked.

        With ``as_seeded`` it is the hash that a client has made with the account's ``seed``; else the token of a
        browser that is logged in to the site stands for it as well (``Tokens.by_login``).

        Repeated failures make the answer later, never impossible. ``timeout`` are the seconds that a protocol's
        clients wait: who would have to wait longer is told so at once, and has not guessed. ``wanted`` says whether
        anybody still waits for the answer. Raises ``GameError`` ``bad_credentials`` (unknown or wrong, not told
        apart), ``banned`` (only to who knows the password), ``too_fast`` or ``busy``.
        """
        # One place is one place in line and one turn of hashing, however many addresses it has.
        address = network_of(address)
        name, delays = name_key(login), self._delays
        delay = delays.reserve(name, address, AT_ONCE * delays.longest if timeout is None else timeout)
        if delay is None:
            raise GameError(Code.TOO_FAST, "Too many failed logins; please wait a moment.")
        if delay:
            await deferLater(self._clock, delay)
        try:
            return await self._in_line(
                address, wanted, lambda: self._checked(login, password, address, wanted, as_seeded)
            )
        except GameError as error:
            if error.code == Code.BUSY:
                # Not looked at, so not a failure.
                delays.give_back(name, address)
            raise

    async def _in_line(self, address: str, wanted: Wanted, check: Callable[[], Awaitable[Account]]) -> Account:
        async def turn() -> Account:
            if address and (delay := self._delays.of_address(address)):
                await deferLater(self._clock, delay)
            return await check()

        return await self._lines.run(address, wanted, turn)

    async def _found(self, login: str) -> StoredAccount | None:
        """Return the account of a name or e-mail address that has not expired."""
        kept = await self._store.by_email(login) if "@" in login else None
        # A name may have an "@" too.
        kept = kept or await self._store.by_name(login)
        if kept is not None and kept.account.expires_ms is not None and kept.account.expires_ms <= self._now_ms:
            return None
        return kept

    async def _checked(self, login: str, password: str, address: str, wanted: Wanted, as_seeded: bool) -> Account:
        if not wanted():
            raise GameError(Code.CLOSED, "The connection has ended.")
        account = None if as_seeded else await self.tokens.by_login(login, password)
        if account is not None:
            self._delays.succeeded(name_key(login), address)
            return account
        kept = await self._found(login)
        hashed = kept.password if kept is not None else None
        if as_seeded:
            hashed = self._seeded.hashed(kept)
        fits = await self._passwords.matches(hashed, password, address)
        if not fits or kept is None:
            self._delays.failed(address)
            raise GameError(Code.BAD_CREDENTIALS, "Unknown name or wrong password.")
        self._delays.succeeded(name_key(login), address)
        if not as_seeded and self._passwords.outdated(kept.password):
            hashed = await self._passwords.hash(password, address)
            # Not over a new password that was given meanwhile.
            await self._store.renew_hash(kept.account.id, hashed, instead_of=kept.password)
        self.admit(kept.account.player)
        return kept.account

    async def guest(self, name: str) -> Player:
        """Return a guest of that name. Raises ``GameError`` ``bad_name``, or ``name_taken`` if it is registered."""
        check_name(name)
        found = await self._store.alike(name)
        if found is not None and name_key(found) == name_key(name):
            if await self._store.by_name(name) is None:
                raise GameError(Code.NAME_TAKEN, "This name was somebody's and is not free yet; take another.")
            raise GameError(Code.NAME_TAKEN, "This name is registered; log in with its password.")
        if found is not None:
            raise GameError(Code.NAME_TAKEN, "A registered name looks like this one; take another.")
        return Player(name)

    async def by_id(self, number: int) -> Account | None:
        """Find an account by number."""
        found = await self._store.by_id(number)
        return found.account if found else None

    async def by_name(self, name: str) -> Account | None:
        """Find an account by name, without case."""
        found = await self._store.by_name(name)
        return found.account if found else None

    async def by_email(self, email: str) -> Account | None:
        """Find an account by e-mail address, without case."""
        found = await self._store.by_email(email)
        return found.account if found else None

    async def everybody(self) -> list[Account]:
        """Return all accounts."""
        return await self._store.everybody()

    async def search(self, text: str, limit: int) -> list[Account]:
        """Return accounts with a text in their name or e-mail address, by name."""
        return await self._store.search(text, limit)

    async def teams(self) -> list[str]:
        """Return the names of all teams that have members."""
        return await self._store.teams()

    async def team_members(self, team: str) -> list[str]:
        """Return the names of a team's lasting members."""
        return await self._store.team_members(team)

    async def change_password(self, number: int, password: str) -> int:
        """Give an account a new password and return its new epoch: all its tokens and older sessions end.

        Raises ``GameError`` ``bad_password``, ``no_account``, ``busy``.
        """
        account = await self.by_id(number)
        if account is None:
            raise _no_account()
        check_password(password, account.name, self._shortest)
        hashed = await self._passwords.hash(password)
        return await self._raised(
            number, hashed, await self._seeded.made(password) if account.email is not None else None
        )

    async def revoke(self, number: int) -> int:
        """End an account's tokens and sessions and return its new epoch. Raises ``GameError`` ``no_account``."""
        return await self._raised(number)

    async def remove(self, number: int) -> Account:
        """Forget an account for good and return it as it was. Raises ``GameError`` ``no_account``.

        Its tokens end; its sessions when the sanctions are looked at next (``Moderation.refresh``). Its name is not
        free at once.
        """
        removed = await self._store.remove(number, self._now_ms, self._free_ms)
        if removed is None:
            raise _no_account()
        return removed

    async def _raised(self, number: int, hashed: str | None = None, own: str | None = None) -> int:
        epoch = await self._store.raise_epoch(number, hashed, own)
        if epoch is None:
            raise _no_account()
        return epoch

    async def epochs(self, numbers: Collection[int]) -> dict[int, int]:
        """Return the epochs of those of some accounts that are there."""
        return await self._store.epochs(numbers)

    async def change(self, number: int, changes: Mapping[str, Any]) -> Account:
        """Change role, team, motto, avatar or e-mail of an account and return it.

        Raises ``GameError`` ``no_account``, ``bad_team``, ``bad_email``, ``email_taken``.
        """
        if "team" in changes:
            check_team(changes["team"])
        if changes.get("email") is not None:
            check_email(changes["email"])
        changed = await self._store.change(number, changes)
        if changed is None:
            raise _no_account()
        return changed

    async def sweep(self) -> int:
        """Forget temporary players and tokens whose time is over; return how many players."""
        return await self._store.delete_expired(self._now_ms)


def _no_account() -> GameError:
    return GameError(Code.NO_ACCOUNT, "There is no such account.")
