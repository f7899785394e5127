"""The arguments of Carcassonne's commands, checked; every refusal says what would be right."""

from __future__ import annotations

from gameserver.games.api import Command, Illegal, argument
from gameserver.games.carcassonne.board import Spot, neighbor
from gameserver.games.carcassonne.model import Meeple, UserAssets
from gameserver.games.carcassonne.moves import layings
from gameserver.games.carcassonne.table import Table
from gameserver.games.carcassonne.tiles import ROTATIONS, SIDES, Tile


def spot_to_lay(table: Table, tile: Tile, command: Command) -> Spot:
    """Return the spot that PLACE_CARD names for the drawn tile. ``Illegal`` unless the tile fits there."""

    def refuse(sentence: str) -> Illegal:
        return Illegal("placeCard", f"{sentence} {_example(table, tile)}")

    name = argument(command, "neighbor", "the id of a laid Field")
    orientation = argument(command, "orientation", ", ".join(SIDES))
    rotation = argument(command, "rotation", ", ".join(ROTATIONS))
    beside = table.laid(name)
    if beside is None:
        raise refuse("neighbor must be the id of a laid Field.")
    if orientation not in SIDES:
        raise refuse(f"orientation must be one of {', '.join(SIDES)}.")
    if rotation not in ROTATIONS:
        raise refuse(f"rotation must be one of {', '.join(ROTATIONS)}.")
    cell = neighbor(beside.spot.cell, SIDES.index(orientation))
    if table.board.at(cell) is not None:
        raise refuse(f"There is already a card {orientation} of {name}.")
    spot = Spot(cell, ROTATIONS.index(rotation))
    shown = tile.turned[spot.rotation].sides
    for side, want in enumerate(table.board.wanted(cell)):
        if want is not None and want is not shown[side]:
            raise refuse(
                f"Card {tile.letter} at {rotation} does not fit there: its {SIDES[side]} side is {shown[side].value},"
                f" the card beside it shows {want.value}."
            )
    return spot


def follower_to_place(table: Table, player: UserAssets, command: Command) -> tuple[Meeple, int]:
    """Return the follower that PLACE_MEEPLE names and the index of the place on the tile just laid.

    The follower is named by ``meeple`` or ``id``. Raises ``Illegal`` unless it is the player's own and in his supply,
    and nobody stands on the feature.
    """
    key = "id" if "meeple" not in command.arguments and "id" in command.arguments else "meeple"
    name = argument(command, key, "the id of one of your meeples")
    number = argument(command, "position", "the name of a MeeplePosition of the card just laid")
    hint = _free(table, player)
    meeple = player.model.find(name, Meeple)
    if meeple is None:
        raise Illegal("placeMeeple", f"{key} must be the id of one of your own meeples. {hint}")
    if meeple.user_assets is not player:
        raise Illegal("placeMeeple", f"{name} is not yours: name one of your own meeples. {hint}")
    if meeple.position is not None:
        raise Illegal("placeMeeple", f"{name} already stands on a card: name one of your supply. {hint}")
    laid = table.last
    if laid is None:
        raise ValueError("no tile was laid in this turn")
    names = [str(index + 1) for index in range(len(laid.tile.places))]
    if number not in names:
        raise Illegal("placeMeeple", f"Card {laid.tile.letter} has the positions {', '.join(names)}. {hint}")
    index = names.index(number)
    if index not in table.board.free_places(laid):
        terrain = laid.tile.places[index].terrain.value
        raise Illegal("placeMeeple", f"Position {number} is part of a {terrain} on which a meeple stands. {hint}")
    return meeple, index


def _example(table: Table, tile: Tile) -> str:
    _, command = next(layings(table.board, tile, table.name))
    words = ", ".join(f"{key} {value}" for key, value in command.arguments.items())
    return f"Card {tile.letter} fits for example at {words}."


def _free(table: Table, player: UserAssets) -> str:
    laid, supply = table.last, player.supply()
    if laid is None or not supply:
        return "You have no meeple left: send END_TURN."
    free = [f"{i + 1} ({laid.tile.places[i].terrain.value})" for i in table.board.free_places(laid)]
    if not free:
        return "No position of this card is free: send END_TURN."
    return f"Free positions: {', '.join(free)}; your next free meeple is {supply[0].id}; or send END_TURN."
