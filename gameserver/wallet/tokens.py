"""Tokens: JWTs signed with HS256 and nothing else, good for two hours, for one player and one game."""

from __future__ import annotations

import secrets

import jwt
import msgspec

from gameserver.errors import Code, GameError
from gameserver.wallet.offer import NAMES
from gameserver.wallet.rows import PlayerRow

#: The only algorithm that is ever made or taken; what the header says does not matter.
ALGORITHM = "HS256"

ISSUER = "gameserver"

#: The ``aggregator_id`` of players who have an account here.
OWN_AGGREGATOR = "gameserver"

#: Longest token that is looked at, in characters.
LONGEST = 4096


class Claims(msgspec.Struct, frozen=True):
    """What a token says. ``user_id`` is our number of the player, ``player_id`` their name where they come from.

    ``epoch`` is that of their account here; tokens from before there were epochs are of the first, 0.
    """

    session_id: str
    user_id: int
    player_id: str
    aggregator_id: str
    game_id: str
    operator_id: str
    currency: str
    iss: str
    iat: int
    exp: int
    epoch: int = 0

    @property
    def has_account(self) -> bool:
        """Whether the player has an account here."""
        return self.aggregator_id == OWN_AGGREGATOR


class Tokens:
    """Makes and checks tokens. Times in seconds since 1970."""

    def __init__(self, secret: bytes, lifetime: int, currencies: frozenset[str]) -> None:
        self._secret = secret
        self._currencies = currencies
        self.lifetime = lifetime

    def issue(
        self, player: PlayerRow, game: str, currency: str, now: float, operator: str = "", epoch: int = 0
    ) -> tuple[str, Claims]:
        """Return a new token and what it says. ``now`` is in seconds since 1970, ``epoch`` the account's.

        Raises ``GameError`` ``unknown_game`` or ``unknown_currency``.
        """
        if game not in NAMES:
            raise GameError(Code.UNKNOWN_GAME, f"There is no game {game[:64]}.")
        if currency not in self._currencies:
            raise GameError(Code.UNKNOWN_CURRENCY, f"The currency is one of {', '.join(sorted(self._currencies))}.")
        claims = Claims(
            f"session_{secrets.token_hex(12)}",
            player.id,
            player.external,
            player.aggregator or OWN_AGGREGATOR,
            game,
            operator or OWN_AGGREGATOR,
            currency,
            ISSUER,
            int(now),
            int(now) + self.lifetime,
            epoch,
        )
        return self._signed(claims), claims

    def renew(self, claims: Claims, now: float) -> tuple[str, Claims]:
        """Return a token that says the same and ends later."""
        claims = msgspec.structs.replace(claims, iat=int(now), exp=int(now) + self.lifetime)
        return self._signed(claims), claims

    def _signed(self, claims: Claims) -> str:
        return jwt.encode(msgspec.structs.asdict(claims), self._secret, ALGORITHM)

    def check(self, token: str, now: float) -> Claims:
        """Return what a token says. ``GameError`` ``bad_game_token``, ``game_token_expired`` if it was good."""
        if len(token) > LONGEST:
            raise invalid_token()
        options = {"verify_exp": False, "verify_iat": False, "require": ["exp", "iss"]}
        try:
            found = jwt.decode(token, self._secret, [ALGORITHM], options=options, issuer=ISSUER)  # type: ignore[arg-type]
            claims = msgspec.convert(found, Claims)
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError, RecursionError):
            raise invalid_token() from None
        if claims.game_id not in NAMES or claims.currency not in self._currencies:
            raise invalid_token()
        if claims.exp <= now:
            raise GameError(Code.GAME_TOKEN_EXPIRED, "The token has expired.")
        return claims


def invalid_token() -> GameError:
    """Return the refusal of a token."""
    return GameError(Code.BAD_GAME_TOKEN, "The token is not valid.")
