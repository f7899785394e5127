"""Setting up a board: the objects of a map, and the number tokens dealt on it."""

from __future__ import annotations

from gameserver.games.catan.geometry import Direction, Point, corners, edge, ends
from gameserver.games.catan.goods import HARBORS, LAND, Terrain
from gameserver.games.catan.map_format import MapFile, PlacedField
from gameserver.games.catan.model import Border, Field, Harbor, Intersection, Map
from gameserver.games.entity import Model
from gameserver.games.rng import Chance

#: The tokens of one board of 18 fields; larger boards go round again.
TOKENS = (2, 3, 3, 4, 4, 5, 5, 6, 6, 8, 8, 9, 9, 10, 10, 11, 11, 12)
RED = (6, 8)
#: How often a deal without red neighbours is tried before one with red neighbours is taken.
_DEALS = 200

_SIDE = {
    Direction.N: "north",
    Direction.NE: "north_east",
    Direction.SE: "south_east",
    Direction.S: "south",
    Direction.SW: "south_west",
    Direction.NW: "north_west",
}


def lay_out(model: Model, source: MapFile, name: str, chance: Chance) -> Map:
    """Make the objects of a map and deal its number tokens."""
    found = Map(model, name=name)
    by_id = {
        placed.id: Field(model, type=placed.terrain, rotation=placed.rotation, map=found) for placed in source.fields
    }
    for placed in source.fields:
        for direction, other in placed.neighbours.items():
            setattr(by_id[placed.id], _SIDE[direction], by_id[other])
    spots, edges = _net(model, source)
    for placed in source.fields:
        _join(model, placed, by_id[placed.id], spots, edges)
    deal_numbers([field for field in found.fields if field.resource], chance)
    return found


def desert(source: Map) -> Field:
    """Return the field where the robber starts."""
    return next(field for field in source.fields if field.type is Terrain.DESERT)


def _net(model: Model, source: MapFile) -> tuple[dict[Point, Intersection], dict[Point, Border]]:
    """Make the intersections and borders of the land, each by its point."""
    spots: dict[Point, Intersection] = {}
    edges: dict[Point, Border] = {}
    for placed in source.fields:
        if placed.terrain not in LAND:
            continue
        for corner in corners(placed.point):
            if corner not in spots:
                spots[corner] = Intersection(model)
        for direction in Direction:
            name = edge(placed.point, direction)
            if name not in edges:
                edges[name] = Border(model)
                for corner in ends(placed.point, direction):
                    edges[name].intersections.add(spots[corner])
    return spots, edges


def _join(
    model: Model,
    placed: PlacedField,
    field: Field,
    spots: dict[Point, Intersection],
    edges: dict[Point, Border],
) -> None:
    """Hang a field into the net, and its harbour if it has one."""
    for corner in corners(placed.point):
        if corner in spots:
            field.intersections.add(spots[corner])
    for direction in Direction:
        border = edges.get(edge(placed.point, direction))
        if border is not None:
            field.borders.add(border)
    if placed.terrain in HARBORS:
        good = HARBORS[placed.terrain]
        harbor = Harbor(model, type=good.value if good else "ANY", rate=2 if good else 3, field=field)
        for corner in ends(placed.point, placed.edge):
            harbor.intersections.add(spots[corner])


def deal_numbers(fields: list[Field], chance: Chance) -> None:
    """Give every field a token by chance, the red ones (6 and 8) never side by side as far as the land allows."""
    tokens = [TOKENS[index % len(TOKENS)] for index in range(len(fields))]
    reds = [token for token in tokens if token in RED]
    others = [token for token in tokens if token not in RED]
    chosen: list[Field] = []
    for _ in range(_DEALS):
        mixed = list(fields)
        chance.shuffle(mixed)
        chosen = []
        for field in mixed:
            if len(chosen) < len(reds) and not any(other in chosen for other in field.neighbours):
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
