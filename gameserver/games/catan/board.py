"""The board: fields, intersections, borders and harbours, made from a map and dealt number tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gameserver.games.catan.geometry import Direction, Point, corners, edge, ends
from gameserver.games.catan.goods import HARBORS, LAND, RESOURCE_OF, Good, Terrain
from gameserver.games.catan.map_format import MapFile, PlacedField
from gameserver.games.entity import Attribute, Entity, Model, ToMany, ToOne
from gameserver.games.rng import Chance

if TYPE_CHECKING:
    from gameserver.games.catan.pieces import City, Knight, Merchant, Road, Robber, Settlement
    from gameserver.games.catan.root import SettlersOfCatanGame

#: The tokens of one board of 18 fields; larger boards go round again.
TOKENS = (2, 3, 3, 4, 4, 5, 5, 6, 6, 8, 8, 9, 9, 10, 10, 11, 11, 12)
RED = (6, 8)


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


_SIDE = {
    Direction.N: "north",
    Direction.NE: "north_east",
    Direction.SE: "south_east",
    Direction.S: "south",
    Direction.SW: "south_west",
    Direction.NW: "north_west",
}


class Board:
    """The board with quick ways around it; the objects in it are what the players see."""

    def __init__(self, model: Model, source: MapFile, name: str, chance: Chance) -> None:
        self.map = Map(model, name=name)
        self.fields: list[Field] = []
        self.intersections: list[Intersection] = []
        self.borders: list[Border] = []
        #: From an intersection over each border to the intersection at its other end.
        self.steps: dict[Intersection, tuple[tuple[Border, Intersection], ...]] = {}
        self.ends: dict[Border, tuple[Intersection, Intersection]] = {}
        self.lands_at: dict[Intersection, tuple[Field, ...]] = {}
        self.corners: dict[Field, tuple[Intersection, ...]] = {}
        self._build(model, source)
        deal_numbers([field for field in self.fields if field.resource], self._beside(), chance)

    def _build(self, model: Model, source: MapFile) -> None:
        by_id: dict[int, Field] = {}
        spots: dict[Point, Intersection] = {}
        edges: dict[Point, Border] = {}
        for placed in source.fields:
            field = Field(model, type=placed.terrain, rotation=placed.rotation, map=self.map)
            by_id[placed.id] = field
            self.fields.append(field)
        for placed in source.fields:
            for direction, other in placed.neighbours.items():
                # ``neighbours`` holds what lies in a direction of this field.
                setattr(by_id[placed.id], _SIDE[direction], by_id[other])
        for placed in source.fields:
            if placed.terrain in LAND:
                for corner in corners(placed.point):
                    if corner not in spots:
                        spots[corner] = Intersection(model)
                for direction in Direction:
                    name = edge(placed.point, direction)
                    if name not in edges:
                        edges[name] = Border(model)
                        for corner in ends(placed.point, direction):
                            edges[name].intersections.add(spots[corner])
        self.intersections = list(spots.values())
        self.borders = list(edges.values())
        for placed in source.fields:
            self._join(model, placed, by_id[placed.id], spots, edges)
        for border in self.borders:
            one, two = border.intersections
            self.ends[border] = (one, two)
        for spot in self.intersections:
            around = []
            for border in spot.borders:
                one, two = self.ends[border]
                around.append((border, two if one is spot else one))
            self.steps[spot] = tuple(around)
            self.lands_at[spot] = tuple(field for field in spot.fields if field.land)

    def _join(
        self,
        model: Model,
        placed: PlacedField,
        field: Field,
        spots: dict[Point, Intersection],
        edges: dict[Point, Border],
    ) -> None:
        around = [spots[corner] for corner in corners(placed.point) if corner in spots]
        self.corners[field] = tuple(around)
        for spot in around:
            field.intersections.add(spot)
        for direction in Direction:
            border = edges.get(edge(placed.point, direction))
            if border is not None:
                field.borders.add(border)
        if placed.terrain in HARBORS:
            good = HARBORS[placed.terrain]
            harbor = Harbor(model, type=good.value if good else "ANY", rate=2 if good else 3, field=field)
            for corner in ends(placed.point, placed.edge):
                harbor.intersections.add(spots[corner])

    def _beside(self) -> dict[Field, list[Field]]:
        return {
            field: [other for side in _SIDE.values() if (other := getattr(field, side)) is not None]
            for field in self.fields
        }

    def desert(self) -> Field:
        """Return the field where the robber starts."""
        return next(field for field in self.fields if field.type is Terrain.DESERT)


def deal_numbers(fields: list[Field], beside: dict[Field, list[Field]], chance: Chance) -> None:
    """Give every field a token by chance, the red ones (6 and 8) never side by side as far as the land allows."""
    tokens = [TOKENS[index % len(TOKENS)] for index in range(len(fields))]
    reds = [token for token in tokens if token in RED]
    others = [token for token in tokens if token not in RED]
    chosen: list[Field] = []
    for _ in range(50):
        mixed = list(fields)
        chance.shuffle(mixed)
        chosen = []
        for field in mixed:
            if len(chosen) < len(reds) and not any(other in chosen for other in beside[field]):
                chosen.append(field)
        if len(chosen) == len(reds):
            break
    spare = [field for field in fields if field not in chosen]
    while len(chosen) < len(reds):
        chosen.append(spare.pop(chance.below(len(spare))))
    chance.shuffle(reds)
    chance.shuffle(others)
    for field, token in zip(chosen, reds, strict=True):
        field.number = token
    for field, token in zip(spare, others, strict=True):
        field.number = token
