"""Return to player, exactly: the part of the stakes that comes back in the long run, as a fraction.

Every outcome counts as equally likely (four bytes a float shift a probability by less than 2**-18 of itself), and
multipliers as they are paid, cut to four decimals. What a stake loses when its win is cut to the currency's decimals
comes on top, see ``returns``.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from math import comb

import attrs

from gameserver.games.fair.dice import ROLLS, TARGET_MAX, TARGET_MIN, Condition, DiceBet
from gameserver.games.fair.keno import DRAWN, NUMBERS, PICKS_MAX
from gameserver.games.fair.keno_tables import TABLES
from gameserver.games.fair.mines import GRIDS, MinesBet
from gameserver.games.fair.money import PARTS


@attrs.frozen
class Range:
    """The least and the greatest return among the bets of a game."""

    lowest: Fraction
    highest: Fraction

    @classmethod
    def of(cls, returns: Iterable[Fraction]) -> Range:
        """Return the range of some returns."""
        known = tuple(returns)
        return cls(min(known), max(known))


def percent(value: Fraction, decimals: int = 4) -> str:
    """Return a return as percent, cut: ``"98.9987"``."""
    step = 10**decimals
    whole, behind = divmod(value.numerator * 100 * step // value.denominator, step)
    return f"{whole}.{behind:0{decimals}d}" if decimals else str(whole)


def dice_return(bet: DiceBet) -> Fraction:
    """Return what a dice bet returns."""
    return Fraction(bet.winning_rolls, ROLLS) * Fraction(bet.multiplier, PARTS)


@cache
def dice_range() -> Range:
    """Return the range over all targets, over and under."""
    targets = range(TARGET_MIN, TARGET_MAX + 1)
    return Range.of(dice_return(DiceBet(target, side)) for target in targets for side in Condition)


def mines_return(bet: MinesBet, safe: int) -> Fraction:
    """Return what a player gets back who always cashes out after ``safe`` (1 or more) safe tiles."""
    chance = Fraction(comb(bet.safe_tiles, safe), comb(bet.tiles, safe))
    return chance * Fraction(bet.multiplier(safe), PARTS)


@cache
def mines_range(grid_type: str) -> Range:
    """Return the range over all numbers of mines and safe tiles of a grid."""
    bets = [MinesBet(mines, grid_type) for mines in range(1, GRIDS[grid_type])]
    return Range.of(mines_return(bet, safe) for bet in bets for safe in range(1, bet.safe_tiles + 1))


def keno_chance(picks: int, hits: int) -> Fraction:
    """Return the probability of ``hits`` among ``picks`` numbers."""
    return Fraction(comb(picks, hits) * comb(NUMBERS - picks, DRAWN - hits), comb(NUMBERS, DRAWN))


@cache
def keno_return(table: str, picks: int) -> Fraction:
    """Return what a keno bet on ``picks`` numbers returns with a pay table."""
    row = TABLES[table][picks - 1]
    return sum(
        (keno_chance(picks, hits) * Fraction(parts, PARTS) for hits, parts in enumerate(row)), start=Fraction(0)
    )


@cache
def keno_range(table: str) -> Range:
    """Return the range of a pay table over 1 to 10 picks."""
    return Range.of(keno_return(table, picks) for picks in range(1, PICKS_MAX + 1))
