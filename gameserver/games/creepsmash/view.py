"""What a computer player looks at: the game's objects, and the ground of its own board measured once.

The objects may be those of the rules or a client's mirror of them: both are of the same classes.
"""

from __future__ import annotations

from functools import lru_cache

import attrs

from gameserver.games.creepsmash.mapfile import SIZE, Point
from gameserver.games.creepsmash.model import Cell, Creep, CreepSmashGame, Map, UserAssets
from gameserver.games.creepsmash.prices import PriceList, read_guide
from gameserver.games.creepsmash.tables import CELL_PIXELS


@lru_cache(maxsize=64)
def _disc(pixels: int) -> list[Point]:
    """The cells nearer than a range, as seen from the one in the middle."""
    span = range(-(pixels // CELL_PIXELS) - 1, pixels // CELL_PIXELS + 2)
    return [(x, y) for x in span for y in span if (x * x + y * y) * CELL_PIXELS**2 < pixels**2]


class Overlook:
    """How much of a way each cell overlooks; one for all who look at the same drawing from the same side."""

    def __init__(self, path: tuple[Point, ...]) -> None:
        self._path = frozenset(path)
        self._reach: dict[tuple[Point, int], int] = {}
        self._ranked: dict[int, list[Point]] = {}

    def reach(self, at: Point, pixels: int) -> int:
        """Return how many cells of the way have their centre nearer than ``pixels`` to that of a cell."""
        found = self._reach.get((at, pixels))
        if found is None:
            x, y = at
            found = self._reach[at, pixels] = len(
                self._path.intersection([(x + across, y + down) for across, down in _disc(pixels)])
            )
        return found

    def ranked(self, pixels: int) -> list[Point]:
        """Return all cells, those that overlook most first."""
        found = self._ranked.get(pixels)
        if found is None:
            cells = [(x, y) for y in range(SIZE) for x in range(SIZE)]
            found = self._ranked[pixels] = sorted(cells, key=lambda at: -self.reach(at, pixels))
        return found


overlook = lru_cache(maxsize=128)(Overlook)


class Ground:
    """A board's cells by their use."""

    def __init__(self, board: Map) -> None:
        cells = list(board.cells)
        self.board = board
        self.path = [cell for cell in cells if cell.type == "PATH"]
        self.buildable = {(cell.x, cell.y): cell for cell in cells if cell.type == "FREE"}
        self._points = {cell: at for at, cell in self.buildable.items()}
        self._overlook = overlook(tuple((cell.x, cell.y) for cell in self.path))

    def reach(self, cell: Cell, pixels: int) -> int:
        """Return how many cells of the way a tower on a cell with that range overlooks."""
        return self._overlook.reach(self._points[cell], pixels)

    def vacant(self) -> list[Cell]:
        """Return the cells on which a tower may be built now."""
        return [cell for cell in self.buildable.values() if not len(cell.elements)]

    def best_vacant(self, pixels: int) -> Cell | None:
        """Return the vacant cell that overlooks most of the way within a range, ``None`` on a full board."""
        for at in self._overlook.ranked(pixels):
            cell = self.buildable.get(at)
            if cell is not None and not len(cell.elements):
                return cell
        return None

    def enemies(self) -> list[Creep]:
        """Return the creeps on the board."""
        return [element for cell in self.path for element in cell.elements if isinstance(element, Creep)]


@attrs.frozen
class View:
    """A player's situation. ``ground`` is that of his own tile, ``None`` while he has not chosen one."""

    game: CreepSmashGame
    me: UserAssets
    prices: PriceList
    ground: Ground | None

    @property
    def fighting(self) -> bool:
        """Whether the match runs and the player is still in it."""
        return self.game.running and not self.me.visitor and self.me.lives > 0 and self.ground is not None


class Vantage:
    """Makes the views of one player in one game; what has been read and measured is kept from one to the next."""

    def __init__(self) -> None:
        self._prices: PriceList | None = None
        self._ground: Ground | None = None

    def view(self, game: CreepSmashGame, me: UserAssets) -> View:
        """Return what the player ``me`` sees of a game now."""
        board = me.tile.map if me.tile is not None else None
        if board is None:
            return View(game, me, PriceList({}, ()), None)
        if self._prices is None:
            self._prices = read_guide(game.guide)
        if self._ground is None or self._ground.board is not board:
            self._ground = Ground(board)
        return View(game, me, self._prices, self._ground)
