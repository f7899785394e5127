"""Who asks over HTTP: the site's own token, and the roles behind it."""

from __future__ import annotations

from twisted.web.server import Request

from gameserver.accounts import Account
from gameserver.accounts.tokens import LOGIN
from gameserver.edge.context import Context
from gameserver.edge.http.json_resource import address, bearer
from gameserver.errors import Code, GameError
from gameserver.moderation import Actor


async def who(context: Context, request: Request) -> Account:
    """Return whose token a request carries.

    Raises ``GameError`` ``bad_token``, ``token_expired`` or ``banned``.
    """
    account = await context.accounts.tokens.owner(LOGIN, bearer(request))
    context.sessions.check_banned(address(request), account.player)
    return account


async def operator(context: Context, request: Request, *roles: str) -> Account:
    """Return who asks if they have one of the roles; ``GameError`` ``forbidden`` if not, or as ``who``."""
    account = await who(context, request)
    if account.role not in roles:
        raise GameError(Code.FORBIDDEN, "Your role does not allow this.")
    context.moderation.note_operator(account.player, address(request))
    return account


def actor(account: Account, request: Request) -> Actor:
    """Return an operator as moderation knows who acts."""
    return Actor(account.name, account.role, address(request))
