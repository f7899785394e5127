"""What a computer player looks at: the game's objects, and the ground of its own board measured once.

The objects may be those of the rules or a client's mirror of them: both are of the same classes.
"""

from __future__ import annotations

import attrs

from gameserver.games.creepsmash.model import Cell, Creep, CreepSmashGame, Map, UserAssets
from gameserver.games.creepsmash.tables import CELL_PIXELS


class Ground:
    """A board's cells by their use, and how much of the way each of them overlooks."""

    def __init__(self, board: Map) -> None:
        cells = list(board.cells)
        self.board = board
        self.path = [cell for cell in cells if cell.type == "PATH"]
        self.buildable = [cell for cell in cells if cell.type == "FREE"]
        self._reach: dict[tuple[Cell, int], int] = {}
        self._ranked: dict[int, list[Cell]] = {}

    def reach(self, cell: Cell, pixels: int) -> int:
        """Return how many cells of the way have their centre nearer than ``pixels`` to that of a cell."""
        found = self._reach.get((cell, pixels))
        if found is None:
            found = self._reach[cell, pixels] = sum(
                ((cell.x - way.x) ** 2 + (cell.y - way.y) ** 2) * CELL_PIXELS**2 < pixels**2 for way in self.path
            )
        return found

    def vacant(self) -> list[Cell]:
        """Return the cells on which a tower may be built now."""
        return [cell for cell in self.buildable if not len(cell.elements)]

    def best_vacant(self, pixels: int) -> Cell | None:
        """Return the vacant cell that overlooks most of the way within a range, ``None`` on a full board."""
        ranked = self._ranked.get(pixels)
        if ranked is None:
            ranked = self._ranked[pixels] = sorted(
                self.buildable, key=lambda cell: (-self.reach(cell, pixels), cell.y, cell.x)
            )
        return next((cell for cell in ranked if not len(cell.elements)), None)

    def enemies(self) -> list[Creep]:
        """Return the creeps on the board."""
        return [element for cell in self.path for element in cell.elements if isinstance(element, Creep)]


@attrs.frozen
class View:
    """A player's situation. ``ground`` is that of his own tile, ``None`` while he has not chosen one."""

    game: CreepSmashGame
    me: UserAssets
    ground: Ground | None

    @property
    def fighting(self) -> bool:
        """Whether the match runs and the player is still in it."""
        return self.game.running and not self.me.visitor and self.me.lives > 0 and self.ground is not None


class Vantage:
    """Makes the views of one player; what has been measured is kept from one to the next."""

    def __init__(self) -> None:
        self._ground: Ground | None = None

    def view(self, game: CreepSmashGame, me: UserAssets) -> View:
        """Return what the player ``me`` sees of a game now."""
        board = me.tile.map if me.tile is not None else None
        if board is None:
            return View(game, me, None)
        if self._ground is None or self._ground.board is not board:
            self._ground = Ground(board)
        return View(game, me, self._ground)
