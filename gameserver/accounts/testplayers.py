"""Test players: accounts that anybody may have made for them, and that go away by themselves."""

from __future__ import annotations

import re
import secrets

from twisted.internet.interfaces import IReactorTime

from gameserver.accounts.account import Account
from gameserver.accounts.password_pool import PasswordPool
from gameserver.accounts.store import AccountStore
from gameserver.errors import Code, GameError
from gameserver.reactor import wall
from gameserver.sessions.addresses import network_of
from gameserver.sessions.limits import Meters

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_NAME = re.compile(r"tempUser([0-9]+)")


class TestPlayers:
    """Makes them, in a ``team``, for so many ``hours``; ``limit`` says how many an address may make."""

    #: It is no test, whatever a test runner takes it for.
    __test__ = False

    def __init__(
        self,
        store: AccountStore,
        passwords: PasswordPool,
        clock: IReactorTime,
        team: str,
        hours: int,
        limit: Meters | None,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._team = team
        self._hours = hours
        self.limit = limit

    async def make(self, address: str = "") -> tuple[Account, str]:
        """Make a test player that goes away after its hours; return the account and its password.

        Their numbers go on from the one made last: nobody gets the name of somebody who has just gone. Raises
        ``GameError`` ``too_many_requests`` or ``busy``.
        """
        take(self.limit, address, self._clock, "Too many test players from your address: wait a little.")
        password = "".join(secrets.choice(_ALPHABET) for _ in range(6))
        hashed = await self._passwords.hash(password, network_of(address))
        now_ms = int(wall(self._clock) * 1000)
        newest = _NAME.fullmatch(await self._store.newest_temporary() or "")
        number = int(newest[1]) + 1 if newest else 0
        while True:
            expires_ms = now_ms + self._hours * 3_600_000
            account = Account(0, f"tempUser{number}", None, "player", self._team, expires_ms=expires_ms)
            try:
                return await self._store.insert(account, hashed, now_ms), password
            except GameError as error:
                if error.code != Code.NAME_TAKEN:
                    raise
                number += 1


def take(limit: Meters | None, address: str, clock: IReactorTime, refusal: str) -> None:
    """Count something against an address. Raises ``GameError`` ``too_many_requests`` with ``refusal``."""
    if limit is not None and not limit.pour(network_of(address), clock.seconds()):
        raise GameError(Code.TOO_MANY_REQUESTS, refusal)
