"""What every bet really returns at the stakes that are accepted, its wins cut to the decimals of the currency.

``rtp`` knows the multipliers alone. A win is cut by less than one last decimal of its currency, which is much of a
small stake and nothing of a large one; so what a bet returns depends on its stake, and the least bet of a currency
follows from its decimals and from the return that is declared (``least_bet``).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache, lru_cache
from math import comb

import attrs

from gameserver.games.fair import blackjack, blackjack_value
from gameserver.games.fair.dice import ROLLS, TARGET_MAX, TARGET_MIN, Condition, DiceBet
from gameserver.games.fair.keno import PICKS_MAX
from gameserver.games.fair.keno_tables import TABLES
from gameserver.games.fair.mines import GRIDS, MinesBet
from gameserver.games.fair.money import DECIMALS, PARTS, Stake, greatest_stake
from gameserver.games.fair.rtp import Range, keno_chance

#: The part of the stakes that the multipliers give back, as GET_GAME_CONFIG declares it.
DECLARED = Fraction(99, 100)

#: How exactly the worst stake of a bet is looked for: beyond the decimals that are shown.
_ENOUGH = 1e-7


def least_bet(decimals: int, declared: Fraction = DECLARED) -> int:
    """Return the units from which on cutting a win costs less than the multipliers keep back.

    A bet loses less than one last decimal by it, so this is as many of them as the kept part goes into 1: a hundred
    where 99 % are declared.
    """
    kept = 1 - declared
    step = int(10 ** (DECIMALS - decimals))
    return step * -(-kept.denominator // kept.numerator)


@attrs.frozen
class Limits:
    """What may be bet in a currency, in units."""

    decimals: int
    min_bet: int
    max_bet: int
    max_profit: int

    def stake(self, amount: int) -> Stake:
        """Return an amount as a stake of the currency."""
        return Stake(amount, self.decimals, self.max_profit)


@attrs.frozen
class Way:
    """One way to bet. ``prizes`` are chances and ten-thousandths; ``rest`` is what comes back and is never cut.

    ``best`` is the greatest multiplier that may be won on the way: what a bet is refused or a round ended for.
    """

    prizes: tuple[tuple[Fraction, int], ...]
    best: int
    rest: Fraction = Fraction(0)

    def at(self, stake: Stake) -> Fraction:
        """Return the part of a stake that comes back."""
        won = sum((chance * stake.payout(parts) for chance, parts in self.prizes), start=Fraction(0))
        return won / stake.amount + self.rest

    def greatest(self, limits: Limits) -> int | None:
        """Return the most that can be bet this way, ``None`` if nothing can."""
        most = limits.max_bet
        if self.best > PARTS:
            most = min(most, greatest_stake(self.best, limits.decimals, limits.max_profit))
        return most if most >= limits.min_bet else None

    def worst(self, limits: Limits, most: int) -> int:
        """Return a stake up to ``most`` at which the least comes back."""
        step = int(10 ** (DECIMALS - limits.decimals))
        first = limits.min_bet // step
        found, cost = first, 0.0
        chances = [(float(chance), parts % PARTS) for chance, parts in self.prizes if parts % PARTS]
        at_most = sum(chance for chance, _ in chances)
        # What is cut off is less than one last decimal a prize, and the same again after so many steps as a
        # multiplier has parts: of a larger stake it is less.
        for steps in range(first, min(most // step, first + PARTS) + 1):
            if at_most / steps <= cost + _ENOUGH:
                break
            loss = sum(chance * (steps * parts % PARTS) for chance, parts in chances) / (PARTS * steps)
            if loss > cost:
                found, cost = steps, loss
        return found * step


@attrs.frozen
class Row:
    """The ways of a game that stand in one row of its pay table.

    ``name`` is a grid or a table of keno, ``picks`` its row there; a game without such has one row by its own name.
    """

    game: str
    name: str
    ways: tuple[Way, ...]
    picks: int | None = None


@attrs.frozen
class Returns:
    """What a row returns in a currency: at the least bet, at the greatest one of each way, at the worst between."""

    row: Row
    at_least: Range
    at_greatest: Range
    lowest: Fraction


def _dice() -> Iterator[Way]:
    for target in range(TARGET_MIN, TARGET_MAX + 1):
        for side in Condition:
            bet = DiceBet(target, side)
            yield Way(((Fraction(bet.winning_rolls, ROLLS), bet.multiplier),), bet.multiplier)


def _mines(grid: str) -> Iterator[Way]:
    """A way is a number of mines and of safe tiles after which the player leaves."""
    for count in range(1, GRIDS[grid]):
        bet = MinesBet(count, grid)
        for safe in range(1, bet.safe_tiles + 1):
            chance = Fraction(comb(bet.safe_tiles, safe), comb(bet.tiles, safe))
            yield Way(((chance, bet.multiplier(safe)),), bet.multiplier(safe))


def _keno(table: str, picks: int) -> Way:
    row = TABLES[table][picks - 1]
    prizes = ((keno_chance(picks, hits), parts) for hits, parts in enumerate(row) if parts)
    return Way(tuple(prizes), max(row))


def _blackjack() -> Way:
    """Only a blackjack pays what may have to be cut."""
    paid = 5 * PARTS // 2
    natural = blackjack_value.NATURAL
    return Way(((natural, paid),), blackjack.BEST, blackjack_value.RETURN - natural * Fraction(paid, PARTS))


@cache
def rows() -> tuple[Row, ...]:
    """Return the rows of all games, in the order of the tables."""
    keno = (Row("keno", name, (_keno(name, picks),), picks) for name in TABLES for picks in range(1, PICKS_MAX + 1))
    return (
        Row("dice", "dice", tuple(_dice())),
        *(Row("mines", grid, tuple(_mines(grid))) for grid in GRIDS),
        *keno,
        Row("blackjack", "optimal play", (_blackjack(),)),
    )


@lru_cache(maxsize=16)
def returns(limits: Limits) -> tuple[Returns, ...]:
    """Return what every row returns under the limits of a currency, without those on which no bet is accepted."""
    return tuple(found for row in rows() if (found := _returned(row, limits)) is not None)


def _returned(row: Row, limits: Limits) -> Returns | None:
    least, greatest, worst = [], [], []
    for way in row.ways:
        most = way.greatest(limits)
        if most is None:
            continue
        least.append(way.at(limits.stake(limits.min_bet)))
        greatest.append(way.at(limits.stake(most)))
        worst.append(way.at(limits.stake(way.worst(limits, most))))
    if not worst:
        return None
    return Returns(row, Range.of(least), Range.of(greatest), min(worst))
