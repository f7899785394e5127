"""Mines: a grid with hidden mines, opened tile by tile (Invoker document, chapter 4).

After k safe tiles of T with m mines the multiplier is 0.99 * C(T, k) / C(T - m, k). A round is immutable; it is
rebuilt from its bet, its seeds and the tiles opened so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import comb

import attrs

from gameserver.errors import Code, GameError
from gameserver.games.fair.integers import checked_integer
from gameserver.games.fair.money import Stake, cut_multiplier
from gameserver.games.fair.rng import draw
from gameserver.games.fair.seeds import Seeds

#: Tiles of every grid, counted from the left to the right and from the top down.
GRIDS = {"3x3": 9, "5x5": 25, "7x7": 49}


class Status(StrEnum):
    """Where a round stands; an abandoned one is lost."""

    IN_PROGRESS = "in_progress"
    LOST = "lost"
    CASHED_OUT = "cashed_out"


@attrs.frozen
class MinesBet:
    """A checked bet."""

    mines_count: int
    grid_type: str

    @property
    def tiles(self) -> int:
        """How many tiles the grid has."""
        return GRIDS[self.grid_type]

    @property
    def safe_tiles(self) -> int:
        """How many tiles hide no mine."""
        return self.tiles - self.mines_count

    def exact_multiplier(self, safe: int) -> Fraction:
        """Return the multiplier after ``safe`` safe tiles, before it is cut; 1 before the first."""
        if safe == 0:
            return Fraction(1)
        return Fraction(99, 100) * Fraction(comb(self.tiles, safe), comb(self.safe_tiles, safe))

    def multiplier(self, safe: int) -> int:
        """Return the multiplier after ``safe`` safe tiles, in ten-thousandths."""
        return _multipliers(self)[safe]


@lru_cache(maxsize=128)
def _multipliers(bet: MinesBet) -> tuple[int, ...]:
    return tuple(cut_multiplier(bet.exact_multiplier(safe)) for safe in range(bet.safe_tiles + 1))


def mines_bet(mines_count: object, grid_type: object) -> MinesBet:
    """Check the parameters of a bet. ``GameError`` ``bad_grid_type`` or ``bad_mines_count``."""
    if not isinstance(grid_type, str) or grid_type not in GRIDS:
        raise GameError(Code.BAD_GRID_TYPE, "The grid is 3x3, 5x5 or 7x7.")
    most = GRIDS[grid_type] - 1
    text = f"A {grid_type} grid has 1 to {most} mines."
    return MinesBet(checked_integer(mines_count, 1, most, Code.BAD_MINES_COUNT, text), grid_type)


def mine_positions(bet: MinesBet, seeds: Seeds) -> tuple[int, ...]:
    """Return the tiles with mines in the order drawn."""
    return tuple(draw(seeds, range(bet.tiles), bet.mines_count))


@attrs.frozen
class MinesRound:
    """One round. ``revealed`` are the tiles in the order opened, the mine last if one was hit."""

    bet: MinesBet
    stake: Stake
    mines: frozenset[int] = attrs.field(repr=False)
    revealed: tuple[int, ...] = ()
    status: Status = Status.IN_PROGRESS

    @property
    def safe(self) -> int:
        """How many safe tiles are open."""
        return len(self.revealed) - (bool(self.revealed) and self.revealed[-1] in self.mines)

    @property
    def mine_positions(self) -> tuple[int, ...]:
        """The mines, ascending. Secret while the round is in progress."""
        return tuple(sorted(self.mines))

    @property
    def current_multiplier(self) -> int:
        """What a cash-out pays now, in ten-thousandths (1.00 before the first tile)."""
        return self.bet.multiplier(self.safe)

    @property
    def next_multiplier(self) -> int | None:
        """What one more safe tile would pay; ``None`` when there is none."""
        return self.bet.multiplier(self.safe + 1) if self.safe < self.bet.safe_tiles else None

    @property
    def goes_on(self) -> bool:
        """Whether another tile may be opened."""
        return self.status is Status.IN_PROGRESS

    @property
    def final_multiplier(self) -> int:
        """What a finished round paid, in ten-thousandths: 0 when lost."""
        return self.current_multiplier if self.status is Status.CASHED_OUT else 0

    @property
    def payout(self) -> int:
        """What comes back, in units; 0 while in progress and when lost."""
        return self.stake.payout(self.final_multiplier) if self.status is Status.CASHED_OUT else 0

    def reveal(self, tile: object) -> MinesRound:
        """Open a tile. The last safe tile settles the round, and so does the last one within the greatest profit.

        ``GameError`` ``round_over``, ``bad_tile`` or ``tile_open``.
        """
        self._going_on()
        last = self.bet.tiles - 1
        index = checked_integer(tile, 0, last, Code.BAD_TILE, f"Tiles go from 0 to {last}.")
        if index in self.revealed:
            raise GameError(Code.TILE_OPEN, "That tile is open.")
        opened = attrs.evolve(self, revealed=(*self.revealed, index))
        if index in self.mines:
            return attrs.evolve(opened, status=Status.LOST)
        return attrs.evolve(opened, status=Status.CASHED_OUT) if opened._at_its_end() else opened

    def _at_its_end(self) -> bool:
        following = self.next_multiplier
        return following is None or not self.stake.can_win(following)

    def cash_out(self) -> MinesRound:
        """Settle. ``GameError`` ``round_over`` or ``no_tile_open``."""
        self._going_on()
        if self.safe == 0:
            raise GameError(Code.NO_TILE_OPEN, "Open a safe tile first.")
        return attrs.evolve(self, status=Status.CASHED_OUT)

    def abandon(self) -> MinesRound:
        """Give up; the stake is lost. ``GameError`` ``round_over``."""
        self._going_on()
        return attrs.evolve(self, status=Status.LOST)

    def expire(self) -> MinesRound:
        """Settle a round left alone: cashed out if a safe tile is open, lost otherwise."""
        return self.cash_out() if self.safe else self.abandon()

    def _going_on(self) -> None:
        if self.status is not Status.IN_PROGRESS:
            raise GameError(Code.ROUND_OVER, "This round is over.")


def start(bet: MinesBet, stake: Stake, seeds: Seeds) -> MinesRound:
    """Return a new round."""
    return MinesRound(bet, stake, frozenset(mine_positions(bet, seeds)))


def rebuild(bet: MinesBet, stake: Stake, seeds: Seeds, tiles: Iterable[int]) -> MinesRound:
    """Return the round after ``tiles`` were opened in that order (a stored round after a restart)."""
    game = start(bet, stake, seeds)
    for tile in tiles:
        game = game.reveal(tile)
    return game
