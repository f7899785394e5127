"""Links that give a new password to who has forgotten theirs: an operator hands one out, no mail server is needed.

A link is a token (``accounts.tokens``): kept as a hash, good once and for a day. Another one for the same account, a
new password and all else that raises its epoch end it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import attrs

from gameserver.accounts.account import Account
from gameserver.accounts.password_rules import check_password
from gameserver.accounts.tokens import Tokens
from gameserver.errors import Code, GameError

#: The kind of these tokens.
RESET = "reset"

#: Seconds for which a link is good.
LIFETIME = 86_400


class ResetLinks:
    """Makes the tokens of links, and takes them. ``change`` gives an account a new password and returns its epoch."""

    def __init__(self, tokens: Tokens, shortest: int, change: Callable[[int, str], Awaitable[int]]) -> None:
        self._tokens = tokens
        self._shortest = shortest
        self._change = change

    async def make(self, account: Account) -> str:
        """Return the token of a new link; an older one ends. Raises ``GameError`` ``banned``."""
        return await self._tokens.issue(account, RESET, LIFETIME)

    async def use(self, token: str, password: str) -> Account:
        """Give the account of a link a new password and return it in its new epoch; the link ends.

        Raises ``GameError`` ``bad_token``, ``token_expired``, ``banned``, ``bad_password`` or ``busy``.
        """
        account = await self._tokens.owner(RESET, token)
        # A password that is no good must not cost the link.
        check_password(password, account.name, self._shortest)
        if not await self._tokens.end(RESET, token):
            raise GameError(Code.BAD_TOKEN, "This link has been used.")
        return attrs.evolve(account, epoch=await self._change(account.id, password))
