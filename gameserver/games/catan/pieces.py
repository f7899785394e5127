"""Everything that stands on the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gameserver.games.catan.board import Border, Field, Intersection
from gameserver.games.catan.goods import Track
from gameserver.games.entity import Attribute, Entity, Model, ToOne

if TYPE_CHECKING:
    from gameserver.games.catan.assets import UserAssets as UserAssets

#: How many of each piece a player has; of knights two of each of the three levels.
ROADS, SETTLEMENTS, CITIES, CITY_WALLS, KNIGHTS_PER_LEVEL = 15, 5, 4, 3, 2
MIGHTY = 3

#: Steps of the barbarians' ship from its start to the attack.
BARBARIAN_STEPS = 7


class Settlement(Entity):
    """Worth one point; earns one card."""

    user_assets = ToOne["UserAssets"]("settlements")
    intersection = ToOne[Intersection]("building")


class City(Entity):
    """Worth two points, four with a metropolis; earns two cards."""

    user_assets = ToOne["UserAssets"]("cities")
    intersection = ToOne[Intersection]("building")
    city_wall = ToOne["CityWall"]("city")
    metropolis = ToOne["Metropolis"]("city")


Building = Settlement | City


class CityWall(Entity):
    """Lets its owner keep two more cards when a 7 is rolled."""

    user_assets = ToOne["UserAssets"]("city_walls")
    city = ToOne[City]("city_wall")


class Metropolis(Entity):
    """One for each track; who has it put it on one of his cities, which no barbarian can take."""

    type = Attribute[Track](Track.TRADE)
    user_assets = ToOne["UserAssets"]("metropolises")
    city = ToOne[City]("metropolis")


class Road(Entity):
    """A road on a border."""

    user_assets = ToOne["UserAssets"]("roads")
    border = ToOne[Border]("road")


class Knight(Entity):
    """A knight of level 1 to 3. Only an active one acts and defends.

    ``activated_turn`` and ``promoted_turn`` are the numbers of the turns when that last happened to it: a knight
    does not act in the turn of its activation and is promoted once a turn.
    """

    user_assets = ToOne["UserAssets"]("knights")
    intersection = ToOne[Intersection]("knight")
    level = Attribute[int](1)
    active = Attribute[bool](False)

    def __init__(self, model: Model, **values: Any) -> None:
        self.activated_turn = 0
        self.promoted_turn = 0
        super().__init__(model, **values)


class Robber(Entity):
    """Keeps its field from earning."""

    field = ToOne[Field]("robber")


class Merchant(Entity):
    """Worth a point to its owner, who trades the resource of its field two to one."""

    field = ToOne[Field]("merchant")
    user_assets = ToOne["UserAssets"]("merchant")


class Barbarian(Entity):
    """The barbarians' ship: its steps so far (0 to 7) and how often they have attacked."""

    position = Attribute[int](0)
    attacks = Attribute[int](0)
