"""Who a token stands for."""

from __future__ import annotations

import attrs
from twisted.internet.interfaces import IReactorTime

from gameserver.accounts import Account, Accounts
from gameserver.reactor import wall
from gameserver.sessions.players import Player
from gameserver.wallet.rows import PlayerRow
from gameserver.wallet.store import PlayerStore
from gameserver.wallet.tokens import Claims, Tokens, invalid_token


@attrs.frozen
class Identity:
    """A player with what their token says. ``player`` is their account's, ``None`` for an operator's customer."""

    row: PlayerRow
    claims: Claims
    player: Player | None

    @property
    def name(self) -> str:
        """What they are called; masked before strangers see it."""
        return self.row.name


class Identities:
    """Gives accounts their tokens, and finds who a token stands for."""

    def __init__(self, tokens: Tokens, players: PlayerStore, accounts: Accounts, clock: IReactorTime) -> None:
        self._players = players
        self._accounts = accounts
        self._clock = clock
        self.tokens = tokens

    async def of_account(self, account: Account) -> PlayerRow:
        """Return the player of an account, made if it is not there."""
        return await self._players.ensure_player("", str(account.id), account.name)

    async def issue(self, account: Account, game: str, currency: str) -> tuple[str, Claims]:
        """Return a token of an account.

        Raises ``GameError`` ``unknown_game``, ``unknown_currency`` or ``banned``.
        """
        self._accounts.admit(account.player)
        row = await self.of_account(account)
        return self.tokens.issue(row, game, currency, wall(self._clock), epoch=account.epoch)

    async def check(self, token: str) -> Identity:
        """Return who a token stands for.

        Raises ``GameError`` ``bad_game_token`` (also when the account has come into a later epoch since),
        ``game_token_expired`` or ``banned``.
        """
        claims = self.tokens.check(token, wall(self._clock))
        row = await self._players.player_by_id(claims.user_id)
        said = ("" if claims.has_account else claims.aggregator_id, claims.player_id)
        if row is None or (row.aggregator, row.external) != said:
            raise invalid_token()
        if not claims.has_account:
            if not await self._players.session_open(claims.session_id, int(wall(self._clock) * 1000)):
                raise invalid_token()
            return Identity(row, claims, None)
        account = await self._accounts.by_id(int(row.external))
        if account is None or claims.epoch != account.epoch:
            raise invalid_token()
        self._accounts.admit(account.player)
        return Identity(row, claims, account.player)

    async def player(self, number: int) -> PlayerRow | None:
        """Return a player by their number."""
        return await self._players.player_by_id(number)

    def renew(self, identity: Identity) -> tuple[str, Identity]:
        """Return a token that lasts longer, and the identity with it."""
        token, claims = self.tokens.renew(identity.claims, wall(self._clock))
        return token, attrs.evolve(identity, claims=claims)
