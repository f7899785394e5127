"""Signing up and logging in on the site. The token is for the site's own pages; protocols have their own logins."""

from __future__ import annotations

import msgspec
from twisted.internet.interfaces import IReactorTime
from twisted.web.server import Request

from gameserver.accounts import Account, Accounts
from gameserver.errors import GameError
from gameserver.sessions.limits import Meter
from gameserver.sessions.manager import SessionManager
from gameserver.web.json_resource import JsonResource, address, bearer, body

#: The kind of token and how long it opens the pages, in seconds.
TOKEN = "web"
TOKEN_LIFETIME = 12 * 3600

#: Sign-ups from one address: a burst, then one a minute. At most this many addresses are remembered.
SIGNUP_BURST = 10
ADDRESSES = 10_000


class SignUp(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/accounts``."""

    name: str
    password: str
    email: str | None = None


class LogIn(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /api/login``."""

    name: str
    password: str


class People:
    """Makes the resources and recognises who asks."""

    def __init__(self, accounts: Accounts, sessions: SessionManager, clock: IReactorTime) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._clock = clock
        self._signups: dict[str, Meter] = {}

    def resources(self) -> dict[str, JsonResource]:
        """Return the resources by path."""
        return {
            "api/accounts": JsonResource(POST=self._sign_up),
            "api/login": JsonResource(POST=self._log_in),
        }

    async def who(self, request: Request) -> Account:
        """Return whose token a request carries.

        Raises ``GameError`` ``bad_token``, ``token_expired`` or ``banned``.
        """
        account = await self._accounts.token_owner(TOKEN, bearer(request))
        self._sessions.check_banned(address(request), account.player)
        return account

    async def operator(self, request: Request, *roles: str) -> Account:
        """Return who asks if he has one of the roles; ``GameError`` ``forbidden`` if not, or as ``who``."""
        account = await self.who(request)
        if account.role not in roles:
            raise GameError("forbidden", "Your role does not allow this.")
        return account

    async def role_of(self, name: str) -> str | None:
        """Return the role of the account of a name, None where there is none."""
        account = await self._accounts.by_name(name)
        return account.role if account is not None else None

    async def _sign_up(self, request: Request) -> object:
        wanted = body(request, SignUp)
        host = address(request)
        self._sessions.check_banned(host)
        now = self._clock.seconds()
        if len(self._signups) >= ADDRESSES:
            self._signups.clear()
        meter = self._signups.setdefault(host, Meter(1 / 60, SIGNUP_BURST, now))
        if not meter.pour(now):
            raise GameError("too_many_requests", "Too many accounts from your address; please wait a minute.")
        account = await self._accounts.register(wanted.name, wanted.password, wanted.email or None)
        return {"name": account.name, "team": account.team}

    async def _log_in(self, request: Request) -> object:
        given = body(request, LogIn)
        host = address(request)
        self._sessions.check_banned(host)
        account = await self._accounts.authenticate(given.name, given.password, host)
        self._sessions.check_banned(player=account.player)
        token = await self._accounts.issue_token(account.id, TOKEN, TOKEN_LIFETIME)
        return {"name": account.name, "role": account.role, "token": token, "expires_in": TOKEN_LIFETIME}
