"""What a player may do with a board in front of him, as commands with their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from gameserver.games.api import Command
from gameserver.games.carcassonne.board import Board, Laid, Spot, neighbor
from gameserver.games.carcassonne.tiles import ROTATIONS, SIDES, Tile

DRAW_CARD = Command("DRAW_CARD")
END_TURN = Command("END_TURN")


@attrs.frozen
class View:
    """One player's turn as a strategy sees it; the rules and a client that only reads events make it alike.

    ``me`` is the id of his UserAssets, ``supply`` how many followers he may place. In the step of laying there
    are ``tile`` and ``spots`` (one command a spot), after it ``laid`` and ``claims`` (a command by the piece it
    claims); ``others`` are DRAW_CARD or END_TURN. Nothing at all when it is not his turn.
    """

    board: Board
    me: str
    supply: int = 0
    tiles_left: int = 0
    tile: Tile | None = None
    spots: Mapping[Spot, Command] = attrs.field(factory=dict)
    laid: Laid | None = None
    claims: Mapping[int, Command] = attrs.field(factory=dict)
    others: Sequence[Command] = ()

    def commands(self) -> list[Command]:
        """Return every choice, one command each."""
        return [*self.spots.values(), *self.claims.values(), *self.others]


def layings(board: Board, tile: Tile, name: Callable[[Laid], str]) -> Iterator[tuple[Spot, Command]]:
    """Yield every PLACE_CARD that fits: a spot once for each laid neighbour it can be named by.

    ``name`` gives the object name of a laid tile.
    """
    for spot in board.spots(tile):
        for side, orientation in enumerate(SIDES):
            beside = board.at(neighbor(spot.cell, (side + 2) % 4))
            if beside is not None:
                yield (
                    spot,
                    Command(
                        "PLACE_CARD",
                        {
                            "neighbor": name(beside),
                            "orientation": orientation,
                            "rotation": ROTATIONS[spot.rotation],
                        },
                    ),
                )


def claims(board: Board, laid: Laid, meeple: str) -> Iterator[tuple[int, Command]]:
    """Yield a PLACE_MEEPLE with that follower for every free place of the tile just laid, by its piece."""
    for index in board.free_places(laid):
        yield laid.piece(index), Command("PLACE_MEEPLE", {"meeple": meeple, "position": str(index + 1)})
