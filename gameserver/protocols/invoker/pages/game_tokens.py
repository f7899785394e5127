"""Tokens of the games for people with an account here.

``POST /v1/sessions`` takes name and password and answers with a token, ``POST /v1/auth/refresh`` a token that is
still good and answers with one that lasts longer. ``authorize`` finds out whose token a request carries.
"""

from __future__ import annotations

from typing import Any

import msgspec
from twisted.web.server import Request

from gameserver.accounts import Accounts
from gameserver.edge.http.json_resource import address, bearer, body
from gameserver.net.http import wanted
from gameserver.protocols.invoker.refusals import DocumentedResource
from gameserver.sessions.manager import SessionManager
from gameserver.wallet.identities import Identities, Identity
from gameserver.wallet.offer import DICE
from gameserver.wallet.tokens import Claims


class Credentials(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of ``POST /v1/sessions``."""

    name: str
    password: str
    game_id: str = DICE
    currency: str = "USD"


class TokenPages:
    """Makes the resources and recognises who asks."""

    def __init__(self, identities: Identities, accounts: Accounts, sessions: SessionManager) -> None:
        self._identities = identities
        self._accounts = accounts
        self._sessions = sessions

    def resources(self) -> dict[str, DocumentedResource]:
        """Return the resources by path."""
        return {
            "v1/sessions": DocumentedResource(POST=self._open),
            "v1/auth/refresh": DocumentedResource(POST=self._refresh),
        }

    async def authorize(self, request: Request) -> Identity:
        """Return whose token a request carries.

        Raises ``GameError`` ``bad_token`` (none), ``bad_game_token``, ``game_token_expired`` or ``banned``.
        """
        self._sessions.check_banned(address(request))
        return await self._identities.check(bearer(request))

    async def _open(self, request: Request) -> object:
        given = body(request, Credentials)
        self._sessions.check_banned(address(request))
        account = await self._accounts.authenticate(
            given.name, given.password, address(request), wanted=wanted(request)
        )
        token, claims = await self._identities.issue(account, given.game_id, given.currency)
        return _answer(token, claims) | {"sessionId": claims.session_id, "gameId": claims.game_id}

    async def _refresh(self, request: Request) -> object:
        token, identity = self._identities.renew(await self.authorize(request))
        return _answer(token, identity.claims)


def _answer(token: str, claims: Claims) -> dict[str, Any]:
    return {"token": token, "expires_in": claims.exp - claims.iat, "expires_at": claims.exp * 1000}
