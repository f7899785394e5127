"""Keno: 1 to 10 numbers of 1 to 40 are picked, ten are drawn (Invoker document, chapter 5)."""

from __future__ import annotations

import attrs

from gameserver.errors import Code, GameError
from gameserver.games.fair.keno_tables import DEFAULT, DIFFICULTIES, TABLES
from gameserver.games.fair.money import Stake
from gameserver.games.fair.rng import draw
from gameserver.games.fair.seeds import Seeds

NUMBERS = 40
DRAWN = 10
PICKS_MAX = 10


@attrs.frozen
class KenoBet:
    """A checked bet: the numbers as the player sent them, and the name of the pay table."""

    numbers: tuple[int, ...]
    table: str = DEFAULT

    @property
    def row(self) -> tuple[int, ...]:
        """Ten-thousandths paid for 0, 1, 2 … hits."""
        return TABLES[self.table][len(self.numbers) - 1]

    @property
    def best(self) -> int:
        """The most it can pay, in ten-thousandths."""
        return max(self.row)


def keno_bet(numbers: object, difficulty: object = None) -> KenoBet:
    """Check the parameters of a bet; without ``difficulty`` the document's own table is paid.

    Raises ``GameError`` ``bad_numbers``, ``bad_number_count``, ``bad_number_range``, ``duplicate_numbers`` or
    ``bad_difficulty``.
    """
    if not isinstance(numbers, (list, tuple)):
        raise GameError(Code.BAD_NUMBERS, "selectedNumbers is a list of integers.")
    if not 1 <= len(numbers) <= PICKS_MAX:
        raise GameError(Code.BAD_NUMBER_COUNT, "Pick 1 to 10 numbers.")
    checked = []
    for number in numbers:
        if not isinstance(number, int) or isinstance(number, bool):
            raise GameError(Code.BAD_NUMBERS, "selectedNumbers is a list of integers.")
        if not 1 <= number <= NUMBERS:
            raise GameError(Code.BAD_NUMBER_RANGE, "Numbers go from 1 to 40.")
        checked.append(number)
    if len(set(checked)) < len(checked):
        raise GameError(Code.DUPLICATE_NUMBERS, "Pick every number once.")
    if difficulty is None:
        return KenoBet(tuple(checked))
    if not isinstance(difficulty, str) or difficulty not in DIFFICULTIES:
        raise GameError(Code.BAD_DIFFICULTY, f"The difficulty is one of {', '.join(DIFFICULTIES)}.")
    return KenoBet(tuple(checked), difficulty)


def drawing(seeds: Seeds) -> tuple[int, ...]:
    """Return the ten numbers in the order drawn."""
    return tuple(draw(seeds, range(1, NUMBERS + 1), DRAWN))


@attrs.frozen
class KenoOutcome:
    """How a bet ended; ``order`` are the numbers as they were drawn."""

    bet: KenoBet
    order: tuple[int, ...]

    @property
    def drawn(self) -> tuple[int, ...]:
        """The drawn numbers, ascending."""
        return tuple(sorted(self.order))

    @property
    def matched(self) -> tuple[int, ...]:
        """The picked numbers that were drawn, ascending."""
        return tuple(sorted(set(self.bet.numbers).intersection(self.order)))

    @property
    def multiplier(self) -> int:
        """What the hits pay, in ten-thousandths."""
        return self.bet.row[len(self.matched)]

    @property
    def is_win(self) -> bool:
        """Whether anything is paid."""
        return self.multiplier > 0

    def payout(self, stake: Stake) -> int:
        """Return what comes back, in units, the stake included."""
        return stake.payout(self.multiplier)


def play(bet: KenoBet, seeds: Seeds) -> KenoOutcome:
    """Return the outcome of a bet."""
    return KenoOutcome(bet, drawing(seeds))
