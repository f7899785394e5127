"""What is offered: the games, the currencies they are played in, and what may be bet in each."""

from __future__ import annotations

import attrs

from gameserver.errors import Code, GameError
from gameserver.games.fair.money import Stake, format_amount, parse_amount
from gameserver.games.fair.returns import Limits

#: The names of the games (document, 8.5).
DICE = "inhousegame:dice"
MINES = "inhousegame:mines"
KENO = "inhousegame:keno"
BLACKJACK = "inhousegame:blackjack"

#: What each is called for people.
NAMES = {DICE: "Dice", MINES: "Mines", KENO: "Keno", BLACKJACK: "Blackjack"}


@attrs.frozen
class Currency:
    """A currency; amounts in units of 1e-8. ``kind`` is ``fiat`` or ``crypto``.

    ``play_money`` is what a new player finds in the account, ``max_profit`` the most a bet may win beyond its stake.
    """

    code: str
    kind: str
    decimals: int
    play_money: int
    default_bet: int
    min_bet: int
    max_bet: int
    max_profit: int

    @property
    def limits(self) -> Limits:
        """What may be bet, for those who compute what comes back."""
        return Limits(self.decimals, self.min_bet, self.max_bet, self.max_profit)

    def shown(self, units: int) -> str:
        """Return an amount as the protocol shows it, with all decimals of the currency."""
        return format_amount(units, self.decimals)

    def units(self, text: object) -> int:
        """Read a positive amount. Raises ``GameError`` ``bad_amount``."""
        return parse_amount(text, self.decimals)

    def stake(self, text: object) -> Stake:
        """Read the amount of a bet. Raises ``GameError`` ``bad_amount``, ``bet_too_low`` or ``bet_too_high``."""
        amount = self.units(text)
        if not self.min_bet <= amount <= self.max_bet:
            low, high = self.shown(self.min_bet), self.shown(self.max_bet)
            code = Code.BET_TOO_LOW if amount < self.min_bet else Code.BET_TOO_HIGH
            raise GameError(code, f"A bet is {low} to {high} {self.code}.", {"minBet": low, "maxBet": high})
        return self.stake_of(amount)

    def stake_of(self, amount: int) -> Stake:
        """Return the stake of an amount that has been checked before."""
        return Stake(amount, self.decimals, self.max_profit)
