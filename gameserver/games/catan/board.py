"""The board: fields, intersections, borders and harbours, and the ways around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gameserver.games.catan.goods import LAND, RESOURCE_OF, Good, Terrain
from gameserver.games.entity import Attribute, Entity, ToMany, ToOne

if TYPE_CHECKING:
    # Named in the string generics below only; the aliases say that they are meant.
    from gameserver.games.catan.pieces import City as City
    from gameserver.games.catan.pieces import Knight as Knight
    from gameserver.games.catan.pieces import Merchant as Merchant
    from gameserver.games.catan.pieces import Road as Road
    from gameserver.games.catan.pieces import Robber as Robber
    from gameserver.games.catan.pieces import Settlement as Settlement
    from gameserver.games.catan.root import SettlersOfCatanGame as SettlersOfCatanGame


class Map(Entity):
    """The board as the players see it."""

    fields = ToMany["Field"]("map")
    name = Attribute[str]("")
    game = ToOne["SettlersOfCatanGame"]("map")


class Field(Entity):
    """One hexagon. ``number`` is its token, or ``None``; ``north`` is the field that lies north of this one."""

    map = ToOne[Map]("fields")
    type = Attribute[Terrain](Terrain.WATER)
    number = Attribute[int | None](None)
    rotation = Attribute[int](0)
    north = ToOne["Field"]("south")
    north_east = ToOne["Field"]("south_west")
    south_east = ToOne["Field"]("north_west")
    south = ToOne["Field"]("north")
    south_west = ToOne["Field"]("north_east")
    north_west = ToOne["Field"]("south_east")
    intersections = ToMany["Intersection"]("fields")
    borders = ToMany["Border"]("fields")
    harbor = ToOne["Harbor"]("field")
    robber = ToOne["Robber"]("field")
    merchant = ToOne["Merchant"]("field")

    @property
    def land(self) -> bool:
        """Whether the robber could stand here."""
        return self.type in LAND

    @property
    def resource(self) -> Good | None:
        """What the field brings, if it brings anything."""
        return RESOURCE_OF.get(self.type)

    @property
    def neighbours(self) -> list[Field]:
        """The fields around this one, clockwise from the north."""
        around = (self.north, self.north_east, self.south_east, self.south, self.south_west, self.north_west)
        return [field for field in around if field is not None]


class Intersection(Entity):
    """A corner where land fields meet: the place of a building or a knight, never of both."""

    fields = ToMany[Field]("intersections")
    borders = ToMany["Border"]("intersections")
    building = ToOne["Settlement | City"]("intersection")
    knight = ToOne["Knight"]("intersection")
    harbor = ToOne["Harbor"]("intersections")


class Border(Entity):
    """An edge of a land field: the place of a road."""

    fields = ToMany[Field]("borders")
    intersections = ToMany[Intersection]("borders")
    road = ToOne["Road"]("border")


class Harbor(Entity):
    """A harbour serves two intersections. ``type`` is a resource, or ``ANY`` for three to one of anything."""

    type = Attribute[str]("ANY")
    rate = Attribute[int](3)
    intersections = ToMany[Intersection]("harbor")
    field = ToOne[Field]("harbor")


class Board:
    """Quick ways around a map, found from nothing but its objects as the players see them."""

    def __init__(self, source: Map) -> None:
        self.map = source
        self.fields: list[Field] = list(source.fields)
        self.land: list[Field] = [field for field in self.fields if field.land]
        self.corners: dict[Field, tuple[Intersection, ...]] = {
            field: tuple(field.intersections) for field in self.fields
        }
        self.intersections: list[Intersection] = list(
            dict.fromkeys(spot for field in self.land for spot in self.corners[field])
        )
        self.borders: list[Border] = list(dict.fromkeys(border for field in self.land for border in field.borders))
        self.ends: dict[Border, tuple[Intersection, Intersection]] = {}
        for border in self.borders:
            one, two = border.intersections
            self.ends[border] = (one, two)
        #: From an intersection over each border to the intersection at its other end.
        self.steps: dict[Intersection, tuple[tuple[Border, Intersection], ...]] = {}
        self.lands_at: dict[Intersection, tuple[Field, ...]] = {}
        for spot in self.intersections:
            self.steps[spot] = tuple((border, self._across(border, spot)) for border in spot.borders)
            self.lands_at[spot] = tuple(field for field in spot.fields if field.land)

    def _across(self, border: Border, spot: Intersection) -> Intersection:
        one, two = self.ends[border]
        return two if one is spot else one
