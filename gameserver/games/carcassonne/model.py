"""The objects of a game of Carcassonne as clients see them.

The order of the properties is the order of every dump. The pile is no object: nobody may see it.
"""

from __future__ import annotations

from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne
from gameserver.games.hosted import Assets, GameRoot

#: Followers a player has to place.
FOLLOWERS = 7


class Meeple(Entity):
    """A follower of a player; without ``position`` it is in his supply."""

    user_assets = ToOne["UserAssets"]("meeples")
    position = ToOne["MeeplePosition"]("meeple")


class MeeplePosition(Entity):
    """A place of a tile where a follower may stand; ``name`` is its number on the tile, from 1."""

    field = ToOne["Field"]("meeple_positions")
    name = Attribute[str]("")
    meeple = ToOne[Meeple]("position")


class Field(Entity):
    """A tile: its letter and rotation, then the neighbours by the board's axes, and the game it is laid in.

    A tile that is drawn and not laid has rotation R0, no neighbours and no game.
    """

    rotation = Attribute[str]("R0")
    name = Attribute[str]("")
    meeple_positions = ToMany[MeeplePosition]("field")
    north = ToOne["Field"]("south")
    east = ToOne["Field"]("west")
    south = ToOne["Field"]("north")
    west = ToOne["Field"]("east")
    game = ToOne["CarcassonneGame"]("fields")

    @classmethod
    def with_positions(cls, model: Model, letter: str, places: int) -> Field:
        """Make the tile of that letter with its numbered positions."""
        field = cls(model, name=letter)
        for number in range(1, places + 1):
            MeeplePosition(model, name=str(number), field=field)
        return field

    def set_neighbor(self, side: int, other: Field) -> None:
        """Link a neighbour at a side (0 north, clockwise), at both ends."""
        setattr(self, ("north", "east", "south", "west")[side], other)


class UserAssets(Assets):
    """A participant of this game, with points and followers."""

    score = Attribute(0)
    meeples = ToMany[Meeple]("user_assets")

    def supply(self) -> list[Meeple]:
        """Return the followers that may be placed."""
        return [meeple for meeple in self.meeples if meeple.position is None]


class CarcassonneGame(GameRoot[UserAssets]):
    """The game: the laid tiles, whose turn it is and what they drew.

    ``current_field`` is the tile of this turn, from drawing it until the
    turn ends. ``remaining_cards`` counts the hidden pile, ``set_aside`` has the letters of the tiles that fitted
    nowhere when they were drawn.
    """

    fields = ToMany[Field]("game")
    current_player = ToOne[UserAssets]()
    current_field = ToOne[Field]()
    remaining_cards = Attribute(0)
    set_aside = Attribute[str]("")
