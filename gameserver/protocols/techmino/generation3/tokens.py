"""Tokens of generation 3: the ticket that the site gives out, and those of a login with a password.

They are 64 hex digits, in upper case wherever a client sees them: what is typed into it becomes upper case.
"""

from __future__ import annotations

import re

from gameserver.accounts import Account
from gameserver.errors import Code, GameError
from gameserver.protocols.techmino.identities import REFRESH, SESSION, TICKET, Identities

_TOKEN = re.compile(r"[0-9A-F]{64}")


class Tokens:
    """Gives tokens out and knows whose they are. Each use of one prolongs its life."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities

    async def ticket(self, account: Account) -> str:
        """Return a ticket: 128 characters, the same token for accounts and for the game. Old ones end.

        Raises ``GameError`` ``banned`` or ``bad_token``.
        """
        token = await self._identities.new_token(account, TICKET)
        return 2 * token.upper()

    async def log_in(self, account: Account) -> dict[str, str]:
        """Return the tokens of who has logged in with a password; old ones end. Errors as ``ticket``."""
        refresh = await self._identities.new_token(account, REFRESH)
        return {"refreshToken": refresh.upper(), "accessToken": await self._session(account)}

    async def _session(self, account: Account) -> str:
        return (await self._identities.new_token(account, SESSION)).upper()

    async def refresh(self, token: str) -> dict[str, str]:
        """Return a new access token for a refresh token, which stays: an answer may be lost on its way.

        Raises ``GameError`` ``bad_token``, ``token_expired`` or ``banned``.
        """
        account = await self._owner(REFRESH, token)
        return {"refreshToken": token.upper(), "accessToken": await self._session(account)}

    async def owner(self, token: str) -> tuple[Account, bool]:
        """Return whose access token it is, and whether it is that of a ticket. Errors as ``refresh``."""
        try:
            return await self._owner(TICKET, token), True
        except GameError as error:
            if error.code != Code.BAD_TOKEN:
                raise
        return await self._owner(SESSION, token), False

    async def _owner(self, kind: str, token: str) -> Account:
        if not _TOKEN.fullmatch(token.upper()):
            raise GameError(Code.BAD_TOKEN, "This token is not valid.")
        return await self._identities.owner(kind, token.lower())
