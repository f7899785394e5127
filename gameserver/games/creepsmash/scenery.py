"""Builds the objects that stand for the whole game: the guide with its price lists, the tiles with their maps."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import attrs

from gameserver.games.creepsmash.mapfile import SIZE, Point
from gameserver.games.creepsmash.model import (
    Cell,
    CreepDescription,
    CreepTypeToCreepMapping,
    Guide,
    Map,
    Tile,
    TowerDescription,
    TowerTypeToTowerMapping,
    Waypoint,
)
from gameserver.games.creepsmash.route import Route, rotate
from gameserver.games.creepsmash.tables import (
    ACTION_TICKS,
    CREEPS,
    TOWERS,
    CreepKind,
    TowerLevel,
    sale_value,
)
from gameserver.games.entity import Model


def make_guide(model: Model) -> Guide:
    """Return the guide with every creep and every level of every tower."""
    guide = Guide(model)
    for kind in CREEPS.values():
        creeps = CreepTypeToCreepMapping(model, key=kind.type)
        creeps.value.add(_describe_creep(model, kind))
        guide.creep_descriptions.add(creeps)
    for family, levels in TOWERS.items():
        towers = TowerTypeToTowerMapping(model, key=family)
        for level in levels:
            towers.value.add(_describe_tower(model, level, last=level is levels[-1]))
        guide.tower_descriptions.add(towers)
    return guide


def _describe_creep(model: Model, kind: CreepKind) -> CreepDescription:
    return CreepDescription(
        model,
        description=kind.description,
        name=kind.name,
        price=kind.price,
        bounty=kind.bounty,
        slow_immune=kind.slow_immune,
        speed_max=float(kind.speed),
        type=kind.type,
        health_max=kind.health,
        income=kind.income,
    )


def _describe_tower(model: Model, level: TowerLevel, *, last: bool) -> TowerDescription:
    return TowerDescription(
        model,
        description=level.description,
        name=level.name,
        price=level.price,
        cool_down_max=level.cool_down,
        damage=level.damage,
        range=float(level.range),
        sell_time=ACTION_TICKS,
        sell_value=sale_value(level.family, level.level),
        slow_rate=level.slow_percent / 100,
        slow_time=level.slow_ticks,
        upgradeable=not last,
        upgrade_time=ACTION_TICKS,
        level=level.level,
        type=level.family,
        color=level.color,
        splash_radius=float(level.splash_radius),
        splash_damage_reduction=level.splash_loss / 100,
    )


@attrs.frozen
class Scene:
    """A tile and its cells by their place in the drawing; ``stops``: the waypoint passed last, by cell of the way."""

    tile: Tile
    cells: Mapping[Point, Cell]
    way: tuple[Cell, ...]
    stops: tuple[Waypoint, ...]


def make_scene(model: Model, route: Route, position: str, map_name: str) -> Scene:
    """Return one tile with its map, rotated for that position."""
    drawing = route.drawing
    board = Map(
        model,
        background=drawing.background or f"{map_name}.jpg",
        name=map_name,
        create_by=drawing.owner,
        version=str(drawing.version),
    )
    path = frozenset(drawing.cells)
    cells: dict[Point, Cell] = {}
    for y in range(SIZE):
        for x in range(SIZE):
            kind = "PATH" if (x, y) in path else "HOLY" if (x, y) in drawing.holy else "FREE"
            at_x, at_y = rotate(position, x, y)
            cells[x, y] = Cell(model, map=board, type=kind, x=at_x, y=at_y)
    waypoints = [Waypoint(model, cell=cells[point]) for point in drawing.way]
    for waypoint, following in pairwise(waypoints):
        waypoint.next = following
    for waypoint in waypoints:
        board.waypoints.add(waypoint)
    board.enter_waypoint = waypoints[0]
    board.exit_waypoint = waypoints[-1]
    passed = dict(zip(drawing.stops, waypoints, strict=True))
    stops: list[Waypoint] = []
    for index in range(len(route.cells)):
        stops.append(passed[index] if index in passed else stops[-1])
    return Scene(
        tile=Tile(model, map=board, position=position),
        cells=cells,
        way=tuple(cells[point] for point in route.cells),
        stops=tuple(stops),
    )
