"""Dice: a roll of 0.00 to 99.99, over or under a target of 4 to 96 (Invoker document, chapter 3).

OVER pays 99/(99.99 - target), UNDER 99/target; the comparison is strict. With 10,000 rolls every bet returns
exactly 99 % before its multiplier is cut to four decimals.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from functools import cache

import attrs

from gameserver.errors import Code, GameError
from gameserver.games.fair.integers import checked_integer
from gameserver.games.fair.money import Stake, cut_multiplier
from gameserver.games.fair.rng import below, digest
from gameserver.games.fair.seeds import Seeds

#: Rolls are hundredths: 0 .. 9999.
ROLLS = 10_000
TARGET_MIN = 4
TARGET_MAX = 96


class Condition(StrEnum):
    """Which side of the target wins."""

    OVER = "OVER"
    UNDER = "UNDER"


@cache
def _multiplier(winning_rolls: int) -> int:
    return cut_multiplier(Fraction(99 * 100, winning_rolls))


@attrs.frozen
class DiceBet:
    """A checked bet."""

    target: int
    condition: Condition

    @property
    def winning_rolls(self) -> int:
        """How many of the 10,000 rolls win."""
        return ROLLS - 1 - 100 * self.target if self.condition is Condition.OVER else 100 * self.target

    @property
    def exact_multiplier(self) -> Fraction:
        """The multiplier of the formula, before it is cut."""
        return Fraction(99 * 100, self.winning_rolls)

    @property
    def multiplier(self) -> int:
        """What a win pays, in ten-thousandths."""
        return _multiplier(self.winning_rolls)

    def wins(self, roll: int) -> bool:
        """Whether a roll in hundredths wins."""
        return roll > 100 * self.target if self.condition is Condition.OVER else roll < 100 * self.target


def dice_bet(target: object, condition: object) -> DiceBet:
    """Check the parameters of a bet. ``GameError`` ``bad_target`` or ``bad_side``."""
    checked = checked_integer(
        target, TARGET_MIN, TARGET_MAX, Code.BAD_TARGET, "The target is an integer from 4 to 96."
    )
    if condition not in ("OVER", "UNDER"):
        raise GameError(Code.BAD_SIDE, "The condition is OVER or UNDER.")
    return DiceBet(checked, Condition(condition))


def roll(seeds: Seeds) -> int:
    """Return the roll in hundredths, 0 .. 9999: ``floor(float * 10000)`` of the first float."""
    return below(int.from_bytes(digest(seeds)[:4], "big"), ROLLS)


@attrs.frozen
class DiceOutcome:
    """How a bet ended. ``multiplier`` is the bet's own, whether it won or not."""

    bet: DiceBet
    rolled: int
    is_win: bool

    @property
    def multiplier(self) -> int:
        """What the bet pays when it wins, in ten-thousandths."""
        return self.bet.multiplier

    @property
    def rolled_number(self) -> float:
        """The roll as a JSON number, the double nearest to it."""
        return self.rolled / 100

    def payout(self, stake: Stake) -> int:
        """Return what comes back, in units, the stake included; 0 when lost."""
        return stake.payout(self.multiplier) if self.is_win else 0


def play(bet: DiceBet, seeds: Seeds) -> DiceOutcome:
    """Return the outcome of a bet."""
    rolled = roll(seeds)
    return DiceOutcome(bet, rolled, bet.wins(rolled))
